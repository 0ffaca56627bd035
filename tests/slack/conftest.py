"""The Slack side on a real local Slack, with a house behind it that only remembers."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from bot.demo.localslack import APP_TOKEN, BOT_TOKEN, CHANNEL, STAFF
from bot.slack.app import SlackSide
from bot.slack.carrier import Delivered, Parcel
from handlers.posts import Post
from handlers.views import CaseView
from tests.servers.slack_proxy import SlackProxy
from tests.servers.until import until
from tests.slack.samples import TODAY, FakeOffice

T = TypeVar("T")


class Loop:
    """An event loop in a thread, for tests that are plain functions."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def end(self) -> None:
        """Stop the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


async def nothing() -> None:
    """`handing` of a test that does not look at it."""


@dataclass
class Scene:
    """Slack, our side of it, and the house behind."""

    slack: SlackProxy
    office: FakeOffice
    side: SlackSide
    loop: Loop
    posted: int = 0

    def put(self, content: CaseView | Post, *, thread: str | None = None, ts: str | None = None, channel: str = CHANNEL) -> Delivered:
        """Carry one post."""
        self.posted += 1
        parcel = Parcel(self.posted, channel, content, TODAY, thread, ts)
        return self.loop.do(self.side.carrier.deliver(parcel, nothing))

    def message(self, ts: str, channel: str = CHANNEL) -> dict[str, Any]:
        """A message as it stands."""
        return next(m for m in self.slack.slack.messages(channel) if m["ts"] == ts)

    def press(self, user: str, ts: str, action_id: str) -> None:
        """Somebody presses the button of that id on a message."""
        message = self.message(ts)
        elements = [(b, e) for b in message["blocks"] for e in [*b.get("elements", []), b.get("accessory")] if e]
        block, element = next((b, e) for b, e in elements if e.get("action_id") == action_id)
        action = {"type": "button", "block_id": block.get("block_id", "b"), "action_id": action_id, "value": element["value"]}
        self.slack.slack.press(user, message, action)

    def choose(self, user: str, ts: str, entry: str) -> None:
        """Somebody opens `More` on a card and goes on with one entry of it."""
        self.press(user, ts, "rd:more")
        self.modal("More")
        self.submit(user, entry=entry)

    def private(self) -> list[dict[str, Any]]:
        """What was said to one person only."""
        return [m for m in self.slack.slack.messages() if m.get("subtype") == "ephemeral"]

    def told(self) -> dict[str, Any]:
        """The one private answer, once it is there."""
        return until(self.private)[-1]

    def modal(self, title: str) -> dict[str, Any]:
        """The modal of that title, once it is open and filled."""

        def look() -> dict[str, Any] | None:
            view = self.slack.modal
            ready = view and view["title"]["text"] == title and "⏳" not in str(view["blocks"])
            return view if ready else None

        found = until(look)
        assert found is not None
        return found

    def submit(self, user: str, **given: Any) -> None:
        """Fill in the open modal and submit it: `given` by block name."""
        view = self.slack.modal
        assert view is not None
        values: dict[str, dict[str, Any]] = {}
        for block in view["blocks"]:
            name = str(block.get("block_id", "")).partition(":")[0]
            if block["type"] != "input" or name not in given:
                continue
            element, value = block["element"], given[name]
            if element["type"] == "checkboxes":
                state: dict[str, Any] = {"selected_options": [o for o in element["options"] if o["value"] in value]}
            elif element["type"] == "static_select":
                state = {"selected_option": next(o for o in element["options"] if o["value"] == value)}
            elif element["type"] == "datepicker":
                state = {"selected_date": value}
            else:
                state = {"value": value}
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **state}}
        self.slack.submit(user, values)


@pytest.fixture
def loop() -> Iterator[Loop]:
    """An event loop in a thread."""
    made = Loop()
    yield made
    made.end()


@pytest.fixture
def scene(local_slack: SlackProxy, loop: Loop) -> Iterator[Scene]:
    """Connected, with an empty channel."""
    office = FakeOffice()
    local_slack.desk.people |= {person.id: {"locale": "en-GB"} for person in STAFF}
    side = SlackSide(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url=local_slack.api, office=office)
    loop.do(side.start())
    until(lambda: local_slack.connected)
    yield Scene(local_slack, office, side, loop)
    loop.do(side.stop())
