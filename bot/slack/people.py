"""Who is who in the workspace: the language that somebody reads, whether they may act, and the members of the staff's user group."""

import asyncio
import time
from dataclasses import dataclass

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.names import N_
from bot.slack.words import Words, tongue, translator
from handlers.desk import Desk, Person
from handlers.refused import Refused

log = structlog.get_logger(__name__)

STRANGER = N_("Only the people of the privacy desk can do this. Ask one of them, or have yourself added to the staff list.")
GUEST = N_("Guests and people of other companies can't act on privacy cases, even if they are on the staff list.")
NOBODY_SAYS = N_("Slack does not say who you are just now, so nothing was done. Try again in a moment.")

FRESH = 3600.0
"""Seconds for which what Slack said of somebody is believed."""
_AWAY = (SlackClientError, ClientError, TimeoutError, OSError)


@dataclass(frozen=True)
class Known:
    """What Slack says of somebody. `outside` for guests, people of other companies, apps and closed accounts."""

    name: str
    language: str
    outside: bool
    asked: float


class People:
    """Asks Slack once an hour about each person who presses something."""

    def __init__(self, client: AsyncWebClient, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        self._known: dict[str, Known] = {}
        self._site: str | None = None

    @property
    def shared(self) -> Words:
        """The words of the desk's channel."""
        return translator(self._desk.rules.language, self._desk.rules.zone)

    async def words(self, user: str) -> Words:
        """The words that this person reads; the channel's where Slack does not say."""
        known = await self._ask(user)
        return translator(known.language, self._desk.rules.zone) if known else self.shared

    async def admit(self, user: str) -> Person:
        """Who that is on the desk; Refused for a stranger, for a guest, and where Slack does not say."""
        words = await self.words(user)
        person = self._desk.person(user)
        if person is None:
            raise Refused(words(STRANGER))
        known = await self._ask(user)
        if known is None:
            raise Refused(words(NOBODY_SAYS))
        if known.outside:
            raise Refused(words(GUEST))
        return person

    async def site(self) -> str:
        """The workspace's address, '' while Slack does not say."""
        if self._site is None:
            try:
                self._site = str((await self._client.auth_test()).get("url") or "")
            except _AWAY:
                return ""
        return self._site

    async def gather(self) -> None:
        """Look up the people of the desk, so that nobody waits for it, and who is in the user group now."""
        await self._gather_group()
        await asyncio.gather(*(self._ask(person.slack_id) for person in self._desk.staff[:200]))

    async def _gather_group(self) -> None:
        if not (group := self._desk.rules.staff_group):
            return
        try:
            answer = await self._client.usergroups_users_list(usergroup=group)
        except _AWAY as error:
            log.warning("slack.staff_group_unknown", error=type(error).__name__)
            return
        members = [str(user) for user in answer.get("users") or []]
        known = await asyncio.gather(*(self._ask(user) for user in members))
        self._desk.roster.people = tuple(
            Person(user, k.name if k else user) for user, k in zip(members, known, strict=True) if k is None or not k.outside
        )

    async def _ask(self, user: str) -> Known | None:
        known = self._known.get(user)
        if known is not None and time.monotonic() - known.asked < FRESH:
            return known
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
        except _AWAY as error:
            log.info("slack.person_unknown", error=type(error).__name__)
            return known
        told = answer.get("user") or {}
        outside = any(told.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "is_bot"))
        language = tongue(str(told.get("locale") or ""), self._desk.rules.language)
        name = str(told.get("real_name") or told.get("name") or user)
        self._known[user] = Known(name, language, outside, time.monotonic())
        return self._known[user]
