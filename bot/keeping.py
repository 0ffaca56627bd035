"""Takes fetched mail through parser, sorter and handler, each in one transaction; what breaks is quarantined."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from prometheus_client import Counter

from bot.mailbox import CONNECTED, Fetched, Kept
from handlers.arrival import Arrival, Broken, Place
from handlers.golive import GoingLive
from handlers.incoming import Incoming
from handlers.mail import parse
from handlers.sorting import Sorter
from storage.kinds import Fate
from storage.store import Store, StoreDown, Tx

log = structlog.get_logger()
READ = Counter("rightsdesk_mails", "Mails read, by what became of them", ["mailbox", "fate"])
UNTOUCHED = frozenset({Fate.ORDINARY, Fate.FINGERPRINTED, Fate.QUARANTINED})


class UnreadableMail(Exception):
    """Nothing in it could be read."""


@dataclass(frozen=True)
class Manner:
    """How a mail is to be taken: `confirmed` False where its arrival was read from a header, `quiet` without letters and posts,
    `insisted` the Slack id of who said that it is a request after all."""

    confirmed: bool = True
    quiet: bool = False
    insisted: str | None = None


PLAINLY = Manner()


class Keeping:
    """Between the mailboxes and the database; its methods are called from the inboxes' threads."""

    def __init__(
        self,
        store: Store,
        incoming: Incoming,
        sorters: Callable[[str], Sorter],
        ring: Callable[[], None],
        going_live: GoingLive | None = None,
        unmarked: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        """`unmarked` are mailboxes and folders in which nothing is ever marked or moved: what colleagues sent themselves."""
        self._store = store
        self._incoming = incoming
        self._sorters = sorters
        self._ring = ring
        self._going_live = going_live
        self._unmarked = unmarked

    def position(self, mailbox: str, folder: str) -> tuple[int | None, int]:
        """UIDVALIDITY and last UID that were taken."""
        return self._store.run(lambda tx: tx.mails.position(mailbox, folder))

    def advanced(self, mailbox: str, folder: str, uidvalidity: int, last_uid: int) -> None:
        """Everything up to that UID has been received."""
        self._store.run(lambda tx: tx.mails.advance(mailbox, folder, uidvalidity, last_uid))

    def health(self, mailbox: str, state: str, detail: str) -> None:
        """How the mailbox fares; its first whole reading is announced."""
        now = datetime.now(UTC)

        def work(tx: Tx) -> int:
            tx.mails.health(mailbox, state, detail, now)
            if state == CONNECTED and self._going_live is not None:
                self._going_live.announce(tx, mailbox, now)
            return tx.outgoing.queued

        if self._store.run(work):
            self._ring()

    def receive(self, mail: Fetched) -> Kept:
        """Keep one fetched mail; StoreDown where the database fails."""
        place = Place(mail.mailbox, mail.folder, mail.uidvalidity, mail.uid, mail.junk)
        fates = self.keep(mail.raw, place, mail.arrived)
        may = (mail.mailbox, mail.folder) not in self._unmarked
        return Kept(mark=may and bool(fates) and not fates <= UNTOUCHED)

    def keep(self, raw: bytes, place: Place, arrived: datetime, how: Manner = PLAINLY) -> frozenset[Fate]:
        """Commit what becomes of one mail and say what that is; StoreDown where the database fails, and nothing is kept then."""
        now = datetime.now(UTC)
        try:
            mail = parse(raw)
            if not mail.readable:
                raise UnreadableMail("; ".join(mail.defects)[:300] or "nothing could be read")
            verdict = self._sorters(place.mailbox).sort(mail)
            arrival = Arrival(raw, mail, verdict, place, arrived, how.confirmed, how.quiet, how.insisted)
            fates = self._run(lambda tx: self._incoming.receive(tx, arrival, now), place)
        except StoreDown:
            raise
        except Exception as error:
            # The one broad except around a mail: it is kept with its bytes, loudly, and the next one goes through.
            log.exception("mail quarantined", mailbox=place.mailbox, folder=place.folder, uid=place.uid)
            said = "nothing in it could be read" if isinstance(error, UnreadableMail) else f"{type(error).__name__} while it was handled"
            broken = Broken(raw, place, arrived, said, how.confirmed, how.quiet)
            self._run(lambda tx: self._incoming.quarantine(tx, broken, now), place)
            fates = frozenset({Fate.QUARANTINED})
        for fate in fates:
            READ.labels(place.mailbox, str(fate)).inc()
        return fates

    def _run(self, work: Callable[[Tx], None], place: Place) -> frozenset[Fate]:
        def whole(tx: Tx) -> tuple[int, frozenset[Fate]]:
            work(tx)
            if tx.outgoing.queued:
                self._store.wake(tx)
            return tx.outgoing.queued, tx.mails.fates(place.mailbox, place.folder, place.uidvalidity, place.uid)

        queued, fates = self._store.run(whole)
        if queued:
            self._ring()
        return fates
