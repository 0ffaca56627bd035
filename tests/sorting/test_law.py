"""Which law a mail shows: citations before residence before telephone and domain; language alone never."""

import pytest

from tests.sorting.shared import sort


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("Under Article 15 GDPR I ask for access to my personal data. I live in Lyon.", "EU-GDPR"),
        ("Under the GDPR I ask for access to my personal data. I live in Leeds.", "UK-GDPR"),
        ("個人情報保護法第33条に基づき、保有個人データの開示を請求します。", "JP-APPI"),
        ("I am a California resident. Do not sell my personal information.", "US-CA-CCPA"),
        ("Delete my personal data. I'm writing from Perth, Australia.", "AU-PRIVACY"),
        ("Em Recife, Brasil: solicito a eliminação dos meus dados pessoais (LGPD).", "BR-LGPD"),
    ],
)
def test_the_law_is_told_where_it_is_clear(text: str, law: str) -> None:
    """What is cited, and where people say they live."""
    assert sort(text).law == law


def test_language_alone_decides_nothing() -> None:
    """German is written in Germany, Austria, Switzerland and in Tokyo: the law stays open, with candidates."""
    verdict = sort("Bitte löschen Sie alle meine personenbezogenen Daten.")
    assert verdict.law is None
    assert {"EU-GDPR", "JP-APPI", "UK-GDPR", "US-CA-CCPA"} <= {c.law for c in verdict.law_candidates}


def test_a_telephone_code_and_a_domain_make_candidates_with_reasons() -> None:
    """Staff read why."""
    verdict = sort("Please delete all my personal data. Call me: +353 1 555 0101", sender="mary@home.ie")
    assert verdict.law_candidates[0].law == "EU-GDPR"
    assert "IE" in verdict.law_candidates[0].reason
