"""Named queries over holds: what is kept back of an unusual mass of unsubscribes while a manager is asked."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.kinds import HoldState, OutgoingState
from storage.models import Hold, Outgoing


class Holds:
    """Holds of this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, hold_id: int) -> Hold | None:
        """One hold, locked."""
        return self._session.get(Hold, hold_id, with_for_update=True, populate_existing=True)

    def latest(self) -> Hold | None:
        """The newest one."""
        return self._session.scalar(sa.select(Hold).order_by(Hold.id.desc()).limit(1))

    def add(self, row: Hold) -> Hold:
        """A hold more."""
        self._session.add(row)
        self._session.flush()
        return row

    def waiting(self, hold_id: int) -> int:
        """How many queued effects it keeps back."""
        query = sa.select(sa.func.count()).where(Outgoing.held == hold_id, Outgoing.state == OutgoingState.QUEUED)
        return self._session.scalar(query) or 0

    def let_go(self, hold_id: int, now: datetime) -> int:
        """All that it keeps back goes now; how many that are."""
        change = sa.update(Outgoing).where(Outgoing.held == hold_id, Outgoing.state == OutgoingState.QUEUED)
        done = self._session.execute(change.values(held=None, due=now))
        return int(getattr(done, "rowcount", 0))

    def drop(self, hold_id: int, now: datetime) -> list[int]:
        """Nothing that it keeps back will ever go; the numbers of those rows."""
        change = sa.update(Outgoing).where(Outgoing.held == hold_id, Outgoing.state == OutgoingState.QUEUED).returning(Outgoing.id)
        values = {"state": OutgoingState.DROPPED, "held": None, "done": now, "sealed": None, "error": "a manager dropped it"}
        return list(self._session.scalars(change.values(**values)))

    def settle(self, row: Hold, state: HoldState, by: str, now: datetime) -> None:
        """A manager has answered."""
        row.state, row.by, row.settled = state, by, now
        self._session.flush()
