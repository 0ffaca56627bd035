"""The card of a case, in every state and with the worst words that a mail can bring."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.buttons import chosen, value
from bot.slack.cards import card, fallback, urgency
from bot.slack.home import case_line
from bot.slack.words import ENGLISH, LANGUAGES, translator
from handlers.lifecycle import permitted
from handlers.verdict import Evidence
from handlers.views import CaseView, TaskView
from storage.kinds import Action, Category, ClockState, DeadlineKind, Ground, NextStep, Outcome, Right, Status, TaskKind, TaskState
from tests.slack.limits import every_text, message_faults
from tests.slack.samples import CASE, FULL, HOSTILE, LINE, TODAY, ZONE, due

_WORDS = translator("en", ZONE)
_FREE_TEXT = ("ref", "controller_name", "law_reason", "place", "requester", "subject", "excerpt", "folder", "law", "linked", "split_from")


def shown(view: CaseView) -> str:
    """All that a reader sees of a card."""
    return "\n".join(every_text(card(view, TODAY, 1, _WORDS)))


def labels(view: CaseView) -> list[str]:
    """The buttons of a card, and what is under `More`."""
    elements = card(view, TODAY, 1)[-1]["elements"]
    return [o["text"]["text"] for e in elements for o in (e.get("options") or [e])]


def closed(status: Status) -> dict[str, object]:
    """A closed case has an outcome."""
    return {"outcome": Outcome.REFUSED, "ground": Ground.RIGHTS_OF_OTHERS} if status is Status.CLOSED else {}


@pytest.mark.parametrize(("status", "owner", "language"), list(product(Status, (None, "U01AIKO"), LANGUAGES)))
def test_every_state_fits_the_limits_in_every_language(status: Status, owner: str | None, language: str) -> None:
    """With every mark and date that a case can have at once, whatever comes next."""
    dates = tuple(due(d, law=law, kind=k) for d, law, k in product((-3, 0, 2, 6, 30, None), ("EU-GDPR", "JP-APPI"), DeadlineKind))
    words = translator(language, ZONE)
    for step in NextStep:
        view = replace(FULL, status=status, owner=owner, dates=dates, next_step=step, allowed=permitted(status), **closed(status))
        assert message_faults(fallback(view, words), card(view, TODAY, 1, words)) == []


@pytest.mark.parametrize(("name", "words"), list(product(_FREE_TEXT, HOSTILE)))
def test_no_words_of_a_stranger_break_the_card(name: str, words: str) -> None:
    """Too long, empty, right to left, calling the channel: whatever stands in whichever field, in every language."""
    view = replace(CASE, **{name: words})
    for language in LANGUAGES:
        spoken = translator(language, ZONE)
        assert message_faults(fallback(view, spoken), card(view, TODAY, 1, spoken)) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_the_same_words_everywhere_at_once_still_fit(words: str) -> None:
    """The whole message stays under Slack's limit, too."""
    everywhere = dict.fromkeys(_FREE_TEXT, words)
    tasks = tuple(replace(t, title=words, note=words, place={"en": words}, holds={"en": words}) for t in FULL.tasks)
    view = replace(FULL, **everywhere, evidence=(Evidence("rule", words),) * 9, law_candidates=(words,) * 9, tasks=tasks)
    assert message_faults(fallback(view), card(view, TODAY, 1)) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=4000), st.text(max_size=4000), st.text(max_size=400))
def test_no_text_at_all_breaks_the_card(subject: str, excerpt: str, requester: str) -> None:
    """A property: any text goes."""
    view = replace(CASE, subject=subject, excerpt=excerpt, requester=requester)
    assert message_faults(fallback(view), card(view, TODAY, 1)) == []


def test_every_field_of_a_case_is_looked_at_or_left_out_on_purpose() -> None:
    """A new free text in CaseView must be added to the hostile ones."""
    known = {f.name for f in fields(CaseView)}
    typed = {f.name for f in fields(CaseView) if f.type in ("str", "str | None", str)}
    assert set(_FREE_TEXT) <= known
    assert typed - set(_FREE_TEXT) <= {"controller", "language", "owner", "authentication", "channel", "thread", "deputy", "by_hand"}


