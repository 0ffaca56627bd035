"""The checklist ticked: who settled which task, when, and what they found."""

from handlers.deeds import AddTask, SettleTask
from handlers.lifecycle import move
from handlers.refused import Refused
from handlers.scene import Scene
from storage.kinds import Action, EventKind, TaskKind, TaskState
from storage.models import Task

NOTE = 500


def settle(deed: SettleTask, scene: Scene) -> None:
    """A task is done, found nothing, is not needed, or is open again. Asked twice, it is done once."""
    move(scene.case.status, Action.TASK)
    task = scene.tx.course.task(deed.task_id)
    if task is None or task.case_id != scene.case.id:
        raise Refused("That task is no longer on the checklist of this case.", field="task")
    if task.state is deed.state:
        by = "you" if task.settled_by == scene.who else "somebody else"
        said = "That task is open already." if deed.state is TaskState.OPEN else f"That task was settled by {by} already."
        raise Refused(said, field="task")
    if deed.state is TaskState.NOT_NEEDED and not deed.note.strip():
        raise Refused("Say why it is not needed.", field="note")
    if len(deed.note) > NOTE:
        raise Refused(f"The note has {len(deed.note)} characters; {NOTE} is the most.", field="note")
    words = {**(scene.tx.unseal(scene.case.key_id, task.sealed) or {}), "note": deed.note.strip()}
    before, task.state = task.state, deed.state
    over = deed.state is not TaskState.OPEN
    task.settled, task.settled_by = (scene.now, scene.who) if over else (None, None)
    task.sealed = scene.tx.seal(scene.case.key_id, words)
    facts = {"task": task.id, "kind": str(task.kind), "place": task.place, "from": str(before), "to": str(deed.state)}
    scene.event(EventKind.TASK_SETTLED, facts, {"note": deed.note.strip()})


def add(deed: AddTask, scene: Scene) -> None:
    """A task that staff thought of."""
    if not deed.title.strip() or len(deed.title) > NOTE:
        raise Refused(f"Say in at most {NOTE} characters what is to be done.", field="title")
    if deed.owner is not None and scene.crew.desk.person(deed.owner) is None:
        raise Refused("Only people of the privacy desk can have a task.", field="owner")
    scene.step(Action.TASK)
    sealed = scene.tx.seal(scene.case.key_id, {"title": deed.title.strip()})
    task = Task(case_id=scene.case.id, kind=TaskKind.OTHER, owner=deed.owner, state=TaskState.OPEN, made=scene.now, sealed=sealed, place="")
    scene.tx.course.add_tasks([task])
    scene.event(EventKind.TASKS_SET, {"added": task.id}, {"title": deed.title.strip()})
