"""What people press on a real local Slack, from the button to the deed."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.demo.localslack import MANAGER, STAFF, STRANGER
from handlers import posts
from handlers.deeds import AddNote, Close, Reopen, Resort, SendLetter, SettleUnknown, Take
from handlers.refused import Refused
from storage.kinds import Category, Ground, LetterName, Outcome, Right, Status
from tests.servers.until import until
from tests.slack.conftest import Scene
from tests.slack.limits import every_text
from tests.slack.samples import CASE, DRAFT

AIKO, BEN = (p.id for p in STAFF)
OTTO = STRANGER.id
ANSWERED = replace(CASE, status=Status.ANSWERED)
CLOSED = replace(CASE, status=Status.CLOSED, outcome=Outcome.WITHDRAWN)
AT = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


def deed(scene: Scene) -> object:
    """The one deed that reached the house."""
    assert len(until(lambda: scene.office.acted)) == 1
    return scene.office.acted[0].deed


def text_of(view: dict[str, object]) -> str:
    """All that a modal says."""
    return "\n".join(every_text(view["blocks"]))


def test_take_reaches_the_house_with_who_and_what_was_seen(scene: Scene) -> None:
    """Actor, case, version."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:take")
    assert deed(scene) == Take()
    pressed = scene.office.acted[0]
    assert (pressed.actor, pressed.case_id, pressed.version) == (AIKO, 7, 3)


def test_what_stands_behind_more_opens_its_own_window(scene: Scene) -> None:
    """The menu gives way to the window, which is filled in and submitted."""
    scene.choose(MANAGER.id, scene.put(replace(CASE, owner=BEN)).ts, "note")
    scene.modal("Add a note")
    scene.submit(MANAGER.id, note="Called her.")
    assert deed(scene) == AddNote("Called her.")


def test_a_case_is_reopened_with_a_reason(scene: Scene) -> None:
    """It stays in the record."""
    scene.office.case = CLOSED
    scene.press(MANAGER.id, scene.put(CLOSED).ts, "rd:reopen")
    scene.modal("Reopen the case")
    scene.submit(MANAGER.id, reason="They wrote again.")
    assert deed(scene) == Reopen("They wrote again.")


@pytest.mark.parametrize("button", ["rd:take", "rd:acknowledge", "rd:reply", "rd:sort", "rd:more"])
def test_a_stranger_is_refused_privately(scene: Scene, button: str) -> None:
    """Nobody else sees it, nothing is opened, nothing happens."""
    scene.press(OTTO, scene.put(CASE).ts, button)
    told = scene.told()
    assert told["ephemeral_to"] == OTTO
    assert "Only the people of the privacy desk can do this" in told["text"]
    assert scene.office.acted == []
    assert scene.slack.count("views.open") == 0


def test_a_stranger_in_a_thread_is_answered_in_the_thread(scene: Scene) -> None:
    """Where the button is."""
    root = scene.put(CASE).ts
    line = scene.put(posts.LetterUnknown(7, 3, 12, CASE.ref, LetterName.REPLY, "ada@example.org", AT), thread=root).ts
    scene.press(OTTO, line, "rd:again")
    assert scene.told()["thread_ts"] == root
    assert scene.office.acted == []


def test_a_refusal_is_said_privately_in_its_own_words(scene: Scene) -> None:
    """The house's sentence."""
    scene.office.refusal = Refused("This case is yours already.")
    scene.press(AIKO, scene.put(CASE).ts, "rd:take")
    told = scene.told()
    assert (told["ephemeral_to"], told["text"]) == (AIKO, "This case is yours already.")


def test_a_double_click_acts_once_and_says_so(scene: Scene) -> None:
    """The second press saw a version that is gone."""
    card = scene.put(CASE).ts
    scene.press(AIKO, card, "rd:take")
    scene.press(AIKO, card, "rd:take")
    assert "changed since you opened it" in scene.told()["text"]
    assert len(scene.office.acted) == 1


