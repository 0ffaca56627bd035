"""A system that does not hear: alarms at 24 and 48 hours, and at each law's limit; and the count of every week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import effects
from handlers.desk import Desk
from handlers.law import Laws, Query
from handlers.lines import system_name
from handlers.posts import SystemHealth, SystemLate, UnsubscribesOfWeek
from handlers.refused import Refused
from storage.store import Tx
from storage.telling import Backlog

HOURS = (24, 48)
"""Mailbox providers want a one-click opt-out honoured within 48 hours."""


@dataclass(frozen=True)
class SystemLateDue:
    """A system has not heard of an opt-out within a limit; said once a day for each limit."""

    system: str
    limit: str
    day: date


@dataclass(frozen=True)
class WeekDue:
    """A week ended and was not counted yet."""

    monday: date


class Lateness:
    """Watches how long systems take."""

    def __init__(self, desk: Desk, laws: Laws) -> None:
        self._desk = desk
        self._laws = laws

    def due(self, tx: Tx, now: datetime) -> list[SystemLateDue | WeekDue]:
        """Every alarm and count that is due and was not given."""
        local = now.astimezone(self._desk.rules.zone)
        today = local.date()
        found: list[SystemLateDue | WeekDue] = [
            SystemLateDue(waits.system, limit, today)
            for waits in tx.telling.backlog()
            for limit in self._passed(waits, now)
            if not tx.outgoing.already(f"notice:{_late(waits.system, limit, today)}")
        ]
        monday = today - timedelta(days=today.weekday() + 7)
        if local.timetz().replace(tzinfo=None) >= self._desk.rules.remind_at and not tx.outgoing.already(f"notice:{_week(monday)}"):
            found.append(WeekDue(monday))
        return found

    def say(self, tx: Tx, due: SystemLateDue, now: datetime) -> None:
        """Name the managers, what waits, and what the system said last."""
        waits = next((b for b in tx.telling.backlog() if b.system == due.system), None)
        if waits is None:
            return
        problem = tx.outgoing.trouble_in(f"system:{due.system}")
        managers = tuple(p.slack_id for p in self._desk.managers)
        said = SystemLate(system_name(self._desk, due.system), due.limit, waits.waiting, waits.oldest, problem, managers)
        effects.notice(tx, said, _late(due.system, due.limit, due.day), now)

    def count(self, tx: Tx, due: WeekDue, now: datetime) -> None:
        """The week's number of people by company."""
        zone = self._desk.rules.zone
        since = datetime.combine(due.monday, datetime.min.time(), zone)
        until = datetime.combine(due.monday + timedelta(days=7), datetime.min.time(), zone)
        counts = tuple((c.name, tx.suppressions.count_since(since, until, c.id)) for c in self._desk.controllers)
        waiting = sum(b.waiting for b in tx.telling.backlog())
        effects.notice(tx, UnsubscribesOfWeek(due.monday, counts, waiting), _week(due.monday), now)

    def _passed(self, waits: Backlog, now: datetime) -> list[str]:
        passed = [f"{hours} hours" for hours in HOURS if now - waits.oldest >= timedelta(hours=hours)]
        if len(passed) < len(HOURS):
            return passed
        for law in self._laws.ids:
            named = self._laws.named(law)
            try:
                dates = self._laws.dates(Query(law, "unsubscribe", waits.oldest, named.territory[0]))
            except (Refused, IndexError):
                continue
            if dates.safe_due is not None and dates.safe_due <= now.astimezone(self._desk.rules.zone).date():
                passed.append(named.name.en)
        return passed


def health(tx: Tx, desk: Desk) -> tuple[SystemHealth, ...]:
    """How far each system has heard, for the digest."""
    waits = {b.system: b for b in tx.telling.backlog()}
    made = []
    for system in desk.systems:
        backlog = waits.get(system.id)
        problem = tx.outgoing.trouble_in(f"system:{system.id}")
        made.append(SystemHealth(system.name, backlog.waiting if backlog else 0, backlog.oldest if backlog else None, problem))
    return tuple(made)


def _late(system: str, limit: str, day: date) -> str:
    return f"late:{system}:{limit}:{day}"


def _week(monday: date) -> str:
    return f"week:{monday}"
