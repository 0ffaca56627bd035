"""What people press: once, by those who may, on the case as it now stands."""

from dataclasses import replace

import pytest

from handlers.deeds import Acknowledge, Close, Release, Reopen, Resort, SendLetter, SettleUnknown, Take
from handlers.lifecycle import ALLOWED, LEADS_TO, move
from handlers.posts import LetterFailed, LetterSent, LetterUnknown, Moved
from handlers.refused import Refused
from storage.kinds import Action, Carrier, Category, Ground, LetterName, Machine, Outcome, OutgoingKind, OutgoingState, Right, Status
from tests.handlers.room import ACCESS, NOW, Room, later, written

WAITING = replace(ACCESS, confidence=0.5)
"""A request whose acknowledgement waits for the button."""


def test_taking_a_case_names_its_owner_and_a_second_click_is_refused(room: Room) -> None:
    room.receive(room.arrival())
    version = room.case().version
    room.press(Take())
    assert room.case().owner == "U1"
    with pytest.raises(Refused, match="yours already"):
        room.press(Take(), version=version)
    with pytest.raises(Refused, match="changed since"):
        room.press(Take(), actor="U2", version=version)
    assert room.case().owner == "U1"
    room.press(Release())
    assert room.case().owner is None


def test_a_stranger_may_do_nothing(room: Room) -> None:
    room.receive(room.arrival())
    before = room.history()
    with pytest.raises(Refused, match="Only the people of the privacy desk"):
        room.press(Take(), actor="U404")
    assert room.history() == before


