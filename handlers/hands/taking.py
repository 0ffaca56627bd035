"""Whose case it is: take, assign, release; what staff say of it among themselves: notes, urgency, a manager's word."""

from handlers.deeds import AddNote, Assign, HandToManagers, MarkUrgent, Release, Take
from handlers.refused import Refused
from handlers.scene import Scene
from storage.kinds import Action, EventKind


def take(deed: Take, scene: Scene) -> None:  # noqa: ARG001 -- one shape for all deeds
    """The case is mine."""
    if scene.case.owner == scene.who:
        raise Refused("This case is yours already.", field="owner")
    scene.step(Action.TAKE)
    before, scene.case.owner = scene.case.owner, scene.who
    scene.event(EventKind.TAKEN, {"before": before})


def assign(deed: Assign, scene: Scene) -> None:
    """The case is somebody else's."""
    if scene.crew.desk.person(deed.to) is None:
        raise Refused("Only people of the privacy desk can have a case.", field="to")
    if scene.case.owner == deed.to:
        raise Refused("That person has this case already.", field="to")
    scene.step(Action.ASSIGN)
    before, scene.case.owner = scene.case.owner, deed.to
    scene.event(EventKind.ASSIGNED, {"before": before, "to": deed.to})
    scene.say(Action.ASSIGN, about=deed.to)


def release(deed: Release, scene: Scene) -> None:  # noqa: ARG001 -- one shape for all deeds
    """Nobody's case again."""
    if scene.case.owner is None:
        raise Refused("Nobody has this case.", field="owner")
    scene.step(Action.RELEASE)
    before, scene.case.owner = scene.case.owner, None
    scene.event(EventKind.RELEASED, {"before": before})


def note(deed: AddNote, scene: Scene) -> None:
    """A note stays inside, sealed with the case."""
    text = deed.text.strip()
    if not text:
        raise Refused("The note says nothing yet.", field="text")
    scene.step(Action.NOTE)
    scene.case.notes += 1
    scene.event(EventKind.NOTED, private={"note": text})


def mark_urgent(deed: MarkUrgent, scene: Scene) -> None:
    """This one first, or no longer."""
    if scene.case.urgent is deed.urgent:
        raise Refused("This case is marked urgent already." if deed.urgent else "This case is not marked urgent.", field="urgent")
    scene.step(Action.URGENT)
    scene.case.urgent = deed.urgent
    scene.event(EventKind.URGENCY_CHANGED, {"urgent": deed.urgent}, {"reason": deed.reason})
    scene.say(Action.URGENT, about="urgent" if deed.urgent else "not urgent", reason=deed.reason)


def hand_to_managers(deed: HandToManagers, scene: Scene) -> None:
    """A manager must decide."""
    if not deed.reason.strip():
        raise Refused("Say what a manager is to decide.", field="reason")
    if scene.case.with_managers:
        raise Refused("The managers have this case already.", field="status")
    scene.step(Action.HAND_OVER)
    scene.case.with_managers = True
    scene.event(EventKind.HANDED_OVER, private={"reason": deed.reason})
    scene.say(Action.HAND_OVER, about=" ".join(p.slack_id for p in scene.crew.desk.managers), reason=deed.reason)
