"""The suppression list: who gets no more marketing, found by keyed hash."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.models import Suppression

ALL_MARKETING = "all"


class Suppressions:
    """Suppressions of this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, controller: str, address_hash: str, scope: str = ALL_MARKETING) -> Suppression | None:
        """The entry of an address in exactly that scope."""
        return self._session.scalar(
            sa.select(Suppression).where(
                Suppression.controller == controller, Suppression.scope == scope, Suppression.address_hash == address_hash
            )
        )

    def add(self, row: Suppression) -> Suppression:
        """An address more."""
        self._session.add(row)
        self._session.flush()
        return row

    def listed(self, controller: str | None = None) -> Sequence[Suppression]:
        """Every entry, oldest first."""
        query = sa.select(Suppression)
        if controller is not None:
            query = query.where(Suppression.controller == controller)
        return self._session.scalars(query.order_by(Suppression.id)).all()

    def count_since(self, since: datetime) -> int:
        """How many were added since then."""
        return self._session.scalar(sa.select(sa.func.count()).select_from(Suppression).where(Suppression.at >= since)) or 0
