"""What people submit in modals: the deed is done within the three seconds that Slack waits, or the modal says how it went afterwards."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import modals
from bot.slack.forms import View, answers, field_block, kept
from bot.slack.guard import Guard
from bot.slack.modals import Where
from bot.slack.office import Office
from bot.slack.private import Spot
from bot.slack.words import Words
from handlers.deeds import Close, Deed, Pressed, Resort, SendLetter
from handlers.refused import Refused
from handlers.views import CaseView
from storage.kinds import Category, Ground, LetterName, Outcome, Right

PATIENCE = 2.0
"""Seconds after which a submission is answered with `one moment`; Slack gives up after three."""
DRAWN = 0.5
"""Seconds that Slack is given to draw `one moment` before it is told the outcome: the two go different ways and could overtake."""
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")

Body = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Submitted:
    """A modal that somebody submitted."""

    ack: AsyncAck
    body: Body
    client: AsyncWebClient

    @property
    def user(self) -> str:
        """Who."""
        return str(self.body["user"]["id"])

    @property
    def view(self) -> View:
        """The modal as it was filled in."""
        view: View = self.body["view"]
        return view

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.view["title"]["text"])


class Submissions:
    """Everything that people can submit in Slack."""

    def __init__(self, office: Office, guard: Guard, words: Words) -> None:
        self._office = office
        self._guard = guard
        self._words = words

    def register(self, app: AsyncApp) -> None:
        """Listen on that app."""
        app.view(modals.COMPOSE)(self.composing)
        app.view(re.compile(rf"^{re.escape(modals.SEND)}\|"))(self.sending)
        app.view(modals.SORT)(self.sorting)
        app.view(modals.CLOSE)(self.closing)
        app.action("rd:letter")(self.chosen)
        app.action("rd:language")(self.chosen)
        app.action("rd:ground")(self.chosen)

    def language(self, view: CaseView) -> str:
        """The language in which we write: the requester's, where the controller writes it."""
        controller = self._office.desk.controller(view.controller)
        return view.language if view.language in controller.languages else controller.default_language

    async def composed(self, view: CaseView, where: Where) -> View:
        """The modal for writing the letter that was chosen."""
        draft = await self._office.draft(view.id, where.wanted())
        letters = (LetterName.REPLY, LetterName.REFUSAL, acknowledging(view))
        languages = self._office.desk.controller(view.controller).languages
        return modals.compose(draft, where, letters, languages, self._words)

    async def chosen(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Another letter or language was chosen in the modal: fill it anew."""
        await ack()
        view = body["view"]
        where = Where.unpack(view["private_metadata"])
        at = Spot(body["user"]["id"], where.channel, where.thread)

        async def work() -> None:
            made = await self._refilled(where, answers(view))
            await client.views_update(view_id=view["id"], view=made)

        await self._guard.run(client, at, where.about, work)

    async def composing(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`Preview` was pressed."""
        where = Where.unpack(body["view"]["private_metadata"])
        given = answers(body["view"])

        async def work() -> Answer:
            if _choice(given) != where.choice:
                return {"response_action": "update", "view": await self._refilled(where, given)}
            if where.letter == LetterName.REFUSAL and not where.ground:
                raise Refused(self._words("Choose why we refuse."), field="ground")
            middle = str(given["middle"] or "")
            if over := modals.too_long(middle):
                raise Refused(self._words("{over} characters too many.").format(over=over), field="middle")
            draft = await self._office.draft(where.case_id, where.wanted())
            written = await self._office.preview(where.case_id, where.wanted(middle))
            made = modals.preview(draft, written, middle, replace(where, version=draft.version), self._words)
            if draft.version != where.version:
                made = modals.warned(made, self._words("The case has changed while you wrote. Look at its thread before you send."))
            return {"response_action": "push", "view": made}

        await self._answered(Submitted(ack, body, client), where, work)

    async def sending(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`Send` was pressed under a letter that was read."""
        where, middle = modals.sent_from(body["view"])
        wanted = where.wanted(middle)
        deed = SendLetter(wanted.letter, wanted.language, middle, wanted.ground, wanted.reason)
        await self._act(Submitted(ack, body, client), where, lambda: deed)

    async def sorting(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """The sorting was changed."""
        given = answers(body["view"])

        def deed() -> Deed:
            place = str(given["place"] or "").strip().upper() or None
            if place and not _PLACE.fullmatch(place):
                raise Refused(self._words("A country in two letters, such as DE or JP; a state as in US-CA."), field="place")
            rights = tuple(Right(r) for r in given["rights"] or ())
            category = Category(given["category"])
            if category is Category.RIGHTS_REQUEST and not rights:
                raise Refused(self._words("Tick at least one: what does the person ask for?"), field="rights")
            return Resort(category, rights, None if given["law"] == modals.OPEN_LAW else given["law"], place)

        await self._act(Submitted(ack, body, client), Where.unpack(body["view"]["private_metadata"]), deed)

    async def closing(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """The case was closed."""
        given = answers(body["view"])

        def deed() -> Deed:
            if not given["outcome"]:
                raise Refused(self._words("Choose how it ended."), field="outcome")
            outcome = Outcome(given["outcome"])
            ground = Ground(given["ground"]) if given["ground"] else None
            if outcome is Outcome.REFUSED and ground is None:
                raise Refused(self._words("Choose why it is refused."), field="ground")
            return Close(outcome, ground if outcome is Outcome.REFUSED else None, str(given["reason"] or ""))

        await self._act(Submitted(ack, body, client), Where.unpack(body["view"]["private_metadata"]), deed)

    async def _refilled(self, where: Where, given: dict[str, Any]) -> View:
        view = await self._office.view(where.case_id)
        letter, language, ground = _choice(given)
        return await self.composed(view, replace(where, letter=letter, language=language, ground=ground))

    async def _act(self, came: Submitted, where: Where, deed: Callable[[], Deed]) -> None:
        async def work() -> Answer:
            await self._office.act(Pressed(came.user, where.case_id, where.version, deed()))
            return {"response_action": "clear"}

        await self._answered(came, where, work)

    async def _answered(self, came: Submitted, where: Where, work: Callable[[], Awaitable[Answer]]) -> None:
        """Do the work and answer the modal with what came of it; a slow one is answered twice."""
        task = asyncio.ensure_future(self._outcome(came, where, work))
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if done:
            await came.ack(**task.result())
            return
        await came.ack(response_action="update", view=modals.loading(came.title, self._words))
        answer = await task
        await asyncio.sleep(DRAWN)
        at = Spot(came.user, where.channel, where.thread)
        await self._guard.run(came.client, at, where.about, lambda: self._late(came, answer))

    async def _late(self, came: Submitted, answer: Answer) -> None:
        if errors := answer.get("errors"):
            made = modals.warned(kept(came.view), " ".join(errors.values()))
        else:
            made = answer.get("view") or modals.note(came.title, self._words("Done."), self._words)
        await came.client.views_update(view_id=came.view["id"], view=made)

    async def _outcome(self, came: Submitted, where: Where, work: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            self._guard.admit(came.user)
            return await work()
        except Exception as error:  # noqa: BLE001 -- one submission must not stop the next; it is logged and said
            sentence = self._guard.sentence(error, where.about)
            if block := field_block(came.view, error.field if isinstance(error, Refused) else None):
                return {"response_action": "errors", "errors": {block: sentence}}
            return {"response_action": "update", "view": modals.warned(came.view, sentence)}


def _choice(given: dict[str, Any]) -> tuple[str, str, str]:
    ground = given.get("ground") if given["letter"] == LetterName.REFUSAL else None
    return str(given["letter"]), str(given["language"]), str(ground or "")


def acknowledging(view: CaseView) -> LetterName:
    """The letter that says we have it."""
    return LetterName.COMPLAINT_RECEIVED if view.category is Category.COMPLAINT else LetterName.ACKNOWLEDGEMENT
