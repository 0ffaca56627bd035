"""The windows of deeds: within Slack's limits in every language whatever they hold, and read back as deeds."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from bot.slack import byhand, home, lookups, modals
from bot.slack.byhand import Typed
from bot.slack.forms import answers
from bot.slack.modals import Where
from bot.slack.windows import WINDOWS, Given, Sheet
from bot.slack.words import LANGUAGES, translator
from handlers import deeds
from handlers.deeds import ByHand, Deed, SetAbsence
from handlers.law.wording import Step
from handlers.lifecycle import ALLOWED
from handlers.refused import Refused
from handlers.views import CaseView, HistoryLine, UndoView
from storage.kinds import (
    Action,
    Category,
    EventKind,
    Ground,
    IdentityMethod,
    OccurrenceKind,
    Outcome,
    Right,
    Source,
    Status,
    TaskState,
)
from tests.slack.limits import every_text, message_faults, view_faults
from tests.slack.samples import ATTACHED, CASE, DESK, FULL, HOME, HOSTILE, RECEIVED, TODAY, ZONE, Written, due, filled, pages

WHERE = Where(7, 3, "C01DESK", "1771.0001")
LAWS = ("EU-GDPR", "UK-GDPR", "JP-APPI", *(f"LAW-{n}" for n in range(150)))
HOSTILE_FIELDS = ("ref", "requester", "subject", "excerpt", "law", "place", "controller_name")


def window(name: str, view: CaseView = FULL, language: str = "en", today: date = TODAY) -> dict[str, Any]:
    """That window, drawn."""
    return modals.window(name, WINDOWS[name], Sheet(view, DESK, today, translator(language, ZONE), LAWS), WHERE)


def done(name: str, view: CaseView = FULL, /, **given: Any) -> tuple[Deed, ...]:
    """What comes of filling it in."""
    return WINDOWS[name].deeds(Given(answers(filled(window(name, view), **given)), TODAY, translator("en", ZONE)))


def refused(name: str, view: CaseView = FULL, /, **given: Any) -> tuple[str | None, str]:
    """At which input it is refused, and how."""
    with pytest.raises(Refused) as told:
        done(name, view, **given)
    return told.value.field, told.value.sentence


@pytest.mark.parametrize(("name", "language"), list(product(WINDOWS, LANGUAGES)))
def test_every_window_fits_the_limits_in_every_language(name: str, language: str) -> None:
    """For every state, with all that a case can have, and for one with next to nothing; no title is cut."""
    for status, full in product(Status, (CASE, FULL)):
        if full is CASE and name in ("undo", "approve", "reject"):
            continue
        made = window(name, replace(full, status=status), language)
        assert view_faults(made) == []
        assert "…" not in made["title"]["text"] + made["submit"]["text"]


@pytest.mark.parametrize(("words", "language"), list(product(HOSTILE, LANGUAGES)))
def test_no_words_break_a_window(words: str, language: str) -> None:
    """Whatever a stranger wrote, or a colleague in a task or a note."""
    tasks = tuple(replace(t, title=words, note=words, place={"en": words}, holds={"en": words}) for t in FULL.tasks) * 8
    tasks = tuple(replace(t, id=n) for n, t in enumerate(tasks))
    approvals = tuple(replace(a, reason=words) for a in FULL.approvals)
    case = replace(FULL, **dict.fromkeys(HOSTILE_FIELDS, words), tasks=tasks, approvals=approvals)
    spoken = translator(language, ZONE)
    assert [view_faults(window(name, case, language)) for name in WINDOWS] == [[]] * len(WINDOWS)
    trace = (Step(words or "-", words or "-", words),) * 12
    dated = replace(case, dates=(due(9, trace=trace, version=words, cite=words),) * 3)
    events = (HistoryLine(1, RECEIVED, words or "desk", EventKind.NOTED, said=words),) * 20
    views = (
        modals.more(case, ("reply",), WHERE, spoken),
        lookups.dates(dated, spoken),
        lookups.history(case, events, spoken),
        lookups.revealed(Written(words, words * 5), spoken),
        byhand.new(DESK, Typed(TODAY, words * 2), LAWS, WHERE, spoken),
    )
    assert [view_faults(view) for view in views] == [[]] * len(views)


def test_the_longest_history_and_the_longest_trace_fit() -> None:
    """The oldest events are left out, and it is said where they are."""
    events = [HistoryLine(n, RECEIVED, "U01AIKO", EventKind.NOTED, said="x" * 400) for n in range(1200)]
    told = lookups.history(FULL, events)
    assert view_faults(told) == []
    assert "rightsdesk cases show" in str(told["blocks"][-1])
    trace = tuple(Step(f"{n} " + "x" * 500, "x", "Art. 12") for n in range(99))
    assert view_faults(lookups.dates(replace(FULL, dates=(due(9, trace=trace),) * 9))) == []


@pytest.mark.parametrize(("words", "language"), list(product(HOSTILE, LANGUAGES)))
def test_no_words_break_a_home_or_a_list(words: str, language: str) -> None:
    """A home of a manager with many cases, and every page of a list."""
    spoken = translator(language, ZONE)
    lines = pages(20, requester=words, controller_name=words, ref=words, owner="U01AIKO")
    view = replace(HOME, mine=lines, unassigned=lines, everything=lines, away_until=TODAY, covering=("U02BEN",))
    made = home.home(view, 1, "https://desk.slack.example/", spoken)
    assert view_faults(made) == []
    blocks = home.listing(lines, "list", "https://desk.slack.example/", spoken)
    assert message_faults("-", blocks) == []


def test_every_action_of_the_desk_has_a_button_a_window_or_a_letter() -> None:
    """None is forgotten."""
    from bot.slack.listeners import AT_ONCE, OPENING

    assert set(ALLOWED) <= {Action(a) for a in (*AT_ONCE, *OPENING) if a in set(Action)}


def test_assigning() -> None:
    assert done("assign", who="U02BEN") == (deeds.Assign("U02BEN"),)
    assert refused("assign") == ("who", "Choose somebody.")


def test_recording_identity() -> None:
    """A document must be deleted first; today is now."""
    given = {"method": "document", "result": "shown", "on": "2026-02-20"}
    assert done("record_identity", **given, deleted=("deleted",)) == (
        deeds.RecordIdentity(IdentityMethod.DOCUMENT, True, True, date(2026, 2, 20), ""),
    )
    assert refused("record_identity", **given)[0] == "deleted"
    assert refused("record_identity", method="other", result="shown")[0] == "note"
    assert refused("record_identity", method="account", result="shown", on="2026-02-22") == ("on", "This day is still to come.")
    assert done("record_identity", method="account", result="not_shown") == (
        deeds.RecordIdentity(IdentityMethod.ACCOUNT, False, False, None, ""),
    )


def test_recording_answers_and_payments() -> None:
    assert done("record_clarification", note="All of it.") == (deeds.RecordClarification(None, "All of it."),)
    assert done("record_payment", on="2026-02-20", yen="1,100円") == (deeds.RecordPayment(date(2026, 2, 20), 1100, ""),)
    assert refused("record_payment", yen="much") == ("yen", "A whole number, such as 1100.")


def test_recording_what_was_told_by_phone() -> None:
    expected = deeds.RecordTold(OccurrenceKind.EXTENDED, TODAY, "Called her.")
    assert done("told", kind="extended", reason="Called her.") == (expected,)
    assert refused("told", kind="extended") == ("reason", "Say how it was told.")


def test_pausing_and_resuming() -> None:
    assert done("pause", reason="They look for papers.") == (deeds.Pause("They look for papers."),)
    assert refused("pause") == ("reason", "Say why.")
    assert done("resume") == (deeds.Resume(""),)


def test_marking_rights_as_done_or_refused() -> None:
    """Only those that are open can be ticked."""
    view = window("fulfil")
    assert [o["value"] for b in view["blocks"] if b.get("block_id") == "rights" for o in b["element"]["options"]] == ["erasure"]
    assert done("fulfil", became="done", rights=("erasure",)) == (deeds.Fulfil((Right.ERASURE,), ""),)
    refusal = deeds.RefuseRights((Right.ERASURE,), Ground.LEGAL_CLAIMS, "")
    assert done("fulfil", became="refused", rights=("erasure",), ground="legal_claims") == (refusal,)
    assert refused("fulfil", became="refused", rights=("erasure",))[0] == "ground"
    assert refused("fulfil", became="refused", ground="legal_claims")[0] == "rights"


def test_a_second_persons_word() -> None:
    assert done("approve") == (deeds.Approve(3),)
    assert done("reject", reason="Not yet.") == (deeds.Reject(3, "Not yet."),)
    assert refused("reject") == ("reason", "Say why.")


def test_closing_names_open_tasks_and_a_refusal_its_ground() -> None:
    text = "\n".join(every_text(window("close")["blocks"]))
    assert "Nothing is mailed when you close a case" in text
    assert "1 task is open: say why." in text
    assert done("close", outcome="fulfilled", reason="r") == (deeds.Close(Outcome.FULFILLED, None, "r"),)
    assert refused("close") == ("outcome", "Choose how it ended.")
    assert refused("close", outcome="refused") == ("ground", "Choose why it is refused.")


def test_undoing_names_the_step_that_was_seen() -> None:
    assert done("undo") == (deeds.Undo(9),)
    with pytest.raises(Refused):
        window("undo", replace(FULL, undo=UndoView(9, "Take", "U01AIKO", RECEIVED, barred="A letter has left the house.")))


def test_sorting_shows_what_it_was_and_reads_what_it_is() -> None:
    """Even a law beyond the hundred that a select can hold, or one that is no longer known."""
    assert done("sort", CASE, rights=("access",), place="gb-sct ") == (
        deeds.Resort(Category.RIGHTS_REQUEST, (Right.ACCESS,), "EU-GDPR", "GB-SCT"),
    )
    assert refused("sort", CASE) == ("rights", "Tick at least one: what does the person ask for?")
    assert refused("sort", CASE, rights=("access",), place="Germany")[0] == "place"
    for law, shown in (("LAW-149", "LAW-149"), (None, "-"), ("gone", None)):
        view = replace(CASE, law=law)
        assert view_faults(window("sort", view)) == []
        assert answers(filled(window("sort", view)))["law"] == shown


def test_splitting_correcting_linking_and_joining() -> None:
    assert done("split", category="complaint", address="eva@example.org", name="Eva") == (
        deeds.Split(Category.COMPLAINT, (), "EU-GDPR", None, "eva@example.org", "Eva"),
    )
    assert refused("split", category="complaint", address="eva")[0] == "address"
    receipt = deeds.CorrectReceipt(date(2026, 1, 30), "The envelope's stamp.")
    assert done("correct_receipt", on="2026-01-30", reason="The envelope's stamp.") == (receipt,)
    assert done("link", ref="see pr-2026-00007, please") == (deeds.LinkDuplicate("PR-2026-00007", ""),)
    assert refused("link", ref="42") == ("ref", "That is no number of a case. They look like PR-2026-00042.")
    assert done("join") == (deeds.JoinCase("PR-2026-00007"),), "the case that it may belong to is filled in"


def test_notes_urgency_and_managers() -> None:
    assert done("note", note="Called.") == (deeds.AddNote("Called."),)
    assert done("urgent", urgent="yes") == (deeds.MarkUrgent(True, ""),)
    assert done("hand_over", reason="May we refuse?") == (deeds.HandToManagers("May we refuse?"),)
    assert refused("hand_over") == ("reason", "Say what they must decide.")


def test_the_checklist_is_ticked() -> None:
    """Several at once; one otherwise, with a note; one more task for somebody."""
    text = "\n".join(every_text(window("task")["blocks"]))
    assert "☑️ Search: AWS" in text
    assert "Name, mail address, what was opened" in text
    assert done("task", done0=("2",)) == (deeds.SettleTask(2, TaskState.DONE, ""),)
    assert done("task", task="2", state="nothing_found", note="no entry") == (deeds.SettleTask(2, TaskState.NOTHING_FOUND, "no entry"),)
    assert refused("task", task="2", state="not_needed") == ("note", "Say why it is not needed.")
    assert refused("task", task="2")[0] == "state"
    assert refused("task", state="done")[0] == "task"
    assert done("task", title="Ask the lawyer", who="U02BEN") == (deeds.AddTask("Ask the lawyer", "U02BEN"),)
    assert refused("task") == (None, "Tick what is done, or choose a task.")


def test_a_request_by_phone_is_typed_in() -> None:
    """With the day on which it reached us; who it was must be known somehow."""
    words = translator("en", ZONE)
    view = byhand.new(DESK, Typed(TODAY), LAWS, WHERE, words)
    given = {"controller": "nproc", "on": "2026-02-16", "rights": ("erasure",), "words": "Please delete me.", "name": "Eva", "place": "de"}
    fact = byhand.fact(Given(answers(filled(view, **given)), TODAY, words))
    assert fact == ByHand(
        controller="nproc",
        source=Source.PHONE,
        received=date(2026, 2, 16),
        category=Category.RIGHTS_REQUEST,
        rights=(Right.ERASURE,),
        words="Please delete me.",
        name="Eva",
        place="DE",
    )
    for missing in ("controller", "rights", "words", "name"):
        with pytest.raises(Refused) as told:
            byhand.fact(Given(answers(filled(view, **{**given, missing: None})), TODAY, words))
        assert told.value.field == missing


def test_an_absence_has_a_first_and_a_last_day() -> None:
    """And a deputy who is somebody else; a last day before the first one ends it."""
    words = translator("en", ZONE)
    view = byhand.away(DESK, TODAY, WHERE, words)
    given = Given(answers(filled(view, since="2026-03-01", until="2026-03-09", who="U02BEN")), TODAY, words)
    assert byhand.absence("U01AIKO", given) == SetAbsence("U01AIKO", date(2026, 3, 1), date(2026, 3, 9), "U02BEN")
    assert "<@U02BEN> acts for you" in byhand.absence_said(byhand.absence("U01AIKO", given), words)
    with pytest.raises(Refused):
        byhand.absence("U02BEN", given)


def test_how_a_date_came_about_is_told_in_the_readers_language() -> None:
    """Step by step, with what each rests on."""
    trace = (Step("Day 0 is the day of receipt.", "受付日を起算日とします。", "Art. 3"),)
    view = replace(CASE, dates=(due(9, trace=trace, version="2026-01"),))
    english = "\n".join(every_text(lookups.dates(view, translator("en", ZONE))["blocks"]))
    japanese = "\n".join(every_text(lookups.dates(view, translator("ja", ZONE))["blocks"]))
    assert "1. Day 0 is the day of receipt. _Art. 3_" in english
    assert "1. 受付日を起算日とします。" in japanese


def test_an_arrow_of_a_computation_is_an_arrow() -> None:
    """Not an escape that some clients show as it is."""
    dated = replace(CASE, dates=(due(9, trace=(Step("+ 1 month -> 2 March", "+ 1か月 -> 3月2日", ""),)),))
    assert "+ 1 month → 2 March" in str(lookups.dates(dated))
    assert "&gt;" not in str(lookups.dates(dated))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_came_attached_is_listed_whatever_it_is_called(name: str) -> None:
    """With size, day and where it lies; a likely identity document is marked."""
    many = (replace(ATTACHED, name=name, type=name, mailbox=name, folder=name),) * 40
    assert view_faults(lookups.files(CASE, many)) == []
    text = "\n".join(every_text(lookups.files(CASE, (ATTACHED,))["blocks"]))
    for words in ("passport.jpg", "0.2 MB", "mailbox nproc, folder INBOX", "perhaps an identity document", "stay in the mailbox"):
        assert words in text
