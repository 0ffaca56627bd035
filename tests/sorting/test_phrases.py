"""The language of phrases."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.sorting.articles import cited
from handlers.sorting.phrases import Lexicon
from handlers.sorting.reading import normal, sentences

LEXICON = Lexicon(
    {
        "en": {"stop": ["stop (sending|mailing)? ~2 mail*", "# months"], "old": ["maiden name"]},
        "ja": {"stop": ["配信~4停止", "利用の?停止"]},
    }
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Stop mail!", {"stop"}),
        ("stop sending me your mailings", {"stop"}),
        ("stop sending me all of your mailings", set()),
        ("for 6 months", {"stop"}),
        ("nonstop mail", set()),
        ("メールの配信を停止", {"stop"}),
        ("利用停止、利用の停止", {"stop"}),
        ("My maiden-name is", {"old"}),
    ],
)
def test_a_phrase_is_found_where_it_stands(text: str, found: set[str]) -> None:
    """Open words, gaps, alternatives, numbers, and no word borders in Japanese."""
    assert {hit.idea for s in sentences(text) for hit in LEXICON.find(s.normal)} == found


def test_german_umlauts_are_found_in_both_spellings() -> None:
    """People on foreign keyboards write oe for ö."""
    german = Lexicon({"de": {"delete": ["lösch*"]}})
    assert all(german.find(normal(word)) for word in ("Löschung", "Loeschung", "LÖSCHEN"))


@pytest.mark.parametrize("file", [f.name for f in resources.files("handlers.sorting").joinpath("phrases").iterdir()])
def test_every_shipped_phrase_can_be_compiled(file: str) -> None:
    """A slip in a table fails here and not at night."""
    table = tomllib.loads(resources.files("handlers.sorting").joinpath("phrases", file).read_text("utf-8"))
    for ideas in (table, table.pop("colloquial", {})):
        for hit in Lexicon({file.removesuffix(".toml"): ideas}).find("x"):
            assert hit


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Normalising, cutting and finding take anything."""
    found = sentences(text)
    assert all(LEXICON.find(s.normal) is not None for s in found)
    assert cited([s.normal for s in found]) is not None


def test_wrapped_lines_are_one_sentence_and_list_items_are_not() -> None:
    """Mail is wrapped at 72 characters; a list asks for several things."""
    wrapped = "I would like to have a copy of all of the personal data that you\nhold about me."
    assert len(sentences(wrapped)) == 1
    assert len(sentences("I ask for:\n- a copy of my data\n- deletion afterwards")) == 3


def test_an_abbreviation_ends_no_sentence() -> None:
    """Art. 15 Abs. 1 DSGVO is one citation."""
    assert len(sentences("Gem. Art. 15 Abs. 1 DSGVO bitte ich um Auskunft.")) == 1


@pytest.mark.parametrize(
    ("text", "rights"),
    [
        ("gemäß Art. 17 Abs. 1 und Art. 21 Abs. 2 DSGVO", {"erasure", "objection"}),
        ("articles 15, 17 et 20 du RGPD", {"access", "erasure", "portability"}),
        ("個人情報保護法第34条", {"rectification"}),
        ("Cal. Civ. Code 1798.105", {"erasure"}),
        ("čl. 15 odst. 3 GDPR", {"access"}),
        ("I have 15 cats and 17 dogs", set()),
    ],
)
def test_articles_are_read_in_any_language(text: str, rights: set[str]) -> None:
    """A number counts beside a word for article, in a mail that speaks of such a law."""
    assert {right for _, right in cited([s.normal for s in sentences(text)])} == rights
