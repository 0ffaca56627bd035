"""Opens a window at once and fills it then: Slack lets a press open one only within three seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack import modals
from bot.slack.forms import View
from bot.slack.words import Words
from handlers.refused import Refused


async def open_window(client: AsyncWebClient, body: dict[str, Any], title: str, make: Callable[[], Awaitable[View]], words: Words) -> None:
    """Open an empty window, then fill it; what the house refuses is said in the window. Any other error is the caller's to say."""
    opened, made = await asyncio.gather(
        client.views_open(trigger_id=body["trigger_id"], view=modals.loading(title, words)), make(), return_exceptions=True
    )
    if not isinstance(opened, AsyncSlackResponse):
        raise Refused(words("Slack did not open the window in time. Press the button again."))
    if isinstance(made, Refused):
        made = modals.note(title, words.said(made.sentence), words)
    elif isinstance(made, BaseException):
        sorry = modals.note(title, words("Something went wrong on our side; nothing was changed."), words)
        await client.views_update(view_id=opened["view"]["id"], view=sorry)
        raise made
    await client.views_update(view_id=opened["view"]["id"], view=made)
