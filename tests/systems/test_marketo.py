"""Marketo, against a server that answers as Adobe documents it, faults included."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.carriers import Later, Rejected
from bot.systems.marketo import Marketo, MarketoSettings
from bot.systems.system import Opting
from handlers.heard import Heard
from storage.kinds import SystemState
from tests.systems.marketo_server import CLIENT, SECRET, Answer, MarketoServer, error, on_leads

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[MarketoServer]:
    """A subscription."""
    made = MarketoServer()
    yield made
    made.end()


def settings(server: MarketoServer, secret: str = SECRET) -> MarketoSettings:
    """How to reach it."""
    return MarketoSettings("Marketo", server.url, CLIENT, secret, {"news": "optOutNews"})


def change(address: str, number: int = 1, *, stop: bool = True, scope: str = "all") -> Opting:
    """An opt-out."""
    return Opting(number, f"marketo:{number}:0", address, "nproc", scope, stop, NOW)


def tell(server: MarketoServer, *changes: Opting, marketo: Marketo | None = None) -> list[Heard]:
    """What Marketo answers."""

    async def told() -> list[Heard]:
        one = marketo or Marketo(settings(server))
        try:
            return await one.tell(changes, NOW)
        finally:
            await one.close()

    return asyncio.run(told())


def test_a_lead_is_marked_with_the_reason(server: MarketoServer) -> None:
    """`unsubscribed` and `unsubscribedReason`, found whatever the case of the address."""
    number = server.lead("Nora@Example.org")
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.DONE, 1)]
    assert server.leads[number]["unsubscribed"] is True
    assert "Rightsdesk" in server.leads[number]["unsubscribedReason"]


def test_every_lead_of_an_address_is_marked(server: MarketoServer) -> None:
    """An update by address would be refused with 1007, or reach one of them; ours goes by number, over several pages."""
    server.page = 2
    numbers = [server.lead("nora@example.org") for _ in range(5)]
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.DONE, 5)]
    assert all(server.leads[n]["unsubscribed"] for n in numbers)


def test_an_address_that_no_lead_has_is_said_so_and_none_is_made(server: MarketoServer) -> None:
    """updateOnly: an opt-out creates nobody."""
    server.lead("tom@example.net")
    heard = tell(server, change("nora@example.org", 1), change("tom@example.net", 2))
    assert [h.state for h in heard] == [SystemState.NOT_FOUND, SystemState.DONE]
    assert len(server.leads) == 1


def test_a_lead_deleted_meanwhile_is_no_refusal(server: MarketoServer) -> None:
    """1004 on a record: it is gone, the other one is marked."""
    server.lead("nora@example.org")
    gone = Answer(json={"success": True, "result": [{"status": "skipped", "reasons": [{"code": "1004"}]}]})
    server.faults.append(lambda asked: gone if b"updateOnly" in asked.body else None)
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.NOT_FOUND, 0)]


def test_a_record_that_is_refused_names_its_code(server: MarketoServer) -> None:
    """For a human, without the address."""
    server.lead("nora@example.org")
    refused = Answer(json={"success": True, "result": [{"status": "skipped", "reasons": [{"code": "1006", "message": "Field not found"}]}]})
    server.faults.append(lambda asked: refused if b"updateOnly" in asked.body else None)
    (heard,) = tell(server, change("nora@example.org"))
    assert heard.state is SystemState.REFUSED
    assert "1006" in heard.error
    assert "nora" not in heard.error


@pytest.mark.parametrize("code", ["601", "602"])
def test_a_token_that_has_run_out_is_renewed_once(server: MarketoServer, code: str) -> None:
    """And the call is made again with the new one."""
    server.lead("nora@example.org")
    server.faults.append(on_leads(code))
    assert tell(server, change("nora@example.org")) == [Heard(1, SystemState.DONE, 1)]
    assert len(server.tokens) == 2


def test_a_token_is_used_as_long_as_it_is_good(server: MarketoServer) -> None:
    """No token for each call."""
    server.lead("nora@example.org")

    async def twice() -> None:
        marketo = Marketo(settings(server))
        await marketo.tell([change("nora@example.org")], NOW)
        await marketo.tell([change("nora@example.org", stop=False)], NOW)
        await marketo.close()

    asyncio.run(twice())
    assert len(server.tokens) == 1
    assert server.heard == [("nora@example.org", True), ("nora@example.org", False)]


@pytest.mark.parametrize(("code", "least", "most"), [("606", 20, 20), ("608", 60, 300), ("604", 30, 300), ("615", 1, 30), ("713", 30, 300)])
def test_marketo_asking_to_wait_is_waited_for(server: MarketoServer, code: str, least: float, most: float) -> None:
    """Rate, unavailability, concurrency: nothing was taken, the same goes again."""
    server.faults.append(on_leads(code))
    with pytest.raises(Later) as said:
        tell(server, change("nora@example.org"))
    assert least <= said.value.after <= most
    assert code in said.value.why


def test_a_used_up_quota_is_waited_for_until_midnight_in_chicago(server: MarketoServer) -> None:
    """607: 03:00 UTC is 21:00 there, so it is three hours and a little."""
    server.faults.append(on_leads("607"))
    with pytest.raises(Later) as said:
        tell(server, change("nora@example.org"))
    assert timedelta(hours=3) <= timedelta(seconds=said.value.after) <= timedelta(hours=3, minutes=10)


@pytest.mark.parametrize("code", ["603", "610", "1001"])
def test_what_only_we_can_mend_is_named(server: MarketoServer, code: str) -> None:
    """Rights, a wrong address: it waits, loudly."""
    server.faults.append(on_leads(code))
    with pytest.raises(Rejected, match=code) as said:
        tell(server, change("nora@example.org"))
    assert said.value.mendable


def test_a_wrong_secret_is_named_without_it(server: MarketoServer) -> None:
    """And can be mended."""
    with pytest.raises(Rejected) as said:
        tell(server, change("nora@example.org"), marketo=Marketo(settings(server, "wrong-secret")))
    assert said.value.mendable
    assert "wrong-secret" not in said.value.sentence


@pytest.mark.parametrize("answer", [Answer(502, raw=b"<html>bad gateway</html>"), Answer(200, raw=b"<html>sorry</html>"), Answer(429, {})])
def test_a_page_of_a_proxy_is_no_answer(server: MarketoServer, answer: Answer) -> None:
    """It is tried again later."""
    server.faults.append(answer)
    with pytest.raises(Later):
        tell(server, change("nora@example.org"))


def test_a_list_has_its_own_field(server: MarketoServer) -> None:
    """Leaving the news does not unsubscribe from everything."""
    number = server.lead("nora@example.org")
    tell(server, change("nora@example.org", scope="news"))
    assert (server.leads[number]["optOutNews"], server.leads[number]["unsubscribed"]) == (True, False)


def test_no_address_and_no_secret_stands_in_a_url(server: MarketoServer) -> None:
    """They would lie in logs on the way."""
    server.lead("nora@example.org")
    tell(server, change("nora@example.org"))
    for asked in server.asked:
        assert "nora" not in asked.path + str(asked.query)
        assert SECRET not in asked.path + str(asked.query)
        assert "access_token" not in asked.query


def test_many_go_in_few_calls(server: MarketoServer) -> None:
    """Three hundred opt-outs: one token, one look-up of mixed addresses, one update."""
    changes = [change(f"person{n}@example.org", n) for n in range(300)]
    for n in range(300):
        server.lead(f"person{n}@example.org")
    assert all(h.state is SystemState.DONE for h in tell(server, *changes))
    assert len(server.asked) == 3


def test_check_says_what_is_wrong_and_changes_nothing(server: MarketoServer) -> None:
    """Well, a wrong secret, a missing field, a server that is away."""
    server.lead("nora@example.org")

    def check(marketo: Marketo) -> tuple[bool, str]:
        found = asyncio.run(marketo.check())
        return found.ok, found.sentence

    assert check(Marketo(settings(server)))[0]
    assert not check(Marketo(settings(server, "wrong")))[0]
    strange = MarketoSettings("Marketo", server.url, CLIENT, SECRET, {"news": "noSuchField"})
    assert check(Marketo(strange)) == (False, "Marketo: leads have no field noSuchField that its user may see")
    server.down = True
    assert not check(Marketo(settings(server)))[0]
    assert server.heard == []


def test_the_last_word_of_an_address_counts_within_one_batch(server: MarketoServer) -> None:
    """Stop and allow of one address in a batch end as allowed, with one update."""
    number = server.lead("nora@example.org")
    heard = tell(server, change("nora@example.org", 1), change("nora@example.org", 2, stop=False))
    assert [h.state for h in heard] == [SystemState.DONE, SystemState.DONE]
    assert server.leads[number]["unsubscribed"] is False


def test_an_unknown_error_is_shown_and_waits(server: MarketoServer) -> None:
    """A code that we have never seen loses nothing."""
    server.faults.append(lambda asked: error("9999") if asked.path.startswith("/rest/") else None)
    with pytest.raises(Rejected, match="9999"):
        tell(server, change("nora@example.org"))
