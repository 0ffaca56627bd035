"""Checks that no history was altered: the chain of every case and every suppression, and every daily head."""

import hashlib
from dataclasses import dataclass
from datetime import date

from storage.events import GENESIS
from storage.store import Tx


@dataclass(frozen=True)
class AuditReport:
    """How many were checked, and a sentence for each that doesn't hold."""

    cases: int
    heads: int
    broken: tuple[str, ...]


class Audit:
    """Verifies chains."""

    def verify(self, tx: Tx) -> AuditReport:
        """Walk every chain from its first event."""
        cases = tx.cases.listed(open_only=False, limit=10_000_000)
        broken = []
        for case in cases:
            at = tx.events.broken(case)
            if at is not None:
                broken.append(f"{case.ref}: the history does not hold from event {at} on")
        heads = tx.cases.event_heads()
        previous = GENESIS
        for head in heads:
            found = head_hash(previous, head.day, tx.cases.heads(head.until))
            if head.previous != previous or head.hash != found:
                broken.append(f"the head of {head.day} does not hold")
            previous = head.hash
        broken += [f"suppression {number}: its history does not hold" for number in tx.suppressions.broken()]
        return AuditReport(len(cases), len(heads), tuple(broken))


def head_hash(previous: str, day: date, heads: tuple[tuple[str, int, str], ...]) -> str:
    """The hash of a day's head: over the head before it and (ref, last event's number, its hash) of every case."""
    parts = (previous, day.isoformat(), *("\x1f".join((ref, str(number), hash_)) for ref, number, hash_ in heads))
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()
