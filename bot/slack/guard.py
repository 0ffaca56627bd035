"""Stands around whatever somebody presses: strangers are turned away, and what goes wrong is said to that person, in their language."""

import secrets
from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.names import N_
from bot.slack.people import People
from bot.slack.private import Spot, tell
from bot.slack.words import Words
from handlers.refused import Refused

log = structlog.get_logger(__name__)

SORRY = N_("Something went wrong on our side; nothing was changed.")
NUMBER = N_("If it happens again, tell your administrator this number: {number}")


class Guard:
    """Knows who may press, and what to say when something goes wrong."""

    def __init__(self, people: People) -> None:
        self.people = people

    def sentence(self, error: Exception, about: str, words: Words) -> str:
        """What the person is told; what they can't mend is logged under a number that they are given."""
        if isinstance(error, Refused):
            return words.said(error.sentence)
        number = secrets.token_hex(3)
        log.error("slack.press_failed", about=about, number=number, exc_info=error)
        return f"{words(SORRY)} {words(NUMBER).format(number=number)}"

    async def run(self, client: AsyncWebClient, at: Spot, about: str, work: Callable[[Words], Awaitable[None]]) -> None:
        """Do the work for that person in their words, or tell them why not."""
        words = await self.people.words(at.user)
        try:
            await self.people.admit(at.user)
            await work(words)
        except Exception as error:  # noqa: BLE001 -- one press must not stop the next; it is logged and said
            await tell(client, at, self.sentence(error, about, words))
