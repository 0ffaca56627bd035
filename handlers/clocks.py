"""The clocks of a case: which law, right and receipt each one counts by, and what has happened since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from handlers.desk import Desk
from handlers.law import Dates, Laws, Occurrence, Query
from handlers.law.places import place
from handlers.law.steps import here
from handlers.refused import Refused
from storage.kinds import Category, Right
from storage.models import Case
from storage.models import Occurrence as Happened
from storage.store import Tx

COMPLAINT, APPEAL = "complaint", "appeal"
COMPLAINT_LAW = {"UK-GDPR": "UK-DPA-164A"}
"""Where complaints to the company have a statute of their own."""


class Clocks:
    """Asks the laws about cases."""

    def __init__(self, desk: Desk, laws: Laws) -> None:
        self._desk = desk
        self._laws = laws

    @property
    def laws(self) -> Laws:
        """The laws that it asks."""
        return self._laws

    def known_place(self, code: str | None) -> str | None:
        """The place where it is one that the clock knows, else None: a guess that is no place must not stop a case from opening."""
        try:
            return place(code).code if code else None
        except Refused:
            return None

    def laws_of(self, case: Case) -> tuple[str, ...]:
        """The laws that may apply: the one that was decided, else every candidate, else the cautious ones of the settings."""
        if case.law:
            return (case.law,)
        return tuple(x for x in case.candidates.split(",") if x) or self._desk.rules.fallback_laws

    def subjects(self, tx: Tx, case: Case) -> tuple[str, ...]:
        """What each clock is about: the rights, or the complaint or appeal."""
        if case.appeal:
            return (APPEAL,)
        rights = tuple(str(r) for r in tx.cases.rights(case.id))
        if case.category is Category.COMPLAINT:
            return (COMPLAINT, *rights)
        return rights or ((str(Right.ACCESS),) if case.needs_look else ())

    def queries(self, tx: Tx, case: Case) -> tuple[Query, ...]:
        """One for each subject and law, with all that happened."""
        events = occurrences(tx.course.occurrences(case.id))
        return tuple(self.query(case, law, subject, events) for subject in self.subjects(tx, case) for law in self._laws_for(case, subject))

    def query(self, case: Case, law: str, subject: str, events: tuple[Occurrence, ...] = ()) -> Query:
        """One clock of a case."""
        received = case.clock_day or case.clock_from
        where = case.place or self.place_of(law, case)
        return Query(law, subject, received, where, events, self._desk.rules.work_days_before)

    def dates(self, query: Query) -> Dates:
        """The dates of a clock, in the law's zone; the trace also says when the safe day is over by the desk's own clock.

        What the law can't take into account (an extension told too late, a question before a corrected receipt) is left out, and the
        trace says so.
        """
        found = self._laws.counted(query)
        day = found.safe_due or found.acknowledge_safe
        ends = self._laws.ends(query, day).astimezone(self._desk.rules.zone) if day is not None else None
        if ends is None or not (ends.hour or ends.minute):
            return found
        return replace(found, trace=(*found.trace, here(ends)))

    def ends(self, case: Case, law: str, day: date) -> datetime | None:
        """When a day of that law is over by the desk's own clock; None for our own promise, whose days are ours."""
        if law not in self._laws.ids:
            return None
        return self._laws.ends(self.query(case, law, ""), day).astimezone(self._desk.rules.zone)

    def place_of(self, law: str, case: Case) -> str:
        """The law's own country where it has one; else the controller's: the clock then reckons with the cautious zone and says so."""
        territory = self._laws.named(law).territory
        return territory[0] if len(territory) == 1 else self._desk.controller(case.controller).country

    def _laws_for(self, case: Case, subject: str) -> tuple[str, ...]:
        laws = self.laws_of(case)
        return tuple(dict.fromkeys(COMPLAINT_LAW.get(x, x) if subject == COMPLAINT else x for x in laws))


def occurrences(rows: Sequence[Happened]) -> tuple[Occurrence, ...]:
    """Kept rows as the clock takes them."""
    return tuple(Occurrence(row.kind, _when(row)) for row in rows)


def _when(row: Happened) -> date:
    found = row.at or row.day
    if found is None:
        raise ValueError("an occurrence without its time")
    return found
