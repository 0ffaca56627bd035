"""The outbox goes on whatever one row does, and a row is in one pair of hands at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.outbox import Outbox
from bot.slack.carrier import Delivered, Parcel, SlackCarrier
from bot.smtp import Post, QueuedLetter
from handlers import effects
from handlers.carried import Settling
from handlers.caseview import CaseViews
from handlers.desk import Desk
from handlers.posts import PrivateNote
from storage.kinds import Carrier, OutgoingState
from storage.models import Outgoing
from tests.handlers.room import DESK, Room

Handing = Callable[[], Awaitable[None]]


class Slack:
    """Takes every post."""

    def __init__(self) -> None:
        self.posted: list[Parcel] = []

    async def deliver(self, parcel: Parcel, handing: Handing) -> Delivered:
        await handing()
        self.posted.append(parcel)
        return Delivered(parcel.channel, f"{len(self.posted)}.0")


class Mail:
    """Takes every letter; `before` happens when the server has agreed to it and it is about to go."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.before: Callable[[], Any] = lambda: None

    async def deliver(self, letter: QueuedLetter, handing: Handing) -> None:
        self.before()
        await handing()
        self.sent.append(letter.to)


@pytest.fixture
def room(store_url: str) -> Iterator[Room]:
    """The handlers on a fresh database."""
    made = Room(store_url)
    yield made
    made.close()


def outbox(room: Room, slack: Slack, mail: Mail, desk: Desk = DESK) -> Outbox:
    """An outbox with these carriers."""
    return Outbox(
        room.store, Settling(desk, room.dates), CaseViews(desk, room.dates.clocks), cast("SlackCarrier", slack), cast("Post", mail)
    )


def carry(box: Outbox, until: Callable[[], bool], seconds: float = 10) -> None:
    """Let the outbox run until that holds; what it raises is raised."""

    async def main() -> None:
        task = asyncio.create_task(box.run(alone=True))
        end = asyncio.get_running_loop().time() + seconds
        while not until() and not task.done() and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.01)
        failed = task.done()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert not failed, "the outbox ended"
        assert until(), "it did not come to that"

    asyncio.run(main())


def arrives(room: Room) -> None:
    """A request comes now: its card and its acknowledgement are queued."""
    now = datetime.now(UTC)
    room.receive(room.arrival(arrived=now), now)


def state(room: Room, row: Outgoing) -> Outgoing:
    """The row as it now stands."""
    found = room.store.run(lambda tx: tx.outgoing.get(row.id))
    assert found is not None
    return found


def claim(room: Room, carrier: Carrier, *, ends: timedelta) -> Outgoing:
    """Another process takes the first row, with a lease that ends so much from now."""
    (row,) = room.store.run(lambda tx: tx.outgoing.claim(carrier, "other:1", datetime.now(UTC), lease=ends, limit=1))
    return row


def test_a_row_that_cannot_be_opened_stops_no_other(room: Room) -> None:
    """The company of the first case is no longer in the settings: its card waits, the notice goes."""
    arrives(room)
    room.store.run(lambda tx: effects.notice(tx, PrivateNote("U1", "Good day"), "one", datetime.now(UTC)))
    slack, alone = Slack(), replace(DESK, controllers=DESK.controllers[1:])

    def card_of() -> Any:
        (card,) = [r for r in room.rows(Carrier.SLACK) if r.case_id is not None]
        return card

    carry(outbox(room, slack, Mail(), alone), lambda: bool(slack.posted) and card_of().state is not OutgoingState.CLAIMED)
    card = card_of()
    assert (card.state, card.error) == (OutgoingState.QUEUED, "KeyError")


def test_a_row_that_cannot_be_recovered_stops_no_other(room: Room) -> None:
    """A letter of that company was in a dead process's hands; the outbox starts all the same."""
    arrives(room)
    letter = claim(room, Carrier.SMTP, ends=timedelta(minutes=-1))
    room.store.run(lambda tx: setattr(tx.outgoing.get(letter.id), "state", OutgoingState.HANDING))
    room.store.run(lambda tx: effects.notice(tx, PrivateNote("U1", "Good day"), "one", datetime.now(UTC)))
    slack = Slack()
    carry(outbox(room, slack, Mail(), replace(DESK, controllers=DESK.controllers[1:])), lambda: bool(slack.posted))
    assert state(room, letter).state is OutgoingState.HANDING


def test_a_letter_whose_lease_ran_out_belongs_to_who_has_it_now(room: Room) -> None:
    """We were asleep; another process took the letter over: we neither send it nor take it out of the other's hands."""
    arrives(room)
    (letter,) = room.rows(Carrier.SMTP)

    def stolen() -> None:
        def work(tx: Any) -> None:
            row = tx.outgoing.get(letter.id)
            row.state, row.due = OutgoingState.QUEUED, datetime.now(UTC)
            tx.session.flush()
            (again,) = tx.outgoing.claim(Carrier.SMTP, "other:1", datetime.now(UTC), lease=timedelta(minutes=30), limit=1)
            assert again.id == letter.id

        room.store.run(work)
        taken.append(letter.id)

    taken: list[int] = []
    mail = Mail()
    mail.before = stolen
    carry(outbox(room, Slack(), mail), lambda: bool(taken))
    now = state(room, letter)
    assert mail.sent == []
    assert (now.state, now.lease_by) == (OutgoingState.CLAIMED, "other:1")


def test_what_a_dead_process_held_goes_again_or_is_asked_about(room: Room) -> None:
    """A card that was not handed over is posted; a letter that may have left is never sent again by itself."""
    arrives(room)
    claim(room, Carrier.SLACK, ends=timedelta(minutes=10))
    letter = claim(room, Carrier.SMTP, ends=timedelta(minutes=30))
    room.store.run(lambda tx: setattr(tx.outgoing.get(letter.id), "state", OutgoingState.HANDING))
    slack, mail = Slack(), Mail()
    carry(outbox(room, slack, mail), lambda: len(slack.posted) >= 2)
    assert state(room, letter).state is OutgoingState.UNKNOWN
    assert mail.sent == []
