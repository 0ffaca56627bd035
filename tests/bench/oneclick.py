"""The web side alone, as a process, for the bench of one-click posts: arguments are a database's address and a port."""

import asyncio
import sys

from bot.api import Api
from bot.public import Doorway
from bot.rates import Rates
from bot.web import Public, WebServer
from tests.handlers.room import Room


def main(url: str, port: int) -> None:
    """Serve until terminated."""
    room = Room(url)
    doorway = Doorway(room.store, room.desk, room.unsubscribes, lambda: None)
    public = Public(doorway, Api(room.store, room.desk, doorway, {}, ""), Rates(1_000_000))
    asyncio.run(WebServer(lambda: {"ok": True}, "127.0.0.1", port, public).run())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
