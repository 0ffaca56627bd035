"""Trouble with one road is told by the other, once a day, and not at all when it mends itself."""

from datetime import timedelta

from handlers.alarms import AFTER
from handlers.deeds import SendLetter
from handlers.posts import Alarm, PrivateNote
from storage.kinds import Carrier, LetterName, OutgoingKind, OutgoingState
from storage.models import Outgoing
from storage.store import Tx
from tests.handlers.room import NOW, Room, later, written


def tried(room: Room, carrier: Carrier, error: str) -> None:
    """The carrier's rows were tried in vain."""

    def work(tx: Tx) -> None:
        for row in tx.outgoing.in_state(OutgoingState.QUEUED):
            if row.carrier is carrier:
                row.attempts, row.error = 3, error

    room.store.run(work)


def alarms(room: Room) -> list[Alarm]:
    """What was posted of mail."""
    return [p for p in room.posts(OutgoingKind.NOTICE) if isinstance(p, Alarm)]


def letters(room: Room) -> list[dict[str, str]]:
    """What was mailed of Slack."""
    return [one for one in room.letters() if one["letter"] == LetterName.ALARM]


def test_an_alarm_about_slack_goes_by_mail_to_managers_once_a_day(room: Room) -> None:
    """With what Slack said last; not before it has lasted."""
    room.receive(room.arrival())
    tried(room, Carrier.SLACK, "Slack cannot be reached")
    room.tick(NOW + AFTER - timedelta(minutes=1))
    assert letters(room) == []
    for minutes in (0, 1, 60):
        room.tick(NOW + AFTER + timedelta(minutes=minutes))
    (letter,) = letters(room)
    assert letter["to"] == "mio@example.com"
    assert "Slack cannot be reached" in letter["text"]
    room.tick(later(days=1, hours=1))
    assert len(letters(room)) == 2
    assert alarms(room) == []


def test_an_alarm_about_letters_is_posted_to_slack(room: Room) -> None:
    """With how many wait; managers are named."""
    room.receive(room.arrival())
    room.press(SendLetter(LetterName.REPLY, "en", "We are on it."))
    tried(room, Carrier.SMTP, "The server refuses the login.")
    for _ in range(2):
        room.tick(NOW + AFTER)
    (said,) = alarms(room)
    assert (said.what, said.problem, said.waiting, said.managers) == ("SMTP", "The server refuses the login.", 2, ("U9",))


def test_an_alarm_about_a_mailbox_is_posted_to_slack_until_it_is_read_again(room: Room) -> None:
    """Day by day."""
    room.store.run(lambda tx: tx.mails.health("nproc", "failing", "The login was refused.", NOW))
    room.tick(later(minutes=29))
    assert alarms(room) == []
    room.tick(later(minutes=31))
    room.tick(later(minutes=32))
    (said,) = alarms(room)
    assert (said.what, said.since, said.problem) == ("nproc", NOW, "The login was refused.")
    room.store.run(lambda tx: tx.mails.health("nproc", "connected", "", later(hours=1)))
    room.tick(later(days=1))
    assert len(alarms(room)) == 1


def test_what_nobody_has_tried_yet_is_no_trouble(room: Room) -> None:
    """A queue that waits its turn."""
    room.receive(room.arrival())
    room.tick(later(hours=2))
    waiting: list[Outgoing] = room.rows(Carrier.SLACK)
    assert waiting
    assert alarms(room) == []
    assert letters(room) == []


def test_managers_hear_once_a_day_that_strangers_can_read_the_channel(room: Room) -> None:
    """Privately, and each of them."""
    for hours in (0, 1, 24):
        room.store.run(lambda tx, hours=hours: room.ticks.warn_of_channel(tx, ("public",), later(hours=hours)))
    notes = [p for p in room.posts(OutgoingKind.NOTICE) if isinstance(p, PrivateNote)]
    assert [(p.user, "is public" in p.sentence) for p in notes] == [("U9", True)] * 2


def test_a_road_that_takes_something_is_open(room: Room) -> None:
    """A flood waits its turn at a post a second: nobody is alarmed while posts go out."""
    room.receive(room.arrival())
    room.receive(room.arrival(raw=written(name="two", sender="Mark <mark@other.example>")))
    first, *_ = room.rows(Carrier.SLACK)
    tried(room, Carrier.SLACK, "Slack answers ratelimited")
    room.settle(first, now=later(minutes=20))
    assert len(room.rows(Carrier.SLACK)) > 1
    room.tick(later(minutes=31))
    assert letters(room) == []
    room.tick(later(minutes=60))
    assert len(letters(room)) == 1
