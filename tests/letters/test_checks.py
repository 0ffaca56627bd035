"""Before a letter goes: what still waits to be filled in, who does not belong in it, what the law misses."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk import LANGUAGES
from handlers.law import Refusal, remedies
from handlers.letter_checks import Concerned, lacking, placeholders, warnings
from storage.kinds import LetterName
from tests.law.asked import laws
from tests.letters.writing import BARE, CASE_LETTERS, FACTS, LETTERS, fitting, write

CASE = Concerned("PR-2026-00042", "Anna Beispiel", "anna@sender.example")
OTHERS = (
    Concerned("PR-2026-00007", "Mark Stone", "mark@other.example"),
    Concerned("PR-2026-00008", "山田 太郎", "taro@other.example"),
    Concerned("PR-2026-00009", "Li", ""),
    Concerned("PR-2026-00042", "Joined Later", "joined@other.example"),
)
ASKING = frozenset(CASE_LETTERS) - {
    LetterName.ACKNOWLEDGEMENT,
    LetterName.COMPLAINT_RECEIVED,
    LetterName.REPLY,
    LetterName.UNSUBSCRIBE_CONFIRMED,
    LetterName.NOT_THE_CONTROLLER,
    LetterName.REFUSAL,
}


WAITING = """[Please give the reasons.] | ［理由をご記入ください］ | {{ name }} | {% if x %} | {name} | <<amount>> | XXX | xxxx | TODO | TBD
___ | ??? | ○○ | ●● | …… | hier einfügen | hier Betrag einfügen | Insert the date here | à compléter
insertar aquí | inserire qui | da completare
hier invullen | inserir aqui | preencher aqui | 要記入 | ここに記入 | lorem ipsum"""
ORDINARY = """See [1] and [12]. | anna@sender.example | Really? Yes! | and so on… | wait... | a_b | XX century | (PR-2026-00042)
【受付のご連絡】 | お名前をご記入ください | ご記入いただいた内容 | Bitte füllen Sie nichts aus. | Wir haben alles hier eingetragen.
Sie finden es hier. | 1 < 2 > 0 | complete and here | enter by the door here"""


@pytest.mark.parametrize("waiting", [w.strip() for w in WAITING.replace("\n", "|").split("|")])
def test_what_waits_to_be_filled_in_is_found(waiting: str) -> None:
    """In brackets, in signs, in words of eight languages."""
    (said,) = warnings(f"We will answer {waiting} by then.", case=CASE)
    assert waiting.strip("{}%<>") in said.en
    assert "still waits" in said.en
    (japanese,) = warnings(f"ご回答は{waiting}です。" if waiting.isalpha() is False else f"a {waiting} b", case=CASE)
    assert "記入されていません" in japanese.said("ja")


@pytest.mark.parametrize("plain", [w.strip() for w in ORDINARY.replace("\n", "|").split("|")])
def test_ordinary_words_wait_for_nothing(plain: str) -> None:
    assert placeholders(plain) == ()


@pytest.mark.parametrize(("letter", "language"), list(product(sorted(ASKING), LANGUAGES)))
def test_every_gap_of_a_template_is_found_and_a_filled_letter_has_none(letter: LetterName, language: str) -> None:
    """The draft asks for what it lacks in signs that this check knows."""
    empty = fitting(letter, replace(FACTS, **BARE))
    middle = LETTERS.draft(letter, language, empty).middle
    asked = placeholders(middle)
    if letter is LetterName.IDENTITY_REQUEST:
        assert len(asked) == 1
    assert asked, middle
    assert middle.count("[") + middle.count("［") == len(asked)
    if letter is not LetterName.ACCESS_ANSWER:
        assert placeholders(write(letter, language, authority_name="").text) == ()


@pytest.mark.parametrize("letter", sorted(frozenset(CASE_LETTERS) - ASKING))
def test_letters_that_go_by_themselves_have_no_gap(letter: LetterName) -> None:
    """Whatever is known or not."""
    for language in LANGUAGES:
        assert placeholders(write(letter, language, **BARE).text) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Dear Mark Stone, thank you.", "PR-2026-00007"),
        ("as MARK\nSTONE wrote", "PR-2026-00007"),
        ("sent to Mark@Other.example.", "PR-2026-00007"),
        ("山田太郎 様", "PR-2026-00008"),
        ("山田　太郎様、いつもお世話になっております。", "PR-2026-00008"),
        ("see PR-2026-00011", "PR-2026-00011"),
    ],
)
def test_another_cases_person_is_found(text: str, named: str) -> None:
    """By name in any spelling, by address, by ref."""
    (said,) = warnings(text, case=CASE, others=OTHERS)
    assert named in said.en
    assert named in said.ja


@pytest.mark.parametrize(
    "text", ["Dear Anna Beispiel, PR-2026-00042", "Mark Stonebridge", "a stone mark", "Li", "xmark@other.example", "Joined Later"]
)
def test_the_cases_own_person_and_like_names_are_not(text: str) -> None:
    """Words within words, one word of two, a name too short to tell."""
    assert warnings(text, case=CASE, others=OTHERS) == ()


def test_two_cases_of_one_person_do_not_warn_of_each_other() -> None:
    """The same name under two refs."""
    assert warnings("Dear Anna Beispiel", case=CASE, others=(replace(CASE, ref="PR-2026-00001"),)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_without_its_remedies_is_found(language: str) -> None:
    """What the law demands and staff deleted, in whatever language the letter is."""
    refusal = Refusal("UK-GDPR", "GB", language, date(2026, 11, 21))
    said = remedies(laws(), "UK-GDPR", "GB", language, refusal.on)
    whole = write(LetterName.REFUSAL, language, law="UK-GDPR", remedies=said).text
    assert warnings(whole, case=CASE, lacking=lacking(laws(), refusal, whole)) == ()
    cut = whole.replace(said[1], "")
    (warned,) = warnings(cut, case=CASE, lacking=lacking(laws(), refusal, cut))
    assert "s. 165" in warned.en
    assert "s. 165" in warned.ja
    assert warned.en != warned.ja


def test_the_password_of_an_archive_is_not_written_beside_it() -> None:
    """However it is cased."""
    assert "password" in warnings("It is abcde-FGHJK.", case=CASE, password="ABCDE-FGHJK")[0].en
    assert warnings("It comes by telephone.", case=CASE, password="ABCDE-FGHJK") == ()


@given(st.text(max_size=400), st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_looked_at(text: str, name: str, address: str) -> None:
    """And never breaks the check; the same is said once."""
    found = warnings(text, case=CASE, others=(Concerned("PR-2026-00007", name, address),))
    assert len(set(found)) == len(found)
