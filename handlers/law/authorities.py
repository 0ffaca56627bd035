"""The authority that a person can turn to, by law and place."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pydantic import ConfigDict, TypeAdapter

from handlers.law.laws import Laws
from handlers.law.places import place as known_place

_BY_PLACE = "place"
_UNKNOWN_COUNTRY = "EEA"


@dataclass(frozen=True)
class Authority:
    """An authority: its name in English, in its own language ('' where there is no one name) and in Japanese, and its sites, best first.

    `check` is what counsel should look at; `same` stands in the table for a place that another place's authority serves.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")
    en: str = ""
    local: str = ""
    ja: str = ""
    sites: tuple[str, ...] = ()
    check: str = ""
    same: str = ""

    @property
    def site(self) -> str:
        """Its first site, or ''."""
        return self.sites[0] if self.sites else ""

    def called(self, language: str) -> str:
        """Its name as a letter in that language writes it: Japanese, else English with the local name where that differs."""
        if language == "ja":
            return self.ja
        return (
            self.en
            if not self.local or self.local in self.en or self.en.removeprefix("the ") == self.local
            else f"{self.en} ({self.local})"
        )

    def written(self, language: str) -> str:
        """Its name with its site."""
        name = self.called(language)
        if not self.site:
            return name
        return f"{name}（{self.site}）" if language == "ja" else f"{name}, {self.site}"


@lru_cache(maxsize=1)
def table() -> dict[str, Authority]:
    """Every authority by its key in authorities.toml."""
    raw = tomllib.loads((files("handlers.law") / "authorities.toml").read_text(encoding="utf-8"))
    rows = TypeAdapter(dict[str, Authority]).validate_python(raw)
    return {key: rows[a.same] if a.same else a for key, a in rows.items()}


def authority(laws: Laws, law: str, place: str) -> Authority:
    """The authority to name under a law to a person at a place; where the law leaves it to the place and it is outside, a general name.

    Refused for an unknown law or place.
    """
    return authorities(laws, law, place)[0]


def authorities(laws: Laws, law: str, place: str) -> tuple[Authority, ...]:
    """All authorities that a law knows for a place, the one to name first."""
    known = laws.named(law)
    where = known_place(place)
    rows = table()
    if known.authority != _BY_PLACE:
        return tuple(rows[key] for key in (known.authority, *known.also))
    if not where.within(known.territory):
        return (rows[_UNKNOWN_COUNTRY],)
    return (rows.get(where.code) or rows[where.country],)
