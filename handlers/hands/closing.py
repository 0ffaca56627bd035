"""The end of a case, and its new beginning."""

from handlers import questions
from handlers.dates import mark
from handlers.deeds import Close, Reopen
from handlers.hands.answering import settle_open
from handlers.refused import Refused
from handlers.scene import Scene
from storage.kinds import Action, ApprovalState, EventKind, Ground, Outcome, RightState, TaskState
from storage.models import Case


def close(deed: Close, scene: Scene) -> None:
    """End the case; what stays open of its rights shares its outcome."""
    _check(deed, scene)
    scene.step(Action.CLOSE)
    ground = _ground(deed, scene) if deed.outcome in (Outcome.REFUSED, Outcome.PARTLY_FULFILLED) else None
    end(scene, deed.outcome, ground)
    if deed.outcome is Outcome.FULFILLED:
        settle_open(RightState.FULFILLED, None, scene)
    if deed.outcome is Outcome.REFUSED:
        settle_open(RightState.REFUSED, ground, scene)
    scene.tx.session.flush()
    mark(scene.tx, scene.case)
    left = sum(t.state is TaskState.OPEN for t in scene.tx.course.tasks(scene.case.id))
    facts = {"outcome": str(deed.outcome), "ground": str(ground) if ground else None, "tasks_left": left}
    scene.event(EventKind.CLOSED, facts, {"reason": deed.reason})
    scene.say(Action.CLOSE, outcome=deed.outcome, ground=ground, reason=deed.reason)


def end(scene: Scene, outcome: Outcome, ground: Ground | None) -> None:
    """The case is over; steps that waited for a second person lapse."""
    case = scene.case
    case.outcome, case.ground, case.closed, case.needs_look, case.with_managers = outcome, ground, scene.now, False, False
    for approval in scene.tx.course.approvals(case.id):
        approval.state, approval.settled, approval.settled_by = ApprovalState.LAPSED, scene.now, scene.who


def reopen(deed: Reopen, scene: Scene) -> None:
    """The case goes on, and what closing alone had settled is open again."""
    closed = scene.case.closed
    scene.step(Action.REOPEN)
    revive(scene.case)
    for row in scene.tx.cases.right_rows(scene.case.id):
        if row.settled == closed:
            row.state, row.ground, row.settled, row.settled_by = RightState.OPEN, None, None, None
    scene.tx.session.flush()
    if questions.drop(scene.tx, scene.case):
        scene.crew.dates.replay(scene.tx, scene.case, scene.who, scene.now)
    mark(scene.tx, scene.case)
    scene.event(EventKind.REOPENED, private={"reason": deed.reason})
    scene.say(Action.REOPEN, reason=deed.reason)


def revive(case: Case) -> None:
    """Nothing of an ending is left."""
    case.outcome, case.ground, case.closed, case.linked, case.answered = None, None, None, None, None


def _check(deed: Close, scene: Scene) -> None:
    refused = [r for r in scene.tx.cases.right_rows(scene.case.id) if r.state is RightState.REFUSED]
    if deed.outcome is Outcome.REFUSED and _ground(deed, scene) is None:
        raise Refused("A refusal needs its ground.", field="ground")
    if deed.outcome is Outcome.PARTLY_FULFILLED and not (refused or deed.ground or deed.reason.strip()):
        raise Refused("Say what was not done, and why: a ground or a reason.", field="reason")
    if deed.outcome is Outcome.DUPLICATE and not deed.reason.strip() and scene.case.linked is None:
        raise Refused("Link the case that it is a duplicate of, or say which one it is.", field="reason")
    left = sum(t.state is TaskState.OPEN for t in scene.tx.course.tasks(scene.case.id))
    done = deed.outcome in (Outcome.FULFILLED, Outcome.PARTLY_FULFILLED)
    if done and left and not deed.reason.strip():
        what = "1 task of the checklist is" if left == 1 else f"{left} tasks of the checklist are"
        raise Refused(f"{what} not finished. Finish the checklist, or say why the case can close without it.", field="reason")


def _ground(deed: Close, scene: Scene) -> Ground | None:
    if deed.ground is not None:
        return deed.ground
    rows = scene.tx.cases.right_rows(scene.case.id)
    return next((r.ground for r in rows if r.state is RightState.REFUSED and r.ground), None)
