"""Registers and the digest: what the desk's rows amount to, for those who answer for it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from handlers.desk import Desk
from handlers.lateness import health
from handlers.lifecycle import WAITING
from handlers.posts import DigestCase, DigestGroup, MailboxHealth, ManagersDigest
from storage.kinds import Fate, Status
from storage.models import Case, Deadline
from storage.store import Tx

LISTED = 12
"""How many cases of a group a digest names."""
SOON = 7


class Reports:
    """Counts and lists."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def digest(self, tx: Tx, day: date, now: datetime) -> ManagersDigest:
        """The picture of one day: also when nothing is due."""
        open_ = list(tx.cases.listed(limit=100_000))
        first = tx.cases.next_dates()
        since = now - timedelta(days=1)
        fates = tx.mails.fates_since(since)
        dated = [(c, first.get(c.id)) for c in open_]
        return ManagersDigest(
            day=day,
            open=len(open_),
            groups=(
                self._group("overdue", ((c, d) for c, d in dated if d is not None and d.safe is not None and d.safe < day), day),
                self._group(
                    "due_soon",
                    ((c, d) for c, d in dated if d is not None and d.safe is not None and day <= d.safe <= day + timedelta(days=SOON)),
                    day,
                ),
                self._group("waiting", ((c, d) for c, d in dated if c.status in WAITING), day),
                self._group("unassigned", ((c, d) for c, d in dated if c.owner is None), day),
                self._group("needs_look", ((c, d) for c, d in dated if c.status is Status.NEEDS_LOOK or c.needs_look), day),
            ),
            opened=tx.cases.new_since(since),
            closed=tx.cases.closed_since(since),
            unsubscribed=tx.suppressions.count_since(since),
            ordinary=fates.get(Fate.ORDINARY, 0),
            quarantined=len(tx.mails.quarantined()),
            letters_in_doubt=tx.outgoing.letters_in_doubt(since),
            letters_failed=tx.outgoing.letters_failed(since),
            mailboxes=tuple(
                MailboxHealth(h.mailbox, h.last_seen, "" if h.state == "connected" else h.detail or h.state) for h in tx.mails.healths()
            ),
            systems=health(tx, self._desk),
        )

    def _group(self, name: str, found: Iterable[tuple[Case, Deadline | None]], day: date) -> DigestGroup:
        rows = sorted(found, key=lambda pair: (pair[1].safe if pair[1] is not None and pair[1].safe is not None else date.max, pair[0].id))
        return DigestGroup(name, len(rows), tuple(self._line(c, d, day) for c, d in rows[:LISTED]))

    def _line(self, case: Case, deadline: Deadline | None, day: date) -> DigestCase:
        due = deadline.safe if deadline is not None else None
        return DigestCase(
            ref=case.ref,
            controller_name=self._desk.controller(case.controller).name,
            due=due,
            days_left=(due - day).days if due is not None else None,
            owner=case.owner,
            channel=case.channel,
            thread=case.thread,
        )
