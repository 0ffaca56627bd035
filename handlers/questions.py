"""Questions of ours that are still open in a case."""

from datetime import datetime

from storage.kinds import EventKind, OccurrenceKind, Status
from storage.models import Case
from storage.store import Tx

K = OccurrenceKind
ANSWER: dict[OccurrenceKind, OccurrenceKind] = {
    K.IDENTITY_ASKED: K.IDENTITY_RECEIVED,
    K.CLARIFICATION_ASKED: K.CLARIFICATION_RECEIVED,
    K.FEE_ASKED: K.FEE_PAID,
}
"""Every question and its answer."""


def is_open(tx: Tx, case: Case, question: OccurrenceKind) -> bool:
    """Whether that question has no answer yet."""
    kinds = [row.kind for row in tx.course.occurrences(case.id)]
    return kinds.count(question) > kinds.count(ANSWER[question])


def drop(tx: Tx, case: Case) -> tuple[OccurrenceKind, ...]:
    """Open questions count as never asked: the cautious reading, so that no date rests on an answer that never came. Says which."""
    rows = tx.course.occurrences(case.id)
    dropped = [[r for r in rows if r.kind is question][-1] for question in ANSWER if is_open(tx, case, question)]
    for row in dropped:
        row.void = True
    tx.session.flush()
    return tuple(row.kind for row in dropped)


def more_was_asked(tx: Tx, case: Case, who: str, now: datetime) -> None:
    """A right was added: a case that was answered is in work again, and what was asked about the others stops no clock of the new one."""
    if case.status is not Status.ANSWERED:
        return
    case.status, case.answered = Status.IN_WORK, None
    tx.events.add(case, EventKind.STATUS_CHANGED, who, now, facts={"from": str(Status.ANSWERED), "to": str(case.status)})
    drop(tx, case)
