"""Statutory periods as values: read from a law file, written in words, added to a day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """What a period is counted in."""

    MONTHS = "month"
    WEEKS = "week"
    DAYS = "day"
    BUSINESS_DAYS = "business day"
    HOURS = "hour"


_WRITTEN = re.compile(r"(?P<count>\d{1,3}) (?P<unit>month|week|day|business day|hour)s?")
_JAPANESE = {Unit.MONTHS: "か月", Unit.WEEKS: "週間", Unit.DAYS: "日", Unit.BUSINESS_DAYS: "営業日", Unit.HOURS: "時間"}


@dataclass(frozen=True)
class Period:
    """So many units of time; nought days means at once."""

    count: int
    unit: Unit

    def __add__(self, other: "Period") -> "Period":
        """One longer period; both must be counted in the same unit."""
        if other.unit is not self.unit:
            raise ValueError(f"{self} and {other} are counted in different units")
        return Period(self.count + other.count, self.unit)

    def __str__(self) -> str:
        if not self.count:
            return "at once"
        return f"{self.count} {self.unit.value}{'' if self.count == 1 else 's'}"

    @property
    def ja(self) -> str:
        """The period in Japanese."""
        return f"{self.count}{_JAPANESE[self.unit]}" if self.count else "即時"


def parse(written: object) -> Period:
    """The period that a law file states as "1 month", "10 business days", "48 hours" or "at once"; ValueError for anything else."""
    if written == "at once":
        return Period(0, Unit.DAYS)
    found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError('a period is written like "1 month", "45 days", "10 business days", "48 hours" or "at once"')
    return Period(int(found["count"]), Unit(found["unit"]))


def add_months(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of that month where the number is missing (Reg. 1182/71 Art. 3(2)(c))."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def add_days(day: date, days: int) -> date:
    """So many calendar days later; the first day is not counted."""
    return day + timedelta(days=days)
