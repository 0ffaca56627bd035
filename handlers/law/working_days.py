"""Public holidays, working days and the roll to the next one, by country and subdivision (the only module that imports `holidays`)."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

# India's feasts are known for some years only; beyond them fewer days are off, which is the cautious side.
warnings.filterwarnings("ignore", message="Requested Holidays are available only", category=UserWarning)

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6


class Off(StrEnum):
    """A kind of day on which a period may not end."""

    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


@lru_cache(maxsize=4096)
def holidays_of(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    """The public holidays of one year with their English names; nationwide ones only without a subdivision, none for an unknown country."""
    return _year(country, subdivision, year)[0]


@lru_cache(maxsize=4096)
def makeup_days_of(country: str, year: int) -> frozenset[date]:
    """Weekend days of that year on which a country works in exchange for a bridge day (China)."""
    return _year(country, None, year)[1]


@lru_cache(maxsize=512)
def subdivisions_of(country: str) -> frozenset[str]:
    """Codes of the subdivisions whose own holidays are known."""
    try:
        return frozenset(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:
        return frozenset()


def _year(country: str, subdivision: str | None, year: int) -> tuple[dict[date, str], frozenset[date]]:
    """One year of the library's table. Its neighbours are read too, since a substitute holiday may fall over the turn of the year."""
    try:
        plain = holidays.country_holidays(country)
    except NotImplementedError:
        return {}, frozenset()
    language = "en_US" if "en_US" in plain.supported_languages else None
    table = holidays.country_holidays(country, subdiv=subdivision, years=(year - 1, year, year + 1), language=language)
    named = {d: name for d, name in table.items() if d.year == year}
    return named, frozenset(d for d in getattr(table, "weekend_workdays", ()) if d.year == year)


def why_off(day: date, off: Collection[Off], country: str, subdivision: str | None) -> str | None:
    """Why a period may not end on that day ("Saturday", "Good Friday"), or None where it may."""
    weekday = day.weekday()
    if weekday == _SATURDAY and Off.SATURDAY in off:
        return "Saturday"
    if weekday == _SUNDAY and Off.SUNDAY in off:
        return "Sunday"
    if Off.HOLIDAY in off:
        return holidays_of(country, subdivision, day.year).get(day)
    return None


@dataclass(frozen=True)
class BusinessDays:
    """How a law counts business days: Monday to Friday without a country's nationwide holidays, less any yearly closure.

    `closed` holds (from, to) as "MM-DD", both ends included and over the turn of the year where need be; `makeup` counts the weekend days
    on which the country works.
    """

    country: str
    cite: str
    closed: tuple[tuple[str, str], ...] = ()
    makeup: bool = False
    _known: dict[date, bool] = field(default_factory=dict, compare=False, repr=False)

    def is_open(self, day: date) -> bool:
        """Whether that day counts."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._decide(day)
        return known

    def _decide(self, day: date) -> bool:
        if self.makeup and day in makeup_days_of(self.country, day.year):
            return True
        if day.weekday() >= _SATURDAY or day in holidays_of(self.country, None, day.year):
            return False
        mark = f"{day:%m-%d}"
        return not any((a <= mark <= b) if a <= b else (mark >= a or mark <= b) for a, b in self.closed)

    def after(self, day: date, count: int) -> date:
        """The `count`-th business day after that day, which itself is not counted."""
        while count:
            day += _DAY
            count -= self.is_open(day)
        return day

    def before(self, day: date, count: int) -> date:
        """The `count`-th business day before that day; with nought, the day itself or the last business day before it."""
        while count:
            day -= _DAY
            count -= self.is_open(day)
        while not self.is_open(day):
            day -= _DAY
        return day


@lru_cache(maxsize=512)
def business_days(country: str, cite: str = "", closed: tuple[tuple[str, str], ...] = (), makeup: bool = False) -> BusinessDays:
    """The business days of a country, shared so that a day is decided once."""
    return BusinessDays(country, cite, closed, makeup)
