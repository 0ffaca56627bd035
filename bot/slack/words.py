"""The language of what staff read in Slack: translated sentences, dates and mentions."""

import gettext
from datetime import UTC, date, datetime, tzinfo
from functools import cache

DOMAIN = "rightsdesk"

_WEEKDAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = {"en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")}


class Words:
    """Sentences of one language, and dates of one zone; called with the English sentence."""

    def __init__(self, language: str, zone: tzinfo, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self.zone = zone
        self._catalogue = catalogue

    def __call__(self, sentence: str) -> str:
        """The sentence in this language, or in English where it is not translated."""
        return self._catalogue.gettext(sentence) if sentence else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The sentence for that count, with `{count}` filled in."""
        return self._catalogue.ngettext(one, many, count).format(count=count)

    def day(self, day: date) -> str:
        """A date as staff read it, e.g. `Mon 2 Mar 2026`."""
        weekday = _WEEKDAYS.get(self.language, _WEEKDAYS["en"])[day.weekday()]
        month = _MONTHS.get(self.language, _MONTHS["en"])[day.month - 1]
        return f"{weekday} {day.day} {month} {day.year}"

    def day_of(self, at: datetime) -> str:
        """The day of a moment in the desk's zone."""
        return self.day(at.astimezone(self.zone).date())

    def clock(self, at: datetime) -> str:
        """The time of day of a moment in the desk's zone, e.g. `18:30`."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def moment(self, at: datetime) -> str:
        """A moment in the desk's zone, e.g. `Mon 2 Mar 2026, 18:30`."""
        return f"{self.day_of(at)}, {self.clock(at)}"

    def away(self, days: int) -> str:
        """How far a day is from today, e.g. `in 9 days`, `today`, `3 days ago`."""
        if days == 0:
            return self("today")
        if days == 1:
            return self("tomorrow")
        if days == -1:
            return self("yesterday")
        if days > 0:
            return self.ngettext("in {count} day", "in {count} days", days)
        return self.ngettext("{count} day ago", "{count} days ago", -days)

    def due(self, day: date, days: int) -> str:
        """A date with its distance, e.g. `Mon 2 Mar 2026 (in 9 days)`."""
        return f"{self.day(day)} ({self.away(days)})"


@cache
def translator(language: str = "en", zone: tzinfo = UTC) -> Words:
    """The words of that language; English where there is no catalogue for it."""
    return Words(language, zone, gettext.translation(DOMAIN, languages=[language], fallback=True))


ENGLISH = translator("en")
