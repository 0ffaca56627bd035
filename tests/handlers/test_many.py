"""One deed on many cases: each in a transaction of its own, and what is refused stays as it is."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import TypeVar, cast

import pytest

from bot.counter import Counter
from bot.house import House
from handlers.deeds import Close, Take
from handlers.refused import Refused
from storage.kinds import Outcome, Status
from storage.store import Tx
from tests.handlers.room import Room, written

T = TypeVar("T")


class Office(Counter):
    """The office over a room, without an outbox."""

    def __init__(self, room: Room) -> None:
        super().__init__(cast(House, SimpleNamespace(**vars(room))))
        self._room = room

    async def in_transaction(self, work: Callable[[Tx], T]) -> T:
        """In one transaction."""
        return await asyncio.to_thread(self._room.store.run, work)


def test_a_deed_is_done_to_every_case_that_allows_it(room: Room) -> None:
    """The closed one is named with why; the others are taken."""
    for number in range(4):
        sender = f"Person {number} <p{number}@requests.example>"
        room.receive(room.arrival(raw=written(name=f"m{number}", sender=sender, body=f"My data, please. {number}")))
    room.press(Close(Outcome.WITHDRAWN), case_id=2)
    done = asyncio.run(Office(room).act_on_all("U1", (1, 2, 3, 4), Take()))
    assert done.done == ("PR-2026-00001", "PR-2026-00003", "PR-2026-00004")
    ((ref, why),) = done.refused
    assert (ref, why) == ("PR-2026-00002", "This case is closed already, so it can't be taken.")
    assert [c.owner for c in sorted(room.cases(), key=lambda c: c.id)] == ["U1", None, "U1", "U1"]
    assert room.case(2).status is Status.CLOSED


def test_a_stranger_does_nothing_to_many(room: Room) -> None:
    """Before the first case is looked at."""
    room.receive(room.arrival())
    with pytest.raises(Refused, match="Only the people"):
        asyncio.run(Office(room).act_on_all("U404", (1,), Take()))
    assert room.case().owner is None
