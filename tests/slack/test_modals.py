"""The modals: within Slack's limits whatever they hold, and read back as they were filled in."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import modals
from bot.slack.forms import answers, field_block
from bot.slack.modals import Choice, Read, Where
from storage.kinds import Ground, LetterName, Right
from tests.slack.limits import every_text, view_faults
from tests.slack.samples import CASE, DRAFT, HOSTILE, Written, filled

WHERE = Where(7, 3, "C01DESK", "1771.0001", "reply", "en")
LETTERS = (LetterName.REPLY, LetterName.REFUSAL, LetterName.ACKNOWLEDGEMENT)
CHOICE = Choice(LETTERS, ("en", "ja"), (Right.ACCESS, Right.ERASURE))


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_break_a_modal(words: str) -> None:
    """In every modal and every field of it."""
    draft = replace(DRAFT, **dict.fromkeys(("to", "subject", "opening", "middle", "closing"), words))
    case = replace(CASE, **dict.fromkeys(("ref", "requester", "subject", "excerpt", "law", "place"), words))
    middle = words[:1500]
    views = (
        modals.loading(words or "Reply"),
        modals.note(words or "Reply", words),
        modals.compose(draft, WHERE, CHOICE),
        modals.preview(Read(draft.to, Written(words, words), middle), WHERE),
        modals.warned(modals.preview(Read(draft.to, Written(words, words), middle), WHERE), words),
        modals.more(case, ("reply", "dates", "told"), WHERE),
    )
    assert [view_faults(view) for view in views] == [[]] * len(views)


GROUNDS = ("", *Ground)


@pytest.mark.parametrize(("letter", "ground"), [(LetterName.REPLY, ""), *((LetterName.REFUSAL, g) for g in GROUNDS)])
def test_a_refusal_asks_for_its_ground_and_no_other_letter_does(letter: LetterName, ground: str) -> None:
    """The ground stands in the fixed words, so the choice fills the letter anew."""
    view = modals.compose(replace(DRAFT, letter=letter), replace(WHERE, ground=str(ground)), CHOICE)
    assert view_faults(view) == []
    assert ("ground" in answers(view)) == (letter is LetterName.REFUSAL)
    assert ("middle" in answers(view)) == (letter is LetterName.REPLY or bool(ground))


def test_the_writing_modal_shows_what_is_fixed_and_lets_the_middle_be_edited() -> None:
    """Recipient and subject stand on top."""
    view = modals.compose(DRAFT, WHERE, CHOICE)
    text = "\n".join(every_text(view["blocks"]))
    for words in ("ada@example.org", "Your request PR-2026-00042", "> Dear Ada Beispiel,", "> Kind regards"):
        assert words in text
    assert answers(filled(view, middle="New words"))["middle"] == "New words"


def test_the_preview_shows_the_whole_letter() -> None:
    """Every line of it, quoted."""
    written = Written("Your request", "\n".join(f"Line {n} " + "word " * 20 for n in range(120)))
    text = "\n".join(every_text(modals.preview(Read(DRAFT.to, written, "x"), WHERE)["blocks"]))
    assert all(f"> Line {n} " in text for n in range(120))


@given(st.text(max_size=3000))
def test_what_was_read_is_what_is_sent(middle: str) -> None:
    """Every character of the middle comes back from the preview."""
    where = replace(WHERE, letter="refusal", ground="unfounded_or_excessive")
    view = json.loads(json.dumps(modals.preview(Read(DRAFT.to, Written("s", "t"), middle), where)))
    assert modals.sent_from(view) == (where, middle)


def test_a_middle_as_long_as_allowed_still_fits_the_preview() -> None:
    """3,000 characters and the case beside them."""
    where = replace(WHERE, case_id=10**9, version=10**6, letter="complaint_received", ground="unfounded_or_excessive")
    middle = "x" * 3000
    assert modals.too_long(middle) == 0
    assert view_faults(modals.preview(Read(DRAFT.to, Written("s", "t"), middle), where)) == []
    assert modals.too_long("😀" * 1501) == 2


def test_a_letter_may_answer_a_part_of_what_was_asked() -> None:
    """The rights are ticked, and go with the letter; an acknowledgement answers nothing."""
    view = modals.compose(replace(DRAFT, letter=LetterName.REFUSAL), replace(WHERE, ground="legal_claims"), CHOICE)
    assert answers(filled(view, rights=("erasure",)))["rights"] == ("erasure",)
    where = replace(WHERE, letter="refusal", ground="legal_claims", rights="erasure")
    assert modals.sent_from(modals.preview(Read(DRAFT.to, Written("s", "t"), "m"), where))[0].deed("m").rights == (Right.ERASURE,)
    assert "rights" not in answers(modals.compose(replace(DRAFT, letter=LetterName.ACKNOWLEDGEMENT), WHERE, CHOICE))


def test_the_longest_preview_fits_its_name() -> None:
    """Every right, the longest ids: Slack allows 255 characters."""
    rights = ",".join(Right)
    where = Where(10**8, 10**5, "C0123456789", "1771000000.000100", "complaint_received", "en", "unfounded_or_excessive", rights)
    assert view_faults(modals.preview(Read(DRAFT.to, Written("s", "t"), "m"), where)) == []


def test_an_extension_says_why() -> None:
    """In the record as in the letter."""
    assert replace(WHERE, letter="extension_notice").deed("Many systems.").reason == "Many systems."


def test_an_error_stands_at_its_field_or_at_the_first() -> None:
    """A modal without any field has none."""
    view = modals.compose(DRAFT, WHERE, Choice(LETTERS, ("en",)))
    assert field_block(view, "middle") == "middle:reply:en:"
    assert field_block(view, "version") == "letter"
    assert field_block(modals.note("a", "b"), "middle") is None


def test_a_modal_that_is_warned_twice_has_one_warning() -> None:
    """The newest one."""
    once = modals.warned(modals.preview(Read(DRAFT.to, Written("s", "t"), "m"), WHERE), "first")
    twice = modals.warned(once, "second")
    texts = list(every_text(twice["blocks"]))
    assert "⚠️ second" in texts
    assert "⚠️ first" not in texts
    assert modals.sent_from(twice) == (WHERE, "m")


def test_where_survives_private_metadata() -> None:
    """Packed and unpacked."""
    assert Where.unpack(WHERE.pack()) == WHERE
