"""Queries in few words, for the tests of the clock."""

from datetime import date, datetime
from functools import lru_cache

from handlers.law import Dates, Laws, Occurrence, Query
from storage.kinds import OccurrenceKind


@lru_cache(maxsize=1)
def laws() -> Laws:
    """The shipped laws, read once."""
    return Laws.load()


def moment(written: str) -> date | datetime:
    """A bare date or a date-time with its offset."""
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def happened(*events: str) -> tuple[Occurrence, ...]:
    """Events as "identity_asked=2026-06-03"."""
    return tuple(Occurrence(OccurrenceKind(kind), moment(on)) for kind, on in (e.split("=") for e in events))


def asked(law: str, right: str, received: str, place: str, *events: str) -> Dates:
    """The dates of one clock."""
    return laws().dates(Query(law, right, moment(received), place, happened(*events)))