@pytest.mark.parametrize(("status", "step"), list(product(Status, NextStep)))
def test_at_most_five_buttons_and_every_deed_is_reachable(status: Status, step: NextStep) -> None:
    """What is not in the row stands behind `More`; nothing that would be refused."""
    for full, owner in product((CASE, FULL), (None, "U01AIKO")):
        view = replace(full, status=status, owner=owner, next_step=step, **closed(status))
        row = chosen(view)
        blocks = card(view, TODAY, 1)
        pressed = [e["action_id"] for b in blocks for e in [*b.get("elements", []), b.get("accessory")] if e and "action_id" in e]
        assert len(pressed) <= 5
        assert len(set(pressed)) == len(pressed)
        allowed = {str(a) for a in permitted(status)}
        assert {str(a) for a in row.shown} <= allowed
        offered = {str(a) for a in row.shown} | set(row.more)
        assert offered <= allowed | {"told", "dates", "history", "files"}
        pointless = {"take", "release", "acknowledge", "approve", "reject", "undo"}
        assert allowed - offered <= pointless
        assert ("take" in offered) == (owner is None and status is not Status.CLOSED)


def test_a_new_case_offers_take_acknowledge_reply_and_sort() -> None:
    """In that order; the rest stands behind `More`."""
    assert labels(CASE) == ["Take", "Acknowledge…", "Reply…", "Change sorting…", "More…"]
    assert [e.get("style") for e in card(CASE, TODAY, 1)[-1]["elements"]] == ["primary", None, None, None, None]


def test_a_case_that_somebody_has_is_not_offered_to_be_taken() -> None:
    """It can be given back, behind `More`."""
    assert labels(replace(CASE, owner="U01AIKO")) == ["Acknowledge…", "Reply…", "Change sorting…", "Close…", "More…"]
    assert "release" in chosen(replace(CASE, owner="U01AIKO")).more


@pytest.mark.parametrize(
    ("status", "step", "first"),
    [
        (Status.WAITING_IDENTITY, NextStep.WAIT, "Identity checked…"),
        (Status.WAITING_CLARIFICATION, NextStep.READ_ANSWER, "They clarified…"),
        (Status.WAITING_FEE, NextStep.WAIT, "Fee paid…"),
        (Status.IN_WORK, NextStep.CHECKLIST, "Checklist…"),
        (Status.IN_WORK, NextStep.ANSWER, "Reply…"),
        (Status.ANSWERED, NextStep.CLOSE, "Close…"),
        (Status.NEEDS_LOOK, NextStep.LOOK, "Change sorting…"),
        (Status.NEW, NextStep.CONFIRM_RECEIPT, "Correct the receipt…"),
        (Status.IN_WORK, NextStep.DECIDE, "Agree…"),
    ],
)
def test_the_first_button_is_the_next_step(status: Status, step: NextStep, first: str) -> None:
    """So that nobody wonders what to do."""
    assert labels(replace(FULL, masked=False, others=(), owner="U01AIKO", status=status, next_step=step))[0] == first


def test_what_the_law_bars_is_not_offered() -> None:
    """The house says what is allowed now."""
    view = replace(CASE, status=Status.IN_WORK, allowed=(Action.REPLY, Action.CLOSE, Action.TAKE))
    assert labels(view) == ["Take", "Reply…", "Close…", "More…"]
    assert set(chosen(view).more) <= {"told", "history", "dates", "files"}


def test_a_closed_case_can_be_reopened_and_noted() -> None:
    """Its outcome and ground stand on it."""
    view = replace(CASE, status=Status.CLOSED, outcome=Outcome.REFUSED, ground=Ground.RIGHTS_OF_OTHERS)
    assert labels(view) == ["Reopen…", "Add a note…", "More…"]
    assert "refused" in shown(view)
    assert "rights of others" in shown(view)


def test_the_card_of_a_case_in_full_swing_says_it_all() -> None:
    """Checklist, second person, other cases, fee, identity, deputy, letters that came back."""
    text = shown(replace(FULL, owner="U01AIKO", deputy="U02BEN", status=Status.IN_WORK, next_step=NextStep.CHECKLIST))
    for words in (
        "*Checklist* ▰▰▰▰▱▱▱▱ 1 of 2", "open: Marketo", "may belong to *PR-2026-00007*", "Fee of 1,100 yen paid", "identity shown",
        "away, <@U02BEN> acts", "did not reach them", "🔐 <@U02BEN> wants: *Refusal*", "The person has written", "2 notes", "by phone",
    ):  # fmt: skip
        assert words in text, words


