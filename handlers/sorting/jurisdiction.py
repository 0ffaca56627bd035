"""Which laws may apply to a mail, and why: citations, residence, telephone codes, domains, language, the controller's home."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from handlers.sorting.phrases import Hit, Lexicon
from handlers.sorting.reading import Sentence
from handlers.verdict import LawCandidate
from storage.kinds import Category

_CITED, _HINTED, _LIVES, _NAMED, _PHONE, _DOMAIN, _LANGUAGE, _HOME, _FALLBACK = 8.0, 1.5, 6.0, 3.0, 2.0, 1.2, 0.6, 0.4, 0.1
_CLEAR_FROM, _CLEAR_BY = 3.0, 1.5
_PHONE_NUMBER = re.compile(r"(?<![\w+])(?:\+|00)(\d{1,3})[\s().\-/]*\d[\d\s().\-/]{5,}")
_US_STATE = re.compile(
    r"[A-Z][a-z]+,? (A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])"
    r"(?: \d{5}(?:-\d{4})?)?(?=$|[\s.,;)])",
    re.MULTILINE,
)
_UK_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_CA_POSTCODE = re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b")
_JP_POSTCODE = re.compile(r"〒\s?\d{3}-?\d{4}")
_NL_POSTCODE = re.compile(r"\b\d{4} [A-Z]{2} [A-Z][a-z]")


@dataclass(frozen=True)
class Setting:
    """What we know besides the words: the sender's domain, the homes of the controllers written to, and the fallback."""

    domain: str
    homes: tuple[str, ...]
    fallback: tuple[str, ...]
    language: str
    category: Category


@dataclass(frozen=True)
class Jurisdiction:
    """The clear law (or None), all candidates, best first, and the ISO 3166 code of where the person says they live (or None)."""

    law: str | None
    candidates: tuple[LawCandidate, ...]
    place: str | None


