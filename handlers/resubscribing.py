"""Mailings are allowed again: by the person's proven wish, or because a click a moment ago was a mistake."""

from dataclasses import dataclass
from datetime import datetime

from handlers import systems
from handlers.desk import Desk
from handlers.refused import Refused
from handlers.systems import Change
from storage.kinds import SuppressionChange
from storage.models import Suppression
from storage.store import Tx
from storage.suppressions import ALL_MARKETING


@dataclass(frozen=True)
class Proof:
    """How we know that the person wants mailings again: in what way and when they said so, and what shows it."""

    how: str
    at: datetime
    shown: str
    actor: str


class Resubscribing:
    """Releases suppressions; each release is an entry in their history."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def release(self, tx: Tx, controller: str, address: str, scope: str, proof: Proof, now: datetime) -> None:
        """Release that address for that list, or for all marketing; Refused without proof, or where another entry still holds it."""
        if not (proof.how.strip() and proof.shown.strip()):
            raise Refused("A re-subscription needs proof: how and when the person asked for it, and what shows that.", field="proof")
        if proof.at > now:
            raise Refused("The proof is dated after today.", field="proof")
        whole, *plain = tx.hashes_of(address)
        tx.hold_all({f"suppression {h}" for h in (whole, *plain)})
        known = tx.suppressions.known(controller, (whole, *plain))
        others = [r for (_, s, h), r in known.items() if r.released is None and (h != whole or (scope != s == ALL_MARKETING))]
        if others:
            kept = "its form without the +tag" if others[0].address_hash != whole else "all marketing"
            raise Refused(f"This address is suppressed by an entry for {kept}: release that one, with its own proof.", field="scope")
        for row in [r for (_, s, _), r in known.items() if r.released is None and scope in (s, ALL_MARKETING)]:
            if row.wished is not None and proof.at < row.wished:
                raise Refused("The person unsubscribed after the day of this proof.", field="proof")
            self._allow(tx, row, SuppressionChange.RELEASED, address, now, proof)

    def undo(self, tx: Tx, change: tuple[int, int], now: datetime) -> bool:
        """Take back that change of that entry, unless anything has happened to it since; False where nothing is taken back."""
        row = tx.suppressions.get(change[0]) if change[0] else None
        if row is None or row.changes != change[1] or row.released is not None:
            return False
        plain = tx.unseal(row.key_id, row.sealed)
        if plain is None:
            return False
        self._allow(tx, row, SuppressionChange.UNDONE, plain["address"], now, None)
        return True

    def _allow(self, tx: Tx, row: Suppression, kind: SuppressionChange, address: str, now: datetime, proof: Proof | None) -> None:
        sealed = None
        if proof is not None:
            key_id = tx.new_keys(1, now)[0]
            sealed = (key_id, tx.seal(key_id, {"shown": proof.shown, "address": address}))
        facts = {"how": proof.how, "at": proof.at.isoformat()} if proof is not None else {}
        actor = proof.actor if proof is not None else "the person"
        tx.suppressions.change(row, kind, actor, now, facts=facts, proof=sealed)
        row.released = now
        change = Change(row.id, row.changes, row.key_id, row.controller, row.scope, address, stop=False, asked=now)
        systems.take_back(tx, self._desk, change, now)


