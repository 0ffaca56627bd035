"""The Slack of the tests refuses, pages, slows down and fails as the real one does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.client import WebClient

from bot.demo.localslack import APP_TOKEN, BOT_TOKEN, CHANNEL, MANAGER, STAFF
from tests.servers.slack_proxy import SlackProxy
from tests.servers.until import until

AIKO = STAFF[0].id


def client_of(slack: SlackProxy, token: str = BOT_TOKEN) -> WebClient:
    """A client of Slack's own library, which doesn't retry by itself."""
    return WebClient(token=token, base_url=slack.api, retry_handlers=[])


def test_a_wrong_token_is_refused(local_slack: SlackProxy) -> None:
    """local-slack alone takes any."""
    with pytest.raises(SlackApiError, match="invalid_auth"):
        client_of(local_slack, "xoxb-other").auth_test()
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client_of(local_slack, APP_TOKEN).auth_test()
    assert client_of(local_slack).auth_test()["user_id"] == "U0DESK"


def test_a_block_over_a_limit_is_refused_and_noted(local_slack: SlackProxy) -> None:
    """The test that caused it would fail; this one takes the note away."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client_of(local_slack).chat_postMessage(channel=CHANNEL, text="t", blocks=[block])
    assert local_slack.desk.faults == ["chat.postMessage: text of a section has 3001 characters, 3000 are allowed"]
    assert local_slack.slack.messages() == []
    local_slack.desk.faults.clear()


def test_history_comes_in_pages_from_a_time_on(local_slack: SlackProxy) -> None:
    """Newest first, `oldest` left out, a cursor while there is more."""
    client = client_of(local_slack)
    posted = [client.chat_postMessage(channel=CHANNEL, text=str(n))["ts"] for n in range(5)]
    first = client.conversations_history(channel=CHANNEL, oldest=posted[0], limit=3)
    assert [m["text"] for m in first["messages"]] == ["4", "3", "2"]
    assert first["has_more"]
    rest = client.conversations_history(channel=CHANNEL, oldest=posted[0], limit=3, cursor=first["response_metadata"]["next_cursor"])
    assert [m["text"] for m in rest["messages"]] == ["1"]
    assert not rest["has_more"]


def test_replies_come_oldest_first_with_the_parent_on_the_first_page(local_slack: SlackProxy) -> None:
    """As Slack gives them, whatever `oldest` says."""
    client = client_of(local_slack)
    root = client.chat_postMessage(channel=CHANNEL, text="root")["ts"]
    sent = [client.chat_postMessage(channel=CHANNEL, text=str(n), thread_ts=root)["ts"] for n in range(4)]
    page = client.conversations_replies(channel=CHANNEL, ts=root, oldest=sent[0], limit=2)
    assert [m["text"] for m in page["messages"]] == ["root", "1", "2"]
    more = client.conversations_replies(channel=CHANNEL, ts=root, oldest=sent[0], limit=2, cursor=page["response_metadata"]["next_cursor"])
    assert [m["text"] for m in more["messages"]] == ["3"]


def test_a_person_has_a_locale_and_a_guest_is_told(local_slack: SlackProxy) -> None:
    """What users.info of local-slack lacks."""
    local_slack.desk.people[MANAGER.id] = {"is_restricted": True}
    client = client_of(local_slack)
    aiko = client.users_info(user=AIKO, include_locale=True)["user"]
    assert (aiko["locale"], aiko["is_restricted"]) == ("ja-JP", False)
    assert client.users_info(user=MANAGER.id)["user"]["is_restricted"] is True


def test_usergroups_have_members(local_slack: SlackProxy) -> None:
    """Which local-slack knows nothing of."""
    local_slack.desk.usergroups["S01"] = {"id": "S01", "handle": "privacy", "users": [AIKO]}
    client = client_of(local_slack)
    assert client.usergroups_list()["usergroups"] == [{"id": "S01", "handle": "privacy"}]
    assert client.usergroups_users_list(usergroup="S01")["users"] == [AIKO]


def test_slack_slows_a_caller_down_once(local_slack: SlackProxy) -> None:
    """429 with Retry-After, then it takes the post."""
    local_slack.slow_down("chat.postMessage", retry_after=7)
    client = client_of(local_slack)
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=CHANNEL, text="hi")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    client.chat_postMessage(channel=CHANNEL, text="hi")
    assert len(local_slack.slack.messages()) == 1


def test_an_answer_may_be_lost_after_the_post_was_made(local_slack: SlackProxy) -> None:
    """The caller sees a broken connection, the channel shows the post."""
    local_slack.lose_answer("chat.postMessage")

    async def post() -> None:
        async with aiohttp.ClientSession() as session:
            await session.post(f"{local_slack.api}chat.postMessage", json={"token": BOT_TOKEN, "channel": CHANNEL, "text": "hi"})

    with pytest.raises(aiohttp.ClientError):
        asyncio.run(post())
    assert len(local_slack.slack.messages()) == 1


