"""How the steps of a computation are worded, in English and Japanese."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YOUBI = "月火水木金土日"


@dataclass(frozen=True)
class Step:
    """One step towards a date, in both languages, with what it rests on ('' where it rests on nothing written)."""

    en: str
    ja: str
    cite: str = ""

    def __str__(self) -> str:
        return f"{self.en} [{self.cite}]" if self.cite else self.en

    def said(self, language: str) -> str:
        """The step with its citation in Japanese ("ja") or English (anything else)."""
        text = self.ja if language == "ja" else self.en
        return f"{text} [{self.cite}]" if self.cite else text


@lru_cache(maxsize=8192)
def day_en(day: date) -> str:
    """Sat 31 Jan 2026."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=8192)
def day_ja(day: date) -> str:
    """2026年1月31日(土)."""
    return f"{day.year}年{day.month}月{day.day}日({_YOUBI[day.weekday()]})"


def hour(local: date) -> str:
    """The time of day and zone of a local moment with a leading space, or '' for a bare date."""
    return f" {local.hour:02}:{local.minute:02} {local.tzname()}" if isinstance(local, datetime) else ""
