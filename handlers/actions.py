"""Somebody pressed something: move the case as its life allows, and queue what follows."""

from datetime import datetime
from functools import singledispatchmethod

from handlers import effects
from handlers.casebook import masked, secrets_of
from handlers.correspondence import Correspondence, Wanted
from handlers.dates import DateKeeper
from handlers.deeds import Acknowledge, Close, Deed, Pressed, Release, Reopen, Resort, SendLetter, SettleUnknown, Take
from handlers.desk import Desk, Person
from handlers.lifecycle import move
from handlers.posts import Moved
from handlers.refused import Refused
from handlers.unsubscribes import Unsubscribes, Wish
from storage.kinds import Action, Category, EventKind, LetterName, Outcome, OutgoingState, Status
from storage.models import Case, Correction
from storage.store import Tx

STALE = "This case has changed since you opened it. Look at its card again; nothing was done."


class Actions:
    """The door for people."""

    def __init__(self, desk: Desk, dates: DateKeeper, correspondence: Correspondence, unsubscribes: Unsubscribes) -> None:
        self._desk = desk
        self._dates = dates
        self._correspondence = correspondence
        self._unsubscribes = unsubscribes

    def act(self, tx: Tx, pressed: Pressed, now: datetime) -> None:
        """Do it, or raise Refused with a sentence for the person; the case is locked and read anew first."""
        person = self.person(pressed.actor)
        case = tx.cases.lock(pressed.case_id)
        if case.erased is not None:
            raise Refused("What this case held has been erased; only its record is left.", field="status")
        if isinstance(pressed.deed, SettleUnknown):
            self._settle(tx, case, person, pressed.deed, now)
        else:
            self._check_version(case, pressed, person)
            self._do(pressed.deed, tx, case, person, now)
        case.version += 1
        effects.card(tx, case, now)

    def person(self, slack_id: str) -> Person:
        """Who that is on the desk; Refused for a stranger."""
        person = self._desk.person(slack_id)
        if person is None:
            raise Refused("Only the people of the privacy desk can do this. Ask one of them, or have yourself added to the staff list.")
        return person

    def _check_version(self, case: Case, pressed: Pressed, person: Person) -> None:
        if case.version == pressed.version:
            return
        if isinstance(pressed.deed, Take) and case.owner == person.slack_id:
            raise Refused("This case is yours already.", field="version")
        raise Refused(STALE, field="version")

    @singledispatchmethod
    def _do(self, deed: Deed, tx: Tx, case: Case, person: Person, now: datetime) -> None:  # noqa: ARG002 -- one shape for all deeds
        raise AssertionError(f"no hand for {type(deed).__name__}")

    @_do.register
    def _take(self, deed: Take, tx: Tx, case: Case, person: Person, now: datetime) -> None:  # noqa: ARG002 -- one shape for all deeds
        if case.owner == person.slack_id:
            raise Refused("This case is yours already.", field="owner")
        self._step(tx, case, Action.TAKE, person, now)
        before, case.owner = case.owner, person.slack_id
        tx.events.add(case, EventKind.TAKEN, person.slack_id, now, facts={"before": before})

    @_do.register
    def _release(self, deed: Release, tx: Tx, case: Case, person: Person, now: datetime) -> None:  # noqa: ARG002 -- one shape for all deeds
        if case.owner is None:
            raise Refused("Nobody has this case.", field="owner")
        self._step(tx, case, Action.RELEASE, person, now)
        before, case.owner = case.owner, None
        tx.events.add(case, EventKind.RELEASED, person.slack_id, now, facts={"before": before})

    @_do.register
    def _acknowledge(self, deed: Acknowledge, tx: Tx, case: Case, person: Person, now: datetime) -> None:  # noqa: ARG002 -- one shape for all deeds
        letter = LetterName.COMPLAINT_RECEIVED if case.category is Category.COMPLAINT else LetterName.ACKNOWLEDGEMENT
        self._step(tx, case, Action.ACKNOWLEDGE, person, now)
        self._write(tx, case, self._correspondence.wanted(case, letter), person, now)

    @_do.register
    def _send(self, deed: SendLetter, tx: Tx, case: Case, person: Person, now: datetime) -> None:
        acknowledging = deed.letter in (LetterName.ACKNOWLEDGEMENT, LetterName.COMPLAINT_RECEIVED)
        self._step(tx, case, Action.ACKNOWLEDGE if acknowledging else Action.REPLY, person, now)
        self._write(tx, case, Wanted(deed.letter, deed.language, deed.middle, deed.ground, deed.reason), person, now)

    def _write(self, tx: Tx, case: Case, wanted: Wanted, person: Person, now: datetime) -> None:
        if not case.reply_allowed:
            raise Refused(
                "A machine or a mailing list wrote this mail: an answer would reach nobody or everybody. Find the person first.", field="to"
            )
        self._correspondence.send(tx, case, wanted, f"case:{case.id}:{case.version}:{wanted.letter}", now, actor=person.slack_id)

    @_do.register
    def _resort(self, deed: Resort, tx: Tx, case: Case, person: Person, now: datetime) -> None:
        if deed.category is Category.RIGHTS_REQUEST and not deed.rights:
            raise Refused("Say which rights the person wants to use.", field="rights")
        if deed.place is not None and self._dates.known_place(deed.place) is None:
            raise Refused("Write the place as an ISO 3166 code, such as DE, GB-SCT or US-CA.", field="place")
        self._step(tx, case, Action.SORT, person, now)
        facts = {"before": _sorting(tx, case)}
        case.category, case.law, case.place, case.needs_look = deed.category, deed.law, deed.place or case.place, False
        tx.cases.set_rights(case, deed.rights)
        facts["after"] = _sorting(tx, case)
        tx.events.add(case, EventKind.SORTED, person.slack_id, now, facts=facts)
        self._keep_correction(tx, case, person, facts, now)
        self._dates.set(tx, case, secrets_of(tx, case).law_candidates, person.slack_id, now)
        if deed.category is Category.UNSUBSCRIBE:
            self._suppress(tx, case, now)

    def _keep_correction(self, tx: Tx, case: Case, person: Person, facts: dict[str, str], now: datetime) -> None:
        first = tx.mails.first_of_case(case.id)
        tx.cases.correct(
            Correction(
                case_id=case.id,
                message_id=first.id if first is not None else None,
                actor=person.slack_id,
                at=now,
                before=facts["before"],
                after=facts["after"],
            )
        )

    def _suppress(self, tx: Tx, case: Case, now: datetime) -> None:
        address = secrets_of(tx, case).address
        if not address:
            raise Refused("This case has no mail address to stop mailing.", field="category")
        wish = Wish(case.controller, address, "staff", case.received, f"case:{case.id}:{case.version}", self._correspondence.language(case))
        self._unsubscribes.receive(tx, wish, now)
        tx.events.add(case, EventKind.SUPPRESSED, "desk", now, private={"address": masked(address)})

    @_do.register
    def _close(self, deed: Close, tx: Tx, case: Case, person: Person, now: datetime) -> None:
        if deed.outcome is Outcome.REFUSED and deed.ground is None:
            raise Refused("A refusal needs its ground.", field="ground")
        self._step(tx, case, Action.CLOSE, person, now)
        case.outcome, case.ground = deed.outcome, deed.ground if deed.outcome is Outcome.REFUSED else None
        case.closed, case.needs_look = now, False
        for row in tx.cases.deadlines(case.id):
            row.done = row.done or now
        facts = {"outcome": str(deed.outcome), "ground": str(deed.ground) if case.ground else None}
        tx.events.add(case, EventKind.CLOSED, person.slack_id, now, facts=facts, private={"reason": deed.reason} if deed.reason else None)
        said = Moved(case.ref, person.slack_id, Action.CLOSE, deed.outcome, case.ground, deed.reason)
        effects.post(tx, case, said, f"closed:{case.version}", now)

    @_do.register
    def _reopen(self, deed: Reopen, tx: Tx, case: Case, person: Person, now: datetime) -> None:
        closed = case.closed
        self._step(tx, case, Action.REOPEN, person, now)
        case.outcome, case.ground, case.closed = None, None, None
        for row in tx.cases.deadlines(case.id):
            if row.done == closed:
                row.done = None
        private = {"reason": deed.reason} if deed.reason else None
        tx.events.add(case, EventKind.REOPENED, person.slack_id, now, private=private)
        effects.post(tx, case, Moved(case.ref, person.slack_id, Action.REOPEN, reason=deed.reason), f"reopened:{case.version}", now)

    def _settle(self, tx: Tx, case: Case, person: Person, deed: SettleUnknown, now: datetime) -> None:
        row = tx.outgoing.get(deed.outgoing_id)
        if row is None or row.case_id != case.id:
            raise Refused("That letter is not one of this case.")
        if row.state is not OutgoingState.UNKNOWN:
            raise Refused("Somebody has settled this letter already.", field="version")
        row.state, row.due = (OutgoingState.SENT, row.due) if deed.was_sent else (OutgoingState.QUEUED, now)
        row.done = now if deed.was_sent else None
        tx.outgoing.queued += 1
        tx.events.add(
            case, EventKind.LETTER_SENT if deed.was_sent else EventKind.LETTER_QUEUED, person.slack_id, now, facts={"settled": True}
        )

    def _step(self, tx: Tx, case: Case, action: Action, person: Person, now: datetime) -> None:
        before = case.status
        case.status = move(before, action)
        if case.status is not before:
            facts = {"from": str(before), "to": str(case.status)}
            tx.events.add(case, EventKind.STATUS_CHANGED, person.slack_id, now, facts=facts)
        if case.status is Status.ACKNOWLEDGED:
            case.needs_look = False


def _sorting(tx: Tx, case: Case) -> str:
    rights = ",".join(tx.cases.rights(case.id))
    return f"{case.category} [{rights}] {case.law or 'law open'} {case.place or ''}".strip()
