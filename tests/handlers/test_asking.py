"""What is asked of a person: only where the law allows it, and every date replayed from what happened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.deeds import (
    Close,
    CorrectReceipt,
    Deed,
    Fulfil,
    Pause,
    RecordClarification,
    RecordIdentity,
    RecordPayment,
    RecordTold,
    Reopen,
    Resort,
    Resume,
    SendLetter,
    Undo,
)
from handlers.refused import Refused
from handlers.verdict import Verdict
from storage.kinds import Action, Category, ClockState, IdentityMethod, LetterName, OccurrenceKind, Outcome, Right, Status
from tests.handlers.desks import with_places
from tests.handlers.room import ACCESS, Room, later, written

WAITING = replace(ACCESS, confidence=0.5)
JAPANESE = Verdict(
    Category.RIGHTS_REQUEST, rights=(Right.ACCESS,), law="JP-APPI", place="JP", language="ja", confidence=0.5, words="開示してください。"
)


@pytest.fixture
def desk(store_url: str) -> Iterator[Room]:
    """A desk that knows places and fees."""
    made = Room(store_url, with_places())
    yield made
    made.close()


def asked(room: Room, letter: LetterName, **more: object) -> None:
    room.press(SendLetter(letter, "en", "Please.", **more))  # type: ignore[arg-type] -- a test's shorthand


def test_asking_identity_sends_the_letter_and_stops_the_clock_until_it_is_shown(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.IDENTITY_REQUEST)
    view = room.view()
    assert view.status is Status.WAITING_IDENTITY
    assert [d.state for d in view.dates] == [ClockState.PAUSED]
    assert view.next_date is None
    assert view.pausing is not None
    assert view.pausing.stands
    room.press(RecordIdentity(IdentityMethod.ACCOUNT, shown=True), now=later(days=5))
    view = room.view()
    assert view.status is Status.IN_WORK
    assert view.dates[0].statutory == date(2026, 12, 28)
    assert view.identity is not None
    assert (view.identity.method, view.identity.shown) == (IdentityMethod.ACCOUNT, True)


def test_identity_that_was_not_shown_leaves_the_case_waiting(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.IDENTITY_REQUEST)
    room.press(RecordIdentity(IdentityMethod.QUESTIONS, shown=False))
    assert room.view().status is Status.WAITING_IDENTITY
    assert room.view().dates[0].state is ClockState.PAUSED


def test_a_document_must_be_deleted_before_its_check_is_recorded(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match="Delete the copy"):
        room.press(RecordIdentity(IdentityMethod.DOCUMENT, shown=True))
    room.press(RecordIdentity(IdentityMethod.DOCUMENT, shown=True, document_deleted=True))


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (Verdict(Category.COMPLAINT, law="EU-GDPR", place="DE", confidence=0.5), "complaint"),
        (replace(WAITING, rights=(Right.OBJECTION,)), "objection"),
        (replace(WAITING, rights=(Right.WITHDRAW_CONSENT,)), "withdrawn"),
        (replace(WAITING, rights=(Right.INFORMATION,)), "without identity"),
        (replace(WAITING, rights=(Right.OPT_OUT_SALE,), law="US-CA-CCPA", place="US-CA"), "identity"),
        (Verdict(Category.INQUIRY, privacy=True, law="EU-GDPR", place="DE", confidence=0.9), "without identity"),
    ],
)
def test_identity_is_refused_where_the_law_does_not_let_us_ask(room: Room, verdict: Verdict, why: str) -> None:
    """Item 5 of the clock's rules: the desk refuses, says why, and nothing is queued."""
    room.receive(room.arrival(verdict))
    before = len(room.letters())
    with pytest.raises(Refused, match=why):
        asked(room, LetterName.IDENTITY_REQUEST)
    assert len(room.letters()) == before
    assert dict(room.view().barred)[Action.ASK_IDENTITY]