def test_a_covered_number_is_revealed_by_a_button_beside_the_mail() -> None:
    """Only where something is covered."""
    assert any((b.get("accessory") or {}).get("action_id") == "rd:reveal" for b in card(replace(CASE, masked=True), TODAY, 1))
    assert not any(b.get("accessory") for b in card(CASE, TODAY, 1))


def test_the_card_speaks_japanese() -> None:
    """Where the channel does."""
    text = "\n".join(every_text(card(CASE, TODAY, 1, translator("ja", ZONE))))
    for words in ("開示、消去", "回答期限 2026年3月2日(月)・あと9日", "請求者", "担当する", "次の対応:", "添付ファイル 1 件"):
        assert words in text, words


def test_buttons_carry_the_case_and_the_version_that_was_seen() -> None:
    """So that a stale card is noticed."""
    elements = card(CASE, TODAY, 1)[-1]["elements"]
    assert {e["value"] for e in elements} == {"7:3"} == {value(CASE)}


def test_the_first_block_carries_the_mark_of_its_row() -> None:
    """By which the post is found again."""
    assert card(CASE, TODAY, 4711)[0]["block_id"] == "rd:4711"


def test_the_card_says_what_matters() -> None:
    """Reference, company, requester, rights, law and why, date and distance, owner, state, next step, excerpt."""
    text = shown(CASE)
    for words in (
        "PR-2026-00042", "Nproc", "Ada Beispiel (ada@example.org)", "Access, Erasure", "EU GDPR", "writes from Germany",
        "Answer by Mon 2 Mar 2026 (in 9 days)", "nobody yet", "New", "Next:", "> please send me a copy", "1 attachment",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    ("days", "emoji", "word"),
    [(None, "⚪", "no date"), (-1, "🔴", "overdue"), (0, "🔴", "due today"), (1, "🟠", "urgent"), (3, "🟠", "urgent"), (4, "🟡", "soon"),
     (7, "🟡", "soon"), (8, "🟢", "in time")],
)  # fmt: skip
def test_urgency_is_told_by_emoji_and_word(days: int | None, emoji: str, word: str) -> None:
    """Colour alone would not do."""
    assert urgency(days, ENGLISH) == (emoji, word)


def test_a_date_with_a_roll_shows_both_readings() -> None:
    """The safe date leads, the law's last day stands under it."""
    view = replace(CASE, dates=(due(9, statutory=due(11).safe),))
    assert "Answer by Mon 2 Mar 2026 (in 9 days)" in shown(view)
    assert "The law's last day is Wed 4 Mar 2026." in shown(view)


def test_a_day_that_ends_elsewhere_before_ours_does_says_at_what_time_of_ours() -> None:
    """New Zealand's day is over in the evening of Tokyo; Germany's only next morning, of which the window tells."""
    early, late = (datetime(2026, 3, 2, 19, tzinfo=_WORDS.zone), datetime(2026, 3, 3, 8, tzinfo=_WORDS.zone))
    assert "that day is over at 19:00 our time." in shown(replace(CASE, dates=(due(9, ends=early),)))
    assert "our time" not in shown(replace(CASE, dates=(due(9, ends=late),)))


def test_laws_that_share_a_date_share_a_line_and_later_dates_are_small_print() -> None:
    """A case whose law isn't certain has many dates; one leads."""
    dates = (due(9), due(9, law="UK-GDPR"), due(12, law="JP-APPI"), due(2, kind=DeadlineKind.ACKNOWLEDGE), due(1, done=True))
    blocks = card(replace(CASE, dates=dates), TODAY, 1)
    lead = next(b for b in blocks[2:] if b["type"] == "section")
    small = next(b for b in blocks if b["type"] == "context")
    assert lead["text"]["text"].startswith("🟠 *Acknowledge by Mon 23 Feb 2026 (in 2 days)* · urgent · EU GDPR")
    assert "Answer by Mon 2 Mar 2026 (in 9 days)* · in time · EU GDPR, UK GDPR" in small["elements"][0]["text"]
    assert "Japan APPI" in small["elements"][0]["text"]


