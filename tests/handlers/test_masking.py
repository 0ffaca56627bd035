"""Numbers that a channel must not show are covered; dates, refs and amounts stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.masking import mask

SECRET = (
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "マイナンバー: 1234 5678 9012",
    "個人番号は123456789018です",
    "My Number 123456789018",
    "パスポート TK1234567",
    "passport no. 533380006",
    "Reisepass-Nr. C01X00T47",
    "+49 151 23456789",
    "+81-90-1234-5678",
    "090-1234-5678",
    "03-1234-5678",
    "０９０－１２３４－５６７８",
    "09012345678",
    "(415) 555-0123",
    "Tel.: 030 1234567",
    "電話番号：0312345678",
)
PLAIN = (
    "PR-2026-00042",
    "2026-11-23 10:00",
    "on 23.11.2026 we wrote",
    "order 20261123",
    "1,000 yen and 1.000.000 euros",
    "Article 12(3), Reg. 1182/71",
    "JR Tokyu Meguro Building 5F, 3-1-1 Kamiosaki, 141-0021",
    "version 1.2.3.4 of 192.0.2.17",
    "https://example.org/a/12345",
)


@pytest.mark.parametrize("text", SECRET)
def test_a_number_that_names_somebody_is_covered(text: str) -> None:
    covered = mask(f"Please: {text} thank you")
    assert not any(c.isdigit() for c in covered)
    assert covered.startswith("Please: ")
    assert covered.endswith(" thank you")


@pytest.mark.parametrize("text", PLAIN)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


@given(st.text())
def test_masking_keeps_the_length_and_covers_nothing_twice(text: str) -> None:
    once = mask(text)
    assert len(once) == len(text)
    assert mask(once) == once or "•" in mask(once)
