"""What the two commands print."""

import json
from datetime import date

from handlers.law.answers import answer, table
from tests.law.asked import laws

KEYS = ["state", "acknowledge_due", "respond_due", "safe_due", "work_due", "extension_notice_by", "immediate", "trace"]


def test_an_answer_has_exactly_the_fields_of_the_interface() -> None:
    got = answer(laws(), {"law": "EU-GDPR", "right": "access", "received": "2026-01-31", "place": "DE"})
    assert list(got) == KEYS
    assert got | {"trace": None} == {
        "state": "running",
        "acknowledge_due": None,
        "respond_due": "2026-03-02",
        "safe_due": "2026-02-28",
        "work_due": "2026-02-23",
        "extension_notice_by": "2026-03-02",
        "immediate": False,
        "trace": None,
    }
    assert json.loads(json.dumps(got)) == got
    assert isinstance(got["trace"], list)
    assert all(isinstance(s, str) for s in got["trace"])


def test_the_trace_comes_in_japanese_too() -> None:
    query = {"law": "EU-GDPR", "right": "access", "received": "2026-01-31", "place": "DE"}
    trace = answer(laws(), query, language="ja")["trace"]
    assert isinstance(trace, list)
    assert trace[0].startswith("2026年1月31日(土) 受領")


def test_the_safe_date_of_a_complaint_in_the_uk_is_that_of_the_acknowledgement() -> None:
    got = answer(laws(), {"law": "UK-DPA-164A", "right": "complaint", "received": "2026-11-21", "place": "GB-ENG"})
    assert (got["acknowledge_due"], got["respond_due"], got["safe_due"]) == ("2026-12-21", None, "2026-12-20")


def test_keys_of_the_caller_are_ignored_and_misspelt_ones_are_not() -> None:
    query = {"law": "EU-GDPR", "right": "access", "received": "2026-01-31", "place": "DE"}
    assert "error" not in answer(laws(), {**query, "id": 7, "events": None})
    assert answer(laws(), {**query, "event": []})["field"] == "event"


def test_the_table_has_a_row_for_every_law_with_its_periods() -> None:
    rows = {r["law"]: r for r in table(laws(), date(2026, 11, 21))}
    assert set(rows) == set(laws().ids)
    assert rows["EU-GDPR"]["respond"] == "1 month + 2 months"
    assert rows["EU-GDPR"]["pauses"] == "identity suspend, clarification suspend"
    assert rows["US-CA-CCPA"]["acknowledge"] == "10 business days"
    assert rows["IN-DPDP"]["in_force"] == "from 2027-05-13"
