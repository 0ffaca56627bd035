"""Named queries over how far each sending system has heard of each suppression."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.kinds import SystemState
from storage.models import Outgoing, Suppression, SystemTold

BEGUN = sa.insert(SystemTold)
"""Made once: every wish passes here."""


@dataclass(frozen=True)
class Backlog:
    """What one system has not heard yet."""

    system: str
    waiting: int
    oldest: datetime


class Telling:
    """What systems were told, in this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, rows: Sequence[dict[str, Any]]) -> None:
        """Each named system is to hear of a suppression that it has not heard of before."""
        if rows:
            self._session.connection().execute(BEGUN, rows)

    def again(self, suppression_id: int, systems: Iterable[str], values: Mapping[str, Any]) -> None:
        """The suppression changed: these systems are to hear anew, those that never heard of it for the first time."""
        known = {r.system: r for r in self.of(suppression_id)}
        for system in systems:
            row = known.get(system)
            if row is None:
                self._session.add(SystemTold(suppression_id=suppression_id, system=system, **values))
            else:
                for name, value in values.items():
                    setattr(row, name, value)
        self._session.flush()

    def of(self, suppression_id: int) -> Sequence[SystemTold]:
        """How far each system has heard of a suppression, by name."""
        return self._session.scalars(
            sa.select(SystemTold).where(SystemTold.suppression_id == suppression_id).order_by(SystemTold.system)
        ).all()

    def one(self, suppression_id: int, system: str) -> SystemTold | None:
        """How far that system has heard, locked."""
        return self._session.scalar(
            sa.select(SystemTold).where(SystemTold.suppression_id == suppression_id, SystemTold.system == system).with_for_update()
        )

    def dropped(self, outgoing_ids: Sequence[int]) -> None:
        """These calls will never be made."""
        for names in self._session.scalars(sa.select(Outgoing.dedupe).where(Outgoing.id.in_(outgoing_ids), Outgoing.dedupe.like("tell:%"))):
            _, system, suppression_id, _ = names.split(":")
            row = self.one(int(suppression_id), system)
            if row is not None and row.state is SystemState.WAITING:
                row.state, row.error = SystemState.DROPPED, "a manager dropped it"
        self._session.flush()

    def backlog(self) -> tuple[Backlog, ...]:
        """What waits, by system."""
        rows = self._session.execute(
            sa.select(SystemTold.system, sa.func.count(), sa.type_coerce(sa.func.min(SystemTold.asked), SystemTold.asked.type))
            .where(SystemTold.state == SystemState.WAITING)
            .group_by(SystemTold.system)
            .order_by(SystemTold.system)
        )
        return tuple(Backlog(r[0], r[1], r[2]) for r in rows)

    def late(self, system: str, asked_before: datetime) -> int:
        """How many wishes from before that instant a system has not heard."""
        query = sa.select(sa.func.count()).where(
            SystemTold.system == system, SystemTold.state == SystemState.WAITING, SystemTold.asked <= asked_before
        )
        return self._session.scalar(query) or 0

    def times(self, since: datetime) -> Sequence[tuple[str, datetime, datetime]]:
        """(System, when the wish reached us, when the system had it) of all that was done since then."""
        rows = self._session.execute(
            sa.select(SystemTold.system, SystemTold.asked, SystemTold.done)
            .where(SystemTold.done >= since, SystemTold.state.in_((SystemState.DONE, SystemState.NOT_FOUND)))
            .order_by(SystemTold.system, SystemTold.done)
        )
        return [(r[0], r[1], r[2]) for r in rows if r[2] is not None]

    def effect_times(self, since: datetime) -> Sequence[tuple[datetime, datetime]]:
        """(When the wish reached us, when it was suppressed) of all wishes since then."""
        rows = self._session.execute(sa.select(Suppression.asked, Suppression.at).where(Suppression.wished >= since))
        return [(r[0], r[1]) for r in rows]

    def counts(self, since: datetime) -> dict[tuple[str, SystemState], int]:
        """How many are in each state by system, of what was queued since then."""
        rows = self._session.execute(
            sa.select(SystemTold.system, SystemTold.state, sa.func.count())
            .where(SystemTold.queued >= since)
            .group_by(SystemTold.system, SystemTold.state)
        )
        return {(r[0], r[1]): r[2] for r in rows}
