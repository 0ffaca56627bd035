"""The words that all letters of a language share: how dates are written, what rights, grounds and laws are called."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from handlers.desk import Safeguard
from storage.kinds import Ground, Right


@dataclass(frozen=True)
class Words:
    """One language. `date_pattern` holds {day}, {month} and {year}, `first` is how it writes the first of a month.

    `laws` is by law id and `places` by country (ISO 3166), where the language has a name for it; `safeguards` finish a sentence that
    begins with what a company makes sure of. `yen` holds {amount}, `operator` holds {operator}; `thousands`, `comma` and `colon` are signs.
    """

    language: str
    date_pattern: str
    months: tuple[str, ...]
    bullet: str
    rights: Mapping[Right, str]
    grounds: Mapping[Ground, str]
    laws: Mapping[str, str]
    places: Mapping[str, str]
    safeguards: Mapping[Safeguard, str]
    first: str
    gdpr: str
    yen: str
    thousands: str
    operator: str
    comma: str
    colon: str

    def date(self, day: date) -> str:
        """The day as a letter writes it."""
        number = self.first if day.day == 1 else str(day.day)
        return self.date_pattern.format(day=number, month=self.months[day.month - 1], year=day.year)


def yen(amount: int, language: str) -> str:
    """An amount of Japanese yen as a letter in that language writes it."""
    words = load_words()[language]
    return words.yen.format(amount=f"{amount:,}".replace(",", words.thousands))


@lru_cache(maxsize=1)
def load_words() -> dict[str, Words]:
    """Every language that has a file in `templates/email/_words`, by ISO 639-1 code. ValueError where a file lacks a word."""
    folder = files("templates") / "email" / "_words"
    read = {f.name.removesuffix(".toml"): f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}
    return {language: _words(language, text) for language, text in read.items()}


def _words(language: str, text: str) -> Words:
    table = tomllib.loads(text)
    try:
        words = Words(
            language,
            table["date"],
            tuple(table["months"]),
            table["bullet"],
            {r: table["rights"][r.value] for r in Right},
            {g: table["grounds"][g.value] for g in Ground if g is not Ground.OTHER},
            table["laws"],
            table["places"],
            {s: table["safeguards"][s.value] for s in Safeguard},
            *(table[sign] for sign in ("first", "gdpr", "yen", "thousands", "operator", "comma", "colon")),
        )
    except KeyError as missing:
        raise ValueError(f"the words of {language} lack {missing}") from None
    if len(words.months) != len("JFMAMJJASOND"):
        raise ValueError(f"the words of {language} must name twelve months")
    return words
