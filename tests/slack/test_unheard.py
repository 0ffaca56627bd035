"""What the local Slack cannot do: choices inside a window, and the message shortcut; listeners called as bolt calls them."""

import asyncio
from typing import Any, cast

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack import modals
from bot.slack.drawing import Drawing
from bot.slack.entrances import Entrances
from bot.slack.guard import Guard
from bot.slack.modals import Choice, Where
from bot.slack.people import People
from bot.slack.sharedfiles import SharedFiles
from bot.slack.submissions import Submissions
from handlers.refused import Refused
from storage.kinds import LetterName
from tests.slack.limits import view_faults
from tests.slack.samples import DRAFT, FakeOffice, filled

WHERE = Where(7, 3, "C01DESK", "", "reply", "en")


class FakeClient:
    """Remembers what it is asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def views_update(self, **arguments: Any) -> None:
        """A modal is drawn anew."""
        self.calls.append(("views_update", arguments))

    async def users_info(self, **arguments: Any) -> dict[str, Any]:
        """Somebody of the workspace, who reads English."""
        return {"user": {"id": arguments["user"], "real_name": "Somebody", "locale": "en-US"}}

    async def views_open(self, **arguments: Any) -> AsyncSlackResponse:
        """A window opens."""
        self.calls.append(("views_open", arguments))
        said = {"view": {"id": "V1"}}
        return AsyncSlackResponse(client=None, http_verb="POST", api_url="", req_args={}, data=said, headers={}, status_code=200)

    async def chat_postEphemeral(self, **arguments: Any) -> None:  # noqa: N802 -- Slack's name
        """Somebody is told something."""
        self.calls.append(("chat_postEphemeral", arguments))


async def acked() -> None:
    """Bolt's ack."""


def heard(office: FakeOffice, client: FakeClient) -> Submissions:
    """What is submitted, on that house."""
    files = SharedFiles(cast(AsyncWebClient, client))
    return Submissions(office, Guard(People(cast(AsyncWebClient, client), office.desk)), Drawing(office, files), files)


def choose(office: FakeOffice, user: str, **given: str) -> list[tuple[str, dict[str, Any]]]:
    """Somebody chooses something in the modal for writing."""
    client = FakeClient()
    letters = (LetterName.REPLY, LetterName.REFUSAL, LetterName.ACKNOWLEDGEMENT)
    view = modals.compose(DRAFT, WHERE, Choice(letters, ("en", "ja")))
    body = {"user": {"id": user}, "view": {**filled(view, **given), "id": "V1"}}
    asyncio.run(heard(office, client).chosen(cast(AsyncAck, acked), body, cast(AsyncWebClient, client)))
    return client.calls


def test_another_language_fills_the_letter_at_once() -> None:
    """The modal is drawn anew with that letter."""
    [(call, arguments)] = choose(FakeOffice(), "U01AIKO", language="ja")
    assert (call, arguments["view_id"]) == ("views_update", "V1")
    assert view_faults(arguments["view"]) == []
    assert "[reply ja ]" in str(arguments["view"])
    assert Where.unpack(arguments["view"]["private_metadata"]).language == "ja"


def test_choosing_the_refusal_asks_for_its_ground_at_once() -> None:
    """Before anything is written."""
    [(_, arguments)] = choose(FakeOffice(), "U01AIKO", letter="refusal")
    assert "Why do we refuse?" in str(arguments["view"])


def test_a_choice_that_the_house_refuses_is_said_privately() -> None:
    """As a choice has no answer of its own."""
    [(call, arguments)] = choose(FakeOffice(refusal=Refused("There is no such letter.")), "U01AIKO", letter="refusal")
    assert (call, arguments["text"], arguments["user"]) == ("chat_postEphemeral", "There is no such letter.", "U01AIKO")


def test_a_stranger_s_choice_fills_nothing() -> None:
    """Not even a modal that somebody else opened."""
    [(call, _)] = choose(FakeOffice(), "U04OTTO", language="ja")
    assert call == "chat_postEphemeral"


def test_an_entry_of_more_opens_its_window_at_once() -> None:
    """Without `Next`, where the client says what was chosen."""
    office, client = FakeOffice(), FakeClient()
    view = {**modals.more(office.case, ("note",), WHERE), "id": "V1"}
    action = {"action_id": "rd:entry", "selected_option": {"value": "note"}}
    body = {"user": {"id": "U01AIKO"}, "view": view, "actions": [action]}
    asyncio.run(heard(office, client).chosen_entry(cast(AsyncAck, acked), body, cast(AsyncWebClient, client)))
    [(call, arguments)] = client.calls
    assert (call, arguments["view_id"], arguments["view"]["title"]["text"]) == ("views_update", "V1", "Add a note")


def entered(office: FakeOffice, client: FakeClient) -> Entrances:
    """The ways in, on that house."""
    people = People(cast(AsyncWebClient, client), office.desk)
    return Entrances(office, Guard(people), Drawing(office, SharedFiles(cast(AsyncWebClient, client))))


def test_a_message_becomes_a_case_with_its_words_and_its_day() -> None:
    """The shortcut on a message of the workspace; the day is the desk's."""
    office, client = FakeOffice(), FakeClient()
    message = {"text": "A customer rang: <b> delete me & all", "ts": "1771000000.000100"}
    body = {"user": {"id": "U01AIKO"}, "channel": {"id": "C9"}, "message": message, "trigger_id": "T"}
    asyncio.run(entered(office, client).from_message(cast(AsyncAck, acked), body, cast(AsyncWebClient, client)))
    made = client.calls[-1][1]["view"]
    inputs = {b["block_id"]: b["element"] for b in made["blocks"] if b["type"] == "input"}
    assert inputs["words"]["initial_value"] == message["text"]
    assert inputs["on"]["initial_date"] == "2026-02-14"
    assert inputs["source"]["initial_option"]["value"] == "chat"
    assert view_faults(made) == []


def test_a_stranger_s_shortcut_opens_nothing() -> None:
    """They are told privately."""
    client = FakeClient()
    body = {"user": {"id": "U04OTTO"}, "channel": {"id": "C9"}, "message": {"text": "x", "ts": "1771000000.000100"}, "trigger_id": "T"}
    asyncio.run(entered(FakeOffice(), client).from_message(cast(AsyncAck, acked), body, cast(AsyncWebClient, client)))
    assert [call for call, _ in client.calls] == ["chat_postEphemeral"]
