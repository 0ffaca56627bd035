"""Registers and the digest: what the desk's rows amount to, for those who answer for it."""

from datetime import date, datetime, timedelta

from handlers.desk import Desk
from handlers.lateness import health
from handlers.lifecycle import WAITING
from handlers.posts import DigestCase, DigestGroup, MailboxHealth, ManagersDigest
from storage.kinds import Fate, Status
from storage.listing import Standing
from storage.models import Case
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
        rows = tx.listing.standings()
        since = now - timedelta(days=1)
        fates = tx.mails.fates_since(since)
        soon = day + timedelta(days=SOON)
        found: tuple[tuple[str, list[Standing]], ...] = (
            ("overdue", [r for r in rows if r.due is not None and r.due < day]),
            ("due_soon", [r for r in rows if r.due is not None and day <= r.due <= soon]),
            ("waiting", [r for r in rows if r.status in WAITING]),
            ("unassigned", [r for r in rows if r.owner is None]),
            ("needs_look", [r for r in rows if r.status is Status.NEEDS_LOOK or r.needs_look]),
        )
        return ManagersDigest(
            day=day,
            open=len(rows),
            groups=tuple(self._group(tx, name, of, day) for name, of in found),
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

    def _group(self, tx: Tx, name: str, found: list[Standing], day: date) -> DigestGroup:
        first = sorted(found, key=lambda r: (r.due or date.max, r.id))[:LISTED]
        cases = {case.id: case for case, _ in tx.listing.numbered([r.id for r in first], LISTED)[0]}
        return DigestGroup(name, len(found), tuple(self._line(cases[r.id], r.due, day) for r in first))

    def _line(self, case: Case, due: date | None, day: date) -> DigestCase:
        return DigestCase(
            ref=case.ref,
            controller_name=self._desk.controller(case.controller).name,
            due=due,
            days_left=(due - day).days if due is not None else None,
            owner=case.owner,
            channel=case.channel,
            thread=case.thread,
        )
