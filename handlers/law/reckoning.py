"""How a version of a law counts for one right at one place: periods, pauses, the roll."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.law.occurrences import Question
from handlers.law.period import Period, Unit, add_days, add_months
from handlers.law.places import Place, earliest, law_zones, place
from handlers.law.query import Query
from handlers.law.schema import Effect, IdentityRule, Law, Rule, Version
from handlers.law.working_days import BusinessDays, business_days, why_off
from handlers.refused import Refused

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def _excluded(spans: list[tuple[date, date]], start: date, cautious: bool) -> int:
    """How many days do not count: both ends of each span, none twice, none before the period; read cautiously, not day 0 either."""
    days, last = 0, add_days(start, 0 if cautious else -1)
    for asked, answered in spans:
        first = max(asked, add_days(last, 1))
        days += max(0, (answered - first).days + 1)
        last = max(last, answered)
    return days


@dataclass(frozen=True)
class Receipt:
    """When and where a request arrived: `local` is the moment (or bare date) in the law's zone, `day` is day 0."""

    local: date | datetime
    day: date
    place: Place
    inside: bool
    """Whether the place lies in the law's territory, so that its holidays count."""
    zones: tuple[ZoneInfo, ...]


@dataclass(frozen=True)
class Reckoning:
    """How one version of a law counts for one right at one place."""

    version: Version
    right: str
    rule: Rule
    receipt: Receipt

    def add(self, start: date, period: Period) -> date:
        """The last day of a period that begins after `start`."""
        match period.unit:
            case Unit.MONTHS:
                return add_months(start, period.count)
            case Unit.WEEKS:
                return add_days(start, 7 * period.count)
            case Unit.DAYS:
                return add_days(start, period.count)
            case Unit.HOURS:
                return self._hours(start, period.count)
            case Unit.BUSINESS_DAYS:
                return self.business.after(start, period.count)

    def _hours(self, start: date, hours: int) -> date:
        """The day on which so many hours end; they begin at the moment of receipt where we know it, else with the day."""
        local = self.receipt.local
        begun = local.hour if isinstance(local, datetime) and start == self.receipt.day else 0
        return add_days(start, (begun + hours) // 24)

    @property
    def business(self) -> BusinessDays:
        """The business days that the law counts."""
        b = self.version.business
        if b is None:
            raise ValueError(f"{self.version.act} counts no business days")
        return business_days(b.country, b.cite, b.closed, b.makeup)

    def roll(self, day: date) -> tuple[date, tuple[str, ...]]:
        """The next day on which a period may end, and what stood in the way of each day before it."""
        off = self.version.counting.roll
        reasons: list[str] = []
        country, subdivision = (self.receipt.place.country, self.receipt.place.holidays) if self.receipt.inside else ("", None)
        while off and (why := why_off(day, off, country, subdivision)):
            reasons.append(why)
            day = add_days(day, 1)
        return day, tuple(reasons)

    def rolled(self, day: date, period: Period) -> date:
        """The statutory end; business days end on one anyway."""
        return day if period.unit is Unit.BUSINESS_DAYS else self.roll(day)[0]

    @property
    def identity_counts(self) -> bool:
        """Whether identity may be asked for this right at all: never for what needs none, nor for what takes effect at once."""
        return self.rule.identity is not IdentityRule.NEVER and not self.rule.immediate

    def effect(self, question: Question) -> Effect:
        """What a question does to this right's period; a question of identity that may not be asked does nothing."""
        if question.kind == "identity" and not self.identity_counts:
            return Effect.NONE
        pause = getattr(self.version.pauses, question.kind)
        return pause.effect if not pause.rights or self.right in pause.rights else Effect.NONE

    def end(self, period: Period, questions: tuple[Question, ...], cautious: bool = False) -> date:
        """The last day of the period before any roll, after the questions that move it (each answered, each in time).

        Read cautiously, an answer that nobody had asked for moves nothing.
        """
        if not questions:
            return self.add(self.receipt.day, period)
        start, suspended, floor = self.receipt.day, 0, date.min
        excluded: list[tuple[date, date]] = []
        for q in questions:
            if q.answered is None or (effect := self.effect(q)) is Effect.NONE or (cautious and q.asked is None):
                continue
            if effect is Effect.RESTART:
                floor = max(floor, self.add(start, period) + timedelta(suspended + _excluded(excluded, start, cautious)))
                start = max(start, self.restart(q))
            elif q.asked is not None and effect is Effect.SUSPEND:
                suspended += (q.answered - q.asked).days
            elif q.asked is not None:
                excluded.append((q.asked, q.answered))
        return max(floor, self.add(start, period) + timedelta(suspended + _excluded(excluded, start, cautious)))

    def restart(self, question: Question) -> date:
        """The day on which a restarted period begins."""
        cap = getattr(self.version.pauses, question.kind).at_most
        answered = question.answered or date.max
        return min(answered, self.add(question.asked, cap)) if cap is not None and question.asked is not None else answered

    def in_time(self, period: Period, questions: tuple[Question, ...]) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
        """The questions that came before the period had ended, and those that came too late to move it."""
        kept: tuple[Question, ...] = ()
        late: tuple[Question, ...] = ()
        for q in questions:
            if self.effect(q) is not Effect.NONE and q.begins > self.rolled(self.end(period, kept), period):
                late = (*late, q)
            else:
                kept = (*kept, q)
        return kept, late

    def standing(self, questions: tuple[Question, ...]) -> Question | None:
        """The question that holds the clock now, if one does."""
        return next((q for q in questions if q.answered is None and self.effect(q) is not Effect.NONE), None)


def receipt(query: Query, law: Law) -> Receipt:
    """Day 0 in the law's zone. Refused for an unknown place, a date-time without offset, a year that no law of ours knows."""
    where = place(query.place)
    moment = query.received
    check_moment(moment, "received")
    inside = where.within(law.territory) or where.holds(law.territory)
    zones = law_zones(query.place, law.territory)
    local = earliest(moment, zones) if isinstance(moment, datetime) else moment
    return Receipt(local, local.date() if isinstance(local, datetime) else local, where, inside, zones)


def check_moment(moment: date | datetime, field: str) -> None:
    """Refused for a date-time without offset and for a year out of range."""
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise Refused(f"{moment.isoformat()} has no offset: add one (+09:00, Z), or give the bare date in the law's zone", field)
    if not _FIRST_YEAR < moment.year < _LAST_YEAR:
        raise Refused(f"the year {moment.year} is out of range ({_FIRST_YEAR + 1} to {_LAST_YEAR - 1})", field)
