"""A mail as it reached us: the fact that enters at the door of `incoming`."""

from dataclasses import dataclass
from datetime import datetime

from handlers.mail import Mail
from handlers.verdict import Verdict


@dataclass(frozen=True)
class Place:
    """Where on the server a mail lies."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    junk: bool = False


@dataclass(frozen=True)
class Arrival:
    """A mail as it reached us: its bytes, what they say, what we take it for, where it lies and when it came (UTC)."""

    raw: bytes
    mail: Mail
    verdict: Verdict
    place: Place
    arrived: datetime
    confirmed: bool = True
    """Whether `arrived` is the server's own word; False where it was read from a header and a human should confirm it."""
    quiet: bool = False
    """No letters and no posts: an archive is being read."""
    insisted: str | None = None
    """Slack id of who said that this ordinary mail is a request after all."""


@dataclass(frozen=True)
class Broken:
    """A mail that broke something on its way: its bytes, where it lies, when it came, and what went wrong in words that name no person."""

    raw: bytes
    place: Place
    arrived: datetime
    error: str
    confirmed: bool = True
    quiet: bool = False
