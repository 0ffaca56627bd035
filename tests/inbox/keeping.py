"""A keep in memory, and mail to put into it: what the inbox tests share."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.inbox import Inbox
from bot.mailbox import Fetched, Kept, MailboxAccess
from bot.transport import Password, Security
from tests.servers.imap import Account
from tests.servers.until import until


def mail(subject: str, size: int = 0) -> bytes:
    """A small mail, or one of about `size` bytes."""
    head = f"From: erika@sender.example\r\nTo: desk@desk.example\r\nSubject: {subject}\r\n\r\nGood day\r\n"
    return head.encode() + b"0123456789abcdef0123456789abcdef0123456789abcdef\r\n" * (size // 50)


def subject(raw: bytes) -> str:
    """The subject of such a mail."""
    return raw.split(b"Subject: ", 1)[1].split(b"\r\n", 1)[0].decode() if b"Subject: " in raw else ""


@dataclass
class MemoryKeep:
    """Keeps in memory. `refuse` names subjects whose receipt fails (once each for every time they stand there)."""

    mark: bool = True
    refuse: list[str] = field(default_factory=list)
    mails: list[Fetched] = field(default_factory=list)
    positions: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    while_receiving: Any = None

    def position(self, mailbox: str, folder: str) -> tuple[int | None, int]:
        return self.positions.get((mailbox, folder), (None, 0))

    def receive(self, mail: Fetched) -> Kept:
        name = subject(mail.raw)
        if name in self.refuse:
            self.refuse.remove(name)
            raise RuntimeError("disk full")
        if self.while_receiving is not None:
            self.while_receiving(self, mail)
        self.mails.append(mail)
        return Kept(self.mark)

    def advanced(self, mailbox: str, folder: str, uidvalidity: int, last_uid: int) -> None:
        self.positions[(mailbox, folder)] = (uidvalidity, last_uid)

    def health(self, mailbox: str, state: str, detail: str) -> None:
        self.told.append((state, detail))

    @property
    def subjects(self) -> list[str]:
        """Of everything received, in order."""
        return [subject(m.raw) for m in self.mails]

    @property
    def counts(self) -> Counter[str]:
        """How often each subject was received."""
        return Counter(self.subjects)

    def wait(self, count: int, seconds: float = 20) -> list[Fetched]:
        """What was received, once it is `count` mails."""
        until(lambda: len(self.mails) >= count, seconds)
        return list(self.mails)

    def wait_state(self, state: str, seconds: float = 15) -> str:
        """The detail told with that state, once it has been."""
        found = until(lambda: [t for t in list(self.told) if t[0] == state], seconds)
        return found[-1][1]


def access(account: Account, **changes: Any) -> MailboxAccess:
    """How the inbox reaches an account of the test servers; short waits."""
    box = MailboxAccess(
        id="desk",
        host=account.host,
        port=account.port,
        username=account.user,
        auth=lambda: Password(account.password),
        security=Security.PLAIN,
        poll_seconds=30,
        timeout=20,
        retry_first=0.05,
        retry_most=0.2,
    )
    return replace(box, **changes)


@contextmanager
def reading(box: MailboxAccess, keep: MemoryKeep) -> Iterator[Inbox]:
    """An inbox that runs while the block does, and has ended after it."""
    stop = threading.Event()
    inbox = Inbox(box, keep, stop)
    thread = inbox.start()
    try:
        yield inbox
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive(), "the inbox did not end"
