"""Named queries over what time makes due: watched dates with the rungs that were used, waits, silence after a reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.kinds import DeadlineKind, Status
from storage.models import Case, Deadline, Event, Reminder

NOBODY = ("desk", "requester", "command line")
"""Actors that are no people of the desk."""
CHUNK = 200
"""How many case numbers are looked at in one transaction where all of them are."""


@dataclass(frozen=True)
class Watched:
    """An open date that may have a rung due."""

    case_id: int
    deadline_id: int
    owner: str | None
    law: str
    kind: DeadlineKind
    safe: date
    born: datetime


@dataclass(frozen=True)
class Reminded:
    """The reminders of a case that nobody of the desk has reacted to: since when, how far escalated, and when that was."""

    case_id: int
    owner: str | None
    since: datetime
    level: int
    raised: datetime | None


class Reminding:
    """What reminders need to know, in this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def watched(self, until: date) -> list[Watched]:
        """Open governing dates whose safe reading falls on or before a day."""
        columns: tuple[Any, ...] = (Deadline.case_id, Deadline.id, Case.owner, Deadline.law, Deadline.kind, Deadline.safe, Deadline.born)
        query = sa.select(*columns).join(Case, Case.id == Deadline.case_id).where(*_open(until))
        return [Watched(*row) for row in self._session.execute(query.order_by(Deadline.safe, Deadline.id))]

    def used(self, until: date) -> dict[tuple[int, date], set[int]]:
        """By date and due day: the rungs that were posted (or let go as missed)."""
        query = sa.select(Reminder.deadline_id, Reminder.due, Reminder.rung).join(Deadline, Deadline.id == Reminder.deadline_id)
        found: dict[tuple[int, date], set[int]] = {}
        for deadline_id, due, rung in self._session.execute(query.join(Case, Case.id == Deadline.case_id).where(*_open(until))):
            found.setdefault((deadline_id, due), set()).add(rung)
        return found

    def unheard(self, until: date, before: datetime) -> list[Reminded]:
        """Cases with open dates on or before a day that were reminded of before an instant, and that nobody has touched since."""
        query = (
            sa.select(Deadline.case_id, Case.owner, Reminder.at, Reminder.level, Reminder.raised)
            .join(Deadline, Deadline.id == Reminder.deadline_id)
            .join(Case, Case.id == Deadline.case_id)
            .where(*_open(until), Reminder.due == Deadline.safe)
            .order_by(Deadline.case_id, Reminder.at)
        )
        rows: dict[int, list[tuple[datetime, int, datetime | None]]] = {}
        owners: dict[int, str | None] = {}
        for case_id, owner, at, level, raised in self._session.execute(query):
            owners[case_id] = owner
            rows.setdefault(case_id, []).append((at, level, raised))
        touched = self._touched(list(rows))
        found = []
        for case_id, said in rows.items():
            unheard = [s for s in said if s[0] > touched.get(case_id, datetime.min.replace(tzinfo=before.tzinfo))]
            if unheard and unheard[0][0] <= before:
                raised = max((r for _, _, r in unheard if r is not None), default=None)
                found.append(Reminded(case_id, owners[case_id], unheard[0][0], max(level for _, level, _ in unheard), raised))
        return found

    def raise_to(self, case_id: int, level: int, at: datetime) -> None:
        """Note on the newest reminder of a case how far it was escalated."""
        query = sa.select(Reminder).join(Deadline, Deadline.id == Reminder.deadline_id).where(Deadline.case_id == case_id)
        newest = self._session.scalar(query.order_by(Reminder.at.desc(), Reminder.id.desc()).limit(1))
        if newest is not None:
            newest.level, newest.raised = level, at
            self._session.flush()

    def waiting(self, since: datetime) -> Sequence[tuple[int, str | None, datetime, int]]:
        """(case, owner, since when, last rung) of open waits that began at or before an instant."""
        query = sa.select(Case.id, Case.owner, Case.waiting_since, Case.waiting_reminded)
        query = query.where(Case.status != Status.CLOSED, Case.waiting_since.is_not(None), Case.waiting_since <= since)
        return [(row[0], row[1], row[2], row[3]) for row in self._session.execute(query.order_by(Case.id)) if row[2] is not None]

    def open_chunks(self) -> list[int]:
        """The chunks of numbers in which there are open cases."""
        ids = self._session.scalars(sa.select(Case.id).where(Case.status != Status.CLOSED))
        return sorted({i // CHUNK for i in ids})

    def open_in_chunk(self, chunk: int) -> Sequence[Case]:
        """The open cases of one chunk."""
        query = sa.select(Case).where(Case.id >= chunk * CHUNK, Case.id < (chunk + 1) * CHUNK)
        return self._session.scalars(query.where(Case.status != Status.CLOSED).order_by(Case.id)).all()

    def _touched(self, case_ids: list[int]) -> dict[int, datetime]:
        """When somebody of the desk last did something in these cases."""
        found: dict[int, datetime] = {}
        for start in range(0, len(case_ids), 500):
            query = sa.select(Event.case_id, sa.func.max(Event.at)).where(
                Event.case_id.in_(case_ids[start : start + 500]), Event.actor.not_in(NOBODY)
            )
            found.update((row[0], row[1]) for row in self._session.execute(query.group_by(Event.case_id)))
        return found


def _open(until: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Deadline.done.is_(None),
        Deadline.safe.is_not(None),
        Deadline.safe <= until,
        Deadline.governs.is_(True),
        Case.status != Status.CLOSED,
    )
