"""Identity and the fee are asked for only where law and policy allow it."""

from datetime import date
from decimal import Decimal

import pytest

from handlers.law import DisclosureFee, extension, fee_for, may_ask_identity
from handlers.law.query import Query
from handlers.law.schema import IdentityRule
from handlers.refused import Refused
from storage.kinds import OccurrenceKind, Right
from tests.law.asked import happened, laws

TODAY = date(2026, 11, 21)
FEE = DisclosureFee(1000)
TEN = Decimal("0.10")


@pytest.mark.parametrize("law", laws().ids)
@pytest.mark.parametrize("right", ["unsubscribe", "complaint", "information", "objection", "withdraw_consent", "appeal"])
def test_no_identity_for_mailings_complaints_and_questions_under_any_law(law: str, right: str) -> None:
    with pytest.raises(Refused) as refused:
        may_ask_identity(laws(), law, right, TODAY)
    assert refused.value.sentence


@pytest.mark.parametrize("right", ["opt_out_sale", "restriction"])
def test_california_verifies_neither_the_opt_out_of_sale_nor_the_limit(right: str) -> None:
    with pytest.raises(Refused):
        may_ask_identity(laws(), "US-CA-CCPA", right, TODAY)


def test_identity_may_be_asked_where_the_law_has_it() -> None:
    assert may_ask_identity(laws(), "EU-GDPR", "access", TODAY) is IdentityRule.DOUBT
    assert may_ask_identity(laws(), "US-CA-CCPA", "erasure", TODAY) is IdentityRule.VERIFY
    assert may_ask_identity(laws(), "JP-APPI", Right.ACCESS, TODAY) is IdentityRule.PROCEDURE
    assert may_ask_identity(laws(), "EU-GDPR", "objection", TODAY, marketing=False) is IdentityRule.DOUBT
    with pytest.raises(Refused) as refused:
        may_ask_identity(laws(), "EU-GDPR", "being_forgotten", TODAY)
    assert refused.value.field == "right"


def test_the_fee_is_a_thousand_yen_and_tax_for_disclosure_under_the_japanese_act() -> None:
    assert fee_for(FEE, ["JP-APPI"], "access", TEN) == 1100
    assert fee_for(FEE, ["JP-APPI"], Right.ACCESS, Decimal("0.08")) == 1080
    assert fee_for(DisclosureFee(999), ["JP-APPI"], "access", TEN) == 1098


@pytest.mark.parametrize(
    ("fee", "laws_", "right", "field"),
    [
        (None, ["JP-APPI"], "access", "controller"),
        (FEE, ["JP-APPI"], "rectification", "right"),
        (FEE, ["JP-APPI"], "information", "right"),
        (FEE, ["JP-APPI"], "complaint", "right"),
        (FEE, ["EU-GDPR"], "access", "law"),
        (FEE, ["UK-GDPR"], "access", "law"),
        (FEE, ["US-CA-CCPA"], "access", "law"),
        (FEE, ["JP-APPI", "EU-GDPR"], "access", "law"),
        (FEE, [], "access", "law"),
    ],
)
def test_the_fee_is_refused_everywhere_else(fee: DisclosureFee | None, laws_: list[str], right: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        fee_for(fee, laws_, right, TEN)
    assert refused.value.field == field


def test_an_extension_is_given_where_the_law_knows_one_and_the_notice_is_in_time() -> None:
    query = Query("EU-GDPR", "access", date(2026, 6, 1), "DE")
    assert extension(laws(), query, date(2026, 7, 1)).kind is OccurrenceKind.EXTENDED
    for refused_query, on, why in (
        (query, date(2026, 7, 2), "too late"),
        (Query("EU-GDPR", "access", date(2026, 6, 1), "DE", happened("extended=2026-06-20")), date(2026, 6, 25), "once"),
        (Query("JP-APPI", "access", date(2026, 6, 1), "JP"), date(2026, 6, 2), "no extension"),
        (Query("US-CA-CCPA", "opt_out_sale", date(2026, 6, 1), "US-CA"), date(2026, 6, 2), "no extension"),
    ):
        with pytest.raises(Refused, match=why):
            extension(laws(), refused_query, on)
