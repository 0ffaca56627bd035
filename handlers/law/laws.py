"""All laws of a folder, and the clock asked by law."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from importlib.resources.abc import Traversable

from handlers.law.clock import compute
from handlers.law.files import law_folder, read_laws
from handlers.law.places import day_ends, law_zones
from handlers.law.query import Dates, Occurrence, Query
from handlers.law.reckoning import receipt
from handlers.law.schema import Law, Version
from handlers.law.wording import Step
from handlers.refused import Refused


@dataclass(frozen=True)
class Laws:
    """The laws we know, by id."""

    by_id: dict[str, Law]

    @classmethod
    def load(cls, folder: Traversable | None = None) -> "Laws":
        """The law files of a folder (the shipped ones without), each checked; BadLawFile names the first file and key at fault."""
        return cls(read_laws(folder or law_folder()))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all laws, in order."""
        return tuple(self.by_id)

    def named(self, id_: str) -> Law:
        """The law of that id with all its versions; Refused where there is none."""
        law = self.by_id.get(id_)
        if law is None:
            if meant := get_close_matches(id_.upper(), self.by_id, n=1):
                raise Refused(f"{id_!r} is no law we know: did you mean {meant[0]}?", "law")
            raise Refused(f"{id_!r} is no law we know; there are {', '.join(self.by_id)}", "law")
        return law

    def law(self, id_: str, on: date) -> Version:
        """The version of a law that is in force on a day (the oldest one before that); Refused for an unknown law."""
        return self.named(id_).on(on)

    def day_of(self, query: Query) -> date:
        """Day 0 of a query, in the law's zone; Refused as `dates` would."""
        return receipt(query, self.named(query.law)).day

    def ends(self, query: Query, day: date) -> datetime:
        """When a day that this clock gives is over, as an instant: the law's day is not ours."""
        return day_ends(day, law_zones(query.place, self.named(query.law).territory))

    def dates(self, query: Query) -> Dates:
        """The dates of one clock and how they came about; Refused, naming the field, for wrong input."""
        return compute(query, self.named(query.law))

    def counted(self, query: Query) -> Dates:
        """The same where events came from several hands: what can't be taken into account is left out, and the trace says so."""
        try:
            return self.dates(query)
        except Refused:
            if not query.events:
                raise
        kept: tuple[Occurrence, ...] = ()
        left: list[Step] = []
        for event in query.events:
            try:
                self.dates(replace(query, events=(*kept, event)))
            except Refused as refused:
                left.append(Step(f"Not counted: {refused.sentence}", f"算入しません: {refused.sentence}"))
            else:
                kept = (*kept, event)
        found = self.dates(replace(query, events=kept))
        return replace(found, trace=(*found.trace, *left))
