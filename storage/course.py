"""Named queries over what happens to a case: occurrences, tasks, approvals, steps, absences."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.kinds import ApprovalState, OccurrenceKind, Status, TaskState
from storage.models import Absence, Approval, Case, Occurrence, Step, Task


class Courses:
    """The course of cases, in this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # Occurrences

    def happened(self, occurrence: Occurrence) -> Occurrence:
        """Keep one."""
        self._session.add(occurrence)
        self._session.flush()
        return occurrence

    def occurrences(self, case_id: int) -> Sequence[Occurrence]:
        """Those that count, in the order in which they were noted."""
        return self._session.scalars(
            sa.select(Occurrence).where(Occurrence.case_id == case_id, Occurrence.void.is_(False)).order_by(Occurrence.id)
        ).all()

    def every_occurrence(self, case_id: int) -> Sequence[Occurrence]:
        """Those that were undone as well."""
        return self._session.scalars(sa.select(Occurrence).where(Occurrence.case_id == case_id).order_by(Occurrence.id)).all()

    def last(self, case_id: int, kind: OccurrenceKind) -> Occurrence | None:
        """The latest of that kind that counts."""
        found = [o for o in self.occurrences(case_id) if o.kind is kind]
        return found[-1] if found else None

    # Tasks

    def tasks(self, case_id: int) -> Sequence[Task]:
        """The checklist of a case, in order."""
        return self._session.scalars(sa.select(Task).where(Task.case_id == case_id).order_by(Task.id)).all()

    def task(self, task_id: int) -> Task | None:
        """One task, locked."""
        return self._session.get(Task, task_id, with_for_update=True, populate_existing=True)

    def add_tasks(self, tasks: Iterable[Task]) -> None:
        """Tasks more."""
        self._session.add_all(tasks)
        self._session.flush()

    def drop_task(self, task: Task) -> None:
        """A task that no longer belongs to its case."""
        self._session.delete(task)
        self._session.flush()

    def open_tasks(self, owners: Sequence[str] | None = None, limit: int = 500) -> Sequence[tuple[Task, Case]]:
        """Open tasks of open cases with their case, the oldest first; of these owners where they are named."""
        query = sa.select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.state == TaskState.OPEN, Case.status != Status.CLOSED)
        query = query.where(Task.owner.is_not(None)) if owners is None else query.where(Task.owner.in_(owners))
        return [(row[0], row[1]) for row in self._session.execute(query.order_by(Task.made, Task.id).limit(limit))]

    def task_owners(self, made_before: datetime) -> Sequence[str]:
        """Whoever has open tasks of open cases from before then."""
        query = sa.select(Task.owner).join(Case, Case.id == Task.case_id)
        query = query.where(Task.state == TaskState.OPEN, Task.owner.is_not(None), Task.made <= made_before, Case.status != Status.CLOSED)
        return [owner for owner in self._session.scalars(query.distinct().order_by(Task.owner)) if owner]

    def task_counts(self, case_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """For each of these cases: how many tasks are settled, and how many there are."""
        settled = sa.func.sum(sa.case((Task.state != TaskState.OPEN, 1), else_=0))
        query = sa.select(Task.case_id, settled, sa.func.count()).where(Task.case_id.in_(case_ids)).group_by(Task.case_id)
        return {row[0]: (int(row[1]), int(row[2])) for row in self._session.execute(query)}

    # Approvals

    def ask(self, approval: Approval) -> Approval:
        """A step that waits for a second person."""
        self._session.add(approval)
        self._session.flush()
        return approval

    def approval(self, approval_id: int) -> Approval | None:
        """One of them, locked."""
        return self._session.get(Approval, approval_id, with_for_update=True, populate_existing=True)

    def approvals(self, case_id: int, *, waiting: bool = True) -> Sequence[Approval]:
        """Those of a case, oldest first."""
        query = sa.select(Approval).where(Approval.case_id == case_id)
        if waiting:
            query = query.where(Approval.state == ApprovalState.ASKED)
        return self._session.scalars(query.order_by(Approval.id)).all()

    # Steps

    def add_step(self, step: Step) -> Step:
        """What a deed changed."""
        last = self._session.scalar(sa.select(sa.func.max(Step.number)).where(Step.case_id == step.case_id))
        step.number = (last or 0) + 1
        self._session.add(step)
        self._session.flush()
        return step

    def steps(self, case_id: int) -> Sequence[Step]:
        """All steps of a case, in order."""
        return self._session.scalars(sa.select(Step).where(Step.case_id == case_id).order_by(Step.number)).all()

    def last_step(self, case_id: int) -> Step | None:
        """The step that undoing would take back."""
        return self._session.scalar(
            sa.select(Step).where(Step.case_id == case_id, Step.undone.is_(None)).order_by(Step.number.desc()).limit(1)
        )

    # Absences

    def absences(self, today: date) -> dict[str, Absence]:
        """Who is away on a day, by Slack id."""
        rows = self._session.scalars(sa.select(Absence).where(Absence.since <= today, Absence.until >= today))
        return {row.slack_id: row for row in rows}

    def set_absence(self, absence: Absence) -> None:
        """Keep it, in the place of the one before."""
        self._session.merge(absence)
        self._session.flush()
