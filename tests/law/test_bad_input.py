"""Wrong input gives one sentence that names the field, and a bad line never stops the next."""

import json

import pytest

from handlers.law.answers import answer, answers, written_event
from handlers.refused import Refused
from tests.law.asked import asked, laws

GOOD = {"law": "EU-GDPR", "right": "access", "received": "2026-06-01", "place": "DE"}


def said(**changed: object) -> dict[str, object]:
    return answer(laws(), json.dumps({**GOOD, **changed}))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"law": "EU-GPDR"}, "law"),
        ({"law": ""}, "law"),
        ({"law": 7}, "law"),
        ({"right": "forget_me"}, "right"),
        ({"right": None}, "right"),
        ({"place": "XX"}, "place"),
        ({"place": "Germany"}, "place"),
        ({"place": "DE-XX"}, "place"),
        ({"place": "US-ZZ"}, "place"),
        ({"place": "de"}, "place"),
        ({"received": "2026-06-01T10:00:00"}, "received"),
        ({"received": "2026-06-31"}, "received"),
        ({"received": "yesterday"}, "received"),
        ({"received": "20260601"}, "received"),
        ({"received": "2026-W05-6"}, "received"),
        ({"received": "1066-10-14"}, "received"),
        ({"received": "9999-12-31"}, "received"),
        ({"received": "9999-12-31T23:59:59-23:00"}, "received"),
        ({"received": "0001-01-01T00:00:00+14:00"}, "received"),
        ({"received": 20260601}, "received"),
        ({"events": "none"}, "events"),
        ({"events": [7]}, "events"),
        ({"events": [{"kind": "identity_asked"}]}, "events"),
        ({"events": [{"kind": "asked", "on": "2026-06-02"}]}, "events"),
        ({"events": [{"kind": ["identity_asked"], "on": "2026-06-02"}]}, "events"),
        ({"events": [{"kind": "identity_asked", "on": "2026-06-02T10:00"}]}, "events"),
        ({"events": [{"kind": "identity_asked", "on": None}]}, "events"),
        ({"evnets": []}, "evnets"),
    ],
)
def test_the_field_at_fault_is_named(changed: dict[str, object], field: str) -> None:
    got = said(**changed)
    assert set(got) == {"error", "field"}
    assert got["field"] == field
    assert "\n" not in str(got["error"])


def test_a_misspelt_law_is_guessed_at_in_the_answer_and_never_in_the_counting() -> None:
    assert said(law="eu-gdpr")["error"] == "'eu-gdpr' is no law we know: did you mean EU-GDPR?"
    assert "there are AU-PRIVACY" in str(said(law="Hammurabi")["error"])


@pytest.mark.parametrize(
    ("events", "why"),
    [
        (("identity_asked=2026-05-31",), "before the receipt"),
        (("identity_asked=2026-06-10", "identity_received=2026-06-09"), "before its question"),
        (("identity_asked=2026-06-03", "clarification_asked=2026-06-05", "identity_received=2026-06-08"), "overlap"),
        (("identity_asked=2026-06-03", "identity_asked=2026-06-05"), "overlap"),
        (("clarification_asked=2026-06-03", "fee_asked=2026-06-05"), "overlap"),
        (("extended=2026-06-05", "extended=2026-06-06"), "extended once"),
        (("extended=2026-07-02",), "too late"),
    ],
)
def test_events_that_cannot_be_are_refused(events: tuple[str, ...], why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        asked("EU-GDPR", "access", "2026-06-01", "DE", *events)
    assert refused.value.field == "events"


def test_an_event_on_the_day_of_receipt_is_taken_whatever_the_clocks_of_two_machines_say() -> None:
    """A server's clock and ours differ by seconds; a day is what counts."""
    dates = asked("EU-GDPR", "access", "2026-06-01T10:00:05+02:00", "DE", "identity_asked=2026-06-01T10:00:01+02:00")
    assert dates.state == "paused"


def test_an_answer_without_a_question_is_accepted_and_traced() -> None:
    dates = asked("EU-GDPR", "access", "2026-06-01", "DE", "identity_received=2026-06-08")
    assert any("came unasked" in s.en for s in dates.trace)


def test_an_extension_comes_too_late_also_while_a_later_question_is_open() -> None:
    with pytest.raises(Refused, match="too late"):
        asked("EU-GDPR", "access", "2026-06-01", "DE", "extended=2026-07-05", "identity_asked=2026-07-10")


def test_a_bad_line_gives_its_error_and_the_next_is_answered() -> None:
    lines = ["{", "[]", "", '"x"', json.dumps(GOOD), "nul", json.dumps({**GOOD, "place": "ZZ"}), json.dumps(GOOD)]
    got = list(answers(laws(), lines))
    assert ["error" in a for a in got] == [True, True, True, False, True, True, False]
    assert all(a["field"] == "line" for a in got[:3])
    assert "error" in answer(laws(), "[" * 100_000)


def test_bytes_that_are_no_text_are_a_bad_line_like_any_other() -> None:
    good = json.dumps(GOOD).encode()
    got = list(answers(laws(), [b"\xff\xfe{", good, b"\xef\xbb\xbf" + good, b" \n", b'{"law\\ud800": 1}']))
    assert ["error" in a for a in got] == [True, False, False, True]
    assert "\n" not in str(got[0]["error"])


@pytest.mark.parametrize("written", ["identity_asked", "asked=2026-06-03", "identity_asked=", "=2026-06-03", "identity_asked=soon"])
def test_an_event_of_the_command_line_is_kind_and_date(written: str) -> None:
    got = answer(laws(), {**GOOD, "events": [written_event(written)]})
    assert got["field"] == "events"
    assert "error" not in answer(laws(), {**GOOD, "events": [written_event("identity_asked=2026-06-03")]})