def test_a_fault_is_logged_with_the_case_and_the_person_gets_a_number(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """And the next press works."""
    scene.office.error = RuntimeError("a bug")
    card = scene.put(CASE).ts
    scene.press(AIKO, card, "rd:take")
    said = scene.told()["text"]
    assert "Something went wrong on our side; nothing was changed." in said
    number = said.rpartition(" ")[2]
    logged = capsys.readouterr().out
    assert number in logged
    assert "7:3" in logged
    scene.office.error = None
    scene.press(AIKO, card, "rd:take")
    assert deed(scene) == Take()


def test_where_slack_refuses_an_ephemeral_answer_a_direct_message_says_it(scene: Scene) -> None:
    """The presser may have left the channel."""
    scene.slack.refuse("chat.postEphemeral", "user_not_in_channel")
    scene.press(OTTO, scene.put(CASE).ts, "rd:take")
    until(lambda: scene.slack.count("chat.postMessage") == 2)
    assert scene.slack.count("conversations.open") == 1


def test_a_letter_goes_from_writing_to_reading_to_sending(scene: Scene) -> None:
    """And leaves exactly as it was read."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:reply")
    writing = scene.modal("Write to the requester")
    assert "ada@example.org" in text_of(writing)
    scene.submit(AIKO, middle="We hold *nothing* & <no> more.\n\nBye")
    reading = scene.modal("Read before it goes")
    assert "> We hold *\u200bnothing* &amp; &lt;no&gt; more." in text_of(reading)
    assert scene.office.acted == []
    scene.submit(AIKO)
    assert deed(scene) == SendLetter(LetterName.REPLY, "en", "We hold *nothing* & <no> more.\n\nBye")
    until(lambda: scene.slack.modal is None)


def test_another_letter_or_language_is_filled_before_it_is_read(scene: Scene) -> None:
    """Even where the client says nothing of the choice until `Preview`."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:reply")
    scene.modal("Write to the requester")
    scene.submit(AIKO, letter="acknowledgement", language="ja", middle="old words")
    until(lambda: "[acknowledgement ja ]" in str(scene.slack.modal))
    scene.submit(AIKO)
    scene.modal("Read before it goes")
    scene.submit(AIKO)
    assert deed(scene) == SendLetter(LetterName.ACKNOWLEDGEMENT, "ja", f"[acknowledgement ja ] {DRAFT.middle}")


def test_a_refusal_letter_needs_its_ground(scene: Scene) -> None:
    """The error stands at the field; then the ground goes with the letter."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:reply")
    scene.modal("Write to the requester")
    scene.submit(AIKO, letter="refusal")
    until(lambda: "Why do we refuse?" in str(scene.slack.modal))
    scene.submit(AIKO)
    assert until(lambda: scene.slack.errors) == {"ground": "Choose why we refuse."}
    scene.submit(AIKO, ground="legal_claims")
    until(lambda: "[refusal en legal_claims]" in str(scene.slack.modal))
    scene.submit(AIKO, middle="A lawsuit is pending.")
    assert until(lambda: scene.slack.errors) == {"rights": "Tick what is refused."}, "never all by mistake"
    scene.submit(AIKO, middle="A lawsuit is pending.", rights=("erasure",))
    scene.modal("Read before it goes")
    scene.submit(AIKO)
    assert deed(scene) == SendLetter(LetterName.REFUSAL, "en", "A lawsuit is pending.", Ground.LEGAL_CLAIMS, "", (Right.ERASURE,))


def test_acknowledging_shows_the_letter_before_it_goes(scene: Scene) -> None:
    """Nothing is mailed by one press."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:acknowledge")
    reading = scene.modal("Read before it goes")
    assert "> Dear Ada Beispiel," in text_of(reading)
    assert scene.office.acted == []
    scene.submit(AIKO)
    sent = deed(scene)
    assert isinstance(sent, SendLetter)
    assert sent.letter is LetterName.ACKNOWLEDGEMENT


def test_a_complaint_is_acknowledged_as_one(scene: Scene) -> None:
    """With its own letter."""
    scene.office.case = replace(CASE, category=Category.COMPLAINT, rights=())
    scene.press(AIKO, scene.put(scene.office.case).ts, "rd:acknowledge")
    scene.modal("Read before it goes")
    scene.submit(AIKO)
    sent = deed(scene)
    assert isinstance(sent, SendLetter)
    assert sent.letter is LetterName.COMPLAINT_RECEIVED


