"""Places by their ISO 3166 code: which zones they keep, whose holidays they have, whether a law's territory holds them."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from handlers.law.working_days import subdivisions_of
from handlers.refused import Refused

_CODE = re.compile(r"(?P<country>[A-Z]{2})(-(?P<subdivision>[A-Z0-9]{1,3}))?")


@dataclass(frozen=True)
class Place:
    """A country or a subdivision of one; `holidays` is the subdivision whose own holidays we know, else None (nationwide only)."""

    code: str
    country: str
    subdivision: str | None
    holidays: str | None
    zones: tuple[str, ...]

    def within(self, territory: tuple[str, ...]) -> bool:
        """Whether this place lies in a territory that is given as codes."""
        return self.code in territory or self.country in territory

    def holds(self, territory: tuple[str, ...]) -> bool:
        """Whether a part of the territory lies in this place (US holds US-CA)."""
        return any(t.startswith(f"{self.code}-") for t in territory)


@dataclass(frozen=True)
class _World:
    """What is known of all places: zones by country and by subdivision, aliases, and the countries all of whose parts we know."""

    zones: dict[str, tuple[str, ...]]
    subdivisions: dict[str, tuple[str, ...]]
    aliases: dict[str, str]
    complete: frozenset[str]


@lru_cache(maxsize=1)
def _world() -> _World:
    """Countries and their zones from the time zone database, corrected and refined by places.toml."""
    tables = files("tzdata") / "zoneinfo"
    zones: dict[str, list[str]] = {c: [] for c, *_ in _rows((tables / "iso3166.tab").read_text(encoding="utf-8"))}
    for country, _, zone, *_ in _rows((tables / "zone.tab").read_text(encoding="utf-8")):
        zones.setdefault(country, []).append(zone)
    own = tomllib.loads((files("handlers.law") / "places.toml").read_text(encoding="utf-8"))
    known = {c: tuple(z) or ("UTC",) for c, z in zones.items()} | {c: tuple(z) for c, z in own["official"].items()}
    return _World(known, {c: tuple(z) for c, z in own["zones"].items()}, own["aliases"], frozenset(own["complete"]))


def _rows(table: str) -> list[list[str]]:
    return [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1024)
def place(code: str, field: str = "place") -> Place:
    """The place of an ISO 3166-1 or 3166-2 code; Refused where there is none."""
    world = _world()
    found = _CODE.fullmatch(code)
    if found is None or found["country"] not in world.zones:
        raise Refused(f"{code!r} is no place we know; give an ISO 3166 code such as DE, GB-SCT or US-CA", field)
    country, subdivision = found["country"], found["subdivision"]
    known = subdivisions_of(country)
    named = world.aliases.get(code, code).partition("-")[2] or None if subdivision else None
    if subdivision and country in world.complete and named not in known and code not in world.subdivisions and code not in world.aliases:
        raise Refused(f"{code!r} is no part of {country} that we know; give one such as {country}-{min(known)}, or only {country}", field)
    zones = world.subdivisions.get(code, world.zones[country])
    return Place(code, country, subdivision, named if named in known else None, zones)


@lru_cache(maxsize=1024)
def law_zones(code: str, territory: tuple[str, ...]) -> tuple[ZoneInfo, ...]:
    """The zones in which a receipt is dated: of the place within the territory, of the territory where the place is wider, else of both."""
    here = place(code)
    wide = tuple(z for t in territory for z in place(t).zones)
    names = here.zones if here.within(territory) else wide if here.holds(territory) else here.zones + wide
    return tuple(ZoneInfo(n) for n in dict.fromkeys(names))


def earliest(instant: datetime, zones: tuple[ZoneInfo, ...]) -> datetime:
    """The instant in that of the zones whose clock is furthest behind, hence with the earliest date (of equals, the first)."""
    if len(zones) == 1:
        return instant.astimezone(zones[0])
    return min((instant.astimezone(z) for z in zones), key=lambda local: local.replace(tzinfo=None))


@lru_cache(maxsize=4096)
def day_ends(day: date, zones: tuple[ZoneInfo, ...]) -> datetime:
    """The instant at which a day is over: in that of the zones where it is so first."""
    return min(datetime.combine(day + timedelta(days=1), time(), z).astimezone(UTC) for z in zones)


def local_day(moment: date | datetime, zones: tuple[ZoneInfo, ...]) -> date:
    """The day of a moment in the law's zone; a bare date is the law's local date already."""
    return earliest(moment, zones).date() if isinstance(moment, datetime) else moment
