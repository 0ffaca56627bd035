"""The digest counts what happened since the last one, and what still waits for somebody."""

from handlers.deeds import Close
from handlers.reports import Reports
from storage.kinds import Carrier, Outcome, OutgoingKind, OutgoingState
from tests.handlers.room import NOW, Room, later


def test_a_case_that_was_opened_and_closed_the_same_day_counts(room: Room) -> None:
    room.receive(room.arrival())
    room.press(Close(Outcome.FULFILLED))
    found = room.store.run(lambda tx: Reports(room.desk).digest(tx, NOW.date(), later(hours=2)))
    assert (found.open, found.opened, found.closed) == (0, 1, 1)


def test_a_letter_that_failed_is_told_once_and_one_in_doubt_until_it_is_settled(room: Room) -> None:
    """A post that Slack refused is no letter."""
    room.receive(room.arrival())
    (card,) = room.rows(kind=OutgoingKind.CARD)
    room.settle(card, OutgoingState.FAILED)
    (asked,) = room.rows(Carrier.SMTP)
    room.settle(asked, OutgoingState.FAILED)

    def told(days: int) -> tuple[int, int]:
        found = room.store.run(lambda tx: Reports(room.desk).digest(tx, NOW.date(), later(days=days, hours=1)))
        return found.letters_failed, found.letters_in_doubt

    assert told(0) == (1, 0)
    assert told(1) == (0, 0)
    room.store.run(lambda tx: setattr(tx.outgoing.get(asked.id), "state", OutgoingState.UNKNOWN))
    assert told(1) == (0, 1)
