"""A letter to send and a way to send it: what the SMTP tests share."""

import asyncio
from dataclasses import replace
from typing import Any

from bot.smtp import Post, QueuedLetter, SmtpSettings
from bot.transport import Security

LETTER = QueuedLetter(
    from_name="Nproc",
    from_="desk@desk.example",
    to="anna@sender.example",
    reply_to="desk@desk.example",
    subject="We have received your request (PR-2026-00042)",
    text="Dear Anna,\n\nThank you.\n",
    html="<p>Dear Anna,</p><p>Thank you.</p>",
    message_id="<rd.0123.abcd@desk.example>",
    in_reply_to="<question@sender.example>",
    references="<first@sender.example> <question@sender.example>",
    auto=True,
)


def settings(port: int, **changes: Any) -> SmtpSettings:
    """A server on this machine."""
    return replace(SmtpSettings("127.0.0.1", port, Security.PLAIN, timeout=10, data_timeout=10, retry_after=7), **changes)


class Hand:
    """Counts how often a letter was about to be handed over."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times = 0
        self._error = error

    async def __call__(self) -> None:
        self.times += 1
        if self._error is not None:
            raise self._error


def send(where: SmtpSettings, letter: QueuedLetter = LETTER, hand: Hand | None = None) -> None:
    """Deliver it, from a program without an event loop."""
    asyncio.run(Post(where).deliver(letter, hand or Hand()))
