"""Salesforce, against a server that answers as its documentation says, faults included."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.carriers import Later, Rejected
from bot.systems.salesforce import Salesforce, SalesforceSettings, soql
from bot.systems.system import Opting
from handlers.heard import Heard
from storage.kinds import SystemState
from tests.systems.faking import Answer
from tests.systems.salesforce_server import CLIENT, SECRET, SalesforceServer, unquoted

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[SalesforceServer]:
    """An org."""
    made = SalesforceServer()
    yield made
    made.end()


def change(address: str, number: int = 1, *, stop: bool = True) -> Opting:
    """An opt-out."""
    return Opting(number, f"salesforce:{number}:0", address, "nproc", "all", stop, NOW)


def tell(server: SalesforceServer, *changes: Opting, secret: str = SECRET) -> list[Heard]:
    """What Salesforce answers."""

    async def told() -> list[Heard]:
        one = Salesforce(SalesforceSettings("Salesforce", server.url, CLIENT, secret, "v62.0", {}))
        try:
            return await one.tell(changes, NOW)
        finally:
            await one.close()

    return asyncio.run(told())


def test_leads_and_contacts_of_an_address_opt_out(server: SalesforceServer) -> None:
    """Both objects, whatever the case; a converted lead can't be changed and isn't asked for."""
    lead, contact = server.record("Lead", "nora@example.org"), server.record("Contact", "Nora@Example.org")
    converted = server.record("Lead", "nora@example.org", IsConverted=True)
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.DONE, 2)]
    assert [server.records[r]["HasOptedOutOfEmail"] for r in (lead, contact, converted)] == [True, True, False]


def test_what_is_opted_out_already_is_not_saved_again(server: SalesforceServer) -> None:
    """It counts as heard, and costs no call."""
    server.record("Lead", "nora@example.org", HasOptedOutOfEmail=True)
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.DONE, 1)]
    assert server.saves == []


def test_an_address_that_nobody_has_is_said_so(server: SalesforceServer) -> None:
    """Not found."""
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.NOT_FOUND, 0)]


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("UNABLE_TO_LOCK_ROW", SystemState.WAITING),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", SystemState.REFUSED),
        ("ENTITY_IS_DELETED", SystemState.NOT_FOUND),
    ],
)
def test_one_record_that_fails_keeps_no_other_from_being_saved(server: SalesforceServer, code: str, state: SystemState) -> None:
    """Partial success: locked waits, a rule of theirs refuses, deleted is gone."""
    bad, good = server.record("Lead", "nora@example.org"), server.record("Lead", "tom@example.net")
    server.refusing[bad] = code
    heard = tell(server, change("nora@example.org", 1), change("tom@example.net", 2))
    assert [h.state for h in heard] == [state, SystemState.DONE]
    assert server.saves == [good]
    assert "nora" not in heard[0].error


@pytest.mark.parametrize("address", ["o'hara@example.org", "back\\slash@example.org", "'); DELETE--@example.org"])
def test_an_address_never_breaks_out_of_its_query(server: SalesforceServer, address: str) -> None:
    """SOQL is escaped."""
    mine, other = server.record("Lead", address), server.record("Lead", "tom@example.net")
    assert tell(server, change(address)) == [Heard(1, SystemState.DONE, 1)]
    assert (server.records[mine]["HasOptedOutOfEmail"], server.records[other]["HasOptedOutOfEmail"]) == (True, False)


@given(st.text(st.characters(min_codepoint=32, codec="utf-8")))
def test_escaping_can_be_read_back(text: str) -> None:
    """Whatever the text, it stays one string."""
    assert unquoted(soql(text).replace("%", "%25")) == text


def test_results_over_several_pages_are_all_read(server: SalesforceServer) -> None:
    """nextRecordsUrl is followed."""
    server.page = 3
    for _ in range(8):
        server.record("Contact", "nora@example.org")
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.DONE, 8)]


def test_more_records_than_a_collection_takes_are_saved_in_several(server: SalesforceServer) -> None:
    """200 a call."""
    for _ in range(450):
        server.record("Lead", "nora@example.org")
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.DONE, 450)]


def test_a_session_that_has_run_out_is_renewed_once(server: SalesforceServer) -> None:
    """INVALID_SESSION_ID."""
    server.record("Lead", "nora@example.org")

    async def told() -> list[Heard]:
        one = Salesforce(SalesforceSettings("Salesforce", server.url, CLIENT, SECRET, "v62.0", {}))
        await one.tell([change("nora@example.org")], NOW)
        server.sessions.clear()
        heard = await one.tell([change("nora@example.org", stop=False)], NOW)
        await one.close()
        return heard

    assert asyncio.run(told()) == [Heard(1, SystemState.DONE, 1)]
    assert server.logins == 2


def test_the_days_limit_is_waited_for(server: SalesforceServer) -> None:
    """403 REQUEST_LIMIT_EXCEEDED."""
    limit = Answer(403, [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}])
    server.faults.append(lambda asked: limit if "/data/" in asked.path else None)
    with pytest.raises(Later, match="REQUEST_LIMIT_EXCEEDED") as said:
        tell(server, change("nora@example.org"))
    assert said.value.after >= 600


def test_a_wrong_secret_can_be_mended(server: SalesforceServer) -> None:
    """And is named without it."""
    with pytest.raises(Rejected, match="invalid_client") as said:
        tell(server, change("nora@example.org"), secret="wrong-secret")
    assert said.value.mendable
    assert "wrong-secret" not in said.value.sentence


def test_no_address_stands_in_a_url(server: SalesforceServer) -> None:
    """Queries travel in the body of a batch."""
    server.record("Lead", "nora@example.org")
    tell(server, change("nora@example.org"))
    assert all("nora" not in a.path + str(a.query) for a in server.asked)


def test_check_changes_nothing(server: SalesforceServer) -> None:
    """Well, and away."""
    server.record("Lead", "nora@example.org")

    def check() -> bool:
        return asyncio.run(Salesforce(SalesforceSettings("Salesforce", server.url, CLIENT, SECRET, "v62.0", {})).check()).ok

    assert check()
    server.down = True
    assert not check()
    assert server.saves == []
