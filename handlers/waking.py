"""When a person may be reminded: not in their quiet hours, on their weekend or while they are away. Nothing is lost by that."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.desk import Desk

_LONGEST = 7


@dataclass(frozen=True)
class Waking:
    """Who may be reminded now."""

    desk: Desk
    away: frozenset[str]
    deputies: dict[str, str]

    def reached(self, owner: str | None) -> str | None:
        """Who is reminded in the place of an owner: themselves, their deputy, or nobody in particular."""
        if owner is None or owner not in self.away:
            return owner
        return self.deputies.get(owner)

    def awake(self, who: str | None, now: datetime) -> bool:
        """Whether that person (None: the desk as a whole) may be reminded now."""
        local = now.astimezone(self._zone(who))
        quiet = self._quiet(who)
        if local.weekday() in self._weekend(who):
            return False
        return quiet is None or not _within(local.time(), *quiet)

    def sees_until(self, who: str | None, now: datetime) -> date:
        """The last day (the desk's) before they can be reminded again on another day: what falls due on a weekend is said before."""
        today = now.astimezone(self.desk.rules.zone).date()
        weekend = self._weekend(who)
        day = today
        for _ in range(_LONGEST):
            if (day + timedelta(days=1)).weekday() not in weekend:
                return day
            day += timedelta(days=1)
        return today

    def off(self, who: str | None, since: datetime, until: datetime) -> timedelta:
        """How much of a time falls on that person's days off (None: the desk's): silence then is no silence."""
        zone, weekend = self._zone(who), self._weekend(who)
        total, day = timedelta(), since.astimezone(zone).date()
        while day <= until.astimezone(zone).date():
            if day.weekday() in weekend:
                begins, ends = (datetime.combine(day + timedelta(days=n), time(), zone) for n in (0, 1))
                total += min(until, ends) - max(since, begins)
            day += timedelta(days=1)
        return total

    def _zone(self, who: str | None) -> ZoneInfo:
        person = self.desk.person(who) if who else None
        return person.zone if person is not None and person.zone is not None else self.desk.rules.zone

    def _weekend(self, who: str | None) -> frozenset[int]:
        person = self.desk.person(who) if who else None
        return person.weekend if person is not None and person.weekend is not None else self.desk.rules.weekend

    def _quiet(self, who: str | None) -> tuple[time, time] | None:
        person = self.desk.person(who) if who else None
        return person.quiet if person is not None and person.quiet is not None else self.desk.rules.quiet


def _within(at: time, start: time, end: time) -> bool:
    """Whether a time lies in hours that may span midnight."""
    return start <= at < end if start <= end else at >= start or at < end
