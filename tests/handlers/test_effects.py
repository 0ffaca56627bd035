"""What is queued: once under its name, in a lane that holds up nobody else."""

import threading
from dataclasses import replace

from handlers import effects
from handlers.posts import PrivateNote
from storage.kinds import Carrier, Fate, OutgoingKind
from tests.handlers.room import DESK, NOW, STOP, Room, later, written


def test_two_mails_of_one_person_at_once_are_both_taken_and_one_is_answered(postgres_url: str) -> None:
    """Two mailboxes are read by two processes: the second waits for the first, and its mail is not held for broken."""
    room = Room(postgres_url)
    request, stop = room.arrival(raw=written(name="a")), room.arrival(STOP, written(name="b"), mailbox="shared")
    fates: list[Fate] = []
    other = threading.Thread(target=lambda: fates.append(room.receive(stop).fate))
    with room.store.transaction() as tx:
        room.incoming.receive(tx, request, NOW)
        other.start()
        other.join(0.5)
        assert fates == []
    other.join(10)
    assert fates == [Fate.UNSUBSCRIBED]
    assert len(room.letters()) == 1
    room.close()


def test_a_company_may_have_a_long_id(store_url: str) -> None:
    """The name of a letter holds it; the lane has less room than that."""
    name = "a-company-with-forty-letters-in-its-name"
    company = replace(DESK.controllers[0], id=name)
    desk = replace(DESK, controllers=(company,), mailboxes=(replace(DESK.mailboxes[0], controllers=(name,)),))
    room = Room(store_url, desk)
    assert room.receive(room.arrival(STOP)).fate is Fate.UNSUBSCRIBED
    assert [letter["to"] for letter in room.letters()] == ["nora@example.org"]
    room.close()


def test_a_case_that_was_never_announced_gets_its_card_before_anything_is_said_of_it(room: Room) -> None:
    """It came with an archive, and its person writes on: what is said lands in a thread, not in the channel."""
    room.receive(replace(room.arrival(), quiet=True))
    room.receive(room.arrival(raw=written(name="two", body="And?", more="In-Reply-To: <one@example.org>\r\n")), later(hours=1))
    assert [r.kind for r in room.rows(Carrier.SLACK)] == [OutgoingKind.CARD, OutgoingKind.POST]


def test_a_notice_that_cannot_go_holds_up_no_other(room: Room) -> None:
    for name in ("one", "two"):
        room.store.run(lambda tx, name=name: effects.notice(tx, PrivateNote("U1", "Good day"), name, NOW))  # type: ignore[misc]  # a default binds the loop's value
    one, two = room.rows(Carrier.SLACK, OutgoingKind.NOTICE)
    assert one.lane != two.lane
