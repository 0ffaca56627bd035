"""Named queries over queued effects: queue once, claim in order, settle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from storage.kinds import Carrier, OutgoingKind, OutgoingState
from storage.models import Outgoing

NEW = sa.insert(Outgoing)
ALREADY = sa.select(Outgoing.id).where(Outgoing.dedupe == sa.bindparam("name"))
"""These two are made once and given to the connection: several of them go with every mail."""
BLOCKING = (OutgoingState.QUEUED, OutgoingState.CLAIMED, OutgoingState.HANDING)


@dataclass(frozen=True)
class Effect:
    """What is to be queued. `dedupe` names the effect: the same name is queued once, ever."""

    carrier: Carrier
    lane: str
    kind: OutgoingKind
    dedupe: str
    payload: Any
    key_id: int
    case_id: int | None = None


class Outbound:
    """Outgoing rows of this transaction."""

    def __init__(self, session: Session, seal: Callable[[int, Any], bytes], unseal: Callable[[int, bytes | None], Any]) -> None:
        self._session = session
        self._seal = seal
        self._unseal = unseal
        self.queued = 0
        """How many rows this transaction queued: the caller rings the outbox when it is not 0."""

    def queue(self, effect: Effect, now: datetime) -> Outgoing | None:
        """Queue an effect; None where that very effect was queued before."""
        if self.already(effect.dedupe):
            return None
        row = Outgoing(
            case_id=effect.case_id,
            key_id=effect.key_id,
            carrier=effect.carrier,
            lane=effect.lane,
            kind=effect.kind,
            dedupe=effect.dedupe,
            sealed=self._seal(effect.key_id, effect.payload),
            state=OutgoingState.QUEUED,
            created=now,
            due=now,
        )
        self._session.add(row)
        self._session.flush()
        self.queued += 1
        return row

    def queue_many(self, effects: Sequence[Effect], now: datetime, *, due: datetime | None = None, held: int | None = None) -> None:
        """Queue effects whose names are new by the way they are made; with `held` they wait for that hold until `due`."""
        if not effects:
            return
        plain = {"state": OutgoingState.QUEUED, "created": now, "due": due or now, "held": held, "attempts": 0, "uncertain": False}
        rows = [
            {
                "case_id": e.case_id,
                "key_id": e.key_id,
                "carrier": e.carrier,
                "lane": e.lane,
                "kind": e.kind,
                "dedupe": e.dedupe,
                "sealed": self._seal(e.key_id, e.payload),
                "error": "",
                **plain,
            }
            for e in effects
        ]
        self._session.connection().execute(NEW, rows)
        self.queued += len(rows)

    def hold_back(self, dedupe: str, held: int, until: datetime) -> None:
        """Keep a queued effect back for that hold."""
        change = sa.update(Outgoing).where(Outgoing.dedupe == dedupe, Outgoing.state == OutgoingState.QUEUED)
        self._session.execute(change.values(held=held, due=until))

    def drop_waiting(self, lane: str, dedupe_start: str, now: datetime) -> int:
        """Drop what nobody has begun to carry of that lane and name; how many that were."""
        change = sa.update(Outgoing).where(
            Outgoing.lane == lane, Outgoing.state == OutgoingState.QUEUED, Outgoing.dedupe.startswith(dedupe_start, autoescape=True)
        )
        done = self._session.execute(change.values(state=OutgoingState.DROPPED, done=now, sealed=None, error="taken back"))
        return int(getattr(done, "rowcount", 0))

    def named(self, dedupe: str) -> Outgoing | None:
        """The effect of that name."""
        return self._session.scalar(sa.select(Outgoing).where(Outgoing.dedupe == dedupe))

    def lanes(self, carrier: Carrier) -> Sequence[str]:
        """The lanes of that carrier in which something is queued."""
        query = sa.select(Outgoing.lane).where(Outgoing.carrier == carrier, Outgoing.state == OutgoingState.QUEUED).distinct()
        return self._session.scalars(query.order_by(Outgoing.lane)).all()

    def trouble_in(self, lane: str) -> str:
        """What went wrong last with the first row that waits in a lane; '' where nothing did."""
        query = sa.select(Outgoing.error).where(Outgoing.lane == lane, Outgoing.state == OutgoingState.QUEUED)
        return self._session.scalar(query.order_by(Outgoing.id).limit(1)) or ""

    def claim_run(self, lane: str, who: str, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Outgoing]:
        """Take the first rows of one lane in their order, at most `limit`; none while somebody carries some or the first must wait.

        What a hold keeps back is not in line. The caller holds the lane's name.
        """
        taken = sa.select(sa.exists().where(Outgoing.lane == lane, Outgoing.state.in_((OutgoingState.CLAIMED, OutgoingState.HANDING))))
        if self._session.scalar(taken):
            return []
        in_line = sa.or_(Outgoing.held.is_(None), Outgoing.due <= now)
        query = sa.select(Outgoing).where(Outgoing.lane == lane, Outgoing.state == OutgoingState.QUEUED, in_line)
        rows = self._session.scalars(query.order_by(Outgoing.id).limit(limit).with_for_update()).all()
        if not rows or rows[0].due > now:
            return []
        ready = [r for r in rows if r.due <= now]
        for row in ready:
            row.state, row.lease_until, row.lease_by = OutgoingState.CLAIMED, now + lease, who
            row.attempts += 1
            row.first_attempt = row.first_attempt or now
        self._session.flush()
        return ready

    def already(self, dedupe: str) -> bool:
        """Whether an effect of that name was ever queued."""
        self._session.flush()
        return self._session.connection().scalar(ALREADY, {"name": dedupe}) is not None

    def waiting_card(self, case_id: int) -> Outgoing | None:
        """A card of that case that nobody has begun to carry, held so that nobody begins before we commit."""
        return self._session.scalar(
            sa.select(Outgoing)
            .where(Outgoing.case_id == case_id, Outgoing.kind == OutgoingKind.CARD, Outgoing.state == OutgoingState.QUEUED)
            .order_by(Outgoing.id.desc())
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    def payload(self, row: Outgoing) -> Any:
        """What is to be carried, or None where it was erased."""
        return self._unseal(row.key_id, row.sealed)

    def get(self, outgoing_id: int) -> Outgoing | None:
        """One row, locked."""
        return self._session.get(Outgoing, outgoing_id, with_for_update=True, populate_existing=True)

    def claim(self, carrier: Carrier, who: str, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Outgoing]:
        """Take the head of each lane that is due, at most `limit`, under a lease."""
        rows = self._session.scalars(
            sa.select(Outgoing)
            .where(Outgoing.carrier == carrier, Outgoing.state == OutgoingState.QUEUED, Outgoing.due <= now, _first_in_lane())
            .order_by(Outgoing.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.state = OutgoingState.CLAIMED
            row.lease_until, row.lease_by = now + lease, who
            row.attempts += 1
            row.first_attempt = row.first_attempt or now
        self._session.flush()
        return rows

    def next_due(self, carrier: Carrier) -> datetime | None:
        """When the next row may go: the first of its lane, for what stands behind another has to wait for that."""
        return self._session.scalar(
            sa.select(sa.func.min(Outgoing.due)).where(
                Outgoing.carrier == carrier, Outgoing.state == OutgoingState.QUEUED, _first_in_lane()
            )
        )

    def expired(self, now: datetime, *, not_by: str | None = None) -> Sequence[Outgoing]:
        """Rows whose lease ran out; with `not_by`, every leased row of another process (there is only one on SQLite)."""
        over = Outgoing.lease_until <= now if not_by is None else sa.or_(Outgoing.lease_until <= now, Outgoing.lease_by != not_by)
        return self._session.scalars(
            sa.select(Outgoing)
            .where(Outgoing.state.in_((OutgoingState.CLAIMED, OutgoingState.HANDING)), over)
            .order_by(Outgoing.id)
            .with_for_update(skip_locked=True)
        ).all()

    def settled_without_case(self, until: datetime, limit: int = 500) -> Sequence[Outgoing]:
        """Effects of no case that were settled by then and still hold what they said."""
        query = sa.select(Outgoing).where(Outgoing.case_id.is_(None), Outgoing.done <= until, Outgoing.sealed.is_not(None))
        return self._session.scalars(query.order_by(Outgoing.id).limit(limit)).all()

    def of_case(self, case_id: int) -> Sequence[Outgoing]:
        """Everything queued for a case."""
        return self._session.scalars(sa.select(Outgoing).where(Outgoing.case_id == case_id).order_by(Outgoing.id)).all()

    def letters_of(self, case_id: int) -> frozenset[int]:
        """The numbers of all letters queued for a case."""
        query = sa.select(Outgoing.id).where(Outgoing.case_id == case_id, Outgoing.kind == OutgoingKind.LETTER)
        return frozenset(self._session.scalars(query))

    def waits(self, outgoing_id: int) -> bool:
        """Whether nobody has laid a hand on that row yet."""
        row = self._session.get(Outgoing, outgoing_id)
        return row is not None and row.state is OutgoingState.QUEUED and row.attempts == 0

    def take_back(self, outgoing_id: int, now: datetime) -> bool:
        """Drop a queued row that nobody has laid a hand on; False where it is too late."""
        row = self._session.get(Outgoing, outgoing_id, with_for_update=True, populate_existing=True)
        if row is None or row.state is not OutgoingState.QUEUED or row.attempts:
            return False
        row.state, row.done = OutgoingState.DROPPED, now
        return True

    def in_state(self, *states: OutgoingState) -> Sequence[Outgoing]:
        """Rows in one of these states, oldest first."""
        return self._session.scalars(sa.select(Outgoing).where(Outgoing.state.in_(states)).order_by(Outgoing.id)).all()

    def counts(self) -> dict[OutgoingState, int]:
        """How many rows are in each state."""
        rows = self._session.execute(sa.select(Outgoing.state, sa.func.count()).group_by(Outgoing.state))
        return {row[0]: row[1] for row in rows}

    def letters_failed(self, since: datetime) -> int:
        """How many letters failed since then."""
        failed = (Outgoing.kind == OutgoingKind.LETTER, Outgoing.state == OutgoingState.FAILED, Outgoing.done >= since)
        return self._session.scalar(sa.select(sa.func.count()).select_from(Outgoing).where(*failed)) or 0

    def letters_in_doubt(self, since: datetime) -> int:
        """How many letters may not have left: of a case until somebody has settled it, of none (nobody can) those queued since then."""
        doubted = (Outgoing.kind == OutgoingKind.LETTER, Outgoing.state == OutgoingState.UNKNOWN)
        lately = sa.or_(Outgoing.case_id.is_not(None), Outgoing.created >= since)
        return self._session.scalar(sa.select(sa.func.count()).select_from(Outgoing).where(*doubted, lately)) or 0

    def stuck(self, carrier: Carrier, created_before: datetime) -> Outgoing | None:
        """The oldest effect of a carrier that was tried and has waited since then, while the carrier took nothing else."""
        here = (Outgoing.carrier == carrier, Outgoing.state.in_(BLOCKING), Outgoing.attempts > 0, Outgoing.created <= created_before)
        oldest = self._session.scalar(sa.select(Outgoing).where(*here).order_by(Outgoing.id).limit(1))
        taken = (Outgoing.carrier == carrier, Outgoing.state == OutgoingState.SENT, Outgoing.done > created_before)
        return None if oldest is None or self._session.scalar(sa.select(sa.exists().where(*taken))) else oldest

    def waiting(self, carrier: Carrier) -> int:
        """How much waits for a carrier."""
        here = (Outgoing.carrier == carrier, Outgoing.state.in_(BLOCKING))
        return self._session.scalar(sa.select(sa.func.count()).select_from(Outgoing).where(*here)) or 0

    def oldest_waiting(self) -> datetime | None:
        """Since when the oldest undelivered row waits."""
        return self._session.scalar(sa.select(sa.func.min(Outgoing.created)).where(Outgoing.state.in_(BLOCKING)))


def _first_in_lane() -> sa.ColumnElement[bool]:
    """That nothing before the row in its lane is still to go."""
    before = aliased(Outgoing)
    return ~sa.exists().where(before.lane == Outgoing.lane, before.id < Outgoing.id, before.state.in_(BLOCKING))
