"""The language of what staff read in Slack: translated sentences, and dates as that language writes them."""

import gettext
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "ja")
"""What staff can read the desk in; English is what the code is written in."""
LONGEST = 1000
"""Characters of the longest sentence that the house says."""
HOUSE = "house"
"""The context of sentences that the house says and Slack's side only passes on; what is filled in stands as `{}` there."""

_DAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "ja": ("月", "火", "水", "木", "金", "土", "日")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words:
    """Sentences of one language, and dates of one zone; called with the English sentence."""

    def __init__(self, language: str, zone: tzinfo) -> None:
        self.language = language
        self.zone = zone
        self._catalogue = gettexts(language)
        self._house = house_sentences(language)

    def __call__(self, sentence: str) -> str:
        """The sentence in this language, or in English where it is not translated."""
        return self._catalogue.gettext(sentence) if sentence else ""

    def said(self, sentence: str) -> str:
        """What the house said in English (a refusal, a reason), in this language; what is filled in is translated too where it is known."""
        if len(sentence) <= LONGEST:
            for english, translated in self._house:
                parts = filled_in(english, sentence)
                if parts is not None:
                    return translated.format(*(self.said(part) for part in parts))
        return self(sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The sentence for that count, with `{count}` filled in."""
        return self._catalogue.ngettext(one, many, count).format(count=count)

    def day(self, day: date) -> str:
        """A date as staff read it, e.g. `Mon 2 Mar 2026` or `2026年3月2日(月)`."""
        weekday = _DAYS.get(self.language, _DAYS["en"])[day.weekday()]
        if self.language == "ja":
            return f"{day.year}年{day.month}月{day.day}日({weekday})"
        return f"{weekday} {day.day} {_MONTHS[day.month - 1]} {day.year}"

    def day_of(self, at: datetime) -> str:
        """The day of a moment in the desk's zone."""
        return self.day(at.astimezone(self.zone).date())

    def clock(self, at: datetime) -> str:
        """The time of day of a moment in the desk's zone, e.g. `18:30`."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def moment(self, at: datetime) -> str:
        """A moment in the desk's zone, e.g. `Mon 2 Mar 2026, 18:30`."""
        return self("{day}, {clock}").format(day=self.day_of(at), clock=self.clock(at))

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
        return self("{day} ({distance})").format(day=self.day(day), distance=self.away(days))


def catalogue(language: str) -> Catalog:
    """The translations into that language, read from the file that translators edit."""
    path = files("bot.slack") / "locale" / language / "LC_MESSAGES" / "rightsdesk.po"
    return read_po(BytesIO(path.read_bytes()), locale=language, domain="rightsdesk", abort_invalid=True)


@cache
def gettexts(language: str) -> gettext.NullTranslations:
    """gettext's own view of the catalogue; nothing is translated in English."""
    if language == "en":
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def house_sentences(language: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The house's sentences, cut where something is filled in, the most particular first, each with its translation."""
    if language == "en":
        return ()
    found = [(str(m.id), str(m.string)) for m in catalogue(language) if m.context == HOUSE and m.string]
    found.sort(key=lambda pair: (pair[0].count("{}"), -len(pair[0])))
    return tuple((tuple(english.split("{}")), to) for english, to in found)


def filled_in(pieces: tuple[str, ...], sentence: str) -> list[str] | None:
    """What stands between the pieces of a sentence; None where it is another sentence. Takes one pass, whatever the sentence is."""
    if len(pieces) == 1:
        return [] if sentence == pieces[0] else None
    first, *between, last = pieces
    if not (sentence.startswith(first) and sentence.endswith(last)):
        return None
    found, at, end = [], len(first), len(sentence) - len(last)
    for piece in between:
        next_ = sentence.find(piece, at + 1, end)
        if next_ < 0:
            return None
        found.append(sentence[at:next_])
        at = next_ + len(piece)
    return [*found, sentence[at:end]] if at < end else None


def tongue(locale: str, fallback: str = "en") -> str:
    """The language of a Slack locale such as `ja-JP`; the fallback where staff cannot read the desk in it."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else fallback


@cache
def translator(language: str = "en", zone: tzinfo = UTC) -> Words:
    """The words of that language; English where there is no catalogue for it."""
    return Words(language if language in LANGUAGES else "en", zone)


ENGLISH = translator("en")
