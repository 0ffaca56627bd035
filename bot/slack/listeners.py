"""What people press on cards and posts: acks at once, asks who it was, and hands the deed to the office."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack import modals
from bot.slack.forms import View
from bot.slack.guard import Guard
from bot.slack.modals import Where
from bot.slack.office import Office
from bot.slack.private import spot
from bot.slack.submissions import Submissions, acknowledging
from bot.slack.text import context, person
from bot.slack.words import ENGLISH, Words
from handlers.deeds import Deed, Pressed, Release, Reopen, SettleUnknown, Take
from handlers.refused import Refused
from storage.kinds import Action, LetterName

log = structlog.get_logger(__name__)

Body = dict[str, Any]
Opener = Callable[[AsyncWebClient, Body, Where], Awaitable[None]]

AT_ONCE: dict[Action, type[Take] | type[Release] | type[Reopen]] = {Action.TAKE: Take, Action.RELEASE: Release, Action.REOPEN: Reopen}
"""Buttons that need no modal."""


class Listeners:
    """Everything that people can press in Slack."""

    def __init__(self, office: Office, words: Words = ENGLISH) -> None:
        self._office = office
        self._words = words
        self._guard = Guard(office, words)
        self._submissions = Submissions(office, self._guard, words)
        self._openers: dict[Action, Opener] = {
            Action.ACKNOWLEDGE: self._acknowledge,
            Action.REPLY: self._reply,
            Action.SORT: self._sort,
            Action.CLOSE: self._close,
        }

    def register(self, app: AsyncApp) -> None:
        """Listen on that app."""
        for action in (*AT_ONCE, *self._openers):
            app.action(f"rd:{action}")(self.pressed)
        app.action("rd:more")(self.pressed)
        app.action("rd:sent")(self.settled)
        app.action("rd:again")(self.settled)
        app.action("rd:request")(self.is_request)
        self._submissions.register(app)

    async def pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A button of a card, or a choice of its menu `More`."""
        await ack()
        at, given = spot(body), body["actions"][0]
        if chosen := given.get("selected_option"):
            name, _, carried = str(chosen["value"]).partition(":")
        else:
            name, carried = str(given["action_id"]).removeprefix("rd:"), str(given["value"])

        async def work() -> None:
            case_id, version = (int(part) for part in carried.split(":"))
            action = Action(name)
            if action in AT_ONCE:
                await self._office.act(Pressed(at.user, case_id, version, AT_ONCE[action]()))
            else:
                await self._openers[action](client, body, Where(case_id, version, at.channel, at.thread))

        await self._guard.run(client, at, carried, work)

    async def settled(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A letter whose fate nobody knew: it was sent, or send it again."""
        await ack()
        at, given = spot(body), body["actions"][0]
        was_sent = given["action_id"] == "rd:sent"

        async def work() -> None:
            case_id, version, outgoing_id = (int(part) for part in str(given["value"]).split(":"))
            deed: Deed = SettleUnknown(outgoing_id, was_sent)
            await self._office.act(Pressed(at.user, case_id, version, deed))
            said = self._words("✉️ {actor} says: it was sent.") if was_sent else self._words("🔁 {actor} had it sent again.")
            await _mark_done(client, body, said.format(actor=person(at.user)))

        await self._guard.run(client, at, str(given["value"]), work)

    async def is_request(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """An ordinary mail that is a request after all."""
        await ack()
        at, given = spot(body), body["actions"][0]

        async def work() -> None:
            await self._office.request_from_ordinary(at.user, int(given["value"]))
            said = self._words("📩 {actor} made this a case; its clock runs from the day the mail arrived.")
            await _mark_done(client, body, said.format(actor=person(at.user)))

        await self._guard.run(client, at, f"fingerprint {given['value']}", work)

    async def _open(self, client: AsyncWebClient, body: Body, title: str, make: Callable[[], Awaitable[View]]) -> None:
        """Open an empty modal at once, then fill it; what goes wrong is said in the modal."""
        opened, made = await asyncio.gather(
            client.views_open(trigger_id=body["trigger_id"], view=modals.loading(title, self._words)), make(), return_exceptions=True
        )
        if not isinstance(opened, AsyncSlackResponse):
            raise Refused(self._words("Slack did not open the window in time. Press the button again."))
        if isinstance(made, Exception):
            made = modals.note(title, self._guard.sentence(made, title), self._words)
        elif isinstance(made, BaseException):
            raise made
        await client.views_update(view_id=opened["view"]["id"], view=made)

    async def _acknowledge(self, client: AsyncWebClient, body: Body, where: Where) -> None:
        async def make() -> View:
            view = await self._office.view(where.case_id)
            chosen = replace(where, letter=acknowledging(view), language=self._submissions.language(view))
            draft = await self._office.draft(view.id, chosen.wanted())
            written = await self._office.preview(view.id, chosen.wanted(draft.middle))
            return modals.preview(draft, written, draft.middle, chosen, self._words, first=True)

        await self._open(client, body, self._words("Acknowledge"), make)

    async def _reply(self, client: AsyncWebClient, body: Body, where: Where) -> None:
        async def make() -> View:
            view = await self._office.view(where.case_id)
            chosen = replace(where, letter=LetterName.REPLY, language=self._submissions.language(view))
            return await self._submissions.composed(view, chosen)

        await self._open(client, body, self._words("Write to the requester"), make)

    async def _sort(self, client: AsyncWebClient, body: Body, where: Where) -> None:
        async def make() -> View:
            return modals.sort(await self._office.view(where.case_id), where, await self._office.laws(), self._words)

        await self._open(client, body, self._words("Change sorting"), make)

    async def _close(self, client: AsyncWebClient, body: Body, where: Where) -> None:
        async def make() -> View:
            return modals.close(await self._office.view(where.case_id), where, self._words)

        await self._open(client, body, self._words("Close the case"), make)


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
