"""The suppression list: who gets no more marketing, found by keyed hash, with a history that can be verified."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.kinds import SuppressionChange
from storage.models import MailToken, Suppression, SuppressionEvent

ALL_MARKETING = "all"
Spot = tuple[str, str, str]
"""Controller, scope, hash of the address: what an entry is found by."""

# Every wish passes these: they are made once, for building one costs more than running it.
KNOWN = sa.select(Suppression).where(
    Suppression.controller == sa.bindparam("whose"), Suppression.address_hash.in_(sa.bindparam("hashes", expanding=True))
)
NTH = sa.select(Suppression.id).where(Suppression.wished >= sa.bindparam("since")).limit(1).offset(sa.bindparam("before", type_=sa.Integer))
NEW = sa.insert(Suppression).returning(Suppression.id, sort_by_parameter_order=True)
CONFIRMED = sa.update(Suppression).where(Suppression.id == sa.bindparam("which")).values(confirmed=sa.bindparam("confirmed"))


class Suppressions:
    """Suppressions of this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # Finding

    def find(self, controller: str, address_hash: str, scope: str = ALL_MARKETING) -> Suppression | None:
        """The entry of an address in exactly that scope, whether it holds or was released."""
        return self._session.scalar(
            sa.select(Suppression).where(
                Suppression.controller == controller, Suppression.scope == scope, Suppression.address_hash == address_hash
            )
        )

    def get(self, suppression_id: int) -> Suppression | None:
        """One entry, locked."""
        return self._session.get(Suppression, suppression_id, with_for_update=True, populate_existing=True)

    def known(self, controller: str, hashes: Iterable[str]) -> dict[Spot, Suppression]:
        """Every entry of these addresses, in whatever scope."""
        rows = self._session.scalars(KNOWN, {"whose": controller, "hashes": list(hashes)})
        return {(r.controller, r.scope, r.address_hash): r for r in rows}

    def holding(self, controller: str, hashes: Sequence[str], scope: str = ALL_MARKETING) -> frozenset[str]:
        """Those of the hashes that are suppressed now, for all marketing or for that very list."""
        found = self._session.execute(
            sa.select(Suppression.address_hash).where(
                Suppression.controller == controller,
                Suppression.scope.in_((ALL_MARKETING, scope)),
                Suppression.address_hash.in_(hashes),
                Suppression.released.is_(None),
            )
        )
        return frozenset(found.scalars())

    def listed(self, controller: str | None = None, *, after: int = 0, limit: int = 0, holding: bool = False) -> Sequence[Suppression]:
        """Entries by number, oldest first; a page of them with `limit`."""
        query = sa.select(Suppression).where(Suppression.id > after)
        if controller is not None:
            query = query.where(Suppression.controller == controller)
        if holding:
            query = query.where(Suppression.released.is_(None))
        query = query.order_by(Suppression.id)
        return self._session.scalars(query.limit(limit) if limit else query).all()

    def count(self, controller: str) -> int:
        """How many entries a controller has."""
        return self._session.scalar(sa.select(sa.func.count()).where(Suppression.controller == controller)) or 0

    def count_since(self, since: datetime, before: datetime | None = None, controller: str | None = None) -> int:
        """How many people wished it since then (imported lists don't count)."""
        query = sa.select(sa.func.count()).select_from(Suppression).where(Suppression.wished >= since)
        if before is not None:
            query = query.where(Suppression.wished < before)
        if controller is not None:
            query = query.where(Suppression.controller == controller)
        return self._session.scalar(query) or 0

    def at_least(self, count: int, since: datetime) -> bool:
        """Whether so many people wished it since then; looks at no more rows than that."""
        self._session.flush()
        return self._session.connection().scalar(NTH, {"since": since, "before": count - 1}) is not None

    # Changing

    def add_many(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """New entries, and their numbers in the same order; each is given its head."""
        if not rows:
            return []
        return list(self._session.connection().scalars(NEW, [{**r, "changes": 0, "head": birth(r)} for r in rows]))

    def confirmed(self, suppression_id: int, now: datetime) -> None:
        """A letter confirms it."""
        self._session.connection().execute(CONFIRMED, {"which": suppression_id, "confirmed": now})

    def change(
        self,
        row: Suppression,
        kind: SuppressionChange,
        actor: str,
        now: datetime,
        *,
        facts: Mapping[str, Any],
        proof: tuple[int, bytes] | None = None,
    ) -> None:
        """Append one entry to the history of a suppression; the caller holds its lock.

        `facts` name no person; `proof` does: a key of its own, which an erasure destroys, and what is sealed under it.
        """
        event = SuppressionEvent(
            suppression_id=row.id,
            number=row.changes + 1,
            at=now,
            actor=actor,
            kind=kind,
            facts=json.dumps(dict(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            key_id=proof[0] if proof else None,
            sealed=proof[1] if proof else None,
            previous=row.head,
        )
        event.hash = digest(event)
        row.changes, row.head = event.number, event.hash
        self._session.add(event)
        self._session.flush()

    def history(self, suppression_id: int) -> Sequence[SuppressionEvent]:
        """What changed since its birth, in order."""
        return self._session.scalars(
            sa.select(SuppressionEvent).where(SuppressionEvent.suppression_id == suppression_id).order_by(SuppressionEvent.number)
        ).all()

    def forget(self, address_hash: str, now: datetime) -> list[int]:
        """The person was erased: no entry keeps the address any more, every entry goes on holding by its hash.

        Gives the keys of the proofs, which the caller destroys.
        """
        keys = []
        for row in self._session.scalars(sa.select(Suppression).where(Suppression.address_hash == address_hash).with_for_update()).all():
            if row.sealed is not None:
                keys += [e.key_id for e in self.history(row.id) if e.key_id is not None]
                self.change(row, SuppressionChange.ERASED, "desk", now, facts={})
                row.sealed = None
        self._session.execute(sa.update(MailToken).where(MailToken.address_hash == address_hash).values(sealed=None))
        self._session.flush()
        return keys

    # Short tokens

    def keep_token(self, row: MailToken) -> None:
        """Remember a short token; the same one again changes nothing."""
        if self._session.get(MailToken, row.token_hash) is None:
            self._session.add(row)
            self._session.flush()

    def token(self, token_hash: str) -> MailToken | None:
        """Whose short token that is."""
        return self._session.get(MailToken, token_hash)

    # Proof

    def broken(self) -> list[int]:
        """The numbers of the entries whose history does not hold."""
        chains: dict[int, list[SuppressionEvent]] = {}
        for event in self._session.scalars(sa.select(SuppressionEvent).order_by(SuppressionEvent.suppression_id, SuppressionEvent.number)):
            chains.setdefault(event.suppression_id, []).append(event)
        wrong, after = [], 0
        columns = (Suppression.id, Suppression.changes, Suppression.head, *(getattr(Suppression, name) for name in BORN))
        while rows := self._session.execute(sa.select(*columns).where(Suppression.id > after).order_by(Suppression.id).limit(10_000)).all():
            after = rows[-1].id
            wrong += [r.id for r in rows if not _holds(r.changes, r.head, birth(r._asdict()), chains.get(r.id, []))]
        return wrong


BORN = ("controller", "scope", "address_hash", "source", "asked", "at")
"""What an entry is born with and keeps for ever."""


def birth(row: Mapping[str, Any]) -> str:
    """The hash of what an entry was born with: the first link of its history."""
    parts = ("birth", row["controller"], row["scope"], row["address_hash"], row["source"], _written(row["asked"]), _written(row["at"]))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def digest(event: SuppressionEvent) -> str:
    """The hash of one entry of the history over all that it says and the one before it."""
    sealed = hashlib.sha256(event.sealed).hexdigest() if event.sealed is not None else ""
    parts = (event.previous, str(event.number), _written(event.at), event.actor, str(event.kind), event.facts, sealed)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _holds(changes: int, head: str, born: str, chain: Sequence[SuppressionEvent]) -> bool:
    previous = born
    for number, event in enumerate(chain, start=1):
        if event.number != number or event.previous != previous or event.hash != digest(event):
            return False
        previous = event.hash
    return len(chain) == changes and previous == head


@lru_cache(maxsize=1024)  # a list that is brought has one moment for a million entries
def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
