"""Every date says how it came about, in both languages, with what it rests on."""

from datetime import date

import pytest

from handlers.law import Query
from storage.kinds import ClockState
from tests.law.asked import asked, happened, laws


def test_the_trace_tells_the_whole_way_from_receipt_to_date() -> None:
    trace = asked("EU-GDPR", "access", "2026-01-31T10:00:00+01:00", "DE").trace
    assert [(s.en, s.cite) for s in trace if "safe" not in s.en and "runs from" not in s.en] == [
        ("received Sat 31 Jan 2026 10:00 CET -> day 0", "Reg. 1182/71 Art. 3(1)"),
        (
            "+ 1 month -> Sat 28 Feb 2026 (that month has no day 31: its last day)",
            "GDPR Art. 12(3), 15; Reg. 1182/71 Art. 3(2)(c)",
        ),
        ("Saturday, Sunday -> Mon 2 Mar 2026", "Reg. 1182/71 Art. 3(4)"),
        ("an extension must be told by Mon 2 Mar 2026", "GDPR Art. 12(3)"),
    ]
    assert trace[0].ja == "2026年1月31日(土) 10:00 CET 受領 → 0日目"


@pytest.mark.parametrize("law", laws().ids)
def test_every_step_of_every_law_speaks_both_languages(law: str) -> None:
    territory = laws().named(law).territory[0]
    for right in ("access", "erasure", "complaint", "unsubscribe", "appeal", "opt_out_sale"):
        for received in ("1991-01-01", "2027-06-01T09:00:00+09:00"):
            for events in ((), ("extended=2027-06-03",), ("identity_asked=2027-06-02", "identity_received=2027-06-04")):
                if received < "2000" and events:
                    continue
                for step in asked(law, right, received, territory, *events).trace:
                    assert step.en
                    assert step.ja
                    assert any(ord(c) > 0x3000 for c in step.ja), step.ja


def test_the_second_half_past_two_of_the_autumn_night_is_named_with_its_zone() -> None:
    assert "02:30 CET" in asked("EU-GDPR", "access", "2026-10-25T01:30:00+00:00", "DE").trace[0].en
    assert "02:30 CEST" in asked("EU-GDPR", "access", "2026-10-25T00:30:00+00:00", "DE").trace[0].en


def test_a_place_outside_the_territory_is_said_to_be_so() -> None:
    trace = asked("EU-GDPR", "access", "2026-06-02T08:30:00+09:00", "JP").trace
    assert any("outside the territory" in s.en and "earliest date" in s.en for s in trace)
    assert any("only weekends" in s.en for s in trace)


def test_a_right_that_a_law_does_not_give_has_no_period_and_the_trace_says_why() -> None:
    dates = asked("JP-APPI", "portability", "2026-06-01", "JP")
    assert dates.state is ClockState.NO_PERIOD
    assert any("no right to portability" in s.en for s in dates.trace)
    assert dates.work_due == date(2026, 6, 15)
    unknown = asked("AU-PRIVACY", "portability", "2026-06-01", "AU")
    assert unknown.state is ClockState.NO_PERIOD
    assert any("gives no right of portability" in s.en for s in unknown.trace)


def test_a_part_of_a_country_whose_holidays_are_not_known_is_said_to_have_the_countrys() -> None:
    said = "no holidays of its own are known for IE-D: those of the whole country count"
    assert said in {s.en for s in asked("EU-GDPR", "access", "2026-06-01", "IE-D").trace}
    for where in ("IE", "DE-BY"):
        assert not any("holidays of its own" in s.en for s in asked("EU-GDPR", "access", "2026-06-01", where).trace)


def test_a_holiday_is_named_where_it_moves_the_date() -> None:
    trace = asked("UK-GDPR", "access", "2026-03-03", "GB-ENG").trace
    assert any(s.en == "Good Friday, Saturday, Sunday, Easter Monday -> Tue 7 Apr 2026" for s in trace)


def test_an_open_question_stops_the_clock_and_says_since_when() -> None:
    dates = asked("UK-GDPR", "access", "2026-03-02", "GB-ENG", "identity_asked=2026-03-03")
    assert (dates.state, dates.respond_due, dates.work_due, dates.paused_since) == (ClockState.PAUSED, None, None, date(2026, 3, 3))


def test_an_open_question_leaves_the_acknowledgement_running() -> None:
    dates = asked("US-CA-CCPA", "access", "2026-05-01", "US-CA", "identity_asked=2026-05-05")
    assert dates.acknowledge_due == date(2026, 5, 15)


def test_taking_an_event_back_restores_the_dates_to_the_letter() -> None:
    before = asked("EU-GDPR", "access", "2026-06-01", "DE", "identity_asked=2026-06-03", "identity_received=2026-06-08")
    asked("EU-GDPR", "access", "2026-06-01", "DE", "identity_asked=2026-06-03", "identity_received=2026-06-08", "extended=2026-06-20")
    again = asked("EU-GDPR", "access", "2026-06-01", "DE", "identity_asked=2026-06-03", "identity_received=2026-06-08")
    assert again == before


def test_an_open_case_keeps_the_version_of_the_law_that_it_began_with() -> None:
    assert asked("UK-GDPR", "access", "2026-02-04", "GB").version == "2018-05-25"
    assert asked("UK-GDPR", "access", "2026-02-05", "GB").version == "2026-02-05"
    assert laws().law("UK-GDPR", date(2026, 11, 21)).id == "2026-06-19"


def test_the_work_date_is_so_many_working_days_before_the_safe_one_and_never_before_receipt() -> None:
    assert asked("EU-GDPR", "access", "2026-11-23", "DE").work_due == date(2026, 12, 16)
    ten = laws().dates(Query("EU-GDPR", "access", date(2026, 11, 23), "DE", happened(), 10))
    assert ten.work_due == date(2026, 12, 9)
    many = laws().dates(Query("EU-GDPR", "access", date(2026, 11, 23), "DE", happened(), 90))
    assert many.work_due == date(2026, 11, 23)


def test_identity_that_may_not_be_asked_for_stops_nothing() -> None:
    """One list of events serves all rights of a case: what stops the access does not stop the end of mailings."""
    events = ("identity_asked=2026-06-03",)
    assert asked("EU-GDPR", "access", "2026-06-01", "DE", *events).state is ClockState.PAUSED
    for right in ("unsubscribe", "objection", "withdraw_consent", "information"):
        dates = asked("EU-GDPR", right, "2026-06-01", "DE", *events)
        assert dates.respond_due == date(2026, 7, 1)
        assert any("identity is not needed here" in s.en for s in dates.trace)


def test_an_answer_that_nobody_asked_for_moves_the_statutory_date_in_the_uk_and_never_the_safe_one() -> None:
    """Only information that was requested starts the month anew by the letter of Art. 12A(2); an open reading starts it all the same."""
    plain = asked("UK-GDPR", "access", "2026-03-02", "GB-ENG")
    dates = asked("UK-GDPR", "access", "2026-03-02", "GB-ENG", "identity_received=2026-03-16")
    assert (dates.respond_due, dates.safe_due) == (date(2026, 4, 16), plain.safe_due)
    assert any("the safe date does not count on" in s.en for s in dates.trace)
    both = asked("UK-GDPR", "access", "2026-03-02", "GB-ENG", "identity_asked=2026-03-03", "identity_received=2026-03-16")
    assert both.safe_due == date(2026, 4, 16)
