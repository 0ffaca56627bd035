"""Takes what is new in one folder: hands every mail to its keeper in the order of UIDs, and marks what was kept."""

import imaplib
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import structlog

from bot.mailbox import Fetched, Keep, MailboxAccess

KEYWORD = "Rightsdesk"
"""Set on a mail that the desk has taken, where the server keeps keywords."""
LOST = imaplib.IMAP4.abort
"""The connection is gone. Every client in Python raises these two."""
SAID_NO = imaplib.IMAP4.error
"""The server refused a command; LOST is one of these, so it is caught first."""

_WINDOW = 50_000
_PATIENCE = 3
_HEAD = 64 * 1024

log = structlog.get_logger(__name__)


class NotKept(Exception):
    """The store failed; the mail stays where it is and comes again."""


class NotGiven(Exception):
    """The server lists a mail and does not give it."""


class Server(Protocol):
    """What is asked of a connection that is logged in: some of imapclient's methods, mails named by UID."""

    @property
    def told(self) -> int:
        """How often the server has told the number of mails since the folder was selected."""

    def has_capability(self, capability: str) -> bool:
        """Whether the server can do it."""

    def select_folder(self, folder: str, readonly: bool = False) -> Mapping[bytes, Any]:
        """Open a folder; what the server says of it."""

    def search(self, criteria: list[str]) -> list[int]:
        """The mails that match."""

    def fetch(self, messages: list[int], data: list[str]) -> Mapping[int, Mapping[bytes, Any]]:
        """Parts of the mails."""

    def add_flags(self, messages: list[int], flags: list[str], silent: bool = False) -> object:
        """Set flags or keywords."""

    def move(self, messages: list[int], folder: str) -> object:
        """Move mails to another folder (RFC 6851)."""


@dataclass(frozen=True)
class _Listed:
    uid: int
    size: int
    arrived: datetime | None


@dataclass(frozen=True)
class _Open:
    """A folder that is selected: its UIDVALIDITY, and whether taken mail can be marked there as the settings want."""

    folder: str
    junk: bool
    validity: int
    marks: bool


class Reader:
    """Reads the folders of one mailbox. `told` is how much the last reading knew, `warnings` what a person should mend, by its place."""

    def __init__(self, mailbox: MailboxAccess, keep: Keep, stop: threading.Event) -> None:
        self._box = mailbox
        self._keep = keep
        self._stop = stop
        self.told = 0
        self.warnings: dict[str, str] = {}
        self._misses: dict[tuple[str, int, int], int] = {}

    def read(self, client: Server, folder: str, *, junk: bool) -> None:
        """Hand over what is new in the folder, in the order of UIDs."""
        selected = client.select_folder(folder, readonly=self._box.done == "none")
        valid, upcoming = validity(selected), selected.get(b"UIDNEXT")
        with _keeping():
            known, last = self._keep.position(self._box.id, folder)
        if known != valid or (upcoming is not None and last >= upcoming):
            if known is not None:
                log.warning("folder is read anew: its UIDs have changed", mailbox=self._box.id, folder=folder)
            last = 0
            with _keeping():
                self._keep.advanced(self._box.id, folder, valid, last)
        self.told = client.told
        opened = _Open(folder, junk, valid, self._can_mark(client, selected))
        for uids in _windows(client, last, upcoming):
            for batch in _batches(client, uids, self._box):
                if self._stop.is_set():
                    return
                self._take(client, opened, batch)

    def _take(self, client: Server, opened: _Open, batch: list[_Listed]) -> None:
        """Fetch one batch, hand each mail over, then note how far we are and mark what was kept."""
        bodies = _bodies(client, [m.uid for m in batch])
        kept: list[tuple[int, bool]] = []
        failure: Exception | None = None
        for listed in batch:
            if self._stop.is_set():
                break
            try:
                kept.append((listed.uid, self._hand_over(client, opened, listed, bodies.pop(listed.uid, None))))
            except (NotKept, NotGiven) as error:
                failure = error
                break
        if kept:
            with _keeping():
                self._keep.advanced(self._box.id, opened.folder, opened.validity, kept[-1][0])
            self._mark(client, opened, [uid for uid, mark in kept if mark])
        if failure is not None:
            raise failure

    def _hand_over(self, client: Server, opened: _Open, listed: _Listed, raw: bytes | None) -> bool:
        """Whether the mail is to be marked. A mail that left the folder meanwhile is none; one that is withheld is asked for again."""
        if raw is None:
            if not client.search(["UID", str(listed.uid)]):
                return False
            key = (opened.folder, opened.validity, listed.uid)
            self._misses[key] = self._misses.get(key, 0) + 1
            if self._misses[key] < _PATIENCE:
                raise NotGiven(f"{opened.folder}, UID {listed.uid}")
            log.error("a mail is listed and withheld", mailbox=self._box.id, folder=opened.folder, uid=listed.uid)
        arrived = listed.arrived or _stamped(raw or b"") or datetime.now(UTC)
        mail = Fetched(self._box.id, opened.folder, opened.junk, opened.validity, listed.uid, arrived, raw or b"")
        with _keeping():
            return self._keep.receive(mail).mark

    def _can_mark(self, client: Server, selected: Mapping[bytes, Any]) -> bool:
        self.warnings.pop("mark", None)
        if self._box.done == "none":
            return False
        if self._box.done == "keyword" and rb"\*" not in selected.get(b"PERMANENTFLAGS", ()):
            return False
        if self._box.move_to and not client.has_capability("MOVE"):
            self.warnings["mark"] = "The server cannot move mail, so taken mail stays where it is."
            return False
        return True

    def _mark(self, client: Server, opened: _Open, uids: list[int]) -> None:
        """Tell the server which mails were taken. Our ledger is the truth: where this fails, nothing is lost."""
        if not uids or not opened.marks:
            return
        try:
            if self._box.move_to:
                client.move(uids, self._box.move_to)
            else:
                client.add_flags(uids, [KEYWORD], silent=True)
        except LOST:
            raise
        except SAID_NO:
            self.warnings["mark"] = f"Taken mail could not be marked ({self._box.done}). Check that the folder exists."


