"""Stands around whatever somebody presses: strangers are turned away, and what goes wrong is said to that person only."""

import secrets
from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.names import N_
from bot.slack.office import Office
from bot.slack.private import Spot, tell
from bot.slack.words import Words
from handlers.refused import Refused

log = structlog.get_logger(__name__)

STRANGER = N_("Only the people of the privacy desk can do this. Ask one of them, or have yourself added to the staff list.")
SORRY = N_("Something went wrong on our side; nothing was changed.")
NUMBER = N_("If it happens again, tell your administrator this number: {number}")


class Guard:
    """Knows who may press, and what to say when something goes wrong."""

    def __init__(self, office: Office, words: Words) -> None:
        self._office = office
        self._words = words

    def admit(self, user: str) -> None:
        """Refused where that is nobody of the desk."""
        if self._office.desk.person(user) is None:
            raise Refused(self._words(STRANGER))

    def sentence(self, error: Exception, about: str) -> str:
        """What the person is told; what they can't mend is logged under a number that they are given."""
        if isinstance(error, Refused):
            return error.sentence
        number = secrets.token_hex(3)
        log.error("slack.press_failed", about=about, number=number, exc_info=error)
        return f"{self._words(SORRY)} {self._words(NUMBER).format(number=number)}"

    async def run(self, client: AsyncWebClient, at: Spot, about: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work for that person, or tell them why not."""
        try:
            self.admit(at.user)
            await work()
        except Exception as error:  # noqa: BLE001 -- one press must not stop the next; it is logged and said
            await tell(client, at, self.sentence(error, about))
