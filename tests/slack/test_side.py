"""The connection to Slack: started, checked, and each event heard once."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.carriers import Later, Rejected
from bot.demo.localslack import APP_TOKEN, BOT_TOKEN, CHANNEL, STAFF
from bot.slack import needs
from bot.slack.app import OnceOnly, SlackSide
from bot.slack.check import Finding
from handlers.desk import Person
from handlers.ticks import EXPOSED
from tests.servers.slack_proxy import SlackProxy
from tests.servers.until import until
from tests.slack.conftest import Loop, Scene
from tests.slack.samples import DESK, FakeOffice


def findings(loop: Loop, slack: SlackProxy, *, desk: Any = DESK, bot: str = BOT_TOKEN, app: str = APP_TOKEN) -> tuple[Finding, ...]:
    """What the check says."""
    side = SlackSide(bot_token=bot, app_token=app, base_url=slack.api, office=FakeOffice(desk=desk))
    return loop.do(side.check())


def faults(found: tuple[Finding, ...]) -> str:
    """The sentences of what is not well."""
    return "\n".join(f.sentence for f in found if not f.well)


@pytest.fixture
def granted(local_slack: SlackProxy) -> SlackProxy:
    """Slack with every permission that we ask for."""
    local_slack.desk.scopes = ",".join(needs.SCOPES)
    return local_slack


def test_a_channel_that_strangers_can_read_is_named(loop: Loop, granted: SlackProxy) -> None:
    """At the check, and when the desk starts."""
    granted.desk.channel = {"is_private": False, "is_ext_shared": True}
    found = findings(loop, granted)
    assert f"Slack channel {CHANNEL}: it is public: the whole workspace can read the requests. Make it private." in faults(found)
    side = SlackSide(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url=granted.api, office=FakeOffice(desk=DESK))
    assert loop.do(side.exposed()) == ("shared", "public")
    assert set(loop.do(side.exposed())) == set(EXPOSED)
    granted.desk.channel = {}
    assert loop.do(side.exposed()) == ()


def test_all_is_well(loop: Loop, granted: SlackProxy) -> None:
    """And each thing is named."""
    found = findings(loop, granted)
    assert faults(found) == ""
    text = "\n".join(f.sentence for f in found)
    for words in ("bot token: it works", "permissions: all there", "app token: it works", "the app is in it", "U01AIKO (aiko): found"):
        assert words in text


def test_a_wrong_bot_token_is_named_without_being_shown(loop: Loop, granted: SlackProxy) -> None:
    """And nothing else is tried with it."""
    found = findings(loop, granted, bot="xoxb-wrong")
    assert len(found) == 1
    assert "Slack bot token: Slack refuses this token" in faults(found)
    assert "xoxb-wrong" not in str(found)


def test_a_wrong_app_token_is_told_apart_from_the_bot_s(loop: Loop, granted: SlackProxy) -> None:
    """With the scope that it needs."""
    found = findings(loop, granted, app=BOT_TOKEN)
    assert "Slack app token: This is the wrong kind of token" in faults(found)
    assert "connections:write" in faults(found)


def test_a_missing_permission_is_named_with_its_reason(loop: Loop, granted: SlackProxy) -> None:
    """And one that nobody needs is mentioned."""
    granted.desk.scopes = ",".join([*(s for s in needs.SCOPES if s != "users:read"), "files:write"])
    assert "missing users:read (to see whether the people" in faults(findings(loop, granted))
    granted.desk.scopes = ",".join([*needs.SCOPES, "files:write"])
    assert any("not needed: files:write" in f.sentence for f in findings(loop, granted))


def test_a_channel_that_is_not_there_says_how_to_mend_it(loop: Loop, granted: SlackProxy) -> None:
    """By its id and an invitation."""
    desk = replace(DESK, rules=replace(DESK.rules, channel="C0NOWHERE"))
    assert "Slack channel C0NOWHERE: Slack knows no such channel, or the app is not in it" in faults(findings(loop, granted, desk=desk))


@pytest.mark.parametrize(
    ("flags", "words"),
    [({"deleted": True}, "deactivated"), ({"is_restricted": True}, "guest"), ({"is_ultra_restricted": True}, "guest"),
     ({"is_stranger": True}, "another company"), ({"is_bot": True}, "an app, not a person")],
)  # fmt: skip
def test_people_who_must_not_act_are_named(loop: Loop, granted: SlackProxy, flags: dict[str, bool], words: str) -> None:
    """Guests, other companies' people, apps, those who left."""
    granted.desk.people[STAFF[0].id] = flags
    assert words in faults(findings(loop, granted))


def test_a_person_whom_slack_does_not_know_is_named(loop: Loop, granted: SlackProxy) -> None:
    """A typing error in the staff list."""
    desk = replace(DESK, people=(Person("U0TYPO", "Nobody"),))
    assert "Slack staff U0TYPO (Nobody): Slack knows no such person" in faults(findings(loop, granted, desk=desk))


def test_a_slack_that_is_away_is_one_finding(loop: Loop) -> None:
    """Not a traceback."""
    side = SlackSide(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url="http://127.0.0.1:9/api/", office=FakeOffice())
    found = loop.do(side.check())
    assert "Slack cannot be reached" in faults(found)


def test_starting_with_a_wrong_token_is_rejected_and_without_slack_is_later(loop: Loop, local_slack: SlackProxy) -> None:
    """So that the caller knows whether to try again."""
    wrong = SlackSide(bot_token=BOT_TOKEN, app_token="xapp-wrong", base_url=local_slack.api, office=FakeOffice())
    with pytest.raises(Rejected, match="refuses this token"):
        loop.do(wrong.start())
    away = SlackSide(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url="http://127.0.0.1:9/api/", office=FakeOffice())
    with pytest.raises(Later):
        loop.do(away.start())
    assert not loop.do(away.connected())


def test_the_connection_comes_back_after_an_outage(scene: Scene) -> None:
    """By itself."""
    assert scene.loop.do(scene.side.connected())
    scene.slack.close_sockets()
    until(lambda: scene.slack.connected == 0 or scene.slack.count("apps.connections.open") > 1)
    until(lambda: scene.slack.connected, 40)


def test_a_connection_that_never_comes_back_by_itself_is_begun_anew(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library may hold on to an address that is used up."""
    monkeypatch.setattr("bot.slack.app.LOOK", 0.05)
    monkeypatch.setattr("bot.slack.app.GIVE_UP", 0.2)
    other = SlackSide(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url=scene.slack.api, office=scene.office)
    scene.loop.do(other.start())
    dead = other._handler
    assert dead is not None
    scene.loop.do(dead.client.close())
    until(lambda: other._handler is not dead and scene.loop.do(other.connected()))
    scene.loop.do(other.stop())


def test_an_event_that_slack_repeats_is_heard_once() -> None:
    """Slack repeats what it believes was not heard."""
    heard: list[str] = []
    once = OnceOnly()

    async def follow() -> BoltResponse:
        heard.append("x")
        return BoltResponse(status=200)

    async def send(body: dict[str, Any]) -> int:
        answer = await once(AsyncBoltRequest(body=body, mode="socket_mode"), follow)
        return answer.status if answer else 0

    async def all_of_it() -> list[int]:
        return [await send({"event_id": e}) for e in ("Ev1", "Ev1", "Ev2")] + [await send({"type": "block_actions"}) for _ in "ab"]

    assert asyncio.run(all_of_it()) == [200] * 5
    assert len(heard) == 4