def test_a_clock_that_stands_says_so() -> None:
    """While we wait for proof of identity, say."""
    assert "the clock stands" in shown(replace(CASE, dates=(due(9, state=ClockState.PAUSED),)))


def test_a_case_without_any_date_shows_none() -> None:
    """And breaks nothing."""
    view = replace(CASE, dates=())
    assert "Answer by" not in shown(view)
    assert message_faults(fallback(view), card(view, TODAY, 1)) == []


def test_a_day_is_the_day_of_the_desk() -> None:
    """16:00 UTC is the next day in Tokyo."""
    assert "Tue 3 Feb 2026" in shown(replace(CASE, received=datetime(2026, 2, 2, 16, 0, tzinfo=UTC)))


def test_where_nothing_may_be_shown_the_card_does_without() -> None:
    """Subject and words are empty; no empty quotation is left."""
    view = replace(CASE, subject="", excerpt="", requester="a…@example.org")
    assert not any(line.startswith(">") for line in shown(view).splitlines())


def test_a_complaint_without_rights_is_called_a_complaint() -> None:
    """Its category stands where the rights would."""
    assert "PR-2026-00042 · Complaint" in shown(replace(CASE, category=Category.COMPLAINT, rights=()))


def test_an_uncertain_law_names_the_candidates() -> None:
    """Staff see what it may be."""
    assert "not certain" in shown(replace(CASE, law=None))
    assert "EU GDPR, UK GDPR" in shown(replace(CASE, law=None))


def test_the_notification_line_shows_nothing_that_a_stranger_wrote() -> None:
    """It appears on locked telephones."""
    line = fallback(CASE)
    assert "Ada" not in line
    assert "My data" not in line
    assert line.startswith("🟢 PR-2026-00042 · Access, Erasure · Nproc · New")


def test_a_task_without_a_place_is_called_by_what_it_is() -> None:
    """On the card as in the checklist: nobody reads an empty name."""
    offer = TaskView(3, TaskKind.OFFER_ACCESS, Right.ERASURE, TaskState.OPEN, {}, {})
    text = "\n".join(every_text(card(replace(CASE, tasks=(offer,)), TODAY, 1)))
    assert "open: Offer a copy before anything is erased" in text


def test_short_names_of_laws_stand_in_capitals() -> None:
    """The sorting reads them in small letters."""
    text = "\n".join(every_text(card(replace(CASE, law_reason="cites uk gdpr"), TODAY, 1)))
    assert "_cites UK GDPR_" in text


def test_a_list_says_that_a_clock_stands() -> None:
    """A case without a date that waits for an answer is no case without a period."""
    assert "the clock stands" in case_line(replace(LINE, status=Status.WAITING_IDENTITY, due=None, days_left=None), "", _WORDS)
    assert "no date" in case_line(replace(LINE, status=Status.IN_WORK, due=None, days_left=None), "", _WORDS)


def test_what_the_model_thinks_is_said_in_words() -> None:
    """Not in the names of our tables."""
    view = replace(CASE, evidence=(Evidence("model", "other 53%, rights_request 19%"),))
    assert "Rights request 19%" in "\n".join(every_text(card(view, TODAY, 1)))
    japanese = "\n".join(every_text(card(view, TODAY, 1, translator("ja"))))
    assert "19%" in japanese
    assert "rights_request" not in japanese


def test_a_request_by_phone_was_found_in_no_folder() -> None:
    """What was said stands once; how it came stands beside the day."""
    said = dict.fromkeys(("subject", "excerpt"), "Please delete me.")
    view = replace(CASE, by_hand="phone", folder="phone", evidence=(Evidence("rule", "phone"),), **said)
    text = shown(view)
    assert text.count("Please delete me.") == 1
    assert "by phone" in text
    assert "Found in" not in text
    assert "Why it is here" not in text


def test_what_came_attached_can_be_looked_at_where_something_did() -> None:
    """Behind `More`."""
    assert "files" in chosen(replace(CASE, attachments=1)).more
    assert "files" not in chosen(replace(CASE, attachments=0)).more
