"""The first whole reading of a mailbox: says once how much was there from before go-live, and that none of it was answered."""

from datetime import datetime

from handlers import effects
from handlers.desk import Desk
from handlers.posts import GoLive
from storage.store import Tx


class GoingLive:
    """Announces mailboxes that are read for the first time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._said: set[str] = set()

    def announce(self, tx: Tx, mailbox: str, now: datetime) -> None:
        """Queue the one post of that mailbox; what is no mailbox of the desk, or was announced before, is passed over."""
        if mailbox in self._said:
            return
        self._said.add(mailbox)
        box = next((m for m in self._desk.mailboxes if m.id == mailbox), None)
        name = f"golive:{mailbox}"
        if box is None or tx.outgoing.already(f"notice:{name}"):
            return
        said = GoLive(box.id, box.live_from, box.read_from, tx.cases.before_live(box.id), tx.mails.fingerprinted(box.id))
        effects.notice(tx, said, name, now)
