"""The authorities of authorities.toml: names in English, the local language and Japanese, and their sites."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pydantic import ConfigDict, TypeAdapter


@dataclass(frozen=True)
class Authority:
    """An authority: its name in English, in its own language ('' where there is no one name) and in Japanese, and its sites, best first.

    The other languages stand where an office is described rather than named. `check` is what counsel should look at; `same` names,
    in the table, the place whose authority serves this one too.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")
    en: str = ""
    local: str = ""
    ja: str = ""
    de: str = ""
    fr: str = ""
    es: str = ""
    it: str = ""
    nl: str = ""
    pt: str = ""
    sites: tuple[str, ...] = ()
    check: str = ""
    same: str = ""

    @property
    def site(self) -> str:
        """Its first site, or ''."""
        return self.sites[0] if self.sites else ""

    def called(self, language: str) -> str:
        """Its name as a letter in that language writes it: Japanese, English with the local name beside it, else the local one.

        A local name in another script stands beside the English one.
        """
        if language == "ja":
            return self.ja
        if language != "en":
            described = {"de": self.de, "fr": self.fr, "es": self.es, "it": self.it, "nl": self.nl, "pt": self.pt}
            both = f"{self.en.removeprefix('the ')} ({self.local})"
            return described.get(language) or (both if _foreign(self.local) else self.local) or self.en
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


def _foreign(name: str) -> bool:
    return any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in name)


@lru_cache(maxsize=1)
def offices() -> dict[str, Authority]:
    """Every authority by its key in authorities.toml."""
    raw = tomllib.loads((files("handlers.law") / "authorities.toml").read_text(encoding="utf-8"))
    rows = TypeAdapter(dict[str, Authority]).validate_python(raw)
    return {key: rows[a.same] if a.same else a for key, a in rows.items()}
