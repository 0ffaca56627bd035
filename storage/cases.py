"""Named queries over cases, their rights, dates and reminders."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from storage.kinds import Category, Right, RightState, Status
from storage.models import Case, CaseRight, Correction, Counter, DailyThread, Deadline, DigestRun, Event, EventHead, Reminder


class Cases:
    """Cases of this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next_ref(self, year: int) -> str:
        """The next case number of a year: `PR-2026-00042`."""
        name = f"case-{year}"
        self._session.execute(sa.text("INSERT INTO counter (name, value) VALUES (:name, 0) ON CONFLICT DO NOTHING"), {"name": name})
        row = self._session.get_one(Counter, name, with_for_update=True, populate_existing=True)
        row.value += 1
        self._session.flush()
        return f"PR-{year}-{row.value:05d}"

    def add(self, case: Case, rights: Iterable[Right]) -> Case:
        """A new case with its rights."""
        self._session.add(case)
        self._session.flush()
        self.set_rights(case, rights)
        return case

    def get(self, case_id: int) -> Case | None:
        """The case, unlocked."""
        return self._session.get(Case, case_id)

    def lock(self, case_id: int) -> Case:
        """The case, locked until the end of the transaction; NoResultFound where there is none."""
        return self._session.scalars(
            sa.select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
        ).one()

    def by_ref(self, ref: str) -> Case | None:
        """The case of that reference."""
        return self._session.scalar(sa.select(Case).where(Case.ref == ref.upper()))

    def of_requester(self, controller: str | None, requester_hash: str, limit: int = 10_000) -> Sequence[Case]:
        """That person's cases, newest first."""
        query = sa.select(Case).where(Case.requester_hash == requester_hash)
        if controller is not None:
            query = query.where(Case.controller == controller)
        return self._session.scalars(query.order_by(Case.id.desc()).limit(limit)).all()

    def listed(self, *, open_only: bool = True, limit: int = 200) -> Sequence[Case]:
        """Cases, oldest first."""
        query = sa.select(Case)
        if open_only:
            query = query.where(Case.status != Status.CLOSED)
        return self._session.scalars(query.order_by(Case.id).limit(limit)).all()

    def rights(self, case_id: int) -> tuple[Right, ...]:
        """What the case is about, in the order of `Right`."""
        found = set(self._session.scalars(sa.select(CaseRight.right).where(CaseRight.case_id == case_id)))
        return tuple(r for r in Right if r in found)

    def all_rights(self) -> dict[int, tuple[Right, ...]]:
        """The same for every case there is."""
        found: dict[int, set[Right]] = {}
        for row in self._session.execute(sa.select(CaseRight.case_id, CaseRight.right)):
            found.setdefault(row[0], set()).add(row[1])
        return {case_id: tuple(r for r in Right if r in rights) for case_id, rights in found.items()}

    def rights_of(self, case_ids: Sequence[int]) -> dict[int, tuple[Right, ...]]:
        """The same for several cases at once."""
        found: dict[int, set[Right]] = {}
        for row in self._session.execute(sa.select(CaseRight.case_id, CaseRight.right).where(CaseRight.case_id.in_(case_ids))):
            found.setdefault(row[0], set()).add(row[1])
        return {case_id: tuple(r for r in Right if r in rights) for case_id, rights in found.items()}

    def right_rows(self, case_id: int) -> Sequence[CaseRight]:
        """The same with what became of each, in the order of `Right`."""
        rows = self._session.scalars(sa.select(CaseRight).where(CaseRight.case_id == case_id)).all()
        return sorted(rows, key=lambda r: list(Right).index(r.right))

    def set_rights(self, case: Case, rights: Iterable[Right]) -> None:
        """Make the case about exactly these; what became of those that stay is kept."""
        wanted = dict.fromkeys(rights)
        known = {row.right: row for row in self.right_rows(case.id)}
        for right, row in known.items():
            if right not in wanted:
                self._session.delete(row)
        self._session.add_all(CaseRight(case_id=case.id, right=r, state=RightState.OPEN) for r in wanted if r not in known)
        self._session.flush()

    def deadlines(self, case_id: int) -> Sequence[Deadline]:
        """The dates of a case, earliest safe date first."""
        return self._session.scalars(
            sa.select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.safe.is_(None), Deadline.safe, Deadline.id)
        ).all()

    def add_deadline(self, deadline: Deadline) -> None:
        """A date more."""
        self._session.add(deadline)
        self._session.flush()

    def drop_deadline(self, deadline: Deadline) -> None:
        """A date that no longer applies; what was reminded of it goes too (the event history keeps both)."""
        self._session.execute(sa.delete(Reminder).where(Reminder.deadline_id == deadline.id))
        self._session.delete(deadline)
        self._session.flush()

    def next_dates(self) -> dict[int, Deadline]:
        """For every open case the open date that comes first by its safe reading."""
        rows = self._session.scalars(
            sa.select(Deadline)
            .options(defer(Deadline.trace))
            .join(Case, Case.id == Deadline.case_id)
            .where(Deadline.done.is_(None), Deadline.safe.is_not(None), Deadline.governs, Case.status != Status.CLOSED)
            .order_by(Deadline.safe.desc(), Deadline.id.desc())
        )
        return {row.case_id: row for row in rows}

    def before_live(self, mailbox: str) -> int:
        """How many cases of that mailbox are from before its go-live."""
        query = sa.select(sa.func.count()).where(Case.mailbox == mailbox, Case.live.is_(False))
        return self._session.scalar(query) or 0

    def opened_since(self, category: Category, since: datetime) -> int:
        """How many cases of that kind were opened since then."""
        return self._session.scalar(sa.select(sa.func.count(Case.id)).where(Case.category == category, Case.opened >= since)) or 0

    def new_since(self, since: datetime) -> int:
        """How many cases were opened since then, closed again or not."""
        return self._session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.opened >= since)) or 0

    def closed_since(self, since: datetime) -> int:
        """How many cases were closed since then."""
        return self._session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.closed >= since)) or 0

    def deadline(self, deadline_id: int) -> Deadline | None:
        """One date."""
        return self._session.get(Deadline, deadline_id, populate_existing=True)

    def reminded(self, deadline_id: int, due: date) -> frozenset[int]:
        """Rungs of that due date already posted (or let go as missed)."""
        return frozenset(self._session.scalars(sa.select(Reminder.rung).where(Reminder.deadline_id == deadline_id, Reminder.due == due)))

    def remind(self, deadline_id: int, rung: int, due: date, at: datetime) -> None:
        """Note that a rung is used."""
        self._session.add(Reminder(deadline_id=deadline_id, rung=rung, due=due, at=at))
        self._session.flush()

    def digest_queued(self, day: date, recipient: str) -> bool:
        """Whether that recipient's digest of the day was queued."""
        return self._session.get(DigestRun, (day, recipient)) is not None

    def note_digest(self, day: date, recipient: str, at: datetime) -> None:
        """Note that it was."""
        self._session.add(DigestRun(day=day, recipient=recipient, at=at))
        self._session.flush()

    def daily_thread(self, kind: str, day: date) -> DailyThread | None:
        """The Slack thread that gathers this day's lines."""
        return self._session.get(DailyThread, (kind, day))

    def keep_daily_thread(self, kind: str, day: date, channel: str, ts: str) -> None:
        """Remember where the day's thread is."""
        self._session.merge(DailyThread(kind=kind, day=day, channel=channel, ts=ts))
        self._session.flush()

    def correct(self, correction: Correction) -> None:
        """Keep what staff changed about a sorting."""
        self._session.add(correction)
        self._session.flush()

    def corrections(self) -> Sequence[Correction]:
        """All of them, oldest first."""
        return self._session.scalars(sa.select(Correction).order_by(Correction.id)).all()

    def to_purge(self, closed_before: datetime, limit: int = 500) -> Sequence[int]:
        """Cases whose retention is over and whose personal data is still there."""
        return self._session.scalars(
            sa.select(Case.id)
            .where(Case.status == Status.CLOSED, Case.closed <= closed_before, Case.erased.is_(None))
            .order_by(Case.id)
            .limit(limit)
        ).all()

    def heads(self, until: datetime) -> tuple[tuple[str, int, str], ...]:
        """(ref, last event's number, its hash) of every case by ref, counting only events before that instant."""
        last = (
            sa.select(Event.case_id, sa.func.max(Event.number).label("number")).where(Event.at < until).group_by(Event.case_id).subquery()
        )
        rows = self._session.execute(
            sa.select(Case.ref, Event.number, Event.hash)
            .join(Case, Case.id == Event.case_id)
            .join(last, sa.and_(last.c.case_id == Event.case_id, last.c.number == Event.number))
            .order_by(Case.ref)
        )
        return tuple((row[0], row[1], row[2]) for row in rows)

    def event_heads(self) -> Sequence[EventHead]:
        """Every daily head, oldest first."""
        return self._session.scalars(sa.select(EventHead).order_by(EventHead.day)).all()

    def add_event_head(self, head: EventHead) -> None:
        """The head of a day."""
        self._session.add(head)
        self._session.flush()
