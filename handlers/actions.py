"""Somebody pressed something: move the case as its life allows, and queue what follows. What each deed does is the one table `HANDS`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers import approving, deeds, effects, steps
from handlers.checklist import Checklist
from handlers.correspondence import Correspondence
from handlers.dates import DateKeeper, mark
from handlers.deeds import Approve, Deed, Pressed, Reject, SettleTask, SettleUnknown, Take, Undo
from handlers.desk import Desk, Person
from handlers.hands import answering, asking, closing, sorting, taking, tasks
from handlers.lifecycle import move
from handlers.permits import Permits
from handlers.refused import Refused
from handlers.scene import Crew, Scene
from handlers.unsubscribes import Unsubscribes
from storage.kinds import Action, Category, EventKind, LetterName, OutgoingState
from storage.models import Case
from storage.store import Tx

STALE = "This case has changed since you opened it. Look at its card again; nothing was done."
TWICE = "You did this already; it was done once."
TWICE_WITHIN = timedelta(minutes=2)


def settle_unknown(deed: SettleUnknown, scene: Scene) -> None:
    """A human says what became of a letter."""
    tx, row = scene.tx, scene.tx.outgoing.get(deed.outgoing_id)
    if row is None or row.case_id != scene.case.id:
        raise Refused("That letter is not one of this case.")
    if row.state is not OutgoingState.UNKNOWN:
        raise Refused("Somebody has settled this letter already.", field="version")
    row.state, row.due = (OutgoingState.SENT, row.due) if deed.was_sent else (OutgoingState.QUEUED, scene.now)
    row.done = scene.now if deed.was_sent else None
    tx.outgoing.queued += 1
    payload = tx.outgoing.payload(row) or {}
    if deed.was_sent and payload.get("letter") in (LetterName.ACKNOWLEDGEMENT, LetterName.COMPLAINT_RECEIVED):
        scene.case.acknowledged = scene.case.acknowledged or scene.now
        mark(tx, scene.case)
    scene.event(EventKind.LETTER_SENT if deed.was_sent else EventKind.LETTER_QUEUED, {"settled": True})


def undo(deed: Undo, scene: Scene) -> None:
    """The last step is taken back."""
    move(scene.case.status, Action.UNDO)
    step = scene.tx.course.last_step(scene.case.id)
    if step is None:
        raise Refused("Nothing was done in this case yet that could be taken back.", field="status")
    if step.number != deed.step:
        raise Refused("That is not the last step any more. Look at the card again; nothing was done.", field="version")
    steps.take_back(scene, step)
    scene.event(EventKind.UNDONE, {"step": step.number, "deed": step.deed, "by": step.actor})
    scene.say(Action.UNDO, about=step.deed)


HANDS: dict[type[Any], Callable[[Any, Scene], None]] = {
    deeds.Take: taking.take,
    deeds.Assign: taking.assign,
    deeds.Release: taking.release,
    deeds.AddNote: taking.note,
    deeds.MarkUrgent: taking.mark_urgent,
    deeds.HandToManagers: taking.hand_to_managers,
    deeds.Acknowledge: answering.acknowledge,
    deeds.SendLetter: answering.send,
    deeds.Fulfil: answering.fulfil,
    deeds.RefuseRights: answering.refuse,
    deeds.RecordTold: asking.record_told,
    deeds.RecordIdentity: asking.record_identity,
    deeds.RecordClarification: asking.record_clarification,
    deeds.RecordPayment: asking.record_payment,
    deeds.Pause: asking.pause,
    deeds.Resume: asking.resume,
    deeds.Resort: sorting.resort,
    deeds.CorrectReceipt: sorting.correct_receipt,
    deeds.LinkDuplicate: sorting.link,
    deeds.JoinCase: sorting.join,
    deeds.Split: sorting.split,
    deeds.SettleTask: tasks.settle,
    deeds.AddTask: tasks.add,
    deeds.Reject: approving.reject,
    deeds.Close: closing.close,
    deeds.Reopen: closing.reopen,
    deeds.Undo: undo,
    deeds.SettleUnknown: settle_unknown,
}

AT_ANY_VERSION = (SettleUnknown, SettleTask, Approve, Reject, Undo)
"""Deeds that mind a letter, a task or a step rather than the case's version."""
NO_STEP = (SettleUnknown, Approve, Reject, Undo, deeds.AddNote)
"""Deeds that are not taken back: what they record stands."""


class Actions:
    """The door for people."""

    def __init__(self, desk: Desk, dates: DateKeeper, correspondence: Correspondence, unsubscribes: Unsubscribes) -> None:
        self._desk = desk
        self._crew = Crew(desk, dates, Permits(desk, dates.clocks), correspondence, unsubscribes, Checklist(desk))

    def act(self, tx: Tx, pressed: Pressed, now: datetime) -> None:
        """Do it, or raise Refused with a sentence for the person; the case is locked and read anew first."""
        person = self.person(pressed.actor)
        case = tx.cases.lock(pressed.case_id)
        if case.erased is not None:
            raise Refused("What this case held has been erased; only its record is left.", field="status")
        scene = Scene(self._crew, tx, case, person, now)
        if not isinstance(pressed.deed, AT_ANY_VERSION):
            self._check_version(pressed, scene)
        self._carry_out(pressed.deed, scene)
        case.version += 1
        case.unread = False
        if person.manager and not isinstance(pressed.deed, deeds.HandToManagers):
            case.with_managers = False
        effects.card(tx, case, now)

    def person(self, slack_id: str) -> Person:
        """Who that is on the desk; Refused for a stranger."""
        person = self._desk.person(slack_id)
        if person is None:
            raise Refused("Only the people of the privacy desk can do this. Ask one of them, or have yourself added to the staff list.")
        return person

    def _carry_out(self, deed: Deed, scene: Scene) -> None:
        if isinstance(deed, Approve):
            agreed, asker = approving.approved(approving.waiting(deed.approval_id, scene), scene)
            self._do(agreed, replace(scene, person=self.person(asker), seconded=scene.who))
        elif approving.needs_second(deed, scene):
            with scene.tx.rehearsal():
                HANDS[type(deed)](deed, scene)
            approving.ask(deed, scene)
        else:
            self._do(deed, scene)

    def _do(self, deed: Deed, scene: Scene) -> None:
        """One deed, and what it changed."""
        if isinstance(deed, NO_STEP):
            HANDS[type(deed)](deed, scene)
            return
        was = steps.before(scene.tx, scene.case)
        HANDS[type(deed)](deed, scene)
        steps.record(scene, type(deed).__name__, was, _final(deed))

    def _check_version(self, pressed: Pressed, scene: Scene) -> None:
        if scene.case.version == pressed.version:
            return
        if isinstance(pressed.deed, Take) and scene.case.owner == scene.who:
            raise Refused("This case is yours already.", field="version")
        raise Refused(TWICE if self._done_twice(scene.case, pressed, scene) else STALE, field="version")

    def _done_twice(self, case: Case, pressed: Pressed, scene: Scene) -> bool:
        last = scene.tx.course.last_step(case.id)
        same = last is not None and last.actor == scene.who and last.deed == type(pressed.deed).__name__
        return same and last is not None and scene.now - last.at <= TWICE_WITHIN


def _final(deed: Deed) -> str:
    if isinstance(deed, deeds.Resort) and deed.category is Category.UNSUBSCRIBE:
        return "The mailings have been stopped for this person; that can't be taken back here."
    return ""
