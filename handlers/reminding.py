"""Reminders: rungs of dates, escalation where nobody reacts, long waits, tasks; each once, at an hour when they are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import effects
from handlers.absences import away, deputies
from handlers.checklist import Checklist
from handlers.dates import DateKeeper
from handlers.desk import Desk
from handlers.lifecycle import WAITING
from handlers.posts import DatesMoved, Escalated, Reminder, TaskDue, TasksDue, Waiting
from handlers.refused import Refused
from handlers.rungs import nearest_rung
from handlers.waking import Waking
from storage.kinds import EventKind, Status
from storage.models import Case, Deadline
from storage.reminding import Reminded, Watched
from storage.store import Tx

AHEAD = timedelta(days=8)
"""How much further than the first rung we look for dates that may need a reminder: over a weekend, and a day more."""
ALL_STAFF, MANAGERS = 1, 2
LISTED = 10


@dataclass(frozen=True)
class RemindDue:
    """A date of a case has a rung to remind of."""

    case_id: int
    deadline_id: int


@dataclass(frozen=True)
class EscalateDue:
    """Nobody reacted to a reminder."""

    case_id: int


@dataclass(frozen=True)
class WaitDue:
    """An open wait for the person has a rung."""

    case_id: int


@dataclass(frozen=True)
class TasksDueFor:
    """Somebody has tasks to be reminded of on a day."""

    day: date
    owner: str


@dataclass(frozen=True)
class RecomputeDue:
    """The dates of a chunk of open cases are computed anew: laws or holidays may give others today."""

    day: date
    chunk: int


ReminderTick = RemindDue | EscalateDue | WaitDue | TasksDueFor | RecomputeDue
SETTLED = 1
"""The hour from which dates are computed anew."""


class Remindings:
    """Finds and does them."""

    def __init__(self, desk: Desk, dates: DateKeeper) -> None:
        self._desk = desk
        self._dates = dates
        self._checklist = Checklist(desk)

    def due(self, tx: Tx, now: datetime) -> Iterator[ReminderTick]:
        """Everything that is due and not yet done."""
        local = now.astimezone(self._desk.rules.zone)
        if local.hour >= SETTLED:
            yield from self._recomputes(tx, local.date(), now)
        if local.time() < self._desk.rules.remind_at:
            return
        waking, today = self._waking(tx, now), local.date()
        first = max((r for rungs in (self._desk.rules.rungs, *self._desk.rules.ladders.values()) for r in rungs), default=0)
        horizon = today + timedelta(days=first) + AHEAD
        used = tx.reminding.used(horizon)
        for row in tx.reminding.watched(horizon):
            if self._rung(row, used.get((row.deadline_id, row.safe), set()), waking, now) is not None:
                yield RemindDue(row.case_id, row.deadline_id)
        if waking.awake(None, now):
            yield from (EscalateDue(r.case_id) for r in self._unheard(tx, waking, now))
        rungs = self._desk.rules.pause_rungs
        for case_id, owner, since, last in tx.reminding.waiting(now - timedelta(days=min(rungs, default=0))) if rungs else ():
            if self._wait_rung(since, last, now) is not None and waking.awake(waking.reached(owner), now):
                yield WaitDue(case_id)
        for owner in tx.course.task_owners(now - timedelta(days=self._desk.rules.task_days)):
            if waking.awake(waking.reached(owner) or owner, now) and not tx.cases.digest_queued(today, f"tasks:{owner}"):
                yield TasksDueFor(today, owner)

    def remind(self, tx: Tx, due: ReminderTick, now: datetime) -> None:
        """Do one of them; one that was done meanwhile changes nothing."""
        match due:
            case RemindDue():
                self._remind(tx, due, now)
            case EscalateDue():
                self._escalate(tx, due, now)
            case WaitDue():
                self._wait(tx, due, now)
            case TasksDueFor():
                self._tasks(tx, due, now)
            case RecomputeDue():
                self._recompute(tx, due, now)

    def _waking(self, tx: Tx, now: datetime) -> Waking:
        today = self._dates.today(now)
        return Waking(self._desk, away(tx, today), deputies(tx, today))

    def _rung(self, row: Watched, used: set[int], waking: Waking, now: datetime) -> int | None:
        """The rung to post now; what would fall into the reader's weekend counts as come, and a rung they can't see yet is not used."""
        who = waking.reached(row.owner)
        if not waking.awake(who, now):
            return None
        today, born = self._dates.today(now), row.born.astimezone(self._desk.rules.zone).date()
        seen = waking.sees_until(who, now)
        if today <= row.safe < seen:
            seen = row.safe
        return nearest_rung(row.safe, born, seen if row.safe >= today else today, self._desk.ladder(row.law), used)

    def _remind(self, tx: Tx, due: RemindDue, now: datetime) -> None:
        case = tx.cases.lock(due.case_id)
        row = tx.cases.deadline(due.deadline_id)
        if case.status is Status.CLOSED or row is None or row.safe is None or row.done is not None or not row.governs:
            return
        waking, today = self._waking(tx, now), self._dates.today(now)
        watched = Watched(case.id, row.id, case.owner, row.law, row.kind, row.safe, row.born)
        rung = self._rung(watched, set(tx.cases.reminded(row.id, row.safe)), waking, now)
        if rung is None:
            return
        tx.cases.remind(row.id, rung, row.safe, now)
        if self._said_by_twin(tx, row, rung):
            return
        left = (row.safe - today).days
        managers = tuple(p.slack_id for p in self._desk.managers) if left < 0 else ()
        said = Reminder(case.ref, row.kind, row.law, row.safe, left, waking.reached(case.owner), managers)
        facts = {"law": row.law, "kind": str(row.kind), "due": row.safe.isoformat(), "rung": rung}
        tx.events.add(case, EventKind.REMINDED, "desk", now, facts=facts)
        effects.post(tx, case, said, f"remind:{row.id}:{row.safe}:{rung}", now)
        effects.card(tx, case, now)

    def _said_by_twin(self, tx: Tx, row: Deadline, rung: int) -> bool:
        """Whether another right's date on the same day has already said so: one day, one reminder."""
        twins = [d for d in tx.cases.deadlines(row.case_id) if d.id != row.id and d.kind is row.kind and d.safe == row.safe and d.governs]
        return any(d.safe is not None and rung in tx.cases.reminded(d.id, d.safe) for d in twins)

    def _unheard(self, tx: Tx, waking: Waking, now: datetime) -> list[Reminded]:
        """The cases that wait for somebody to react; days off count for nobody: the owner's at first, the desk's once all were called."""
        rules = self._desk.rules
        patience = timedelta(hours=rules.escalate_after_hours)
        near = self._dates.today(now) + timedelta(days=rules.escalate_within_days)

        def silent(r: Reminded) -> bool:
            who, since = (waking.reached(r.owner), r.since) if r.raised is None else (None, r.raised)
            return now - since - waking.off(who, since, now) >= patience

        return [r for r in tx.reminding.unheard(near, now - patience) if r.level < MANAGERS and silent(r)]

    def _escalate(self, tx: Tx, due: EscalateDue, now: datetime) -> None:
        case = tx.cases.lock(due.case_id)
        unheard = next((r for r in self._unheard(tx, self._waking(tx, now), now) if r.case_id == case.id), None)
        first = self._first(tx, case)
        if unheard is None or first is None or first.safe is None:
            return
        level = unheard.level + 1
        people = self._desk.managers if level == MANAGERS else tuple(p for p in self._desk.staff if p.slack_id != case.owner)
        tx.reminding.raise_to(case.id, level, now)
        left = (first.safe - self._dates.today(now)).days
        named = tuple(p.slack_id for p in people)
        said = Escalated(case.ref, first.kind, first.law, first.safe, left, level, named, case.owner)
        tx.events.add(case, EventKind.ESCALATED, "desk", now, facts={"level": level, "due": first.safe.isoformat()})
        effects.post(tx, case, said, f"escalated:{first.id}:{first.safe}:{level}:{unheard.since.isoformat()}", now)

    def _first(self, tx: Tx, case: Case) -> Deadline | None:
        rows = [d for d in tx.cases.deadlines(case.id) if d.done is None and d.safe is not None and d.governs]
        return rows[0] if rows and case.status is not Status.CLOSED else None

    def _wait_rung(self, since: datetime, last: int, now: datetime) -> int | None:
        come = [r for r in self._desk.rules.pause_rungs if since + timedelta(days=r) <= now and r > last]
        return max(come, default=None)

    def _wait(self, tx: Tx, due: WaitDue, now: datetime) -> None:
        case = tx.cases.lock(due.case_id)
        if case.status not in WAITING or case.waiting_since is None:
            return
        rung = self._wait_rung(case.waiting_since, case.waiting_reminded, now)
        if rung is None:
            return
        case.waiting_reminded = rung
        since = self._dates.today(case.waiting_since)
        said = Waiting(case.ref, case.status, since, (now - case.waiting_since).days, self._waking(tx, now).reached(case.owner))
        tx.events.add(case, EventKind.REMINDED, "desk", now, facts={"waiting": str(case.status), "days": rung})
        effects.post(tx, case, said, f"waiting:{case.waiting_since.isoformat()}:{rung}", now)

    def _tasks(self, tx: Tx, due: TasksDueFor, now: datetime) -> None:
        if tx.cases.digest_queued(due.day, f"tasks:{due.owner}"):
            return
        tx.cases.note_digest(due.day, f"tasks:{due.owner}", now)
        rows = tx.course.open_tasks([due.owner])
        to = self._waking(tx, now).reached(due.owner) or due.owner
        listed = rows[:LISTED]
        dues = {case.id: day for case, day in tx.listing.numbered([case.id for _, case in listed], LISTED)[0]}
        shown = [(case, self._checklist.line(tx, case, task, {})) for task, case in listed]
        lines = tuple(
            TaskDue(case.ref, one.called("en"), dues.get(case.id), case.channel, case.thread, one.kind, one.place) for case, one in shown
        )
        if lines:
            said = TasksDue(to, len(rows), lines, due.owner if to != due.owner else None)
            effects.notice(tx, said, f"tasks:{due.day}:{due.owner}", now, to=to)

    def _recomputes(self, tx: Tx, today: date, now: datetime) -> Iterator[RecomputeDue]:
        if tx.cases.digest_queued(today, "dates"):
            return
        left = [c for c in tx.reminding.open_chunks() if not tx.cases.digest_queued(today, f"dates:{c}")]
        if not left:
            tx.cases.note_digest(today, "dates", now)
        yield from (RecomputeDue(today, chunk) for chunk in left)

    def _recompute(self, tx: Tx, due: RecomputeDue, now: datetime) -> None:
        """A holiday that was proclaimed, a law file that was mended: open cases move with an event, never silently."""
        if tx.cases.digest_queued(due.day, f"dates:{due.chunk}"):
            return
        tx.cases.note_digest(due.day, f"dates:{due.chunk}", now)
        for case in tx.reminding.open_in_chunk(due.chunk):
            try:
                moves = self._dates.recompute(tx, case, now)
            except Refused:
                continue  # What can't be counted stays as it was; changing the sorting will say why.
            if moves:
                case.version += 1
                effects.post(tx, case, DatesMoved(case.ref, moves), f"moved:{due.day}", now)
                effects.card(tx, case, now)
