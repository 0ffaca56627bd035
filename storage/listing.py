"""Named queries over many cases at once: pages of lists, figures, and finding a case again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.kinds import Direction, Status
from storage.models import Case, Deadline, Message


@dataclass(frozen=True)
class Standing:
    """What figures are counted from, a row an open case. `due` is the safe date that comes first."""

    id: int
    status: Status
    owner: str | None
    needs_look: bool
    urgent: bool
    opened: datetime
    due: date | None


class Listings:
    """Lists of this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, where: Sequence[sa.ColumnElement[bool]], offset: int, limit: int) -> tuple[list[tuple[Case, date | None]], int]:
        """Cases with their first safe date, urgent ones and the earliest date first; and how many there are in all."""
        total = self._session.scalar(sa.select(sa.func.count()).select_from(Case).where(*where)) or 0
        due = _first_dates()
        query = sa.select(Case, due.c.safe).outerjoin(due, due.c.case_id == Case.id).where(*where)
        order = (Case.urgent.desc(), due.c.safe.is_(None), due.c.safe, Case.id)
        rows = self._session.execute(query.order_by(*order).offset(offset).limit(limit))
        return [(row[0], row[1]) for row in rows], total

    def of_owners(self, owners: Sequence[str], offset: int, limit: int) -> tuple[list[tuple[Case, date | None]], int]:
        """Open cases of these people."""
        return self.page((Case.status != Status.CLOSED, Case.owner.in_(owners)), offset, limit)

    def unassigned(self, offset: int, limit: int) -> tuple[list[tuple[Case, date | None]], int]:
        """Open cases of nobody."""
        return self.page((Case.status != Status.CLOSED, Case.owner.is_(None)), offset, limit)

    def open(self, offset: int, limit: int) -> tuple[list[tuple[Case, date | None]], int]:
        """All open cases."""
        return self.page((Case.status != Status.CLOSED,), offset, limit)

    def numbered(self, ids: Sequence[int], limit: int) -> tuple[list[tuple[Case, date | None]], int]:
        """These cases, open or closed."""
        return self.page((Case.id.in_(ids),), 0, limit)

    def standings(self) -> list[Standing]:
        """Every open case, without what is sealed."""
        due = _first_dates()
        columns: tuple[Any, ...] = (Case.id, Case.status, Case.owner, Case.needs_look, Case.urgent, Case.opened, due.c.safe)
        query = sa.select(*columns).outerjoin(due, due.c.case_id == Case.id).where(Case.status != Status.CLOSED)
        return [Standing(*row) for row in self._session.execute(query.order_by(Case.id))]

    def opened_since(self, since: datetime) -> int:
        """How many cases were opened since then."""
        return self._session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.opened >= since)) or 0

    def of_thread(self, ts: str) -> list[int]:
        """The case of a Slack thread."""
        return list(self._session.scalars(sa.select(Case.id).where(Case.thread == ts)))

    def of_message(self, message_id_hash: str) -> list[int]:
        """The cases of a mail or letter."""
        query = sa.select(Message.case_id).where(Message.message_id_hash == message_id_hash, Message.case_id.is_not(None))
        return [i for i in self._session.scalars(query.distinct()) if i is not None]

    def of_writer(self, address_hash: str) -> list[int]:
        """The cases that an address asked for, wrote in or was written to in."""
        wrote = sa.select(Message.case_id).where(Message.sender_hash == address_hash, Message.case_id.is_not(None))
        asked = sa.select(Case.id).where(Case.requester_hash == address_hash)
        return sorted({i for q in (wrote, asked) for i in self._session.scalars(q) if i is not None})

    def answered_to(self, controller: str, address_hash: str) -> Sequence[int]:
        """Open cases of that person at that company, newest first."""
        query = sa.select(Case.id).where(
            Case.controller == controller, Case.requester_hash == address_hash, Case.status != Status.CLOSED, Case.erased.is_(None)
        )
        return self._session.scalars(query.order_by(Case.id.desc())).all()

    def of_persons(self, requester_hashes: Iterable[str]) -> Sequence[Case]:
        """The cases that these addresses asked for, unless erased."""
        return self._session.scalars(sa.select(Case).where(Case.requester_hash.in_(list(requester_hashes)), Case.erased.is_(None))).all()

    def lately(self, closed_since: datetime, limit: int) -> Sequence[Case]:
        """Cases that are open or were closed since then, the newest first."""
        here = sa.or_(Case.status != Status.CLOSED, Case.closed >= closed_since)
        query = sa.select(Case).where(here, Case.erased.is_(None)).order_by(Case.id.desc()).limit(limit)
        return self._session.scalars(query).all()

    def our_own(self, message_id_hash: str) -> bool:
        """Whether that Message-ID is one of a letter that we queued."""
        query = sa.select(sa.exists().where(Message.message_id_hash == message_id_hash, Message.direction == Direction.OUT))
        return bool(self._session.scalar(query))

    def floods(self, since: datetime, least: int) -> list[tuple[str, list[tuple[int, str]]]]:
        """(company, open cases by number and ref) of every domain from which so many cases were opened since then."""
        recent = (Case.opened >= since, Case.status != Status.CLOSED, Case.domain_hash.is_not(None))
        many = sa.select(Case.controller, Case.domain_hash).where(*recent).group_by(Case.controller, Case.domain_hash)
        found = []
        for controller, domain in self._session.execute(many.having(sa.func.count() >= least)).all():
            rows = sa.select(Case.id, Case.ref).where(*recent, Case.controller == controller, Case.domain_hash == domain)
            found.append((controller, [(row[0], row[1]) for row in self._session.execute(rows.order_by(Case.id))]))
        return found


def _first_dates() -> sa.Subquery:
    """The first open safe date of each case."""
    return (
        sa.select(Deadline.case_id, sa.func.min(Deadline.safe).label("safe"))
        .where(Deadline.done.is_(None), Deadline.safe.is_not(None), Deadline.governs)
        .group_by(Deadline.case_id)
        .subquery()
    )