class Gazetteer:
    """Names of laws and places, found like any other phrase."""

    def __init__(self, laws: dict[str, dict[str, Any]], places: dict[str, Any]) -> None:
        ideas = {f"law {law}": row["cites"] for law, row in laws.items() if "cites" in row}
        ideas |= {f"hint {law}": row["weak"] for law, row in laws.items() if "weak" in row}
        ideas |= {f"place {code}": names for code, names in places["names"].items()}
        self.lexicon = Lexicon({"law": ideas})
        self.phones: dict[str, str] = {code.lstrip("+"): country for code, country in places["phone"].items()}
        self._domains: dict[str, Any] = places["domain"]
        self._country: dict[str, str] = {c: law for law, row in laws.items() for c in row.get("countries", ())} | {"EU": "EU-GDPR"}
        self._marketing = {law: row["marketing"] for law, row in laws.items() if "marketing" in row}
        self.languages: dict[str, str] = places["language"]

    def laws_of(self, place: str, category: Category) -> tuple[str, ...]:
        """The laws of a place, the most fitting first."""
        law = self._country.get(place) or self._country.get(place.partition("-")[0])
        found = (law,) if law else ()
        if category is Category.UNSUBSCRIBE:
            if place.partition("-")[0] == "US":
                return (*found, "US-CANSPAM")
            if law in self._marketing:
                return (*found, self._marketing[law])
        if category is Category.COMPLAINT and law == "UK-GDPR":
            return ("UK-GDPR", "UK-DPA-164A")
        return found

    def country_of(self, domain: str) -> str | None:
        """The country of a mail domain, None where its ending says nothing."""
        ending = domain.rpartition(".")[2].lower()
        if len(ending) != 2 or ending in self._domains["none"]:
            return None
        return str(self._domains.get(ending, ending.upper()))


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The tables that ship with the package."""
    folder = resources.files("handlers.sorting")
    laws, places = (tomllib.loads(folder.joinpath(name).read_text("utf-8")) for name in ("laws.toml", "places.toml"))
    return Gazetteer(laws, places)


def judge(sentences: Iterable[Sentence], lives: Mapping[int, list[Hit]], setting: Setting) -> Jurisdiction:
    """The laws that may apply. `lives` are the phrases of residence found, by sentence."""
    tables = gazetteer()
    weights: dict[str, tuple[float, str]] = {}
    places: dict[str, float] = {}

    def add(law: str, weight: float, reason: str) -> None:
        if weight > weights.get(law, (0.0, ""))[0]:
            weights[law] = (weight, reason)

    for number, sentence in enumerate(sentences):
        for hit in _longest(tables.lexicon.find(sentence.normal)):
            kind, _, name = hit.idea.partition(" ")
            words = sentence.normal[hit.start : hit.end]
            if kind == "place":
                near = any(abs(hit.start - other.end) < 30 or abs(other.start - hit.end) < 12 for other in lives.get(number, ()))
                places[name] = max(places.get(name, 0.0), _LIVES if near else _NAMED)
            else:
                add(name, _CITED if kind == "law" else _HINTED, f"cites {words}")
        for code in _shapes(sentence.written):
            places[code] = max(places.get(code, 0.0), _NAMED)
        for found in _PHONE_NUMBER.finditer(sentence.written):
            country = next((tables.phones[found[1][:n]] for n in (3, 2, 1) if found[1][:n] in tables.phones), None)
            if country:
                places[country] = max(places.get(country, 0.0), _PHONE)
    _place_laws(places, add, setting)
    _quiet_clues(add, setting)
    _uk_before_eu(weights)
    ranked = sorted(weights.items(), key=lambda item: -item[1][0])
    candidates = tuple(LawCandidate(law, reason, weight) for law, (weight, reason) in ranked)
    where = max(places, key=lambda code: places[code]) if places and max(places.values()) >= _NAMED else None
    return Jurisdiction(_clear(candidates), candidates, where)


def _longest(hits: list[Hit]) -> list[Hit]:
    """Without those that lie inside a longer one: `uk gdpr` is not `gdpr`."""
    return [h for h in hits if not any(o.start <= h.start and h.end <= o.end and o.end - o.start > h.end - h.start for o in hits)]


def _shapes(written: str) -> list[str]:
    """Places told by the shape of an address."""
    found = [f"US-{m[1]}" for m in _US_STATE.finditer(written)]
    for pattern, code in ((_UK_POSTCODE, "GB"), (_CA_POSTCODE, "CA"), (_JP_POSTCODE, "JP"), (_NL_POSTCODE, "NL")):
        if pattern.search(written):
            found.append(code)
    return found


def _place_laws(places: dict[str, float], add: Any, setting: Setting) -> None:
    for code, weight in places.items():
        said = {_LIVES: "lives in", _NAMED: "names", _PHONE: "telephone code of"}[weight]
        for rank, law in enumerate(gazetteer().laws_of(code, setting.category)):
            add(law, weight - 0.5 * rank, f"{said} {code}")


def _quiet_clues(add: Any, setting: Setting) -> None:
    """What only suggests: domain, language, the controller's home, and the laws to fear where nothing is known."""
    tables = gazetteer()
    country = tables.country_of(setting.domain)
    for law in tables.laws_of(country, setting.category) if country else ():
        add(law, _DOMAIN, f"address in .{setting.domain.rpartition('.')[2]}")
    if setting.language in tables.languages:
        add(tables.languages[setting.language], _LANGUAGE, f"written in {setting.language}")
    for home in setting.homes:
        for law in tables.laws_of(home, setting.category):
            add(law, _HOME, f"home of the controller ({home})")
    for rank, law in enumerate(setting.fallback):
        add(law, _FALLBACK - rank * 0.01, "open: among the laws to fear")


def _uk_before_eu(weights: dict[str, tuple[float, str]]) -> None:
    """`GDPR` cited by somebody who lives in the United Kingdom or Switzerland is the law of that country."""
    eu = weights.get("EU-GDPR")
    uk = weights.get("UK-GDPR")
    if eu and uk and eu[0] >= _CITED and uk[0] >= _NAMED:
        weights["UK-GDPR"] = (_CITED + 2, uk[1])
        weights["EU-GDPR"] = (_NAMED, eu[1])


def _clear(candidates: tuple[LawCandidate, ...]) -> str | None:
    if not candidates or candidates[0].weight < _CLEAR_FROM:
        return None
    if (
        len(candidates) > 1
        and candidates[0].weight - candidates[1].weight < _CLEAR_BY
        and candidates[1].law not in ("UK-DPA-164A", "JP-ANTISPAM", "US-CANSPAM", "CA-CASL")
    ):
        return None
    return candidates[0].law
