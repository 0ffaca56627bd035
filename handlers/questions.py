"""Questions of ours that are still open in a case."""

from storage.kinds import OccurrenceKind
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
