"""What came back was never said; and no clock stands without somebody being reminded of it."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.deeds import Acknowledge, Close, Fulfil, JoinCase, RecordIdentity, RecordTold, Resort, SendLetter, Undo
from handlers.refused import Refused
from handlers.verdict import Evidence, Verdict
from storage.kinds import (
    Carrier,
    Category,
    ClockState,
    DeadlineKind,
    IdentityMethod,
    LetterName,
    Machine,
    OccurrenceKind,
    Outcome,
    OutgoingState,
    Right,
    Status,
)
from tests.handlers.room import ACCESS, Room, later, written

WAITING = replace(ACCESS, confidence=0.5)
DUE = date(2026, 12, 23)


def asked(room: Room, letter: LetterName, **more: object) -> None:
    room.press(SendLetter(letter, "en", "Please.", **more))  # type: ignore[arg-type] -- a test's shorthand


def failed(room: Room) -> None:
    """The letter written last was refused by the far side."""
    room.settle(room.rows(Carrier.SMTP)[-1], OutgoingState.FAILED, now=later(days=1))


def bounced(room: Room) -> None:
    """The letter written last came back as a mail."""
    sent = room.letters()[-1]["message_id"]
    raw = written(sender="MAILER-DAEMON@example.org", name="b", more=f"In-Reply-To: {sent}\r\n", body="No such user.")
    room.receive(room.arrival(Verdict(Category.MACHINE, machine=Machine.BOUNCE, reply_allowed=False), raw=raw), now=later(days=1))


@pytest.mark.parametrize("came_back", [failed, bounced])
@pytest.mark.parametrize("letter", [LetterName.IDENTITY_REQUEST, LetterName.CLARIFICATION])
def test_a_question_that_came_back_stops_no_clock(room: Room, letter: LetterName, came_back) -> None:  # type: ignore[no-untyped-def]
    room.receive(room.arrival(WAITING))
    asked(room, letter)
    assert room.view().dates[0].state is ClockState.PAUSED
    came_back(room)
    view = room.view()
    assert (view.status, view.bounced, view.pausing) == (Status.IN_WORK, True, None)
    assert [(d.state, d.statutory, d.done) for d in view.dates] == [(ClockState.RUNNING, DUE, False)]
    with pytest.raises(Refused, match=r"moved on|left the house"):
        room.press(Undo(view.undo.step))  # type: ignore[union-attr] -- asking was a step


@pytest.mark.parametrize("came_back", [failed, bounced])
def test_an_extension_that_came_back_extends_nothing(room: Room, came_back) -> None:  # type: ignore[no-untyped-def]
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.EXTENSION_NOTICE, reason="Many systems.")
    assert room.view().dates[0].statutory == date(2027, 2, 23)
    came_back(room)
    assert (room.view().dates[0].statutory, room.view().extended) == (DUE, None)


@pytest.mark.parametrize("came_back", [failed, bounced])
@pytest.mark.parametrize("closed", [True, False])
def test_an_answer_that_came_back_leaves_its_date_to_be_met(room: Room, closed: bool, came_back) -> None:  # type: ignore[no-untyped-def]
    """Else nobody would be reminded of a request whose answer lies in nobody's mailbox."""
    room.receive(room.arrival(replace(WAITING, rights=(Right.ACCESS, Right.ERASURE))))
    room.press(Fulfil((Right.ERASURE,)))
    room.press(SendLetter(LetterName.ACCESS_ANSWER, "en", "Here it is."), now=later(minutes=5))
    if closed:
        room.press(Close(Outcome.FULFILLED, reason="Done."), now=later(hours=1))
    came_back(room)
    view = room.view()
    assert view.status is Status.IN_WORK
    assert {d.rights: d.done for d in view.dates} == {(Right.ACCESS,): False, (Right.ERASURE,): True}


