"""An opt-out goes all the way: a mail, a mailbox provider's click and an order in Slack reach Marketo through the whole bot."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.demo.localslack import STAFF
from handlers.tokens import Named, mint
from tests.journeys.running import RunningDesk, Servers, mail
from tests.servers.until import until
from tests.systems.marketo_server import CLIENT, SECRET, MarketoServer

PEOPLE = ("tom@example.net", "ida@example.net", "nora@example.org", "eva@example.com")


@pytest.fixture
def marketo() -> Iterator[MarketoServer]:
    """A Marketo that knows them."""
    server = MarketoServer()
    for person in PEOPLE:
        server.lead(person)
    yield server
    server.end()


@pytest.fixture
def sending(store_url: str, tmp_path: Path, servers: Servers, marketo: MarketoServer) -> Iterator[RunningDesk]:
    """The bot, running, with that Marketo among its settings."""
    desk = RunningDesk(tmp_path / "desk", store_url, servers)
    table = f'[[systems]]\nid = "marketo"\nkind = "marketo"\nname = "Marketo"\ncontrollers = ["nproc"]\nurl = "{marketo.url}"\n'
    desk.settings.write_text(f'{desk.settings.read_text("utf-8")}\n{table}client_id = "{CLIENT}"\n', encoding="utf-8")
    desk.environment = {**desk.environment, "RIGHTSDESK_SYSTEM_SECRET__MARKETO": SECRET}
    yield desk.start()
    desk.close()


def test_a_mail_a_click_and_an_order_in_slack_reach_marketo_once_and_the_day_s_line_says_so(
    sending: RunningDesk, marketo: MarketoServer
) -> None:
    """The mail twice and the click three times, as providers do; Marketo hears of each person once."""
    stop = mail("Unsubscribe", "Please unsubscribe me from your newsletter.", "Tom <tom@example.net>", "stop")
    sending.account.append(stop, stop)
    url = f"http://127.0.0.1:{sending.web}/u/{mint(sending.store.vault, Named('nproc', 'ida@example.net'))}"
    for _ in range(3):
        assert httpx.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    sending.slack.slack.command(STAFF[0].id, "/privacy", "unsubscribe nora@example.org nproc")
    until(lambda: len(marketo.heard) >= 3, 60)
    sending.wait(2)
    assert sorted(marketo.heard) == [("ida@example.net", True), ("nora@example.org", True), ("tom@example.net", True)]
    assert all(marketo.leads[n]["unsubscribed"] is (n < 4) for n in marketo.leads)
    said = json.dumps(sending.slack.slack.messages(), ensure_ascii=False)
    assert said.count("✅ Marketo") >= 3
    assert not any(person in said for person in PEOPLE)
    assert [x.message["To"] for x in sending.letters()] == ["tom@example.net"]


def test_marketo_is_down_while_the_bot_dies_and_hears_of_the_wish_afterwards(sending: RunningDesk, marketo: MarketoServer) -> None:
    """The wish holds here at once; the call survives a power cut and is made by the next process."""
    marketo.down = True
    sending.account.append(mail("Unsubscribe", "Please unsubscribe me from your newsletter.", "Eva <eva@example.com>", "eva"))
    check = ("suppressions", "check", "eva@example.com", "--controller", "nproc")
    until(lambda: marketo.asked, 60)
    assert sending.command(*check).strip() == "suppressed"
    sending.kill()
    assert marketo.heard == []
    marketo.down = False
    sending.start()
    until(lambda: marketo.heard, 60)
    sending.wait(1)
    assert marketo.heard == [("eva@example.com", True)]
