"""What a case needs next, as one table: the first row that holds decides."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.lifecycle import WAITING
from storage.kinds import Category, NextStep, Status


@dataclass(frozen=True)
class Standing:
    """How a case stands."""

    status: Status
    category: Category
    needs_look: bool
    confirmed: bool
    owned: bool
    unread: bool
    answerable: bool
    acknowledged: bool
    decisions: int
    tasks_left: int
    rights_left: int


N = NextStep
_ACKNOWLEDGED = (Category.RIGHTS_REQUEST, Category.COMPLAINT)
TABLE: tuple[tuple[Callable[[Standing], bool], NextStep], ...] = (
    (lambda s: s.status is Status.CLOSED, N.NONE),
    (lambda s: s.decisions > 0, N.DECIDE),
    (lambda s: s.needs_look or s.status is Status.NEEDS_LOOK, N.LOOK),
    (lambda s: not s.confirmed, N.CONFIRM_RECEIPT),
    (lambda s: s.unread and s.status is Status.WAITING_IDENTITY, N.CHECK_IDENTITY),
    (lambda s: s.unread, N.READ_ANSWER),
    (lambda s: s.status in WAITING, N.WAIT),
    (lambda s: not s.owned, N.TAKE),
    (lambda s: s.status is Status.NEW and s.answerable and not s.acknowledged and s.category in _ACKNOWLEDGED, N.ACKNOWLEDGE),
    (lambda s: s.status is Status.ANSWERED and s.tasks_left > 0, N.CHECKLIST),
    (lambda s: s.status is Status.ANSWERED, N.CLOSE),
    (lambda s: s.tasks_left > 0, N.CHECKLIST),
    (lambda s: True, N.ANSWER),  # noqa: ARG005 -- the last row always holds
)


def next_step(standing: Standing) -> NextStep:
    """What the desk does next."""
    return next(step for holds, step in TABLE if holds(standing))