def test_an_acknowledgement_that_came_back_leaves_its_date_to_be_met(room: Room) -> None:
    room.receive(room.arrival(Verdict(Category.COMPLAINT, law="UK-GDPR", place="GB", language="en", confidence=0.5)))
    room.press(Acknowledge())
    room.settle(room.rows(Carrier.SMTP)[-1])
    assert [d.done for d in room.view().dates if d.kind is DeadlineKind.ACKNOWLEDGE] == [True]
    bounced(room)
    assert [d.done for d in room.view().dates if d.kind is DeadlineKind.ACKNOWLEDGE] == [False]


def test_a_letter_that_comes_back_takes_none_of_the_earlier_ones_with_it(room: Room) -> None:
    """Its headers, which the bounce carries, name the whole thread."""
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.IDENTITY_REQUEST)
    room.press(RecordIdentity(IdentityMethod.ACCOUNT, shown=True), now=later(days=5))
    room.press(SendLetter(LetterName.REPLY, "en", "We are at it."), now=later(days=6))
    first, second = (x["message_id"] for x in room.letters())
    inside = f"Returned:\r\n\r\nMessage-ID: {second}\r\nReferences: <one@example.org> {first}\r\n"
    raw = written(sender="MAILER-DAEMON@example.org", name="b", body=inside)
    room.receive(room.arrival(Verdict(Category.MACHINE, machine=Machine.BOUNCE, reply_allowed=False), raw=raw), now=later(days=7))
    assert room.view().bounced
    assert room.view().dates[0].statutory == date(2026, 12, 28)


def test_a_question_asked_otherwise_outlives_a_letter_that_came_back(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.REPLY)
    room.press(RecordTold(OccurrenceKind.IDENTITY_ASKED, date(2026, 11, 24), "By phone."), now=later(days=1))
    failed(room)
    assert room.view().status is Status.WAITING_IDENTITY
    assert room.view().dates[0].state is ClockState.PAUSED


def test_a_right_that_another_case_brings_does_not_stand_still_for_an_old_question(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.IDENTITY_REQUEST)
    room.press(Fulfil((Right.ACCESS,)))
    room.receive(room.arrival(replace(WAITING, rights=(Right.ERASURE,)), raw=written(name="two", body="And erase it.")))
    first, second = room.cases()
    room.press(JoinCase(first.ref), case_id=second.id)
    view = room.view(case_id=first.id)
    assert view.status is Status.IN_WORK
    assert [(d.state, d.done) for d in view.dates if d.rights == (Right.ERASURE,)] == [(ClockState.RUNNING, False)]


def test_a_right_added_after_the_answer_does_not_stand_still_for_an_old_question(room: Room) -> None:
    """Neither when staff add it nor when the person writes on."""
    reply = written(name="two", sender="p1@example.org", more="In-Reply-To: <m1@example.org>\r\n", body="Then erase it.")
    more = Verdict(Category.RIGHTS_REQUEST, rights=(Right.ERASURE,), words="Then erase it.", evidence=(Evidence("erasure", "erase"),))
    for number, add in enumerate(
        (
            lambda case: room.press(Resort(Category.RIGHTS_REQUEST, (Right.ACCESS, Right.ERASURE), "EU-GDPR", "DE"), case_id=case),
            lambda _: room.receive(room.arrival(more, raw=reply)),
        )
    ):
        room.receive(room.arrival(WAITING, raw=written(name=f"m{number}", sender=f"p{number}@example.org")))
        case = room.cases()[-1].id
        room.press(SendLetter(LetterName.IDENTITY_REQUEST, "en", "Please."), case_id=case)
        room.press(Fulfil((Right.ACCESS,)), case_id=case)
        add(case)
        view = room.view(case_id=case)
        assert view.status is Status.IN_WORK
        assert {d.rights: (d.state, d.done) for d in view.dates} == {
            (Right.ACCESS,): (ClockState.RUNNING, True),
            (Right.ERASURE,): (ClockState.RUNNING, False),
        }