def test_a_letter_read_on_a_stale_case_is_not_sent(scene: Scene) -> None:
    """The sentence stands over the letter, which is still there to be copied."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:reply")
    scene.modal("Write to the requester")
    scene.submit(AIKO, middle="My long answer")
    scene.modal("Read before it goes")
    scene.office.case = replace(scene.office.case, version=4)
    scene.submit(AIKO)
    until(lambda: "This case has changed since you opened it" in str(scene.slack.modal))
    assert "My long answer" in str(scene.slack.modal)
    assert scene.office.acted == []


def test_a_letter_written_while_the_case_changed_is_read_with_a_warning(scene: Scene) -> None:
    """A mail may have come meanwhile; the words are not lost, and can be sent after a look."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:reply")
    scene.modal("Write to the requester")
    scene.office.case = replace(scene.office.case, version=4)
    scene.submit(AIKO, middle="My long answer")
    reading = scene.modal("Read before it goes")
    assert "⚠️ The case has changed while you wrote." in text_of(reading)
    scene.submit(AIKO)
    assert deed(scene) == SendLetter(LetterName.REPLY, "en", "My long answer")


def test_a_stranger_cannot_submit_what_somebody_opened(scene: Scene) -> None:
    """Who submits is asked again."""
    scene.press(AIKO, scene.put(ANSWERED).ts, "rd:close")
    scene.modal("Close the case")
    scene.submit(OTTO, outcome="withdrawn")
    assert "Only the people of the privacy desk" in str(until(lambda: scene.slack.errors))
    assert scene.office.acted == []


def test_the_sorting_is_changed(scene: Scene) -> None:
    """Category, rights, law and place."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:sort")
    scene.modal("Change sorting")
    scene.submit(AIKO, category="rights_request", rights=("access", "portability"), law="UK-GDPR", place="gb-sct ")
    assert deed(scene) == Resort(Category.RIGHTS_REQUEST, (Right.ACCESS, Right.PORTABILITY), "UK-GDPR", "GB-SCT")


def test_a_sorting_with_an_open_law_leaves_the_law_open(scene: Scene) -> None:
    """The strictest dates count then."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:sort")
    scene.modal("Change sorting")
    scene.submit(AIKO, category="complaint", law="-", place="")
    assert deed(scene) == Resort(Category.COMPLAINT, (), None, None)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"category": "rights_request"}, {"rights": "Tick at least one: what does the person ask for?"}),
        ({"rights": ("access",), "place": "Germany"}, {"place": "A country in two letters, such as DE or JP; a state as in US-CA."}),
    ],
)
def test_a_sorting_that_makes_no_sense_is_told_at_its_field(scene: Scene, given: dict[str, object], errors: dict[str, str]) -> None:
    """And changes nothing."""
    scene.press(AIKO, scene.put(CASE).ts, "rd:sort")
    scene.modal("Change sorting")
    scene.submit(AIKO, **given)
    assert until(lambda: scene.slack.errors) == errors
    assert scene.office.acted == []


def test_closing_asks_for_the_outcome_and_a_refusal_for_its_ground(scene: Scene) -> None:
    """Both at their fields."""
    scene.press(AIKO, scene.put(ANSWERED).ts, "rd:close")
    scene.modal("Close the case")
    scene.submit(AIKO)
    assert until(lambda: scene.slack.errors) == {"outcome": "Choose how it ended."}
    scene.submit(AIKO, outcome="refused")
    assert until(lambda: scene.slack.errors) == {"ground": "Choose why it is refused."}
    scene.submit(AIKO, outcome="refused", ground="legal_claims", reason="A lawsuit.")
    assert deed(scene) == Close(Outcome.REFUSED, Ground.LEGAL_CLAIMS, "A lawsuit.")


