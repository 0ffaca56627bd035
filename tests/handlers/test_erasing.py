"""What is erased here is erased in Slack too."""

from dataclasses import replace

from handlers.deeds import Close, MarkUrgent
from handlers.purging import Purging
from storage.kinds import Carrier, EventKind, Outcome, OutgoingKind, OutgoingState
from storage.models import Case
from tests.handlers.room import DESK, NOW, Room, later, written


def posted(room: Room) -> Case:
    """A case whose card and post stand in Slack, closed."""
    room.receive(room.arrival())
    room.press(Close(Outcome.FULFILLED, reason="Nora is content."))
    for number, row in enumerate(r for r in room.rows(Carrier.SLACK) if r.case_id is not None):
        room.settle(row, result=f"1.{number}")
    return room.case()


def removed(room: Room) -> set[str]:
    """The posts that are to be taken out of Slack."""
    payload = room.store.run
    return {payload(lambda tx, row=row: tx.outgoing.payload(row))["ts"] for row in room.rows(Carrier.SLACK, OutgoingKind.REMOVAL)}


def test_the_end_of_retention_takes_our_posts_out_of_the_thread_and_the_card_says_so(room: Room) -> None:
    """What key sealed them is gone; the card is drawn anew from what is left."""
    case = posted(room)
    stood = {r.result for r in room.rows(Carrier.SLACK, OutgoingKind.POST) if r.case_id == case.id}
    assert stood
    room.tick(later(days=1097))
    assert removed(room) == stood
    assert room.view().erased
    (card,) = (r for r in room.rows(Carrier.SLACK, OutgoingKind.CARD) if r.state is OutgoingState.QUEUED)
    assert room.store.run(lambda tx: tx.outgoing.payload(card)) == {}


def test_a_desk_may_keep_its_posts_when_retention_is_over_but_not_of_who_was_erased(store_url: str) -> None:
    """A setting for the one, never for the other."""
    room = Room(store_url, replace(DESK, rules=replace(DESK.rules, keep_posts=True)))
    posted(room)
    room.receive(room.arrival(raw=written(name="two", sender="Mark <mark@other.example>")))
    room.press(MarkUrgent(reason="A lawyer."), case_id=2)
    mine = [r for r in room.rows(Carrier.SLACK) if r.case_id == 2 and r.state is OutgoingState.QUEUED]
    for number, row in enumerate(mine):
        room.settle(row, result=f"2.{number}")
    room.tick(later(days=1097))
    assert room.case(1).erased is not None
    assert removed(room) == set()
    room.store.run(lambda tx: Purging(keep_posts=True).purge(tx, 2, "U1", EventKind.ERASED, NOW))
    assert removed(room) == {f"2.{n}" for n, row in enumerate(mine) if row.kind is OutgoingKind.POST}
    assert removed(room)
    room.close()


def test_a_post_that_arrives_while_its_case_is_erased_is_taken_out_again(room: Room) -> None:
    """It was on its way when the key was destroyed."""
    room.receive(room.arrival())
    for row in room.rows(Carrier.SLACK):
        room.settle(row)
    room.press(Close(Outcome.FULFILLED, reason="Nora is content."))
    (late,) = (r for r in room.rows(Carrier.SLACK, OutgoingKind.POST) if r.state is OutgoingState.QUEUED)
    room.store.run(lambda tx: Purging().purge(tx, room.case().id, "U1", EventKind.ERASED, NOW))
    assert removed(room) == set()
    room.settle(late, result="9.9")
    assert removed(room) == {"9.9"}
