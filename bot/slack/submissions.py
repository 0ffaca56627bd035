"""What people submit in windows: the deed is done within the three seconds that Slack waits, or the window says how it went afterwards."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.encrypted_zip import encrypted, new_password
from bot.slack import bulk, byhand, modals
from bot.slack.drawing import Drawing
from bot.slack.forms import View, answers, field_block, kept
from bot.slack.guard import Guard
from bot.slack.modals import Where
from bot.slack.office import Office
from bot.slack.private import Spot, tell
from bot.slack.sharedfiles import SharedFiles
from bot.slack.windows import WINDOWS, Given
from bot.slack.words import Words
from handlers.deeds import Deed, Pressed
from handlers.enclosures import FIELD, promise
from handlers.refused import Refused
from storage.kinds import LetterName

PATIENCE = 2.0
"""Seconds after which a submission is answered with `one moment`; Slack gives up after three."""
DRAWN = 0.5
"""Seconds that Slack is given to draw `one moment` before it is told the outcome: the two go different ways and could overtake."""

Body = dict[str, Any]
Answer = dict[str, Any]
CLEAR: Answer = {"response_action": "clear"}


@dataclass(frozen=True)
class Submitted:
    """A window that somebody submitted, and the words that they read."""

    ack: AsyncAck
    body: Body
    client: AsyncWebClient
    words: Words

    @property
    def user(self) -> str:
        """Who."""
        return str(self.body["user"]["id"])

    @property
    def view(self) -> View:
        """The window as it was filled in."""
        view: View = self.body["view"]
        return view

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.view["title"]["text"])


class Submissions:
    """Everything that people can submit in Slack."""

    def __init__(self, office: Office, guard: Guard, drawing: Drawing, files: SharedFiles) -> None:
        self._office = office
        self._guard = guard
        self._draw = drawing
        self._files = files

    def register(self, app: AsyncApp) -> None:
        """Listen on that app."""
        app.view(modals.COMPOSE)(self.composing)
        app.view(re.compile(rf"^{re.escape(modals.SEND)}\|"))(self.sending)
        app.view(re.compile(rf"^{re.escape(modals.DO)}"))(self.doing)
        app.view(modals.MORE)(self.choosing)
        app.view(byhand.NEW)(self.opening)
        app.view(bulk.MANY)(self.many)
        app.view(byhand.AWAY)(self.leaving)
        app.action("rd:letter")(self.chosen)
        app.action("rd:language")(self.chosen)
        app.action("rd:ground")(self.chosen)
        app.action("rd:entry")(self.chosen_entry)

    async def chosen(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Another letter or language was chosen in the window: fill it anew."""
        await ack()
        view = body["view"]
        if view["callback_id"] != modals.COMPOSE:
            return
        where = Where.unpack(view["private_metadata"])
        at = Spot(body["user"]["id"], where.channel, where.thread)

        async def work(words: Words) -> None:
            made = await self._refilled(where, answers(view), words)
            await client.views_update(view_id=view["id"], view=made)

        await self._guard.run(client, at, where.about, work)

    async def chosen_entry(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """An entry of `More` was chosen: its window takes the place of the menu."""
        await ack()
        view = body["view"]
        where = Where.unpack(view["private_metadata"])
        at = Spot(body["user"]["id"], where.channel, where.thread)
        entry = str(body["actions"][0]["selected_option"]["value"])

        async def work(words: Words) -> None:
            made = await self._draw.window(entry, at.user, where, words)
            await client.views_update(view_id=view["id"], view=made)

        await self._guard.run(client, at, where.about, work)

    async def choosing(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`Next` was pressed in the menu of everything else."""
        came = Submitted(ack, body, client, await self._guard.people.words(body["user"]["id"]))
        where = Where.unpack(body["view"]["private_metadata"])
        entry = answers(body["view"])["entry"]

        async def work() -> Answer:
            if not entry:
                raise Refused(came.words("Choose what you want to do."), field="entry")
            return {"response_action": "update", "view": await self._draw.window(entry, came.user, where, came.words)}

        await self._answered(came, where, work)

    async def composing(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`Preview` was pressed."""
        came = Submitted(ack, body, client, await self._guard.people.words(body["user"]["id"]))
        where = Where.unpack(body["view"]["private_metadata"])
        given = answers(body["view"])
        words = came.words

        async def work() -> Answer:
            if _choice(given) != where.choice:
                return {"response_action": "update", "view": await self._refilled(where, given, words)}
            if where.letter == LetterName.REFUSAL and not where.ground:
                raise Refused(words("Choose why we refuse."), field="ground")
            if where.letter in modals.REFUSALS and "rights" in given and not given["rights"]:
                raise Refused(words("Tick what is refused."), field="rights")
            middle = str(given["middle"] or "")
            if over := modals.too_long(middle):
                raise Refused(words("{over} characters too many.").format(over=over), field="middle")
            return {"response_action": "push", "view": await self._read(where, given, middle, words)}

        await self._answered(came, where, work)

    async def _read(self, where: Where, given: dict[str, Any], middle: str, words: Words) -> View:
        """The whole letter, to be read before it goes."""
        ids = given.get(FIELD) or ()
        password = new_password() if ids and given.get(modals.ARCHIVE) == modals.ARCHIVE else ""
        chosen = replace(where, rights=",".join(given.get("rights") or ()), files=",".join(ids), password=password)
        files = await self._files.named(chosen.file_ids)
        promise(files)
        draft = await self._office.draft(where.case_id, chosen.wanted())
        names = (archive_of(draft.ref),) if password else tuple(one.name for one in files)
        written = await self._office.preview(where.case_id, chosen.wanted(middle, names))
        chosen = replace(chosen, version=draft.version)
        made = modals.preview(modals.Read(draft.to, written, middle, files), chosen, words)
        if draft.version != where.version:
            return modals.warned(made, words("The case has changed while you wrote. Look at its thread before you send."))
        return made

    async def sending(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """`Send` was pressed under a letter that was read."""
        came = Submitted(ack, body, client, await self._guard.people.words(body["user"]["id"]))
        where, middle = modals.sent_from(body["view"])

        async def work() -> Answer:
            files = await self._files.fetch(where.file_ids)
            if where.password:
                ref = (await self._office.view(where.case_id)).ref
                files = (await asyncio.to_thread(encrypted, files, archive_of(ref), where.password),)
            await self._office.act(Pressed(came.user, where.case_id, where.version, where.deed(middle, files)))
            if where.password:
                said = came.words("🔑 The archive's password is {password}. Tell it to the person by telephone, never by mail.")
                await tell(client, Spot(came.user, where.channel, where.thread), said.format(password=where.password))
            return CLEAR

        await self._answered(came, where, work)

    async def doing(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """The window of a deed was filled in."""
        came = Submitted(ack, body, client, await self._guard.people.words(body["user"]["id"]))
        name = str(body["view"]["callback_id"]).removeprefix(modals.DO)
        given = Given(answers(body["view"]), self._draw.today(), came.words)
        await self._act(came, Where.unpack(body["view"]["private_metadata"]), lambda: WINDOWS[name].deeds(given))

    async def opening(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A request was typed in."""
        came = Submitted(ack, body, client, await self._guard.people.words(body["user"]["id"]))
        given = Given(answers(body["view"]), self._draw.today(), came.words)
        where = Where.unpack(body["view"]["private_metadata"])

        async def work() -> Answer:
            opened = await self._office.open_by_hand(came.user, byhand.fact(given))
            said = came.words("🗂️ {ref} is open; its card comes into the desk's channel.").format(ref=opened.ref)
            await tell(client, Spot(came.user, where.channel), said)
            return CLEAR

        await self._answered(came, where, work)

    async def many(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """The cases of a flood are handled in one go."""
        came = Submitted(ack, body, client, await self._guard.people.words(body["user"]["id"]))
        given = Given(answers(body["view"]), self._draw.today(), came.words)
        where = Where.unpack(body["view"]["private_metadata"])

        async def work() -> Answer:
            deed = bulk.deed(given)
            ids = bulk.chosen(await self._office.floods(came.user), given)
            done = await self._office.act_on_all(came.user, ids, deed)
            await tell(client, Spot(came.user, where.channel), bulk.outcome(done, came.words))
            return CLEAR

        await self._answered(came, where, work)

    async def leaving(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Somebody said that they are away."""
        came = Submitted(ack, body, client, await self._guard.people.words(body["user"]["id"]))
        given = Given(answers(body["view"]), self._draw.today(), came.words)
        where = Where.unpack(body["view"]["private_metadata"])

        async def work() -> Answer:
            absence = byhand.absence(came.user, given)
            await self._office.set_absence(came.user, absence)
            await tell(client, Spot(came.user, where.channel), byhand.absence_said(absence, came.words))
            return CLEAR

        await self._answered(came, where, work)

    async def _refilled(self, where: Where, given: dict[str, Any], words: Words) -> View:
        letter, language, ground = _choice(given)
        files = ",".join(given.get(FIELD) or ())
        return await self._draw.composed(replace(where, letter=letter, language=language, ground=ground, files=files), words)

    async def _act(self, came: Submitted, where: Where, deeds: Callable[[], tuple[Deed, ...]]) -> None:
        async def work() -> Answer:
            version = where.version
            for number, deed in enumerate(deeds()):
                if number:
                    version = (await self._office.view(where.case_id)).version
                await self._office.act(Pressed(came.user, where.case_id, version, deed))
            return CLEAR

        await self._answered(came, where, work)

    async def _answered(self, came: Submitted, where: Where, work: Callable[[], Awaitable[Answer]]) -> None:
        """Do the work and answer the window with what came of it; a slow one is answered twice."""
        task = asyncio.ensure_future(self._outcome(came, where, work))
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if done:
            await came.ack(**task.result())
            return
        await came.ack(response_action="update", view=modals.loading(came.title, came.words))
        answer = await task
        await asyncio.sleep(DRAWN)
        at = Spot(came.user, where.channel, where.thread)
        await self._guard.run(came.client, at, where.about, lambda _words: self._late(came, answer))

    async def _late(self, came: Submitted, answer: Answer) -> None:
        if errors := answer.get("errors"):
            made = modals.warned(kept(came.view), " ".join(errors.values()))
        else:
            made = answer.get("view") or modals.note(came.title, came.words("Done."), came.words)
        await came.client.views_update(view_id=came.view["id"], view=made)

    async def _outcome(self, came: Submitted, where: Where, work: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            await self._guard.people.admit(came.user)
            return await work()
        except Exception as error:  # noqa: BLE001 -- one submission must not stop the next; it is logged and said
            sentence = self._guard.sentence(error, where.about, came.words)
            if block := field_block(came.view, error.field if isinstance(error, Refused) else None):
                return {"response_action": "errors", "errors": {block: sentence}}
            return {"response_action": "update", "view": modals.warned(came.view, sentence)}


def archive_of(ref: str) -> str:
    """The name of the archive with what goes to the person of a case."""
    return f"{ref}.zip"


def _choice(given: dict[str, Any]) -> tuple[str, str, str]:
    ground = given.get("ground") if given["letter"] == LetterName.REFUSAL else None
    return str(given["letter"]), str(given["language"]), str(ground or "")
