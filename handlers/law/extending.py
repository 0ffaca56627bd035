"""Whether a period may be extended, and by when the person must have been told."""

from dataclasses import replace
from datetime import date

from handlers.law.laws import Laws
from handlers.law.query import Occurrence, Query
from handlers.refused import Refused
from storage.kinds import OccurrenceKind


def extension(laws: Laws, query: Query, on: date) -> Occurrence:
    """The extension of a request that is told on a day, as an occurrence to be kept.

    Refused, saying why, where the law knows none for this right, where it was extended already, or where the notice comes too late.
    """
    rule = laws.law(query.law, laws.day_of(query)).rights.get(query.right)
    if rule is None or (rule.extend is None and not rule.open_extension):
        raise Refused(f"{query.law} allows no extension here ({query.right}): the date stands", "law")
    told = Occurrence(OccurrenceKind.EXTENDED, on)
    laws.dates(replace(query, events=(*query.events, told)))
    return told
