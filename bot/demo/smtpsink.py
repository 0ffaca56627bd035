"""An SMTP server on loopback: a mail to one of our own addresses goes into its mailbox, every other one is kept as a readable file."""

import asyncio
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.demo.ports import LOOPBACK, free_port

Mailbox = Callable[[str, bytes], None]
"""Puts the bytes of one mail into the mailbox of one address."""

NO_ANSWER = "no answer"
"""In `answer_next`: take the letter, then drop the connection, so that its fate is unknown to whoever sent it."""


@dataclass(frozen=True)
class Letter:
    """A mail as the server took it: bytes, and the envelope they came in."""

    raw: bytes
    sender: str
    recipients: tuple[str, ...]

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        parsed = message_from_bytes(self.raw, policy=policy.default)
        if not isinstance(parsed, EmailMessage):
            raise TypeError("the default policy makes an EmailMessage")
        return parsed

    @property
    def text(self) -> str:
        """Its text part, '' if there is none."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @property
    def html(self) -> str:
        """Its HTML part, '' if there is none."""
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part else ""


class SmtpSink:
    """Runs in a thread of its own from `start` to `end`. `users` (name -> password) makes it ask for a login."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        mailboxes: Mapping[str, Mailbox] | None = None,
        users: dict[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.host = LOOPBACK
        self.port = free_port(port)
        self.letters: list[Letter] = []
        self.taken = 0
        self._mailboxes = {address.casefold(): deliver for address, deliver in (mailboxes or {}).items()}
        self._users = users
        self._answers: deque[str] = deque()
        self._changed = threading.Condition()
        self._controller = Controller(
            self,
            hostname=self.host,
            port=self.port,
            server_hostname="mail.demo.test",
            data_size_limit=64 * 1024 * 1024,
            decode_data=False,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            auth_required=users is not None,
            authenticator=self._login if users is not None else None,
            tls_context=tls,
            ready_timeout=20,
        )

    def start(self) -> "SmtpSink":
        """Listen; returns when the server answers."""
        self._controller.start()
        return self

    def end(self) -> None:
        """Stop listening. The files stay."""
        self._controller.stop()

    def answer_next(self, *answers: str) -> None:
        """Answer the next DATA commands so instead of taking the letter: `451 4.3.0 later`, `550 5.1.1 no such user`, or NO_ANSWER."""
        self._answers.extend(answers)

    def wait_for(self, count: int, seconds: float = 20.0) -> list[Letter]:
        """The letters, once there are at least `count`; TimeoutError tells how many there are."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while len(self.letters) < count:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"{len(self.letters)} letters of {count} came within {seconds:.0f} s")
            return list(self.letters)

    def clear(self) -> None:
        """Forget the letters and the answers prepared; the files stay."""
        with self._changed:
            self.letters.clear()
            self._answers.clear()

    def _login(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
        if not isinstance(data, LoginPassword) or self._users is None:
            return AuthResult(success=False, handled=False)
        right = self._users.get(data.login.decode("utf-8", "replace")) == data.password.decode("utf-8", "replace")
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the name aiosmtpd calls
        """Take one mail: into mailboxes, or as a letter; or answer as a test asked for."""
        answer = self._answers.popleft() if self._answers else None
        if answer is not None and answer != NO_ANSWER:
            return answer
        raw = envelope.content or b""
        content = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogateescape")
        self._take(Letter(content, envelope.mail_from or "", tuple(envelope.rcpt_tos)))
        if answer == NO_ANSWER and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 2.0.0 taken"

    def _take(self, letter: Letter) -> None:
        outside = []
        for recipient in letter.recipients:
            deliver = self._mailboxes.get(recipient.casefold())
            if deliver is None:
                outside.append(recipient)
            else:
                deliver(recipient.casefold(), stamped(letter, recipient))
        with self._changed:
            self.taken += 1
            if outside:
                self.letters.append(Letter(letter.raw, letter.sender, tuple(outside)))
                self._keep(self.letters[-1], len(self.letters))
            self._changed.notify_all()

    def _keep(self, letter: Letter, number: int) -> None:
        """Write the letter as it came (.eml) and as a person reads it (.txt)."""
        message = letter.message
        to = "".join(c if c.isalnum() or c in ".-@" else "_" for c in letter.recipients[0])[:60]
        path = self.folder / f"{number:03d}-{to}"
        path.with_name(path.name + ".eml").write_bytes(letter.raw)
        names = ("From", "To", "Reply-To", "Subject", "Date", "Auto-Submitted")
        shown = "\n".join(f"{name}: {message[name]}" for name in names if message[name])
        path.with_name(path.name + ".txt").write_text(f"{shown}\n\n{letter.text}\n", encoding="utf-8")


def stamped(letter: Letter, recipient: str) -> bytes:
    """The mail with the trace headers that a server which delivers it puts on top."""
    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    trace = (
        f"Return-Path: <{letter.sender}>\r\n"
        f"Delivered-To: {recipient}\r\n"
        f"Received: from sender.test by mail.demo.test with ESMTP for <{recipient}>; {now}\r\n"
    )
    return trace.encode("utf-8") + letter.raw