def test_what_the_house_refuses_stands_at_its_field(scene: Scene) -> None:
    """The field that it names, else the first."""
    scene.press(AIKO, scene.put(ANSWERED).ts, "rd:close")
    scene.modal("Close the case")
    scene.office.refusal = Refused("Say more.", field="reason")
    scene.submit(AIKO, outcome="withdrawn")
    assert until(lambda: scene.slack.errors) == {"reason": "Say more."}
    scene.office.refusal = Refused("This case has changed.", field="version")
    scene.submit(AIKO, outcome="withdrawn")
    assert until(lambda: scene.slack.errors) == {"outcome": "This case has changed."}


@pytest.mark.parametrize(("refusal", "said"), [(None, "Done."), (Refused("Say more.", field="reason"), "Say more.")])
def test_a_slow_house_is_waited_for(scene: Scene, monkeypatch: pytest.MonkeyPatch, refusal: Refused | None, said: str) -> None:
    """The modal says that it takes a moment, then how it went."""
    monkeypatch.setattr("bot.slack.submissions.PATIENCE", 0.1)
    scene.press(AIKO, scene.put(ANSWERED).ts, "rd:close")
    scene.modal("Close the case")
    scene.office.refusal, scene.office.held = refusal, threading.Event()
    scene.submit(AIKO, outcome="withdrawn", reason="They wrote again.")
    until(lambda: "⏳" in str(scene.slack.modal))
    scene.office.held.set()
    until(lambda: said in str(scene.slack.modal))
    assert ("They wrote again." in str(scene.slack.modal)) == (refusal is not None), "what was written is not lost"


def test_a_modal_that_cannot_be_filled_says_why(scene: Scene) -> None:
    """In the window that was opened, not beside it."""
    scene.office.refusal = Refused("What this case held has been erased.")
    scene.press(AIKO, scene.put(CASE).ts, "rd:reply")
    until(lambda: "has been erased" in str(scene.slack.modal))


def test_a_press_that_came_too_late_for_a_modal_asks_to_press_again(scene: Scene) -> None:
    """Slack lets a press open one only for three seconds."""
    scene.slack.refuse("views.open", "expired_trigger_id")
    scene.press(AIKO, scene.put(CASE).ts, "rd:reply")
    assert "Press the button again" in scene.told()["text"]


@pytest.mark.parametrize(("button", "was_sent", "said"), [("rd:sent", True, "it was sent"), ("rd:again", False, "sent again")])
def test_a_letter_in_doubt_is_settled_and_its_buttons_go(scene: Scene, button: str, was_sent: bool, said: str) -> None:
    """The post says who settled it and keeps its mark."""
    post = scene.put(posts.LetterUnknown(7, 3, 12, CASE.ref, LetterName.REPLY, "ada@example.org", AT)).ts
    mark = scene.message(post)["blocks"][0]["block_id"]
    scene.press(AIKO, post, button)
    assert deed(scene) == SettleUnknown(12, was_sent)
    until(lambda: said in str(scene.message(post)["blocks"]))
    blocks = scene.message(post)["blocks"]
    assert f"<@{AIKO}>" in str(blocks)
    assert all(b["type"] != "actions" for b in blocks)
    assert blocks[0]["block_id"] == mark


def test_an_ordinary_mail_is_made_a_request(scene: Scene) -> None:
    """Its button gives way to who did it."""
    post = scene.put(posts.OtherMailLine(5, "example.com", "Invoice …", "Nproc", AT)).ts
    scene.press(BEN, post, "rd:request")
    assert until(lambda: scene.office.requests) == [(BEN, 5)]
    until(lambda: "made this a case" in str(scene.message(post)["blocks"]))
    assert "accessory" not in scene.message(post)["blocks"][0]


def test_a_refused_request_keeps_its_button(scene: Scene) -> None:
    """So that it can be pressed again."""
    post = scene.put(posts.OtherMailLine(5, "example.com", "Invoice …", "Nproc", AT)).ts
    scene.office.refusal = Refused("That mail is no longer in the mailbox.")
    scene.press(BEN, post, "rd:request")
    assert scene.told()["text"] == "That mail is no longer in the mailbox."
    assert "accessory" in scene.message(post)["blocks"][0]
