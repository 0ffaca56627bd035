"""The modals: within Slack's limits whatever they hold, and read back as they were filled in."""

import json
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import modals
from bot.slack.forms import answers, field_block
from bot.slack.modals import Where
from storage.kinds import Category, Ground, LetterName, Right
from tests.slack.limits import every_text, view_faults
from tests.slack.samples import CASE, DRAFT, HOSTILE, Written, filled

WHERE = Where(7, 3, "C01DESK", "1771.0001", "reply", "en")
LETTERS = (LetterName.REPLY, LetterName.REFUSAL, LetterName.ACKNOWLEDGEMENT)
LAWS = tuple((f"LAW-{n}", f"Law {n} " + "x" * 100) for n in range(150))


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_break_a_modal(words: str) -> None:
    """In every modal and every field of it."""
    draft = replace(DRAFT, **dict.fromkeys(("to", "subject", "opening", "middle", "closing"), words))
    case = replace(CASE, **dict.fromkeys(("ref", "requester", "subject", "excerpt", "law", "place"), words))
    middle = words[:1500]
    views = (
        modals.loading(words or "Reply"),
        modals.note(words or "Reply", words),
        modals.compose(draft, WHERE, LETTERS, ("en", "ja")),
        modals.preview(draft, Written(words, words), middle, WHERE),
        modals.warned(modals.preview(draft, Written(words, words), middle, WHERE), words),
        modals.sort(case, WHERE, LAWS),
        modals.close(case, WHERE),
    )
    assert [view_faults(view) for view in views] == [[]] * len(views)


GROUNDS = ("", *Ground)


@pytest.mark.parametrize(("letter", "ground"), [(LetterName.REPLY, ""), *((LetterName.REFUSAL, g) for g in GROUNDS)])
def test_a_refusal_asks_for_its_ground_and_no_other_letter_does(letter: LetterName, ground: str) -> None:
    """The ground stands in the fixed words, so the choice fills the letter anew."""
    view = modals.compose(replace(DRAFT, letter=letter), replace(WHERE, ground=str(ground)), LETTERS, ("en", "ja"))
    assert view_faults(view) == []
    assert ("ground" in answers(view)) == (letter is LetterName.REFUSAL)


def test_the_writing_modal_shows_what_is_fixed_and_lets_the_middle_be_edited() -> None:
    """Recipient and subject stand on top."""
    view = modals.compose(DRAFT, WHERE, LETTERS, ("en", "ja"))
    text = "\n".join(every_text(view["blocks"]))
    for words in ("ada@example.org", "Your request PR-2026-00042", "> Dear Ada Beispiel,", "> Kind regards"):
        assert words in text
    assert answers(filled(view, middle="New words"))["middle"] == "New words"


def test_the_preview_shows_the_whole_letter() -> None:
    """Every line of it, quoted."""
    written = Written("Your request", "\n".join(f"Line {n} " + "word " * 20 for n in range(120)))
    text = "\n".join(every_text(modals.preview(DRAFT, written, "x", WHERE)["blocks"]))
    assert all(f"> Line {n} " in text for n in range(120))


@given(st.text(max_size=3000))
def test_what_was_read_is_what_is_sent(middle: str) -> None:
    """Every character of the middle comes back from the preview."""
    where = replace(WHERE, letter="refusal", ground="unfounded_or_excessive")
    view = json.loads(json.dumps(modals.preview(DRAFT, Written("s", "t"), middle, where)))
    assert modals.sent_from(view) == (where, middle)


def test_a_middle_as_long_as_allowed_still_fits_the_preview() -> None:
    """3,000 characters and the case beside them."""
    where = replace(WHERE, case_id=10**9, version=10**6, letter="complaint_received", ground="unfounded_or_excessive")
    middle = "x" * 3000
    assert modals.too_long(middle) == 0
    assert view_faults(modals.preview(DRAFT, Written("s", "t"), middle, where)) == []
    assert modals.too_long("😀" * 1501) == 2


def test_an_untouched_sorting_says_what_it_was() -> None:
    """Slack hands back what was shown at first."""
    view = modals.sort(CASE, WHERE, LAWS)
    ticked = tuple(str(r) for r in CASE.rights)
    back = answers(filled(view, category="rights_request", rights=ticked, law="LAW-1", place="DE"))
    assert back == {"category": "rights_request", "rights": ticked, "law": "LAW-1", "place": "DE"}


def test_a_choice_that_nobody_touched_is_the_one_that_was_shown() -> None:
    """Some clients hand back nothing for it; boxes and texts that may be empty are taken as empty."""
    view = modals.sort(replace(CASE, law="LAW-3"), WHERE, LAWS)
    back = answers(filled(view))
    assert back == {"category": "rights_request", "rights": (), "law": "LAW-3", "place": None}


@pytest.mark.parametrize(("category", "law"), list(product(Category, (None, "LAW-149", "gone"))))
def test_the_sorting_modal_offers_the_present_sorting(category: Category, law: str | None) -> None:
    """Even a law beyond the hundred that a select can hold, or one that is no longer known."""
    view = modals.sort(replace(CASE, category=category, law=law, rights=tuple(Right)), WHERE, LAWS)
    assert view_faults(view) == []
    assert answers(filled(view))["category"] == category
    assert answers(filled(view))["law"] == (law if law == "LAW-149" else None if law == "gone" else modals.OPEN_LAW)


def test_closing_says_that_nothing_is_mailed() -> None:
    """And asks how it ended, why if refused, and for a note."""
    view = modals.close(CASE, WHERE)
    assert "Nothing is mailed when you close a case" in "\n".join(every_text(view["blocks"]))
    assert list(answers(filled(view))) == ["outcome", "ground", "reason"]


def test_an_error_stands_at_its_field_or_at_the_first() -> None:
    """A modal without any field has none."""
    view = modals.compose(DRAFT, WHERE, LETTERS, ("en",))
    assert field_block(view, "middle") == "middle:reply:en:"
    assert field_block(view, "version") == "letter"
    assert field_block(modals.note("a", "b"), "middle") is None


def test_a_modal_that_is_warned_twice_has_one_warning() -> None:
    """The newest one."""
    once = modals.warned(modals.preview(DRAFT, Written("s", "t"), "m", WHERE), "first")
    twice = modals.warned(once, "second")
    texts = list(every_text(twice["blocks"]))
    assert "⚠️ second" in texts
    assert "⚠️ first" not in texts
    assert modals.sent_from(twice) == (WHERE, "m")


def test_where_survives_private_metadata() -> None:
    """Packed and unpacked."""
    assert Where.unpack(WHERE.pack()) == WHERE
