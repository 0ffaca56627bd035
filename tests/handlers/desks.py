"""Desks of the casework's tests: with places to search, a fee, and a second pair of eyes where it is asked for."""

from dataclasses import replace

from handlers.desk import Controller, Desk, Holding, Recipient
from storage.kinds import Guarded
from tests.handlers.room import DESK

PLACES = (
    Holding("salesforce", ("nproc", "primenumber"), {"en": "Salesforce"}, {"en": "Contacts"}, owner="U2"),
    Holding("recruitment", ("primenumber", "nproc"), {"en": "Recruitment", "ja": "採用"}, marketing=False),
)
CONTROLLERS = (
    replace(DESK.controllers[0], recipients=(Recipient("Amazon Web Service"),)),
    replace(DESK.controllers[1], disclosure_fee_yen=1000),
)


def with_places() -> Desk:
    """The usual desk that knows where data is kept, and one company that asks a fee."""
    return replace(DESK, controllers=CONTROLLERS, holdings=PLACES)


def guarded(*steps: Guarded) -> Desk:
    """A desk on which these steps need a second person."""
    return replace(DESK, rules=replace(DESK.rules, second_pair=frozenset(steps)))


__all__ = ["Controller", "guarded", "with_places"]
