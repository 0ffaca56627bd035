"""What holds for every law, right, place and instant."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from handlers.law import Occurrence, Query
from handlers.law.places import place
from handlers.law.schema import RIGHTS
from handlers.law.working_days import Off, holidays_of, why_off
from handlers.refused import Refused
from storage.kinds import ClockState
from storage.kinds import OccurrenceKind as Kind
from tests.law.asked import laws

pytestmark = pytest.mark.filterwarnings("ignore:Requested Holidays are available only")

PLACES = ("DE", "DE-BY", "FR", "ES", "PT", "IE", "GB", "GB-ENG", "GB-SCT", "GB-NIR", "JP", "US", "US-CA", "US-VA", "US-TX", "CA", "CA-QC",
          "BR", "CH", "CH-ZH", "KR", "SG", "AU", "NZ", "IN", "ZA", "TH", "CN", "IS", "KI", "AQ")  # fmt: skip
WEEKEND = frozenset({Off.SATURDAY, Off.SUNDAY, Off.HOLIDAY})

law_ids = st.sampled_from(laws().ids)
rights = st.sampled_from(RIGHTS)
places = st.sampled_from(PLACES)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive by contract
days = st.dates(date(2026, 7, 1), date(2031, 1, 1))
KINDS = (
    ((Kind.IDENTITY_ASKED, Kind.IDENTITY_RECEIVED), 3),
    ((Kind.CLARIFICATION_ASKED, Kind.CLARIFICATION_RECEIVED), 3),
    ((Kind.FEE_ASKED, Kind.FEE_PAID), 1),
)


@st.composite
def pauses(draw: st.DrawFn, received: date) -> tuple[Occurrence, ...]:
    """Questions with their answers, one after the other."""
    out: list[Occurrence] = []
    day = received
    for _ in range(draw(st.integers(0, 3))):
        asked, answered = draw(st.sampled_from([pair for pair, _ in KINDS]))
        day += timedelta(draw(st.integers(0, 12)))
        until = day + timedelta(draw(st.integers(0, 40)))
        out += [Occurrence(asked, day), Occurrence(answered, until)]
        day = until
    return tuple(out)


@given(law_ids, rights, instants, places)
@settings(max_examples=600, deadline=None)
@example("EU-GDPR", "access", datetime(2100, 12, 31, 23, 59, tzinfo=UTC), "PT")
@example("US-STATES", "access", datetime(1990, 1, 1, tzinfo=UTC), "US")
def test_no_instant_makes_the_clock_raise(law: str, right: str, received: datetime, where: str) -> None:
    dates = laws().dates(Query(law, right, received, where))
    assert dates.trace
    if dates.state is ClockState.RUNNING:
        first = dates.respond_due or dates.acknowledge_due
        assert first is not None
        assert dates.safe_due is None or dates.respond_due is None or dates.safe_due <= dates.respond_due
        assert dates.work_due is not None
        assert dates.work_due <= (dates.safe_due or dates.acknowledge_safe or first)
    else:
        assert dates.respond_due is None


@given(law_ids, rights, instants, st.integers(0, 40 * 24 * 3600), places)
@settings(max_examples=600, deadline=None)
def test_a_later_receipt_never_gives_an_earlier_date(law: str, right: str, received: datetime, later: int, where: str) -> None:
    first = laws().dates(Query(law, right, received, where))
    second = laws().dates(Query(law, right, received + timedelta(seconds=later), where))
    for what in ("acknowledge_due", "acknowledge_safe", "respond_due", "safe_due", "work_due", "extension_notice_by"):
        a, b = getattr(first, what), getattr(second, what)
        if first.version == second.version and first.state is second.state and a is not None and b is not None:
            assert a <= b, what


@given(law_ids, rights, days, places, st.data())
@settings(max_examples=500, deadline=None)
def test_an_added_pause_never_shortens_and_taking_it_back_restores_every_date(
    law: str, right: str, received: date, where: str, data: st.DataObject
) -> None:
    query = Query(law, right, received, where, data.draw(pauses(received)))
    before = laws().dates(query)
    asked, answered = data.draw(st.sampled_from([pair for pair, _ in KINDS]))
    day = received + timedelta(data.draw(st.integers(0, 60)))
    added = (Occurrence(asked, day), Occurrence(answered, day + timedelta(data.draw(st.integers(0, 30)))))
    try:
        after = laws().dates(replace(query, events=(*query.events, *added)))
    except Refused:
        assume(False)  # it overlapped another pause
    assert before.state is after.state
    for what in ("respond_due", "safe_due", "extension_notice_by"):
        a, b = getattr(before, what), getattr(after, what)
        assert (a is None) == (b is None)
        if a is not None:
            assert a <= b, what
    assert laws().dates(replace(query, events=query.events)) == before


@given(st.sampled_from(("EU-GDPR", "UK-GDPR", "UK-DPA-164A")), instants, places)
@settings(max_examples=300, deadline=None)
def test_a_rolled_date_is_a_working_day_and_nothing_but_days_off_lies_before_it(law: str, received: datetime, where: str) -> None:
    dates = laws().dates(Query(law, "complaint" if law == "UK-DPA-164A" else "access", received, where))
    due, safe = dates.respond_due or dates.acknowledge_due, dates.safe_due or dates.acknowledge_safe
    assume(due is not None and safe is not None)
    there = place(where)
    inside = there.within(laws().named(law).territory)
    country, part = (there.country, there.holidays) if inside else ("", None)
    assert due is not None
    assert why_off(due, WEEKEND, country, part) is None
    between = [due - timedelta(n) for n in range(1, (due - safe).days + 1)] if law != "UK-DPA-164A" else []
    assert all(why_off(d, WEEKEND, country, part) for d in between)


@given(law_ids, days, places, st.permutations(["identity", "clarification"]))
@settings(max_examples=150, deadline=None)
def test_the_dates_depend_on_what_happened_not_on_the_order_in_which_it_is_listed(
    law: str, received: date, where: str, order: list[str]
) -> None:
    def pair(kind: str, start: int) -> tuple[Occurrence, ...]:
        return (
            Occurrence(Kind(f"{kind}_asked"), received + timedelta(start)),
            Occurrence(Kind(f"{kind}_received"), received + timedelta(start + 4)),
        )

    starts = {"identity": 2, "clarification": 9}
    listed = tuple(e for kind in order for e in pair(kind, starts[kind]))
    plain = tuple(e for kind in starts for e in pair(kind, starts[kind]))
    one, other = (laws().dates(Query(law, "access", received, where, events)) for events in (listed, plain))
    assert one == other


@given(places, st.integers(1990, 2100))
@settings(max_examples=100, deadline=None)
def test_the_holidays_of_a_year_lie_in_that_year(where: str, year: int) -> None:
    there = place(where)
    assert all(d.year == year for d in holidays_of(there.country, there.holidays, year))


happenings = st.lists(st.tuples(st.sampled_from(list(Kind)), st.integers(-5, 120)), max_size=7)


@given(law_ids, rights, instants, places, happenings)
@settings(max_examples=400, deadline=None)
def test_whatever_is_said_to_have_happened_the_dates_of_a_case_are_counted(
    law: str, right: str, received: datetime, where: str, listed: list[tuple[Kind, int]]
) -> None:
    """In any order, twice, before the receipt: what can't be is left out and named, and no date becomes earlier than without it all."""
    query = Query(law, right, received, where)
    events = tuple(Occurrence(kind, received + timedelta(days=n)) for kind, n in listed)
    plain, dates = laws().dates(query), laws().counted(replace(query, events=events))
    if dates.state is ClockState.RUNNING:
        for what in ("respond_due", "safe_due", "acknowledge_due"):
            a, b = getattr(plain, what), getattr(dates, what)
            assert a is None or b is None or a <= b, what