def plain(text: str) -> dict[str, str]:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def with_bot(slack: SlackProxy, register: Callable[[AsyncApp], None], play: Callable[[], Awaitable[None]]) -> None:
    """A bot on Socket Mode for as long as `play` takes."""

    async def run() -> None:
        app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=slack.api))
        register(app)
        handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=AsyncWebClient(token=APP_TOKEN, base_url=slack.api))
        await handler.connect_async()
        await soon(lambda: slack.connected)
        try:
            await play()
        finally:
            await handler.close_async()

    asyncio.run(run())


async def soon(look: Callable[[], Any]) -> Any:
    """`until`, off the event loop."""
    return await asyncio.to_thread(until, look)


def test_a_button_opens_a_modal_that_keeps_its_id_when_it_is_redrawn(local_slack: SlackProxy) -> None:
    """Open, update, submit: the id of the view stays, errors come back beside the field, a good value closes it."""
    ids: list[str] = []
    view = {"type": "modal", "callback_id": "note", "title": plain("Note"), "submit": plain("Save")}
    field = {"type": "input", "block_id": "words", "label": plain("Words"), "element": {"type": "plain_text_input", "action_id": "typed"}}

    def register(app: AsyncApp) -> None:
        @app.action("go")
        async def go(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            opened = await client.views_open(trigger_id=body["trigger_id"], view=view | {"blocks": [{"type": "divider"}]})
            await client.views_update(view_id=opened["view"]["id"], view=view | {"blocks": [field]})
            ids.append(opened["view"]["id"])
            with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
                await client.views_open(trigger_id=body["trigger_id"], view=view | {"blocks": [field]})

        @app.view("note")
        async def note(ack: AsyncAck, view: dict[str, Any]) -> None:
            ids.append(view["id"])
            value = view["state"]["values"]["words"]["typed"]["value"]
            await (ack() if value == "good" else ack(response_action="errors", errors={"words": "no"}))

    async def play() -> None:
        button = {"type": "button", "action_id": "go", "text": plain("Go")}
        blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
        await asyncio.to_thread(client_of(local_slack).chat_postMessage, channel=CHANNEL, text="t", blocks=blocks)
        (message,) = local_slack.slack.messages()
        await asyncio.to_thread(local_slack.slack.press, AIKO, message, button | {"block_id": "b"})
        await soon(lambda: local_slack.modal and local_slack.modal["blocks"][0]["type"] == "input")
        local_slack_values = {"words": {"typed": {"type": "plain_text_input", "value": "bad"}}}
        await asyncio.to_thread(local_slack.submit, AIKO, local_slack_values)
        assert await soon(lambda: local_slack.errors) == {"words": "no"}
        local_slack_values["words"]["typed"]["value"] = "good"
        await asyncio.to_thread(local_slack.submit, AIKO, local_slack_values)
        await soon(lambda: local_slack.modal is None)

    with_bot(local_slack, register, play)
    assert len(set(ids)) == 1
    assert len(ids) == 3


def test_an_event_reaches_one_socket_only_and_may_come_twice(local_slack: SlackProxy) -> None:
    """Slack repeats what it thinks unanswered; the event_id is the same."""
    heard: list[str] = []
    local_slack.desk.repeat_events = True

    def register(app: AsyncApp) -> None:
        @app.event("message")
        async def message(body: dict[str, Any]) -> None:
            heard.append(body["event_id"])

    async def play() -> None:
        await asyncio.to_thread(local_slack.slack.post, AIKO, "hello")
        await soon(lambda: len(heard) == 2)

    with_bot(local_slack, register, play)
    assert len(set(heard)) == 1


def test_a_bot_comes_back_after_an_outage(local_slack: SlackProxy) -> None:
    """Calls are cut and sockets closed while Slack is away."""
    heard: list[str] = []

    def register(app: AsyncApp) -> None:
        @app.event("message")
        async def message(event: dict[str, Any]) -> None:
            heard.append(event["text"])

    async def play() -> None:
        with local_slack.outage():
            await soon(lambda: local_slack.connected == 0)
            with pytest.raises(OSError):  # noqa: PT011 -- refused, reset or cut short
                await asyncio.to_thread(client_of(local_slack).auth_test)
        await soon(lambda: local_slack.connected)
        await asyncio.to_thread(local_slack.slack.post, AIKO, "back")
        await soon(lambda: heard == ["back"])

    with_bot(local_slack, register, play)