def test_acknowledging_by_button_sends_the_letter_once(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    version = room.case().version
    room.press(Acknowledge())
    with pytest.raises(Refused):
        room.press(Acknowledge(), version=version)
    (letter,) = room.letters()
    assert letter["letter"] == LetterName.ACKNOWLEDGEMENT
    assert letter["auto"] is False
    assert room.case().status is Status.ACKNOWLEDGED


def test_a_reply_carries_exactly_what_staff_wrote(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(SendLetter(LetterName.REPLY, "en", "We hold your name and your address."))
    (letter,) = room.letters()
    assert "We hold your name and your address." in letter["text"]
    assert letter["actor"] == "U1"
    assert letter["references"] == "<one@example.org>"


def test_an_empty_or_endless_reply_is_refused_and_nothing_is_queued(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    for middle in ("  ", "x" * 3001):
        with pytest.raises(Refused):
            room.press(SendLetter(LetterName.REPLY, "en", middle))
    assert room.letters() == []


def test_a_machine_is_never_answered_even_by_button(room: Room) -> None:
    room.receive(room.arrival(replace(ACCESS, machine=Machine.LIST, reply_allowed=False)))
    with pytest.raises(Refused, match="nobody or everybody"):
        room.press(SendLetter(LetterName.REPLY, "en", "Dear list"))


def test_a_refusal_needs_its_ground_and_names_the_remedies(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match="ground"):
        room.press(Close(Outcome.REFUSED))
    with pytest.raises(Refused, match="ground"):
        room.press(SendLetter(LetterName.REFUSAL, "en", "We are sorry."))
    room.press(SendLetter(LetterName.REFUSAL, "en", "We are sorry.", Ground.IDENTITY_NOT_SHOWN))
    assert "supervisory authority" in room.letters()[0]["text"] or "complain" in room.letters()[0]["text"]
    room.press(Close(Outcome.REFUSED, Ground.IDENTITY_NOT_SHOWN))
    assert room.case().ground is Ground.IDENTITY_NOT_SHOWN


def test_closing_ends_the_dates_and_reopening_brings_them_back(room: Room) -> None:
    room.receive(room.arrival())
    room.press(Close(Outcome.FULFILLED, reason="Sent the copy."))
    assert all(d.done for d in room.view().dates)
    assert room.case().status is Status.CLOSED
    with pytest.raises(Refused, match="closed already"):
        room.press(Take())
    room.press(Reopen("One system was forgotten."))
    assert not any(d.done for d in room.view().dates)
    assert [p.action for p in room.posts() if isinstance(p, Moved)] == [Action.CLOSE, Action.REOPEN]


def test_sorting_anew_moves_the_dates_and_is_kept_as_a_correction(room: Room) -> None:
    room.receive(room.arrival(replace(ACCESS, needs_human=True)))
    room.press(Resort(Category.RIGHTS_REQUEST, (Right.ERASURE,), "JP-APPI", "JP"))
    view = room.view()
    assert view.rights == (Right.ERASURE,)
    assert [(d.law, str(d.statutory)) for d in view.dates] == [("JP-APPI", "2026-12-07")]
    assert view.status is Status.NEW
    (kept,) = room.store.run(lambda tx: tx.cases.corrections())
    assert "access" in kept.before
    assert "erasure" in kept.after
    with pytest.raises(Refused, match="which rights"):
        room.press(Resort(Category.RIGHTS_REQUEST, (), None))


def test_sorting_to_unsubscribe_stops_the_mailings_at_once(room: Room) -> None:
    room.receive(room.arrival())
    room.press(Resort(Category.UNSUBSCRIBE, (), None))
    assert room.store.run(lambda tx: tx.suppressions.find("nproc", tx.hash_address("nora@example.org"))) is not None


def test_a_letter_that_left_is_said_in_the_thread_and_acknowledges_the_case(room: Room) -> None:
    room.receive(room.arrival())
    (row,) = room.rows(Carrier.SMTP)
    room.settle(row)
    room.settle(row)
    assert room.case().status is Status.ACKNOWLEDGED
    assert len([p for p in room.posts() if isinstance(p, LetterSent)]) == 1


def test_a_letter_whose_fate_is_unknown_is_asked_about_and_settled_once(room: Room) -> None:
    room.receive(room.arrival())
    (row,) = room.rows(Carrier.SMTP)
    room.settle(row, OutgoingState.UNKNOWN)
    (asked,) = [p for p in room.posts() if isinstance(p, LetterUnknown)]
    room.press(SettleUnknown(asked.outgoing_id, was_sent=False))
    (row,) = room.rows(Carrier.SMTP)
    assert row.state is OutgoingState.QUEUED
    with pytest.raises(Refused, match="already"):
        room.press(SettleUnknown(asked.outgoing_id, was_sent=True))
    room.settle(row)
    assert room.rows(Carrier.SMTP)[0].state is OutgoingState.SENT


def test_a_letter_that_failed_is_said(room: Room) -> None:
    room.receive(room.arrival())
    room.settle(room.rows(Carrier.SMTP)[0], OutgoingState.FAILED)
    assert len([p for p in room.posts() if isinstance(p, LetterFailed)]) == 1


def test_the_first_card_makes_the_thread(room: Room) -> None:
    room.receive(room.arrival())
    room.settle(room.rows(Carrier.SLACK, OutgoingKind.CARD)[0], result="17.5")
    assert (room.case().channel, room.case().thread) == ("C1", "17.5")
    room.press(Take())
    room.settle(room.rows(Carrier.SLACK, OutgoingKind.CARD)[1], result="17.5")
    assert room.case().thread == "17.5"


def test_cards_that_wait_are_collapsed(room: Room) -> None:
    room.receive(room.arrival())
    room.press(Take())
    room.press(Release())
    assert len(room.rows(Carrier.SLACK, OutgoingKind.CARD)) == 1


def test_no_move_leaves_a_closed_case_but_reopening() -> None:
    for action in Action:
        if action in (Action.NOTE, Action.UNDO):
            assert move(Status.CLOSED, action) is Status.CLOSED
        elif action is not Action.REOPEN:
            with pytest.raises(Refused):
                move(Status.CLOSED, action)
    assert set(LEADS_TO) <= {(a, s) for a, statuses in ALLOWED.items() for s in statuses}


def test_the_history_of_a_case_is_chained_and_a_change_breaks_it(room: Room) -> None:
    room.receive(room.arrival())
    room.press(Take())
    assert room.store.run(lambda tx: tx.events.broken(room.case().id and tx.cases.get(room.case().id))) is None

    def forge(tx):  # type: ignore[no-untyped-def]
        tx.events.of(room.case().id)[1].actor = "U2"

    room.store.run(forge)
    assert room.store.run(lambda tx: tx.events.broken(tx.cases.get(room.case().id))) == 2


def test_nothing_that_names_a_person_lies_in_clear(room: Room) -> None:
    """Every text and byte column of every table is searched for the person's address, name and words."""
    from storage.models import Row

    room.receive(room.arrival(raw=written(subject="Zebrafinch matter", body="Kolibri is my secret word.")))
    room.press(Take())
    room.settle(room.rows(Carrier.SMTP)[0], now=later(minutes=1))
    clues = [b"nora", b"quist", b"zebrafinch", b"kolibri"]
    with room.store.engine.begin() as connection:
        for table in Row.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                for value in row:
                    data = value if isinstance(value, bytes) else str(value).encode()
                    assert not any(clue in data.lower() for clue in clues), (table.name, value)
    assert NOW