def test_the_fee_is_asked_only_for_a_disclosure_of_that_company_under_japanese_law(desk: Room) -> None:
    desk.receive(desk.arrival(JAPANESE, raw=written(to="secretary@primenumber.co.jp"), mailbox="shared"))
    assert desk.view().fee_yen == 1100
    asked(desk, LetterName.FEE_NOTICE, reason="By bank transfer.")
    assert desk.view().status is Status.WAITING_FEE
    assert "1,100" in desk.letters()[-1]["text"]
    desk.press(RecordPayment(yen=1100), now=later(days=2))
    assert desk.view().status is Status.IN_WORK
    assert desk.view().fee_paid is not None


@pytest.mark.parametrize(
    ("verdict", "to", "mailbox"),
    [
        (JAPANESE, "nproc-support@ghs.tokyo", "nproc"),
        (replace(JAPANESE, rights=(Right.ERASURE,)), "secretary@primenumber.co.jp", "shared"),
        (WAITING, "secretary@primenumber.co.jp", "shared"),
        (replace(JAPANESE, law=None), "secretary@primenumber.co.jp", "shared"),
    ],
)
def test_the_fee_is_refused_everywhere_else(desk: Room, verdict: Verdict, to: str, mailbox: str) -> None:
    desk.receive(desk.arrival(verdict, raw=written(to=to), mailbox=mailbox))
    with pytest.raises(Refused, match="No fee"):
        asked(desk, LetterName.FEE_NOTICE)
    assert Action.ASK_FEE not in desk.view().allowed


def test_an_extension_moves_the_date_once_and_its_letter_says_the_new_one(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    assert room.view().extension_notice_by == date(2026, 12, 23)
    asked(room, LetterName.EXTENSION_NOTICE, reason="Many systems are concerned.")
    view = room.view()
    assert view.dates[0].statutory == date(2027, 2, 23)
    assert view.extended == date(2026, 11, 23)
    assert "23 February 2027" in room.letters()[-1]["text"]
    with pytest.raises(Refused, match="extended"):
        asked(room, LetterName.EXTENSION_NOTICE, reason="Once more.")


def test_an_extension_without_its_reason_is_refused(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match="reason"):
        asked(room, LetterName.EXTENSION_NOTICE)


def test_an_extension_after_its_notice_date_is_refused_with_the_reason(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match=r"too late.*23 Dec 2026"):
        room.press(SendLetter(LetterName.EXTENSION_NOTICE, "en", "Please.", reason="Late."), now=later(days=31))
    assert room.letters() == []
    assert room.view(later(days=31)).extension_notice_by is None


def test_an_extension_needs_the_law_decided(room: Room) -> None:
    room.receive(room.arrival(replace(WAITING, law=None)))
    with pytest.raises(Refused, match="which law"):
        asked(room, LetterName.EXTENSION_NOTICE, reason="Many systems.")


def test_a_step_by_phone_is_recorded_with_its_day(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(RecordTold(OccurrenceKind.CLARIFICATION_ASKED, date(2026, 11, 25), "Called them."), now=later(days=3))
    assert room.view().status is Status.WAITING_CLARIFICATION
    room.press(RecordClarification(date(2026, 11, 26)), now=later(days=3))
    assert room.view().status is Status.IN_WORK


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (RecordTold(OccurrenceKind.IDENTITY_ASKED, date(2026, 11, 20), "Phone."), "before the receipt"),
        (RecordTold(OccurrenceKind.IDENTITY_ASKED, date(2027, 11, 20), "Phone."), "not come yet"),
        (RecordTold(OccurrenceKind.IDENTITY_ASKED, date(2026, 11, 23), " "), "how it was told"),
        (RecordTold(OccurrenceKind.FEE_PAID, date(2026, 11, 23), "Phone."), "question of ours"),
        (RecordPayment(), "No fee was asked"),
        (Pause(" "), "what we wait for"),
        (Resume(), "can't be resumed"),
    ],
)
def test_what_cannot_have_happened_is_refused(room: Room, deed: Deed, why: str) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match=why):
        room.press(deed)


