"""A queued effect came to an end: record how, and tell the desk where a letter left, failed or may have."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import effects
from handlers.casebook import masked, shown
from handlers.dates import DateKeeper, mark
from handlers.desk import Desk, Shown
from handlers.posts import LetterFailed, LetterSent, LetterUnknown, Post
from handlers.returned import came_back
from storage.kinds import Carrier, EventKind, LetterName, OutgoingKind, OutgoingState, Status
from storage.models import Case, Outgoing
from storage.store import Tx

ACKNOWLEDGING = (LetterName.ACKNOWLEDGEMENT, LetterName.COMPLAINT_RECEIVED)


@dataclass(frozen=True)
class Carried:
    """How the carrying of one row ended: the state, and what the far side called it (a Slack ts in `result`)."""

    outgoing_id: int
    state: OutgoingState
    channel: str | None = None
    result: str | None = None
    error: str = ""
    """A sentence without personal data or secrets."""


class Settling:
    """The door for what the carriers report."""

    def __init__(self, desk: Desk, dates: DateKeeper) -> None:
        self._desk = desk
        self._dates = dates

    def settle(self, tx: Tx, carried: Carried, now: datetime) -> None:
        """Record it; a row that has ended before stays as it is."""
        row = tx.outgoing.get(carried.outgoing_id)
        if row is not None and row.state is OutgoingState.DROPPED:
            _too_late(tx, row, carried, now)
        if row is None or row.state in (OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.DROPPED):
            return
        row.state, row.error, row.lease_until, row.lease_by = carried.state, carried.error, None, None
        if carried.state is not OutgoingState.UNKNOWN:
            row.done = now
        row.channel, row.result = carried.channel or row.channel, carried.result or row.result
        if row.carrier is Carrier.SLACK and carried.state is OutgoingState.SENT:
            self._posted(tx, row, carried)
        if row.kind is OutgoingKind.LETTER:
            self._letter(tx, row, now)

    def _posted(self, tx: Tx, row: Outgoing, carried: Carried) -> None:
        payload = tx.outgoing.payload(row) or {}
        if row.kind is OutgoingKind.DAILY_ROOT:
            day = datetime.fromisoformat(payload["day"]).date()
            tx.cases.keep_daily_thread(payload["thread"], day, carried.channel or "", carried.result or "")
        if row.kind is OutgoingKind.CARD and row.case_id is not None:
            case = tx.cases.lock(row.case_id)
            if case.thread is None:
                case.channel, case.thread = carried.channel, carried.result

    def _letter(self, tx: Tx, row: Outgoing, now: datetime) -> None:
        payload = tx.outgoing.payload(row)
        if payload is None:
            return
        letter = LetterName(payload["letter"])
        if row.case_id is None:
            if row.state is not OutgoingState.SENT:
                said = LetterFailed("", letter, masked(payload["to"]), row.error or "No answer came after it was handed over.")
                effects.notice(tx, said, f"letter:{row.id}:{row.state}:{row.attempts}", now)
            return
        case = tx.cases.lock(row.case_id)
        if row.state is OutgoingState.SENT and letter in ACKNOWLEDGING:
            _acknowledged(tx, case, now)
        if row.state is OutgoingState.FAILED:
            came_back(tx, case, tx.mails.by_message_id([tx.vault.look_up("message-id", payload["message_id"])]), now)
            self._dates.replay(tx, case, "desk", now)
        kinds = {
            OutgoingState.SENT: EventKind.LETTER_SENT,
            OutgoingState.UNKNOWN: EventKind.LETTER_UNKNOWN,
            OutgoingState.FAILED: EventKind.LETTER_FAILED,
        }
        tx.events.add(case, kinds[row.state], payload["actor"] or "desk", now, facts={"letter": str(letter), "error": row.error})
        effects.post(tx, case, self._said(case, row, letter, payload), f"letter:{row.id}:{row.state}:{row.attempts}", now)
        effects.card(tx, case, now)

    def _said(self, case: Case, row: Outgoing, letter: LetterName, payload: dict[str, Any]) -> Post:
        how = self._desk.controller(case.controller).shown
        to = payload["to"] if how is not Shown.NONE else masked(payload["to"])
        if row.state is OutgoingState.UNKNOWN:
            return LetterUnknown(case.id, case.version, row.id, case.ref, letter, to, row.first_attempt or row.created)
        if row.state is OutgoingState.FAILED:
            return LetterFailed(case.ref, letter, to, row.error, payload["actor"])
        subject = payload["subject"] if how is not Shown.NONE else ""
        return LetterSent(case.ref, letter, to, subject, shown(payload["text"], how), payload["actor"])


def _too_late(tx: Tx, row: Outgoing, carried: Carried, now: datetime) -> None:
    """A post reached Slack while its case was being erased: it is taken out again."""
    case = tx.cases.get(row.case_id) if row.case_id is not None else None
    if case is None or case.erased is None or row.kind is not OutgoingKind.POST or carried.state is not OutgoingState.SENT:
        return
    row.channel, row.result = carried.channel, carried.result
    effects.removal(tx, row, tx.new_key(now), now)


def _acknowledged(tx: Tx, case: Case, now: datetime) -> None:
    if case.status is Status.NEW:
        case.status = Status.ACKNOWLEDGED
        tx.events.add(case, EventKind.STATUS_CHANGED, "desk", now, facts={"from": str(Status.NEW), "to": str(case.status)})
    case.acknowledged = case.acknowledged or now
    mark(tx, case)