@contextmanager
def _keeping() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise NotKept(type(error).__name__) from error


def validity(selected: Mapping[bytes, Any]) -> int:
    """UIDVALIDITY of a folder that was selected (RFC 3501 s. 2.3.1.1); 0 where the server has none."""
    return int(selected.get(b"UIDVALIDITY", 0))


def _windows(client: Server, last: int, upcoming: int | None) -> Iterator[list[int]]:
    """UIDs after `last`, ascending. In windows, for a list of all UIDs of a big folder is longer than the library reads."""
    first = last + 1
    while upcoming is not None and first + _WINDOW < upcoming:
        yield sorted(client.search(["UID", f"{first}:{first + _WINDOW - 1}"]))
        first += _WINDOW
    yield sorted(uid for uid in client.search(["UID", f"{first}:*"]) if uid >= first)


def _batches(client: Server, uids: list[int], box: MailboxAccess) -> Iterator[list[_Listed]]:
    """The mails, so many at a time that their bytes together stay within what the settings allow."""
    for start in range(0, len(uids), box.batch):
        chunk = uids[start : start + box.batch]
        facts = _fetched(client, chunk, ["RFC822.SIZE", "INTERNALDATE"])
        batch: list[_Listed] = []
        for uid in chunk:
            known = facts.get(uid, {})
            listed = _Listed(uid, int(known.get(b"RFC822.SIZE", 0)), _utc(known.get(b"INTERNALDATE")))
            if batch and sum(m.size for m in batch) + listed.size > box.batch_bytes:
                yield batch
                batch = []
            batch.append(listed)
        if batch:
            yield batch


def _bodies(client: Server, uids: Iterable[int]) -> dict[int, bytes]:
    answers = _fetched(client, list(uids), ["BODY.PEEK[]"])
    return {uid: bytes(a[b"BODY[]"]) for uid, a in answers.items() if a.get(b"BODY[]") is not None}


def _fetched(client: Server, uids: list[int], what: list[str]) -> dict[int, Mapping[bytes, Any]]:
    """What the server answers by UID. Where it cannot answer for all of them, each is asked for alone, and the faulty ones are missing."""
    try:
        return dict(client.fetch(uids, what))
    except LOST:
        raise
    except (SAID_NO, ValueError):
        if len(uids) == 1:
            return {}
        return {uid: answer for one in uids for uid, answer in _fetched(client, [one], what).items()}


def _stamped(raw: bytes) -> datetime | None:
    """When our own server says that it got the mail: its Received stands topmost. For the server that gives no INTERNALDATE."""
    received = str(BytesHeaderParser().parsebytes(raw[:_HEAD]).get("Received", ""))
    try:
        return _utc(parsedate_to_datetime(received.rpartition(";")[2].strip()))
    except (ValueError, TypeError, OverflowError):
        return None


def _utc(arrived: object) -> datetime | None:
    if not isinstance(arrived, datetime):
        return None
    return arrived.astimezone(UTC) if arrived.tzinfo else arrived.replace(tzinfo=UTC)
