"""What the local Slack cannot do: choices inside a modal, and the menu of a card; listeners called as bolt calls them."""

import asyncio
from typing import Any, cast

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import modals
from bot.slack.guard import Guard
from bot.slack.listeners import Listeners
from bot.slack.modals import Where
from bot.slack.submissions import Submissions
from bot.slack.words import ENGLISH
from handlers.deeds import Release
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

    async def chat_postEphemeral(self, **arguments: Any) -> None:  # noqa: N802 -- Slack's name
        """Somebody is told something."""
        self.calls.append(("chat_postEphemeral", arguments))


async def acked() -> None:
    """Bolt's ack."""


def choose(office: FakeOffice, user: str, **given: str) -> list[tuple[str, dict[str, Any]]]:
    """Somebody chooses something in the modal for writing."""
    client = FakeClient()
    letters = (LetterName.REPLY, LetterName.REFUSAL, LetterName.ACKNOWLEDGEMENT)
    view = modals.compose(DRAFT, WHERE, letters, ("en", "ja"))
    body = {"user": {"id": user}, "view": {**filled(view, **given), "id": "V1"}}
    submissions = Submissions(office, Guard(office, ENGLISH), ENGLISH)
    asyncio.run(submissions.chosen(cast(AsyncAck, acked), body, cast(AsyncWebClient, client)))
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


def test_a_choice_of_the_menu_is_a_press() -> None:
    """`More` carries the deed in its value."""
    office, client = FakeOffice(), FakeClient()
    action = {"action_id": "rd:more", "selected_option": {"value": "release:7:3"}}
    body = {"user": {"id": "U01AIKO"}, "channel": {"id": "C01DESK"}, "message": {"ts": "1.2"}, "actions": [action]}
    asyncio.run(Listeners(office).pressed(cast(AsyncAck, acked), body, cast(AsyncWebClient, client)))
    assert [p.deed for p in office.acted] == [Release()]
