"""A whole case: letters with their effects, the checklist, two pairs of eyes, joining and splitting, undoing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from handlers import steps
from handlers.audit import Audit
from handlers.deeds import (
    AddNote,
    AddTask,
    Approve,
    Assign,
    Close,
    Fulfil,
    HandToManagers,
    JoinCase,
    LinkDuplicate,
    MarkUrgent,
    Pressed,
    Reject,
    Release,
    Reopen,
    Resort,
    SendLetter,
    SettleTask,
    Split,
    Take,
    Undo,
    from_json,
    to_json,
)
from handlers.posts import ApprovalAsked, Joined, Moved
from handlers.refused import Refused
from handlers.verdict import Verdict
from storage.kinds import (
    Action,
    Carrier,
    Category,
    Ground,
    Guarded,
    LetterName,
    Machine,
    NextStep,
    Outcome,
    OutgoingKind,
    OutgoingState,
    Right,
    RightState,
    Status,
    TaskKind,
    TaskState,
)
from tests.handlers.desks import guarded, with_places
from tests.handlers.room import ACCESS, Room, later, written

WAITING = replace(ACCESS, confidence=0.5)
BOTH = replace(WAITING, rights=(Right.ACCESS, Right.ERASURE))


@pytest.fixture
def desk(store_url: str) -> Iterator[Room]:
    """A desk that knows places."""
    made = Room(store_url, with_places())
    yield made
    made.close()


@pytest.fixture
def careful(store_url: str) -> Iterator[Room]:
    """A desk with a second pair of eyes for everything that may have one."""
    made = Room(store_url, guarded(*Guarded))
    yield made
    made.close()


def undo(room: Room, **more: object) -> None:
    last = room.view().undo
    assert last is not None
    room.press(Undo(last.step), **more)  # type: ignore[arg-type] -- a test's shorthand


def test_the_answer_to_one_right_leaves_the_other_open(room: Room) -> None:
    room.receive(room.arrival(BOTH))
    room.press(SendLetter(LetterName.ACCESS_ANSWER, "en", "Here is your copy."))
    assert [s.state for s in room.view().settled] == [RightState.FULFILLED, RightState.OPEN]
    assert room.view().status is Status.IN_WORK
    room.press(SendLetter(LetterName.REFUSAL, "en", "We must keep it.", Ground.LEGAL_DUTY_TO_KEEP, rights=(Right.ERASURE,)))
    view = room.view()
    assert view.status is Status.ANSWERED
    assert view.next_step is NextStep.TAKE
    assert [(s.state, s.ground) for s in view.settled] == [(RightState.FULFILLED, None), (RightState.REFUSED, Ground.LEGAL_DUTY_TO_KEEP)]
    room.press(Close(Outcome.PARTLY_FULFILLED))
    assert room.case().ground is Ground.LEGAL_DUTY_TO_KEEP


@pytest.mark.parametrize(
    ("letter", "why"),
    [
        (LetterName.PORTABILITY_HANDOVER, "Nothing that this letter answers is asked"),
        (LetterName.COMPLAINT_OUTCOME, "no complaint"),
        (LetterName.DIGEST, "belongs to no case"),
    ],
)
def test_a_letter_that_does_not_fit_the_case_is_refused_and_nothing_is_queued(room: Room, letter: LetterName, why: str) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match=why):
        room.press(SendLetter(letter, "en", "Words."))
    assert room.letters() == []


def test_the_letters_that_suit_a_case_come_likeliest_first(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    suits = room.store.run(lambda tx: room.views.letters(tx, room.case().id, date(2026, 11, 23)))
    assert suits[:3] == (LetterName.ACKNOWLEDGEMENT, LetterName.ACCESS_ANSWER, LetterName.REPLY)
    assert LetterName.IDENTITY_REQUEST in suits
    assert LetterName.FEE_NOTICE not in suits


def test_a_complaint_is_answered_by_its_outcome(room: Room) -> None:
    room.receive(room.arrival(Verdict(Category.COMPLAINT, law="EU-GDPR", place="DE", language="en", confidence=0.5)))
    room.press(SendLetter(LetterName.COMPLAINT_OUTCOME, "en", "You were right."))
    assert room.view().status is Status.ANSWERED
    assert all(d.done for d in room.view().dates)


def test_the_same_press_twice_acts_once_and_says_so(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    version = room.case().version
    room.press(MarkUrgent(reason="A journalist."), version=version)
    with pytest.raises(Refused, match="done once"):
        room.press(MarkUrgent(reason="A journalist."), version=version)
    with pytest.raises(Refused, match="changed since"):
        room.press(MarkUrgent(reason="A journalist."), version=version, actor="U2")
    assert room.case().urgent


def test_assigning_names_the_new_owner_and_refuses_strangers(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Assign("U2"))
    assert room.case().owner == "U2"
    with pytest.raises(Refused, match="people of the privacy desk"):
        room.press(Assign("U404"))
    with pytest.raises(Refused, match="already"):
        room.press(Assign("U2"))


def test_a_note_is_sealed_and_can_be_added_to_a_closed_case(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Close(Outcome.WITHDRAWN))
    room.press(AddNote("They called to say thanks."))
    assert room.view().notes == 1
    assert room.case().status is Status.CLOSED
    facts = room.store.run(lambda tx: [(e.facts, e.sealed) for e in tx.events.of(room.case().id)])
    assert not any("thanks" in f for f, _ in facts)
    assert any(b"thanks" not in s for _, s in facts if s)


def test_managers_get_a_case_until_one_of_them_acts(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(HandToManagers("May we refuse this?"))
    assert room.view().with_managers
    (said,) = [p for p in room.posts() if isinstance(p, Moved)]
    assert said.about == "U9"
    room.press(AddNote("Yes, we may."), actor="U9")
    assert not room.view().with_managers


def test_a_checklist_has_a_task_for_each_place_and_erasure_offers_access_first(desk: Room) -> None:
    desk.receive(desk.arrival(replace(WAITING, rights=(Right.ERASURE,))))
    tasks = desk.view().tasks
    assert [(t.kind, t.called("ja")) for t in tasks] == [
        (TaskKind.OFFER_ACCESS, ""),
        (TaskKind.ERASE, "Salesforce"),
        (TaskKind.ERASE, "採用"),
        (TaskKind.TELL_RECIPIENT, "Amazon Web Service"),
    ]
    assert tasks[1].owner == "U2"
    assert tasks[1].found_there("ja") == "Contacts"


def test_a_task_is_ticked_once_with_who_and_when_and_closing_wants_the_list_finished(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    first, second = desk.view().tasks
    desk.press(SettleTask(first.id, TaskState.DONE, "12 rows."), actor="U2", version=99)
    with pytest.raises(Refused, match="somebody else already"):
        desk.press(SettleTask(first.id, TaskState.DONE))
    with pytest.raises(Refused, match="not needed"):
        desk.press(SettleTask(second.id, TaskState.NOT_NEEDED))
    view = desk.view()
    assert (view.tasks_done, view.tasks[0].settled_by, view.tasks[0].note) == (1, "U2", "12 rows.")
    with pytest.raises(Refused, match="1 task of the checklist"):
        desk.press(Close(Outcome.FULFILLED))
    desk.press(Close(Outcome.FULFILLED, reason="Nobody of that name ever applied."))


def test_sorting_anew_brings_the_checklist_in_line_and_keeps_what_was_done(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    desk.press(SettleTask(desk.view().tasks[0].id, TaskState.DONE))
    desk.press(Resort(Category.RIGHTS_REQUEST, (Right.WITHDRAW_CONSENT,), "EU-GDPR", "DE"))
    assert [(t.kind, t.state) for t in desk.view().tasks] == [(TaskKind.SEARCH, TaskState.DONE), (TaskKind.STOP, TaskState.OPEN)]


def test_a_case_that_needs_a_look_has_no_checklist_yet(desk: Room) -> None:
    desk.receive(desk.arrival(replace(WAITING, needs_human=True)))
    assert desk.view().tasks == ()
    desk.press(Resort(Category.RIGHTS_REQUEST, (Right.ACCESS,), "EU-GDPR", "DE"))
    assert len(desk.view().tasks) == 2


def test_staff_may_add_a_task_of_their_own(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    desk.press(AddTask("Ask the agency in Osaka.", "U1"))
    assert desk.view().tasks[-1].called("en") == "Ask the agency in Osaka."


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (SendLetter(LetterName.REFUSAL, "en", "No.", Ground.LEGAL_CLAIMS), "refusal"),
        (Close(Outcome.REFUSED, Ground.LEGAL_CLAIMS), "close"),
        (SendLetter(LetterName.EXTENSION_NOTICE, "en", "Later.", reason="Many systems."), "extension"),
        (SendLetter(LetterName.ERASURE_DONE, "en", "It is gone."), "letter"),
        (Fulfil((Right.ERASURE,)), "fulfil"),
    ],
)
def test_a_guarded_step_waits_for_another_person_and_is_then_the_askers(careful: Room, deed: SendLetter, why: str) -> None:
    careful.receive(careful.arrival(replace(WAITING, rights=(Right.ERASURE,))))
    careful.press(deed)
    assert careful.letters() == []
    view = careful.view()
    assert (view.status, view.next_step, len(view.approvals)) == (Status.NEW, NextStep.DECIDE, 1)
    (waiting,) = view.approvals
    assert waiting.confirmers == ("U9",)
    assert [p.approval_id for p in careful.posts() if isinstance(p, ApprovalAsked)] == [waiting.id]
    for actor, said in (("U1", "yourself"), ("U2", "manager")):
        with pytest.raises(Refused, match=said):
            careful.press(Approve(waiting.id), actor=actor)
    careful.press(Approve(waiting.id), actor="U9")
    assert careful.view().approvals == ()
    assert [x["actor"] for x in careful.letters()] in ([], ["U1"])
    with pytest.raises(Refused, match="already"):
        careful.press(Approve(waiting.id), actor="U9")


def test_a_guarded_step_that_could_not_be_done_is_refused_at_once(careful: Room) -> None:
    careful.receive(careful.arrival(WAITING))
    with pytest.raises(Refused, match="ground"):
        careful.press(SendLetter(LetterName.REFUSAL, "en", "No."))
    assert careful.view().approvals == ()
    assert careful.view().status is Status.NEW
    assert careful.letters() == []


def test_a_rejected_step_is_not_done_and_says_why(careful: Room) -> None:
    careful.receive(careful.arrival(WAITING))
    careful.press(Close(Outcome.REFUSED, Ground.LEGAL_CLAIMS))
    (waiting,) = careful.view().approvals
    careful.press(Reject(waiting.id, "There is no lawsuit."), actor="U9")
    assert careful.view().status is Status.NEW
    assert careful.view().approvals == ()


def test_steps_that_wait_lapse_when_the_case_closes(careful: Room) -> None:
    careful.receive(careful.arrival(WAITING))
    careful.press(Close(Outcome.REFUSED, Ground.LEGAL_CLAIMS))
    careful.press(Close(Outcome.WITHDRAWN))
    assert careful.view().approvals == ()


def test_a_deed_that_waits_is_the_deed_that_was_asked() -> None:
    for deed in (
        SendLetter(LetterName.REFUSAL, "en", "No.", Ground.LEGAL_CLAIMS, "Lawsuit.", (Right.ERASURE,)),
        Close(Outcome.REFUSED, Ground.OTHER, "Words."),
        Fulfil((Right.ERASURE, Right.ACCESS), "Done."),
    ):
        assert from_json(to_json(deed)) == deed


def two(room: Room, second: Verdict = WAITING) -> tuple[int, int]:
    """Two cases of one person."""
    room.receive(room.arrival(WAITING))
    room.receive(room.arrival(second, raw=written(name="two", body="And one thing more.")))
    first, other = room.cases()
    return first.id, other.id


def test_another_case_of_the_sender_is_offered_and_joined_with_one_click(room: Room) -> None:
    first, second = two(room, replace(WAITING, rights=(Right.ERASURE,)))
    offered = room.view(case_id=second).may_join
    assert offered is not None
    assert offered.id == first
    room.press(JoinCase(offered.ref), case_id=second)
    assert room.view(case_id=first).rights == (Right.ACCESS, Right.ERASURE)
    assert room.view(case_id=second).linked == offered.ref
    assert room.view(case_id=second).outcome is Outcome.DUPLICATE
    assert [p.added for p in room.posts() if isinstance(p, Joined)] == [(Right.ERASURE,)]
    mails = room.store.run(lambda tx: [tx.unseal(m.key_id, m.sealed)["words"] for m in tx.mails.of_case(first)])
    assert len(mails) == 2
    assert room.store.run(Audit().verify).broken == ()


def test_a_joined_mail_outlives_the_case_that_it_came_from(room: Room) -> None:
    """It moved under the key of its new case."""
    first, second = two(room)
    room.press(JoinCase(room.case(first).ref), case_id=second)
    room.tick(later(days=1100))
    raws = room.store.run(lambda tx: [tx.unseal_bytes(m.key_id, m.raw) for m in tx.mails.of_case(first)])
    assert room.case(second).erased is not None
    assert all(raw is not None for raw in raws)


def test_a_duplicate_is_linked_and_closed_and_undoing_brings_it_back(room: Room) -> None:
    first, second = two(room)
    room.press(LinkDuplicate(room.case(first).ref), case_id=second)
    assert room.case(second).status is Status.CLOSED
    step = room.view(case_id=second).undo
    assert step is not None
    room.press(Undo(step.step), case_id=second)
    assert room.case(second).status is Status.NEW
    assert room.case(second).linked is None


@pytest.mark.parametrize(("ref", "why"), [("PR-2026-00001", "this very case"), ("PR-2026-09999", "There is no case"), ("x", "no case")])
def test_a_link_to_nothing_is_refused(room: Room, ref: str, why: str) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match=why):
        room.press(LinkDuplicate(ref))


def test_a_mail_that_asks_two_things_becomes_two_cases_with_one_receipt(room: Room) -> None:
    room.receive(room.arrival(BOTH))
    first = room.case().id
    room.press(Split(Category.RIGHTS_REQUEST, (Right.ERASURE,)))
    one, other = room.cases()
    assert room.view(case_id=one.id).rights == (Right.ACCESS,)
    split = room.view(case_id=other.id)
    assert split.rights == (Right.ERASURE,)
    assert split.split_from == room.case(first).ref
    assert split.received == room.view(case_id=first).received
    with pytest.raises(Refused, match="must stay"):
        room.press(Split(Category.RIGHTS_REQUEST, (Right.ACCESS,)), case_id=first)


def test_another_persons_part_goes_to_a_case_of_theirs(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    first = room.case().id
    room.press(Split(Category.RIGHTS_REQUEST, (Right.ACCESS,), requester="ida@example.org", name="Ida"))
    assert room.view(case_id=first).rights == (Right.ACCESS,)
    assert "ida@example.org" in room.view(case_id=room.cases()[1].id).requester


def test_every_step_can_be_undone_in_turn_back_to_the_beginning(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    pictures = []
    for deed in (
        Take(),
        MarkUrgent(),
        Resort(Category.RIGHTS_REQUEST, (Right.ACCESS, Right.ERASURE), "UK-GDPR", "GB"),
        Fulfil((Right.ACCESS,)),
        Release(),
        Close(Outcome.FULFILLED, reason="All is done."),
        Reopen("One place was forgotten."),
    ):
        pictures.append(picture(desk))
        desk.press(deed)
    for before in reversed(pictures):
        undo(desk, actor="U2")
        assert picture(desk) == before
    assert desk.view().undo is None
    assert desk.store.run(Audit().verify).broken == ()


def picture(room: Room) -> tuple[object, ...]:
    """What undoing must bring back."""
    view = room.view()
    tasks = tuple((t.kind, t.right, t.called("en"), t.state) for t in view.tasks)
    dates = frozenset((d.law, d.kind, d.rights, d.statutory, d.safe, d.work, d.done, d.state, d.extension_notice_by) for d in view.dates)
    return (view.status, view.owner, view.urgent, view.rights, view.settled, view.law, view.place, view.outcome, view.ground, dates, tasks)


def test_a_letter_that_nobody_has_carried_yet_can_be_taken_back_and_one_that_left_cannot(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(SendLetter(LetterName.IDENTITY_REQUEST, "en", "Please."))
    undo(room)
    (row,) = room.rows(Carrier.SMTP)
    assert row.state is OutgoingState.DROPPED
    assert room.view().status is Status.NEW
    assert room.view().dates[0].statutory == date(2026, 12, 23)
    room.press(SendLetter(LetterName.IDENTITY_REQUEST, "en", "Please."))
    room.settle(room.rows(Carrier.SMTP)[1])
    assert room.view().undo is not None
    assert room.view().undo.barred == steps.LEFT  # type: ignore[union-attr] -- asserted above
    with pytest.raises(Refused, match="has left the house"):
        undo(room)


def test_what_has_moved_on_since_is_not_undone(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Close(Outcome.WITHDRAWN))
    reply = written(name="two", more="In-Reply-To: <one@example.org>\r\n", body="I still want my data.")
    room.receive(room.arrival(WAITING, raw=reply))
    assert room.case().status is Status.IN_WORK
    with pytest.raises(Refused, match="moved on"):
        undo(room)


def test_an_undo_of_a_step_that_is_not_the_last_is_refused(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Take())
    room.press(MarkUrgent())
    with pytest.raises(Refused, match="not the last step"):
        room.press(Undo(1))


def test_a_letter_that_came_back_raises_the_case(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(SendLetter(LetterName.ACCESS_ANSWER, "en", "Here it is."))
    room.press(Close(Outcome.FULFILLED))
    room.settle(room.rows(Carrier.SMTP)[0], OutgoingState.FAILED)
    view = room.view()
    assert (view.status, view.bounced, view.unread) == (Status.IN_WORK, True, True)
    assert view.outcome is None
    room.press(SendLetter(LetterName.ACCESS_ANSWER, "en", "Here it is again."))
    assert (room.view().status, room.view().bounced) == (Status.ANSWERED, False)


def test_a_bounce_of_a_letter_raises_the_case_too(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(SendLetter(LetterName.ACCESS_ANSWER, "en", "Here it is."))
    sent = room.letters()[0]["message_id"]
    bounce = written(sender="MAILER-DAEMON@example.org", name="b", more=f"In-Reply-To: {sent}\r\n", body="No such user.")
    room.receive(room.arrival(Verdict(Category.MACHINE, machine=Machine.BOUNCE, reply_allowed=False), raw=bounce))
    assert room.view().bounced
    assert room.view().status is Status.IN_WORK


def test_what_an_erased_case_held_of_tasks_and_steps_is_gone(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    desk.press(AddTask("Ask Nora's colleague."))
    desk.press(Close(Outcome.FULFILLED, reason="Done."))
    desk.tick(later(days=1097))
    assert desk.store.run(lambda tx: {t.sealed for t in tx.course.tasks(desk.case().id)}) == {None}


def test_deeds_are_refused_for_cases_of_strangers_and_unknown_people(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    with pytest.raises(Refused, match="Only the people"):
        room.store.run(lambda tx: room.actions.act(tx, Pressed("U404", room.case().id, 1, Take()), later()))


def test_cards_say_what_may_be_done_and_why_the_rest_may_not(room: Room) -> None:
    room.receive(room.arrival(replace(WAITING, reply_allowed=False)))
    view = room.view()
    assert Action.TAKE in view.allowed
    barred = dict(view.barred)
    assert "no address" in barred[Action.REPLY]
    assert "No fee" in barred[Action.ASK_FEE]
    assert not set(barred) & set(view.allowed)
    assert len(room.rows(Carrier.SLACK, OutgoingKind.CARD)) == 1
