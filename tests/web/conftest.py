"""The web side on a real port, before a room's handlers."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn

from bot.api import Api, Client
from bot.demo.ports import free_port
from bot.public import Doorway
from bot.rates import Rates
from bot.web import Public, application
from handlers.desk import MailingList
from tests.handlers.room import DESK, Room, replace
from tests.servers.until import until

SITE_TOKEN = "site-token-of-24-characters"
CHECKER_TOKEN = "checker-token-of-24-chars"


class Served:
    """The web side at `url`; `room` is what lies behind it."""

    def __init__(self, store_url: str, per_minute: int = 100_000) -> None:
        lists = (MailingList("news", "nproc", {"en": "Monthly news", "ja": "月刊ニュース"}),)
        self.room = Room(store_url, replace(DESK, lists=lists))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        doorway = Doorway(self.room.store, self.room.desk, self.room.unsubscribes, lambda: None)
        clients = {
            SITE_TOKEN: Client("site", ("nproc",), ("check", "links", "unsubscribe", "resubscribe")),
            CHECKER_TOKEN: Client("checker", ("primenumber",), ("check",)),
        }
        api = Api(self.room.store, self.room.desk, doorway, clients, self.url)
        self.public = Public(doorway, api, Rates(per_minute))
        web = application(lambda: {"ok": True}, self.public)
        config = uvicorn.Config(web, port=port, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started, 20)

    def end(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(10)
        self.room.close()


@pytest.fixture
def served(store_url: str) -> Iterator[Served]:
    """On each database."""
    made = Served(store_url)
    yield made
    made.end()
