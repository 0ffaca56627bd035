"""What the inbox is told, what it hands over, and whom it hands it to: frozen values and one protocol, no IMAP."""

import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.transport import Login, Security, refuse_open_wire
from handlers.refused import Refused

LONGEST_IDLE = 28 * 60
"""Servers may end an IDLE after 30 minutes (RFC 2177): it is renewed well before."""

CONNECTED = "connected"
FAILING = "failing"


@dataclass(frozen=True)
class MailboxAccess:
    """An IMAP account: how to reach it, which folders to read, what to do to a mail that the desk has taken.

    `junk` None finds the folder by its special use (RFC 6154), '' reads none. `done` is "keyword", "move:<folder>" or "none".
    `idle` False polls even where the server would tell of news.
    Times are seconds. `batch` mails of at most `batch_bytes` together are fetched at a time; a bigger mail comes alone.
    """

    id: str
    host: str
    username: str
    auth: Login
    port: int = 993
    security: Security = Security.TLS
    ca_file: Path | None = None
    folders: tuple[str, ...] = ("INBOX",)
    junk: str | None = None
    done: str = "none"
    idle: bool = True
    poll_seconds: float = 60
    idle_seconds: float = 25 * 60
    timeout: float = 60
    batch: int = 50
    batch_bytes: int = 16 * 1024 * 1024
    retry_first: float = 1
    retry_most: float = 300

    def __post_init__(self) -> None:
        refuse_open_wire(self.host, self.security)
        if self.done not in ("keyword", "none") and not self.move_to:
            raise Refused(f"done must be keyword, none or move:<folder>, not {self.done!r}.", "done")
        if not 0 < self.idle_seconds <= LONGEST_IDLE:
            raise Refused("idle_seconds must be at most 28 minutes: servers end a longer wait.", "idle_seconds")
        if not self.folders or self.batch < 1:
            raise Refused("A mailbox needs at least one folder and a batch of one.", "folders")

    @property
    def move_to(self) -> str:
        """The folder that taken mail is moved to, '' if it is not moved."""
        return self.done.removeprefix("move:") if self.done.startswith("move:") else ""


@dataclass(frozen=True)
class Fetched:
    """One mail as the server holds it. `arrived` is its INTERNALDATE, in UTC.

    `raw` is empty where the server lists the mail and would not give it, time after time.
    """

    mailbox: str
    folder: str
    junk: bool
    uidvalidity: int
    uid: int
    arrived: datetime
    raw: bytes


@dataclass(frozen=True)
class Kept:
    """What we keep of it is committed; `mark` says whether the server is told (never for ordinary mail)."""

    mark: bool


class Keep(Protocol):
    """Who keeps the mail. Called from the inbox's thread; `receive` commits before it returns."""

    def position(self, mailbox: str, folder: str) -> tuple[int | None, int]:
        """UIDVALIDITY and last UID that were taken; (None, 0) at the first start."""

    def receive(self, mail: Fetched) -> Kept:
        """Keep the mail. Raises only where the store fails: the same mail comes again then."""

    def advanced(self, mailbox: str, folder: str, uidvalidity: int, last_uid: int) -> None:
        """Everything up to that UID has been received."""

    def health(self, mailbox: str, state: str, detail: str) -> None:
        """`state` is CONNECTED (after each reading of all folders; `detail` may hold a warning) or FAILING (`detail` says why)."""


class Backoff:
    """Waits that double, with jitter, from `first` to `most` seconds."""

    def __init__(self, first: float, most: float) -> None:
        self._first, self._most, self._failures = first, most, 0

    def next(self) -> float:
        """How long to wait after one more failure."""
        longest: float = min(self._most, self._first * 2 ** min(self._failures, 30))
        self._failures += 1
        return longest * random.uniform(0.5, 1)  # noqa: S311 -- spreads reconnects, guards nothing

    def reset(self) -> None:
        """It worked: the next failure waits shortly again."""
        self._failures = 0
