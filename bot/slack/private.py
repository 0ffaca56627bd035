"""Answers that only the person who pressed can see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.text import FALLBACK, line, section

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Spot:
    """Where somebody pressed: who, in which channel and thread ('' where it was no message)."""

    user: str
    channel: str = ""
    thread: str = ""


def spot(body: Mapping[str, Any]) -> Spot:
    """Where the press of a message's button came from."""
    message = body.get("message") or {}
    thread = str(message.get("thread_ts") or "")
    return Spot(
        user=str(body["user"]["id"]),
        channel=str((body.get("channel") or {}).get("id") or ""),
        thread=thread if thread != message.get("ts") else "",
    )


async def tell(client: AsyncWebClient, at: Spot, sentence: str) -> None:
    """Say it to that person only: where they pressed, or in a direct message where that is not possible. Never raises for Slack's sake."""
    said: dict[str, Any] = {"text": line(sentence, FALLBACK), "blocks": [section(line(sentence, 2000))]}
    try:
        if at.channel:
            try:
                await client.chat_postEphemeral(channel=at.channel, user=at.user, thread_ts=at.thread or None, **said)
                return
            except SlackClientError as error:
                log.info("slack.ephemeral_refused", error=type(error).__name__)
        room = await client.conversations_open(users=at.user)
        await client.chat_postMessage(channel=str(room["channel"]["id"]), unfurl_links=False, unfurl_media=False, **said)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        log.warning("slack.private_answer_lost", error=type(error).__name__)
