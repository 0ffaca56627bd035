"""Who must not be named in a letter: the persons of other cases that somebody may have copied from."""

import re
from datetime import datetime, timedelta

from handlers.casebook import secrets_of
from handlers.letter_checks import Concerned
from storage.models import Case
from storage.store import Tx

LATELY = timedelta(days=30)
"""A case that was closed within it may still be on somebody's clipboard."""
MOST = 6000
"""So many other cases are opened to look for names, the newest first."""
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")


def others(tx: Tx, case: Case, text: str, now: datetime) -> tuple[Concerned, ...]:
    """The persons of other cases: those of any case whose mail address stands in the text, and those of cases of late by name too."""
    hashes = {tx.hash_address(found) for found in _ADDRESS.findall(text)} - {case.requester_hash}
    rows = [*tx.listing.of_persons(hashes), *tx.listing.lately(now - LATELY, MOST)]
    tx.open_keys(row.key_id for row in rows)
    found = {row.id: _concerned(tx, row) for row in rows if row.requester_hash != case.requester_hash or row.requester_hash is None}
    found.pop(case.id, None)
    return tuple(found.values())


def _concerned(tx: Tx, case: Case) -> Concerned:
    secret = secrets_of(tx, case)
    return Concerned(case.ref, secret.name, secret.address)
