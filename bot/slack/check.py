"""Tests the connection to Slack and says how to mend what fails."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.answers import code_of, mending
from bot.slack.needs import SCOPES
from handlers.desk import Desk, Person


@dataclass(frozen=True)
class Finding:
    """One thing that was tested: whether it is well, and a sentence that says so or how to mend it."""

    well: bool
    sentence: str
    kind: str = ""
    """One of `handlers.ticks.EXPOSED`, where strangers could read the desk's channel."""


class Check:
    """Asks Slack what it knows of our tokens, channel and people."""

    def __init__(self, bot: AsyncWebClient, app: AsyncWebClient, desk: Desk) -> None:
        self._bot = bot
        self._app = app
        self._desk = desk

    async def run(self) -> tuple[Finding, ...]:
        """Every finding, in the order of what to mend first."""
        return tuple([finding async for finding in self._findings()])

    async def _findings(self) -> AsyncIterator[Finding]:
        answer = await _asked(self._bot.auth_test)
        if isinstance(answer, str):
            yield Finding(False, f"Slack bot token: {answer}")
            return
        yield Finding(True, f"Slack bot token: it works, the app is @{answer.get('user')} in {answer.get('team')}.")
        yield _scopes(dict(answer.headers))
        answer = await _asked(self._app.apps_connections_open, app_token=self._app.token)
        if isinstance(answer, str):
            yield Finding(False, f"Slack app token: {answer} It needs the scope connections:write, and Socket Mode must be on.")
        else:
            yield Finding(True, "Slack app token: it works, Socket Mode is on.")
        async for finding in self._channel():
            yield finding
        for person in self._desk.people:
            yield await self._person(person)

    async def channel(self) -> tuple[str, ...]:
        """How strangers could read the desk's channel: kinds of findings."""
        return tuple([finding.kind async for finding in self._channel() if finding.kind])

    async def _channel(self) -> AsyncIterator[Finding]:
        name = self._desk.rules.channel
        where = f"Slack channel {name}"
        answer = await _asked(self._bot.conversations_info, channel=name)
        if isinstance(answer, str):
            yield Finding(False, f"{where}: {answer}")
            return
        channel = answer["channel"]
        if channel.get("is_archived"):
            yield Finding(False, f"{where}: it is archived. Unarchive it, or set another `channel`.")
        elif not channel.get("is_member", True):
            yield Finding(False, f"{where}: the app is not in it. Write /invite @rightsdesk there.")
        else:
            yield Finding(True, f"{where}: #{channel.get('name')}, the app is in it.")
        if channel.get("is_ext_shared"):
            yield Finding(False, f"{where}: another company shares it and would read the requests. Use one of your own.", "shared")
        if not channel.get("is_private"):
            yield Finding(False, f"{where}: it is public: the whole workspace can read the requests. Make it private.", "public")

    async def _person(self, person: Person) -> Finding:
        answer = await _asked(self._bot.users_info, user=person.slack_id)
        who = f"Slack staff {person.slack_id} ({person.name})"
        if isinstance(answer, str):
            return Finding(False, f"{who}: {answer}")
        user = answer["user"]
        if user.get("deleted"):
            return Finding(False, f"{who}: the account is deactivated. Take it off the staff list.")
        if user.get("is_bot"):
            return Finding(False, f"{who}: this is an app, not a person. Take it off the staff list.")
        if user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger"):
            return Finding(False, f"{who}: this is a guest or from another company, who must not act on cases. Take it off the staff list.")
        return Finding(True, f"{who}: found.")


def _scopes(headers: dict[str, Any]) -> Finding:
    told = next((str(v) for k, v in headers.items() if k.lower() == "x-oauth-scopes"), None)
    if told is None:
        return Finding(True, "Slack permissions: Slack does not say which the app has.")
    granted = {scope.strip() for scope in told.split(",")}
    if missing := [f"{scope} (to {reason})" for scope, reason in SCOPES.items() if scope not in granted]:
        return Finding(False, f"Slack permissions: missing {', '.join(missing)}. Install the app again with slack-manifest.yaml.")
    if extra := sorted(granted - set(SCOPES) - {""}):
        return Finding(True, f"Slack permissions: all there; not needed: {', '.join(extra)}.")
    return Finding(True, "Slack permissions: all there.")


async def _asked(call: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
    """Slack's answer, or a sentence of what went wrong."""
    try:
        return await call(**arguments)
    except SlackApiError as error:
        return mending(code_of(error))
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        return f"Slack cannot be reached ({type(error).__name__}). Check the network and try again."
