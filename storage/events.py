"""The history of a case: append-only, hash-chained, verifiable after an erasure."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.kinds import EventKind
from storage.models import Case, Event

GENESIS = "0" * 64


class Events:
    """Events of this transaction. The caller holds the case's lock, so numbers never clash."""

    def __init__(self, session: Session, seal: Callable[[int, Any], bytes]) -> None:
        self._session = session
        self._seal = seal

    def add(
        self,
        case: Case,
        kind: EventKind,
        actor: str,
        now: datetime,
        facts: Mapping[str, Any] | None = None,
        private: Mapping[str, Any] | None = None,
    ) -> Event:
        """Append one event: `facts` name no person and stay, `private` is sealed under the case's key and goes with it."""
        last = self._session.scalar(sa.select(Event).where(Event.case_id == case.id).order_by(Event.number.desc()).limit(1))
        event = Event(
            case_id=case.id,
            number=1 if last is None else last.number + 1,
            at=now,
            actor=actor,
            kind=kind,
            facts=json.dumps(facts or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            sealed=self._seal(case.key_id, private) if private else None,
            previous=GENESIS if last is None else last.hash,
        )
        event.hash = digest(case.ref, event)
        self._session.add(event)
        self._session.flush()
        return event

    def last_number(self, case_id: int) -> int:
        """The number of the last event of a case, 0 where there is none."""
        return self._session.scalar(sa.select(sa.func.max(Event.number)).where(Event.case_id == case_id)) or 0

    def last_of(self, case_id: int, kind: EventKind) -> Event | None:
        """The latest event of that kind."""
        query = sa.select(Event).where(Event.case_id == case_id, Event.kind == kind)
        return self._session.scalar(query.order_by(Event.number.desc()).limit(1))

    def of(self, case_id: int) -> Sequence[Event]:
        """The case's history in order."""
        return self._session.scalars(sa.select(Event).where(Event.case_id == case_id).order_by(Event.number)).all()

    def broken(self, case: Case) -> int | None:
        """The number of the first event at which the chain of this case doesn't hold, or None."""
        previous = GENESIS
        for expected, event in enumerate(self.of(case.id), start=1):
            if event.number != expected or event.previous != previous or event.hash != digest(case.ref, event):
                return expected
            previous = event.hash
        return None


def digest(ref: str, event: Event) -> str:
    """The hash of one event over all that it says and the event before it."""
    parts = (
        event.previous,
        ref,
        str(event.number),
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        str(event.kind),
        event.facts,
        hashlib.sha256(event.sealed).hexdigest() if event.sealed is not None else "",
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
