"""A room whose controllers have sending systems, with a courier and a clock that the test moves."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.systems.courier import Courier
from bot.systems.system import System
from handlers.desk import Desk, MailingList, SendingSystem
from handlers.heard import Hearing
from handlers.stuck import Stuck
from handlers.unsubscribes import Wish
from storage.models import SystemTold
from tests.handlers.room import DESK, NOW, Room, replace

SYSTEMS = (
    SendingSystem("marketo", "Marketo", ("nproc",), ("all", "news")),
    SendingSystem("salesforce", "Salesforce", ("nproc",)),
)
LISTS = (MailingList("news", "nproc", {"en": "Monthly news", "ja": "月刊ニュース"}),)


def with_systems(*systems: SendingSystem, **rules: object) -> Desk:
    """The desk of the tests, with these systems."""
    return replace(DESK, systems=systems or SYSTEMS, lists=LISTS, rules=replace(DESK.rules, **rules))


class Systems:
    """A room, its courier, and the time."""

    def __init__(self, url: str, systems: Mapping[str, System], desk: Desk) -> None:
        self.room = Room(url, desk)
        self.now = NOW
        self.stuck = Stuck(desk, self.room.dates)
        self.courier = Courier(self.room.store, Hearing(desk, self.stuck), systems, lambda: self.now)
        self._systems = systems
        self._loop = asyncio.new_event_loop()

    def wish(self, address: str, scope: str = "all", by_person: bool = True, confirm: bool = False) -> None:
        """Somebody wants no more mail, now."""
        name = f"test:{address}:{self.now.timestamp()}"
        wish = Wish("nproc", address, "mail", self.now, name, scope=scope, confirm=confirm, by_person=by_person)
        self.room.store.run(lambda tx: self.room.unsubscribes.receive(tx, wish, self.now))

    def turn(self) -> None:
        """Every system has its turn until none has anything to do now."""
        while self.turn_once():
            pass

    def turn_once(self) -> bool:
        """Every system has one turn; whether any did something."""
        turns = [self._loop.run_until_complete(self.courier.once(name)) for name in self._systems]
        return any(turns)

    def close(self) -> None:
        """Let go of everything."""
        for system in self._systems.values():
            self._loop.run_until_complete(system.close())
        self._loop.close()
        self.room.close()

    def later(self, **more: float) -> datetime:
        """Move the clock."""
        self.now += timedelta(**more)
        return self.now

    def told(self, address: str, scope: str = "all") -> dict[str, SystemTold]:
        """How far each system has heard of that address."""

        def look(tx):  # type: ignore[no-untyped-def]
            row = tx.suppressions.find("nproc", tx.hash_address(address), scope)
            return {t.system: t for t in tx.telling.of(row.id)}

        return self.room.store.run(look)
