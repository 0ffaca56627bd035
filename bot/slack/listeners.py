"""What people press on cards and posts: acks at once, asks who it was, and hands the deed to the office."""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import buttons, names
from bot.slack.drawing import LETTER_OF, Drawing
from bot.slack.guard import Guard
from bot.slack.modals import Where
from bot.slack.office import Office
from bot.slack.opening import open_window
from bot.slack.people import People
from bot.slack.private import spot
from bot.slack.text import context, person
from bot.slack.windows import WINDOWS
from bot.slack.words import Words
from handlers.deeds import Pressed, Release, SettleUnknown, Take
from storage.kinds import Action

log = structlog.get_logger(__name__)

Body = dict[str, Any]

AT_ONCE: dict[str, type[Take] | type[Release]] = {Action.TAKE: Take, Action.RELEASE: Release}
"""Buttons that need no window."""
OPENING: dict[str, str] = {
    **{name: window.title for name, window in WINDOWS.items()},
    **dict.fromkeys(LETTER_OF, names.N_("Write to the requester")),
    Action.ACKNOWLEDGE: names.N_("Read before it goes"),
    "more": names.N_("More"),
    buttons.FILES: names.N_("What came attached"),
    buttons.REVEAL: names.N_("The mail, uncovered"),
}
"""Buttons that open a window, and its title."""


class Listeners:
    """Everything that people can press on a card or a post."""

    def __init__(self, office: Office, people: People, guard: Guard, drawing: Drawing) -> None:
        self._office = office
        self._people = people
        self._guard = guard
        self._draw = drawing

    def register(self, app: AsyncApp) -> None:
        """Listen on that app."""
        for name in (*AT_ONCE, *OPENING):
            app.action(f"rd:{name}")(self.pressed)
        app.action("rd:sent")(self.settled)
        app.action("rd:again")(self.settled)
        app.action("rd:request")(self.is_request)
        app.action("rd:hold-release")(self.hold)
        app.action("rd:hold-drop")(self.hold)

    async def pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A button of a card."""
        await ack()
        at, given = spot(body), body["actions"][0]
        name, carried = str(given["action_id"]).removeprefix("rd:"), str(given["value"])

        async def work(words: Words) -> None:
            case_id, version = (int(part) for part in carried.split(":"))
            if name in AT_ONCE:
                await self._office.act(Pressed(at.user, case_id, version, AT_ONCE[name]()))
                return
            where = Where(case_id, version, at.channel, at.thread)
            await open_window(client, body, words(OPENING[name]), lambda: self._draw.window(name, at.user, where, words), words)

        await self._guard.run(client, at, carried, work)

    async def settled(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A letter whose fate nobody knew: it was sent, or send it again."""
        await ack()
        at, given = spot(body), body["actions"][0]
        was_sent = given["action_id"] == "rd:sent"
        shared = self._people.shared

        async def work(_words: Words) -> None:
            case_id, version, outgoing_id = (int(part) for part in str(given["value"]).split(":"))
            await self._office.act(Pressed(at.user, case_id, version, SettleUnknown(outgoing_id, was_sent)))
            said = shared("✉️ {actor} says: it was sent.") if was_sent else shared("🔁 {actor} had it sent again.")
            await _mark_done(client, body, said.format(actor=person(at.user)))

        await self._guard.run(client, at, str(given["value"]), work)

    async def is_request(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """An ordinary mail that is a request after all."""
        await ack()
        at, given = spot(body), body["actions"][0]

        async def work(_words: Words) -> None:
            await self._office.request_from_ordinary(at.user, int(given["value"]))
            said = self._people.shared("📩 {actor} made this a case; its clock runs from the day the mail arrived.")
            await _mark_done(client, body, said.format(actor=person(at.user)))

        await self._guard.run(client, at, f"fingerprint {given['value']}", work)

    async def hold(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A manager's word on held letters and calls to systems."""
        await ack()
        at, given = spot(body), body["actions"][0]
        release = given["action_id"] == "rd:hold-release"
        shared = self._people.shared

        async def work(_words: Words) -> None:
            await self._office.settle_hold(at.user, int(given["value"]), release=release)
            said = shared("🛡️ {actor} let them go.") if release else shared("🛡️ {actor} dropped them.")
            await _mark_done(client, body, said.format(actor=person(at.user)))

        await self._guard.run(client, at, f"hold {given['value']}", work)


async def _mark_done(client: AsyncWebClient, body: Body, said: str) -> None:
    """Replace the buttons of the post by who pressed; the deed is done, so a failure here is only logged."""
    message = body.get("message") or {}
    kept = [{k: v for k, v in b.items() if k != "accessory"} for b in message.get("blocks") or [] if b.get("type") != "actions"]
    try:
        await client.chat_update(
            channel=body["channel"]["id"], ts=message["ts"], text=message.get("text") or said, blocks=[*kept, context(said)]
        )
    except SlackClientError as error:
        log.warning("slack.buttons_left", error=type(error).__name__)