def test_a_second_question_waits_until_the_first_is_answered(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.IDENTITY_REQUEST)
    with pytest.raises(Refused, match="waiting identity"):
        asked(room, LetterName.CLARIFICATION)


def test_resuming_drops_an_open_question_as_if_never_asked(room: Room) -> None:
    """The cautious reading: no date rests on an answer that never came."""
    room.receive(room.arrival(WAITING))
    before = room.view().dates[0].statutory
    asked(room, LetterName.IDENTITY_REQUEST)
    room.press(Resume("We know the address."), now=later(days=4))
    assert room.view().dates[0].statutory == before
    assert room.view().status is Status.IN_WORK


def test_a_pause_without_a_question_stops_no_clock_and_a_mail_ends_it(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    before = room.view().dates[0].statutory
    room.press(Pause("They will send the order number."))
    assert room.view().dates[0].statutory == before
    assert room.view().pausing is not None
    assert not room.view().pausing.stands  # type: ignore[union-attr] -- asserted above
    reply = written(name="two", more="In-Reply-To: <one@example.org>\r\n", body="Here it is: 77.")
    room.receive(room.arrival(Verdict(Category.OTHER, language="en", words="Here it is: 77."), raw=reply))
    assert room.view().status is Status.IN_WORK
    assert room.view().unread


def test_a_corrected_receipt_moves_every_date_and_undoing_restores_them(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    before = room.view().dates
    room.press(CorrectReceipt(date(2026, 11, 20), "The reception had it since Friday."))
    assert room.view().dates[0].statutory == date(2026, 12, 21)
    step = room.view().undo
    assert step is not None
    room.press(Undo(step.step))
    assert room.view().dates == before
    with pytest.raises(Refused, match="not come yet"):
        room.press(CorrectReceipt(datetime(2027, 1, 1, tzinfo=UTC), "Typing error."))


def test_an_earlier_receipt_may_leave_an_extension_too_late_and_the_trace_says_so(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.EXTENSION_NOTICE, reason="Many systems.")
    room.press(CorrectReceipt(date(2026, 10, 1), "It lay at the reception."))
    view = room.view()
    assert view.dates[0].statutory == date(2026, 11, 2)
    assert any("Not counted" in s.en for s in view.dates[0].trace)


def test_another_law_recomputes_with_all_that_happened(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    asked(room, LetterName.IDENTITY_REQUEST)
    room.press(RecordIdentity(IdentityMethod.ACCOUNT, shown=True), now=later(days=3))
    room.press(Resort(Category.RIGHTS_REQUEST, (Right.ACCESS,), "UK-GDPR", "GB"), now=later(days=3))
    (line,) = room.view().dates
    assert line.law == "UK-GDPR"
    assert line.statutory == date(2026, 12, 29)
    assert any("identity" in s.en.lower() for s in line.trace)


def test_every_right_has_its_own_clock_and_is_answered_by_itself(room: Room) -> None:
    room.receive(room.arrival(replace(WAITING, rights=(Right.ACCESS, Right.ERASURE))))
    room.press(Fulfil((Right.ACCESS,)))
    view = room.view()
    assert view.status is Status.IN_WORK
    assert {d.rights: d.done for d in view.dates} == {(Right.ACCESS,): True, (Right.ERASURE,): False}
    room.press(Fulfil())
    assert room.view().status is Status.ANSWERED
    assert all(d.done for d in room.view().dates)


def test_a_question_that_was_open_when_the_case_closed_stops_no_clock_after_reopening(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    before = room.view().dates[0].statutory
    asked(room, LetterName.CLARIFICATION)
    room.press(Close(Outcome.WITHDRAWN))
    room.press(Reopen("They changed their mind."))
    assert room.view().status is Status.IN_WORK
    assert [(d.state, d.statutory) for d in room.view().dates] == [(ClockState.RUNNING, before)]
