"""Strangers' words made safe and cut by Slack's own count."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import clean, cut, line, mail, person, quote, quoted, sender, size
from tests.slack.limits import unescaped


@given(st.text(max_size=400), st.integers(min_value=3, max_value=100))
def test_a_cut_text_is_within_its_limit_and_ends_in_an_ellipsis(text: str, limit: int) -> None:
    """Counted in UTF-16 units, in which an emoji is two."""
    made = cut(text, limit)
    assert size(made) <= limit
    assert made == text or made.endswith("…")


@given(st.text(alphabet="&<>ab", max_size=100), st.integers(min_value=3, max_value=40))
def test_no_escape_is_cut_in_two(text: str, limit: int) -> None:
    """Half an escape would show as garbage."""
    assert not re.search(r"&(?!amp;|lt;|gt;)", line(text, limit))


@given(st.text(max_size=300))
def test_a_line_is_one_line_without_markup(text: str) -> None:
    """No new line, nothing that calls anybody."""
    made = line(text)
    assert "\n" not in made
    assert not list(unescaped({"type": "mrkdwn", "text": made}))


@given(st.text(max_size=9000))
def test_a_quoted_letter_is_whole_and_each_part_fits(text: str) -> None:
    """Nothing of it is lost between the parts."""
    parts = quoted(text)
    assert all(size(part) <= 3000 for part in parts)
    assert all(one.startswith("> ") for part in parts for one in part.split("\n"))
    shown = "".join(one[2:] for part in parts for one in part.split("\n"))
    kept = shown.replace("\u200b", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert kept == clean(text).replace("\n", "")


@given(st.text(max_size=4000))
def test_a_quotation_marks_every_line_and_fits(text: str) -> None:
    """So that nothing of it stands as our words."""
    made = quote(text)
    assert size(made) <= 2600
    assert all(one.startswith(">") for one in made.split("\n"))


def test_formatting_signs_are_shown_as_they_were_written() -> None:
    """A zero-width space stands behind what would begin bold or code."""
    assert line("*no* _no_ `no`") == "*\u200bno* _\u200bno_ `\u200bno`"
    assert line("snake_case 5*3") == "snake_case 5*3"


def test_an_address_can_be_copied_as_it_is() -> None:
    """No hidden character in it."""
    assert sender('"Ada B" <_ada_b@example.org>') == "Ada B (_ada_b@example.org)"
    assert sender("<ada@example.org>") == "ada@example.org"
    assert sender("a…@example.org") == "a…@example.org"


def test_marks_that_turn_writing_around_are_left_out() -> None:
    """Right-to-left text itself stays."""
    assert clean("\u202eabc\u202c שלום") == "abc שלום"


def test_a_mail_without_subject_or_words_leaves_nothing_empty() -> None:
    """Nothing is shown where nothing is."""
    assert mail("", "") == ""
    assert mail(" ", "\u200b") == ""
    assert mail("Hello", "") == "*Hello*"


def test_only_a_slack_id_becomes_a_mention() -> None:
    """Anything else stays text."""
    assert person("U01AIKO") == "<@U01AIKO>"
    assert person("!channel") == "!channel"
    assert person("<!here>") == "&lt;!here&gt;"
