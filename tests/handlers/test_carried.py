"""What the carriers report becomes history."""

from storage.kinds import Carrier, EventKind, Status
from tests.handlers.room import Room


def test_an_acknowledgement_that_left_moves_the_case_with_an_event(room: Room) -> None:
    room.receive(room.arrival())
    (letter,) = room.rows(Carrier.SMTP)
    room.settle(letter)
    assert room.case().status is Status.ACKNOWLEDGED
    assert room.history()[-2:] == [EventKind.STATUS_CHANGED, EventKind.LETTER_SENT]
