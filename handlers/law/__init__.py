"""Laws as data and the pure clock over them."""

from handlers.law.asking import DisclosureFee, fee_for, may_ask_identity
from handlers.law.authorities import authorities, authority
from handlers.law.extending import extension
from handlers.law.files import BadLawFile
from handlers.law.laws import Laws
from handlers.law.offices import Authority
from handlers.law.query import Dates, Occurrence, Query
from handlers.law.remedies import Refusal, Remedy, duties, missing, remedies
from handlers.law.schema import Law, Rule, Version
from handlers.law.wording import Step

__all__ = [
    "Authority",
    "BadLawFile",
    "Dates",
    "DisclosureFee",
    "Law",
    "Laws",
    "Occurrence",
    "Query",
    "Refusal",
    "Remedy",
    "Rule",
    "Step",
    "Version",
    "authorities",
    "authority",
    "duties",
    "extension",
    "fee_for",
    "may_ask_identity",
    "missing",
    "remedies",
]
