"""Files of a case's thread: which are offered, how their bytes are fetched, and which are not sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.ports import LOOPBACK, free_port
from bot.slack import sharedfiles
from bot.slack.sharedfiles import SharedFiles
from handlers.enclosures import MOST, Enclosure, Promised, promise
from handlers.refused import Refused
from tests.slack.conftest import Loop

CSV = b"name;mail\nAda;ada@example.org\n"


@dataclass
class Shelf:
    """A Slack that has files: what it says of each, what it hands out, and what it was asked with."""

    base_url: str
    token: str = "xoxb-test"
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    replies: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    keys: list[str] = field(default_factory=list)
    status: int = 200

    async def files_info(self, *, file: str) -> dict[str, Any]:
        """What Slack says of a file."""
        if self.error or file not in self.files:
            raise SlackApiError("", {"ok": False, "error": self.error or "file_not_found"})
        return {"file": self.files[file]}

    async def conversations_replies(self, *, channel: str, ts: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """One reply a page."""
        if self.error:
            raise SlackApiError("", {"ok": False, "error": self.error})
        assert (channel, ts) == ("C1", "1.2")
        assert limit > 0
        at = int(cursor or 0)
        more = str(at + 1) if at + 1 < len(self.replies) else ""
        return {"messages": self.replies[at : at + 1], "response_metadata": {"next_cursor": more}}

    async def hand_out(self, request: web.Request) -> web.Response:
        """A file, to who shows our token."""
        self.keys.append(request.headers.get("Authorization", ""))
        return web.Response(status=self.status, body=CSV if request.path.endswith("data.csv") else b"x" * (MOST + 100_000))

    def put(self, id_: str, name: str = "data.csv", **more: Any) -> dict[str, Any]:
        """A file is there."""
        url = self.base_url.replace("/api/", f"/{name}")
        told = {"id": id_, "name": name, "mimetype": "text/csv", "size": len(CSV), "url_private_download": url, **more}
        self.files[id_] = told
        return told


@pytest.fixture
def shelf(loop: Loop) -> Iterator[Shelf]:
    """Listening on this machine."""
    port = free_port()
    made = Shelf(f"http://{LOOPBACK}:{port}/api/")
    app = web.Application()
    app.router.add_get("/{name}", made.hand_out)
    runner = web.AppRunner(app)

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, port).start()

    loop.do(start())
    yield made
    loop.do(runner.cleanup())


def read(shelf: Shelf) -> SharedFiles:
    """The reader of that Slack."""
    return SharedFiles(cast(AsyncWebClient, shelf))


def refused(loop: Loop, shelf: Shelf, id_: str = "F1") -> str:
    """Why that file is not taken."""
    with pytest.raises(Refused) as why:
        loop.do(read(shelf).fetch((id_,)))
    assert why.value.field == "attachments"
    return why.value.sentence


def test_the_newest_files_of_a_thread_are_offered(loop: Loop, shelf: Shelf) -> None:
    """Every page is read; what was deleted or is only a link is passed over; a file shared twice is one."""
    told = [shelf.put(f"F{n}", f"{n}.csv") for n in range(12)]
    shelf.replies = [
        {"files": told[:11]},
        {"text": "no file"},
        {"files": [{"id": "F98", "mode": "tombstone"}, {"id": "F99", "name": "sheet", "is_external": True}, told[11], told[3]]},
    ]
    offered = loop.do(read(shelf).in_thread("C1", "1.2"))
    assert [one.id for one in offered] == [f"F{n}" for n in range(2, 12)]
    assert offered[0] == Promised("F2", "2.csv", len(CSV))


def test_a_letter_can_be_written_where_slack_says_nothing_of_files(loop: Loop, shelf: Shelf) -> None:
    """Nor where the case has no thread yet."""
    shelf.error = "fatal_error"
    assert loop.do(read(shelf).in_thread("C1", "1.2")) == ()
    assert loop.do(read(shelf).in_thread(None, None)) == ()


def test_a_file_is_fetched_with_our_token(loop: Loop, shelf: Shelf) -> None:
    """Its bytes as they are."""
    shelf.put("F1")
    assert loop.do(read(shelf).fetch(("F1",))) == (Enclosure("data.csv", "text/csv", CSV),)
    assert shelf.keys == ["Bearer xoxb-test"]


@pytest.mark.parametrize("url", ["https://evil.example/data.csv", "http://files.slack.com/x", "https://slack.com.evil.example/x", ""])
def test_our_token_goes_to_slack_alone(loop: Loop, shelf: Shelf, url: str) -> None:
    """Whatever the answer says where the file lies."""
    shelf.put("F1", url_private_download=url, url_private=url)
    assert refused(loop, shelf) == sharedfiles.GONE
    assert shelf.keys == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [("file_not_found", sharedfiles.GONE), ("missing_scope", sharedfiles.SCOPE), ("fatal_error", sharedfiles.FAR)],
)
def test_a_file_that_cannot_be_had_is_said(loop: Loop, shelf: Shelf, error: str, sentence: str) -> None:
    """With what to do."""
    shelf.put("F1")
    shelf.error = error
    assert refused(loop, shelf) == sentence


def test_a_login_page_is_no_file(loop: Loop, shelf: Shelf) -> None:
    """Slack sends whoever may not read files to one."""
    shelf.put("F1")
    shelf.status = 302
    assert refused(loop, shelf) == sharedfiles.SCOPE


def test_a_link_to_another_place_is_no_file(loop: Loop, shelf: Shelf) -> None:
    """A document in a cloud, say: the person could not open it."""
    shelf.put("F1", is_external=True)
    assert refused(loop, shelf) == sharedfiles.LINK


def test_a_file_that_grew_is_refused_by_its_size(loop: Loop, shelf: Shelf) -> None:
    """Whatever was said of it before."""
    shelf.put("F1", "big.csv")
    assert "25 MB is the most" in refused(loop, shelf)


def test_what_is_known_before_is_refused_before() -> None:
    """By the name of a program, and by size."""
    with pytest.raises(Refused, match="Programs are not sent"):
        promise([Promised("F1", "setup.exe", 10)])
    with pytest.raises(Refused, match="25 MB is the most"):
        promise([Promised("F1", "a.csv", MOST // 2), Promised("F2", "b.csv", MOST // 2)])
    promise([Promised("F1", "a.csv", 10)])
