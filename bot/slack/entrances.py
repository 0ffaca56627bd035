"""Ways in besides the card: the slash command, the message shortcut, and each person's home."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import bulk, byhand, commands, home
from bot.slack.byhand import Typed
from bot.slack.drawing import Drawing
from bot.slack.forms import View
from bot.slack.guard import Guard
from bot.slack.modals import Where
from bot.slack.office import Office
from bot.slack.opening import open_window
from bot.slack.private import Spot, spot
from bot.slack.text import Block, line, section
from bot.slack.words import Words
from handlers.deeds import Pressed, Take
from handlers.refused import Refused
from handlers.views import CasePage
from storage.kinds import Source

log = structlog.get_logger(__name__)
Body = dict[str, Any]
Respond = Callable[..., Awaitable[Any]]


class Entrances:
    """Listens to what is not pressed on a card."""

    def __init__(self, office: Office, guard: Guard, drawing: Drawing) -> None:
        self._office = office
        self._guard = guard
        self._draw = drawing

    def register(self, app: AsyncApp) -> None:
        """Listen on that app."""
        app.command("/privacy")(self.typed)
        app.shortcut("rd:case-from-message")(self.from_message)
        app.event("app_home_opened")(self.opened)
        app.action(re.compile(r"^rd:home:"))(self.turned_home)
        app.action(re.compile(r"^rd:list:"))(self.turned_list)
        app.action("rd:home-take")(self.taken)
        app.action("rd:new")(self.new)
        app.action("rd:away")(self.away)

    async def typed(self, ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        """`/privacy ...`"""
        await ack()
        order = commands.understood(str(body.get("text") or ""))
        at = Spot(str(body["user_id"]), str(body.get("channel_id") or ""))
        words = await self._guard.people.words(at.user)
        try:
            await self._guard.people.admit(at.user)
            await self._carry_out(order, at, body, client, respond)
        except Exception as error:  # noqa: BLE001 -- one order must not stop the next; it is logged and said
            await _answer(respond, [section(line(self._guard.sentence(error, f"/privacy {order.name}", words), 2000))], words)

    async def _carry_out(self, order: commands.Order, at: Spot, body: Body, client: AsyncWebClient, respond: Respond) -> None:
        words = await self._guard.people.words(at.user)
        match order.name:
            case "new":
                await open_window(client, body, words("New request"), lambda: self._new_window(Where(0, 0, at.channel), words), words)
            case "away":
                await open_window(client, body, words("I am away"), lambda: self._away_window(Where(0, 0, at.channel), words), words)
            case "floods":
                await open_window(client, body, words(bulk.TITLE), lambda: self._floods(at, words), words)
            case "list":
                await self._list(await self._office.listed(at.user, 0), "list", respond, words)
            case "find":
                if not order.rest:
                    raise Refused(words("What shall I look for? A mail address, a case number such as PR-2026-00042, or a thread's link."))
                found = await self._office.find(at.user, order.rest)
                if not found.total:
                    raise Refused(words("There is no case for “{text}”.").format(text=order.rest[:200]))
                await self._list(found, "find", respond, words)
            case "unsubscribe":
                done = await self._office.stop_mail(at.user, order.rest)
                await _answer(respond, [section(commands.stopped(done, words))], words)
            case "digest":
                await self._office.digest(at.user)
                await _answer(respond, [section(words("The digest is on its way to you."))], words)
            case "help":
                await _answer(respond, commands.helped(words), words)
            case _:
                await _answer(respond, [section(commands.unknown(order, words))], words)

    async def _list(self, page: CasePage, what: str, respond: Respond, words: Words, *, instead: bool = False) -> None:
        blocks = home.listing(page, what, await self._guard.people.site(), words)
        await _answer(respond, blocks, words, instead=instead)

    async def turned_list(self, ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        """Another page of a list."""
        await ack()
        number = int(str(body["actions"][0]["value"]).partition(":")[0])
        user = str(body["user"]["id"])

        async def work(words: Words) -> None:
            await self._list(await self._office.listed(user, number), "list", respond, words, instead=True)

        await self._guard.run(client, spot(body), "list", work)

    async def from_message(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A message of somebody is to become a case: its text and its day are filled in."""
        await ack()
        message = body.get("message") or {}
        at = Spot(str(body["user"]["id"]), str((body.get("channel") or {}).get("id") or ""))
        said = str(message.get("text") or "")
        stamp = str(message.get("ts") or "")
        zone = self._office.desk.rules.zone
        day = datetime.fromtimestamp(float(stamp), UTC).astimezone(zone).date() if stamp else None

        async def work(words: Words) -> None:
            typed = Typed(self._draw.today(), said, day, Source.CHAT)
            where = Where(0, 0, at.channel)
            await open_window(client, body, words("New request"), lambda: self._new_window(where, words, typed), words)

        await self._guard.run(client, at, "shortcut", work)

    async def new(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`New request` on a home."""
        await ack()
        at = spot(body)

        async def work(words: Words) -> None:
            await open_window(client, body, words("New request"), lambda: self._new_window(Where(0, 0, at.channel), words), words)

        await self._guard.run(client, at, "new", work)

    async def away(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`I am away` on a home."""
        await ack()
        at = spot(body)

        async def work(words: Words) -> None:
            await open_window(client, body, words("I am away"), lambda: self._away_window(Where(0, 0, at.channel), words), words)

        await self._guard.run(client, at, "away", work)

    async def _new_window(self, where: Where, words: Words, typed: Typed | None = None) -> View:
        laws = tuple(id_ for id_, _ in await self._office.laws())
        return byhand.new(self._office.desk, typed or Typed(self._draw.today()), laws, where, words)

    async def _floods(self, at: Spot, words: Words) -> View:
        return bulk.window(await self._office.floods(at.user), self._office.desk, Where(0, 0, at.channel), words)

    async def _away_window(self, where: Where, words: Words) -> View:
        return byhand.away(self._office.desk, self._draw.today(), where, words)

    async def opened(self, event: Body, client: AsyncWebClient) -> None:
        """Somebody opened the app's home."""
        if event.get("tab") == "home":
            await self._show(client, str(event["user"]), 0)

    async def turned_home(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Another page of a home, or the same anew."""
        await ack()
        number = str(body["actions"][0].get("value") or "0").partition(":")[0]
        await self._show(client, str(body["user"]["id"]), int(number))

    async def taken(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`Take` on a home."""
        await ack()
        user, case_id = str(body["user"]["id"]), int(body["actions"][0]["value"])

        async def work(words: Words) -> None:
            view = await self._office.view(case_id)
            if view.owner is not None:
                raise Refused(words("Somebody has taken this case already."))
            await self._office.act(Pressed(user, case_id, view.version, Take()))

        await self._guard.run(client, Spot(user), f"home {case_id}", work)
        await self._show(client, user, 0)

    async def _show(self, client: AsyncWebClient, user: str, page: int) -> None:
        """Publish that person's home; strangers read why there is nothing for them."""
        words = await self._guard.people.words(user)
        try:
            await self._guard.people.admit(user)
            view = home.home(await self._office.home(user, page), page, await self._guard.people.site(), words)
        except Exception as error:  # noqa: BLE001 -- one home must not stop the next; it is logged and said
            view = {"type": "home", "blocks": [section(line(self._guard.sentence(error, "home", words), 2000))]}
        try:
            await client.views_publish(user_id=user, view=view)
        except Exception as error:  # noqa: BLE001 -- Slack may be away: the home is drawn again when it is opened again
            log.warning("slack.home_lost", error=type(error).__name__)


async def _answer(respond: Respond, blocks: list[Block], words: Words, *, instead: bool = False) -> None:
    """Say it to who typed, wherever that was."""
    text = words("Privacy desk")
    await respond(text=text, blocks=blocks, response_type="ephemeral", replace_original=instead, unfurl_links=False)
