"""The card of a case, in every state and with the worst words that a mail can bring."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.cards import card, fallback, urgency, value
from bot.slack.words import ENGLISH, translator
from handlers.lifecycle import permitted
from handlers.verdict import Evidence
from handlers.views import CaseView
from storage.kinds import Action, Category, ClockState, DeadlineKind, Ground, Outcome, Right, Status
from tests.slack.limits import every_text, message_faults
from tests.slack.samples import CASE, HOSTILE, TODAY, ZONE, due

_WORDS = translator("en", ZONE)
_FREE_TEXT = ("ref", "controller_name", "law_reason", "place", "requester", "subject", "excerpt", "folder", "law")


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


@pytest.mark.parametrize(("status", "owner"), list(product(Status, (None, "U01AIKO"))))
def test_every_state_fits_the_limits(status: Status, owner: str | None) -> None:
    """With every mark and date that a case can have at once."""
    dates = tuple(due(d, law=law, kind=k) for d, law, k in product((-3, 0, 2, 6, 30, None), ("EU-GDPR", "JP-APPI"), DeadlineKind))
    view = replace(CASE, status=status, owner=owner, dates=dates, urgent=True, needs_look=True, live=False, folder="Junk",
                   authentication="fail", rights=tuple(Right), received_confirmed=False, attachments=12, **closed(status))  # fmt: skip
    assert message_faults(fallback(view), card(view, TODAY, 1)) == []


@pytest.mark.parametrize(("name", "words"), list(product(_FREE_TEXT, HOSTILE)))
def test_no_words_of_a_stranger_break_the_card(name: str, words: str) -> None:
    """Too long, empty, right to left, calling the channel: whatever stands in whichever field."""
    view = replace(CASE, **{name: words})
    assert message_faults(fallback(view), card(view, TODAY, 1)) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_the_same_words_everywhere_at_once_still_fit(words: str) -> None:
    """The whole message stays under Slack's limit, too."""
    everywhere = dict.fromkeys(_FREE_TEXT, words)
    view = replace(CASE, **everywhere, evidence=(Evidence("rule", words),) * 9, law_candidates=(words,) * 9)
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
    assert typed - set(_FREE_TEXT) <= {"controller", "language", "owner", "authentication", "channel", "thread"}


@pytest.mark.parametrize("status", Status)
def test_buttons_are_those_that_the_life_of_a_case_allows(status: Status) -> None:
    """At most five, the first one leading; nothing that would be refused."""
    view = replace(CASE, status=status, **closed(status))
    for owner in (None, "U01AIKO"):
        elements = card(replace(view, owner=owner), TODAY, 1)[-1]["elements"]
        actions = {e["action_id"].removeprefix("rd:") for e in elements if e["type"] == "button"}
        assert actions <= {str(a) for a in permitted(status)}
        assert (Action.TAKE in actions) == (owner is None and status is not Status.CLOSED)
        leading = None if status is Status.CLOSED else "primary"
        assert [e.get("style") for e in elements] == [leading] + [None] * (len(elements) - 1)


def test_a_new_case_offers_take_acknowledge_reply_sort_and_close() -> None:
    """In that order."""
    assert labels(CASE) == ["Take", "Acknowledge…", "Reply…", "Change sorting…", "Close…"]


def test_a_case_that_somebody_has_can_be_given_back() -> None:
    """And no longer taken."""
    assert labels(replace(CASE, owner="U01AIKO")) == ["Acknowledge…", "Reply…", "Change sorting…", "Close…", "Give back"]


def test_a_closed_case_can_only_be_reopened() -> None:
    """Its outcome and ground stand on it."""
    view = replace(CASE, status=Status.CLOSED, outcome=Outcome.REFUSED, ground=Ground.RIGHTS_OF_OTHERS)
    assert labels(view) == ["Reopen"]
    assert "refused" in shown(view)
    assert "rights of others" in shown(view)


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
