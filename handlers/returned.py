"""A letter of ours did not reach its reader: whatever rested on it is open again."""

from collections.abc import Sequence
from datetime import datetime

from handlers import questions
from handlers.lettering import EFFECTS
from handlers.lifecycle import WAITING
from storage.kinds import Action, Direction, EventKind, OccurrenceKind, RightState, Status
from storage.models import Case, Message
from storage.store import Tx

ENDED = (Status.ANSWERED, Status.CLOSED)


def came_back(tx: Tx, case: Case, letters: Sequence[Message], now: datetime) -> None:
    """Take back what these letters asked, told or answered; the dates are to be replayed after.

    A question that nobody read stops no clock, an extension that nobody was told of extends nothing; a request is neither acknowledged
    nor answered by a letter that came back. What was noted in another way stands.
    """
    case.bounced = case.unread = True
    mine = [m for m in letters if m.direction is Direction.OUT and m.case_id == case.id]
    unheard = [kind for m in mine if (kind := _unsaid(tx, case, m)) is not None]
    ended = case.status in ENDED
    _reopen_rights(tx, case, {m.at for m in mine} | ({case.closed} if case.closed is not None else set()))
    if not ended and not (case.status in WAITING and any(k in questions.ANSWER for k in unheard)):
        return
    facts = {"from": str(case.status), "outcome": str(case.outcome) if case.outcome else None}
    case.status, case.outcome, case.closed, case.answered, case.linked = Status.IN_WORK, None, None, None, None
    case.waiting_since, case.waiting_reminded = None, 0
    questions.drop(tx, case)
    tx.events.add(case, EventKind.REOPENED if ended else EventKind.STATUS_CHANGED, "desk", now, facts={**facts, "to": str(case.status)})


def _unsaid(tx: Tx, case: Case, message: Message) -> OccurrenceKind | None:
    """What the letter asked or told counts as never said; says what that was."""
    said = tx.unseal(case.key_id, message.sealed) or {}
    effect = next((e for name, e in EFFECTS.items() if str(name) == said.get("letter")), None)
    if effect is not None and effect.action is Action.ACKNOWLEDGE:
        case.acknowledged = None
    if effect is None or effect.happens is None:
        return None
    for row in tx.course.occurrences(case.id):
        if row.kind is effect.happens and row.noted == message.at:
            row.void = True
    tx.session.flush()
    return effect.happens


def _reopen_rights(tx: Tx, case: Case, moments: set[datetime]) -> None:
    """The rights that were settled at one of these moments: by the letter, or by the closing that rested on it."""
    for row in tx.cases.right_rows(case.id):
        if row.settled in moments:
            row.state, row.ground, row.settled, row.settled_by = RightState.OPEN, None, None, None
    tx.session.flush()
