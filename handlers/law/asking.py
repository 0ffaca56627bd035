"""Whether identity or a fee may be asked for: only where the law and the company's policy allow it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from handlers.law.laws import Laws
from handlers.law.schema import RIGHTS, IdentityRule
from handlers.refused import Refused
from storage.kinds import Right

_NEVER = {
    "unsubscribe": "an unsubscribe needs no identity: the address is enough",
    "complaint": "a complaint needs no identity",
    "appeal": "an appeal is made by the person we already answered: identity is not asked for again",
    Right.INFORMATION: "a question about purposes, recipients or transfer safeguards is answered without identity",
}
_MARKETING = {
    Right.OBJECTION: "an objection to marketing takes effect at once, without identity",
    Right.WITHDRAW_CONSENT: "consent to mailings is withdrawn as easily as it was given, without identity",
}


@dataclass(frozen=True)
class DisclosureFee:
    """The fee that a controller's policy sets for disclosure under one law, in yen before consumption tax."""

    yen: int
    law: str = "JP-APPI"
    right: Right = Right.ACCESS


def may_ask_identity(laws: Laws, law: str, right: str, on: date, *, marketing: bool = True) -> IdentityRule:
    """How far identity may be asked for under a law; Refused, saying why, where it may not.

    `marketing` False says that an objection or withdrawal is known not to concern mailings; while that is unknown it is taken to.
    """
    if right not in RIGHTS:
        raise Refused(f"{right!r} is no right we know; there are {', '.join(RIGHTS)}", "right")
    version = laws.law(law, on)
    if right in _NEVER:
        raise Refused(_NEVER[right], "right")
    if marketing and right in _MARKETING:
        raise Refused(_MARKETING[Right(right)], "right")
    rule = version.rights.get(right)
    if rule is None or rule.identity is IdentityRule.NEVER:
        raise Refused(f"{law} does not let us ask for identity here ({right})", "right")
    return rule.identity


def fee_for(fee: DisclosureFee | None, laws: Collection[str], right: str, tax: Decimal) -> int:
    """The fee in yen with consumption tax (`tax` as a rate, 0.10), fractions dropped; Refused, saying why, where none may be asked.

    `laws` are all laws that may apply to the case: while one of them would make the answer free, it is free.
    """
    if fee is None:
        raise Refused("this company's policy sets no fee", "controller")
    if right != fee.right:
        raise Refused(f"the fee is for disclosure ({fee.right}) only, never for {right}", "right")
    others = sorted(set(laws) - {fee.law})
    if fee.law not in laws or others:
        named = ", ".join(others) or "no law"
        raise Refused(f"the fee is for disclosure under {fee.law} only, and this case is under {named}", "law")
    if not 0 <= tax < 1:
        raise Refused(f"a consumption tax rate of {tax} is not between 0 and 1", "tax")
    return int((fee.yen * (1 + tax)).to_integral_value(ROUND_DOWN))
