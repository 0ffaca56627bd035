"""The checklist of a case: for each right, one task for each place where the company keeps data, and for each recipient to be told."""

from collections.abc import Iterator
from datetime import datetime

from handlers.desk import Controller, Desk, Holding
from handlers.views import TaskView
from storage.kinds import Category, Right, TaskKind, TaskState
from storage.models import Case, Task
from storage.store import Tx

AT_EACH_PLACE: dict[Right, TaskKind] = {
    Right.ACCESS: TaskKind.SEARCH,
    Right.PORTABILITY: TaskKind.EXPORT,
    Right.RECTIFICATION: TaskKind.RECTIFY,
    Right.ERASURE: TaskKind.ERASE,
    Right.RESTRICTION: TaskKind.RESTRICT,
    Right.OBJECTION: TaskKind.STOP,
    Right.WITHDRAW_CONSENT: TaskKind.STOP,
    Right.OPT_OUT_SALE: TaskKind.STOP,
}
"""What a right asks for at each place; rights that are not named ask for nothing there."""

MARKETING_ONLY = frozenset({Right.OBJECTION, Right.WITHDRAW_CONSENT})
"""Rights that concern only the places whose data is used for mailings."""

RECIPIENTS_TOLD = frozenset({Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION})
"""Rights of which the recipients of the data hear (GDPR Art. 19)."""

Wanted = tuple[TaskKind, Right | None, str]


class Checklist:
    """Makes and reads the tasks of cases."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sync(self, tx: Tx, case: Case, now: datetime) -> int:
        """Bring the tasks in line with the rights of the case: what is missing is added, what is open and no longer asked for goes.

        A case that still needs a look, or is no request, has none. Says how many are new.
        """
        asked = case.category in (Category.RIGHTS_REQUEST, Category.COMPLAINT) and not case.needs_look
        wanted = dict.fromkeys(self._wanted(case.controller, tx.cases.rights(case.id) if asked else ()))
        for task in tx.course.tasks(case.id):
            key = (task.kind, task.right, task.place)
            if key in wanted:
                del wanted[key]
            elif task.state is TaskState.OPEN and task.kind is not TaskKind.OTHER:
                tx.course.drop_task(task)
        tx.course.add_tasks(self._task(case, key, now) for key in wanted)
        return len(wanted)

    def view(self, tx: Tx, case: Case, deputies: dict[str, str]) -> tuple[TaskView, ...]:
        """The tasks as staff see them; `deputies` says who acts for whom."""
        return tuple(self.line(tx, case, task, deputies) for task in tx.course.tasks(case.id))

    def line(self, tx: Tx, case: Case, task: Task, deputies: dict[str, str]) -> TaskView:
        """One task."""
        words = tx.unseal(case.key_id, task.sealed) or {}
        place = self._place(case.controller, task)
        recipient = {"en": task.place} if task.kind is TaskKind.TELL_RECIPIENT else {}
        return TaskView(
            id=task.id,
            kind=task.kind,
            right=task.right,
            state=task.state,
            place=place.names if place is not None else recipient,
            holds=place.holds if place is not None else {},
            owner=deputies.get(task.owner, task.owner) if task.owner else None,
            title=words.get("title", ""),
            settled_by=task.settled_by,
            settled=task.settled,
            note=words.get("note", ""),
        )

    def _wanted(self, controller: str, rights: tuple[Right, ...]) -> Iterator[Wanted]:
        company = self._desk.controller(controller)
        if Right.ERASURE in rights and Right.ACCESS not in rights:
            yield TaskKind.OFFER_ACCESS, Right.ERASURE, ""
        for right in rights:
            if right in AT_EACH_PLACE:
                yield from self._at_places(company, right)
        for right in rights:
            if right in RECIPIENTS_TOLD:
                for recipient in company.recipients:
                    yield TaskKind.TELL_RECIPIENT, right, recipient.name[:80]

    def _at_places(self, company: Controller, right: Right) -> Iterator[Wanted]:
        for holding in self._desk.holdings_of(company.id):
            if holding.marketing or right not in MARKETING_ONLY:
                yield AT_EACH_PLACE[right], right, holding.id

    def _task(self, case: Case, wanted: Wanted, now: datetime) -> Task:
        kind, right, place = wanted
        holding = next((h for h in self._desk.holdings_of(case.controller) if h.id == place), None)
        owner = holding.owner if holding is not None else None
        return Task(case_id=case.id, kind=kind, right=right, place=place, owner=owner, state=TaskState.OPEN, made=now)

    def _place(self, controller: str, task: Task) -> Holding | None:
        if task.kind is TaskKind.TELL_RECIPIENT:
            return None
        return next((h for h in self._desk.holdings_of(controller) if h.id == task.place), None)
