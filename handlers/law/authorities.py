"""The authority that a person can turn to, by law and place."""

from handlers.law.laws import Laws
from handlers.law.offices import Authority, offices
from handlers.law.places import place as known_place
from handlers.law.schema import BY_PLACE

_UNKNOWN_COUNTRY = "EEA"


def authority(laws: Laws, law: str, place: str) -> Authority:
    """The authority to name under a law to a person at a place; where the law leaves it to the place and it is outside, a general name.

    Refused for an unknown law or place.
    """
    return authorities(laws, law, place)[0]


def authorities(laws: Laws, law: str, place: str) -> tuple[Authority, ...]:
    """All authorities that a law knows for a place, the one to name first."""
    known = laws.named(law)
    where = known_place(place)
    rows = offices()
    if known.authority != BY_PLACE:
        return tuple(rows[key] for key in (known.authority, *known.also))
    if not where.within(known.territory):
        return (rows[_UNKNOWN_COUNTRY],)
    return (rows.get(where.code) or rows[where.country],)
