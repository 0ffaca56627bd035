"""Takes queued posts to Slack: posts, redraws, finds again; says Later, Unknown or Rejected."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.carriers import Later, Rejected, Unknown
from bot.slack import cards
from bot.slack.posts import Message, worded
from bot.slack.text import mark_id
from bot.slack.words import ENGLISH, Words
from handlers.posts import Post, PrivateNote
from handlers.views import CaseView

AGAIN = 20.0
"""Seconds until the next try where Slack does not say."""
_SKEW = timedelta(minutes=5)
_PAGE = 200

_PASSING = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"})
_MURKY = frozenset({"internal_error", "fatal_error", "request_timeout"})
_MENDING = {
    "channel_not_found": "Slack knows no such channel, or the app is not in it: set `channel` to its id and invite the app with /invite.",
    "not_in_channel": "The app is not in the desk's channel: invite it there with /invite.",
    "is_archived": "The desk's channel is archived: unarchive it, or set another `channel`.",
    "invalid_auth": "Slack refuses the bot token: install the app again and set the new token.",
    "not_authed": "The bot token is missing: set it.",
    "account_inactive": "The app was removed from the workspace: install it again and set the new token.",
    "token_revoked": "The bot token was revoked: install the app again and set the new token.",
    "token_expired": "The bot token is too old: install the app again and set the new token.",
    "missing_scope": "The app lacks a permission: install it again with the manifest `slack-manifest.yaml`.",
    "restricted_action": "A rule of the workspace forbids the app to post there: ask an administrator.",
    "message_not_found": "The post was deleted in Slack, so it can't be redrawn.",
    "cant_update_message": "The post belongs to another app, so it can't be redrawn.",
    "user_not_found": "Slack knows no such person: check the staff list.",
    "invalid_blocks": "Slack refuses the form of this post: please report this with the log.",
    "msg_too_long": "Slack refuses this post as too long: please report this with the log.",
}
_MENDABLE = frozenset(_MENDING) - {"message_not_found", "cant_update_message", "user_not_found", "invalid_blocks", "msg_too_long"}


@dataclass(frozen=True)
class Parcel:
    """One post to carry: a case's card or another post, and where it goes."""

    outgoing_id: int
    channel: str
    """Channel id, or a user's id for a private message."""
    content: CaseView | Post
    today: date
    thread: str | None = None
    """The thread's first post; None posts into the channel."""
    ts: str | None = None
    """The post to redraw in place; None posts anew."""


@dataclass(frozen=True)
class Delivered:
    """Where it is now."""

    channel: str
    ts: str


class SlackCarrier:
    """Carries parcels. Its client must not retry by itself: a retried post is a second post."""

    def __init__(self, client: AsyncWebClient, words: Words = ENGLISH) -> None:
        self._client = client
        self._words = words
        self._own: dict[str, str] = {}

    async def deliver(self, parcel: Parcel, handing: Callable[[], Awaitable[None]]) -> Delivered:
        """Post or redraw; awaits `handing` right before the call that Slack may act upon."""
        own = await self._identity()
        message = self._message(parcel, own.get("url", ""))
        channel = await self._room(parcel.channel)
        shown = {
            "channel": channel,
            "text": message.text,
            "blocks": message.blocks,
            "link_names": False,
            "parse": "none",
        }
        await handing()
        if parcel.ts:
            return _where(await self._redo(self._client.chat_update, ts=parcel.ts, **shown))
        if isinstance(parcel.content, PrivateNote) and not channel.startswith("D"):
            user = parcel.content.user
            return _where(await self._once(self._client.chat_postEphemeral, user=user, thread_ts=parcel.thread, **shown), channel)
        return _where(
            await self._once(self._client.chat_postMessage, thread_ts=parcel.thread, unfurl_links=False, unfurl_media=False, **shown)
        )

    async def find(self, channel: str, thread: str | None, outgoing_id: int, since: datetime) -> str | None:
        """The ts of our own post with that mark, posted since then; None where there is none."""
        own = await self._identity()
        room = await self._room(channel)
        wanted = mark_id(outgoing_id)
        where = {"channel": room, "oldest": f"{(since - _SKEW).timestamp():.6f}", "limit": _PAGE}
        cursor: str | None = ""
        while cursor is not None:
            if thread:
                page = await self._redo(self._client.conversations_replies, ts=thread, cursor=cursor or None, **where)
            else:
                page = await self._redo(self._client.conversations_history, cursor=cursor or None, **where)
            for message in page.get("messages", []):
                ours = message.get("user") == own.get("user_id") or (own.get("bot_id") and message.get("bot_id") == own["bot_id"])
                if ours and any(b.get("block_id") == wanted for b in message.get("blocks") or []):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        return None

    def _message(self, parcel: Parcel, site: str) -> Message:
        if isinstance(parcel.content, CaseView):
            blocks = cards.card(parcel.content, parcel.today, parcel.outgoing_id, self._words)
            return Message(cards.fallback(parcel.content, self._words), blocks)
        return worded(parcel.content, parcel.outgoing_id, self._words, site)

    async def _identity(self) -> dict[str, str]:
        if not self._own:
            answer = await self._redo(self._client.auth_test)
            self._own = {key: str(answer.get(key) or "") for key in ("user_id", "bot_id", "url")}
        return self._own

    async def _room(self, channel: str) -> str:
        if channel[:1] not in ("U", "W"):
            return channel
        answer = await self._redo(self._client.conversations_open, users=channel)
        return str(answer["channel"]["id"])

    async def _redo(self, call: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        """A call that may be made twice without harm."""
        try:
            return await call(**arguments)
        except SlackApiError as error:
            raise _refusal(error) or Later(AGAIN, _said(error)) from error
        except (TimeoutError, ClientError, SlackClientError, OSError) as error:
            raise Later(AGAIN, f"Slack cannot be reached ({type(error).__name__})") from error

    async def _once(self, call: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        """A call that must not be made twice."""
        try:
            return await call(**arguments)
        except SlackApiError as error:
            raise _refusal(error) or Unknown(_said(error)) from error
        except ClientConnectorError as error:
            raise Later(AGAIN, "Slack cannot be reached") from error
        except (TimeoutError, ClientError, SlackClientError, OSError) as error:
            raise Unknown(f"Slack did not answer ({type(error).__name__})") from error


def _where(answer: Any, channel: str = "") -> Delivered:
    return Delivered(str(answer.get("channel") or channel), str(answer.get("ts") or answer.get("message_ts") or ""))


def _said(error: SlackApiError) -> str:
    status, code = _status(error), _code(error)
    return f"Slack answers {code or status}"


def _status(error: SlackApiError) -> int:
    answer = error.response
    return int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0)


def _code(error: SlackApiError) -> str:
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def _refusal(error: SlackApiError) -> Exception | None:
    """Later or Rejected where Slack certainly did nothing; None where that is not certain."""
    status, code = _status(error), _code(error)
    if status == 429 or code in _PASSING:
        headers = getattr(error.response, "headers", None) or {}
        after = str(headers.get("Retry-After") or headers.get("retry-after") or "")
        return Later(float(after) if after.replace(".", "", 1).isdigit() else AGAIN, _said(error))
    if status >= 500 or not code or code in _MURKY:
        return None
    return Rejected(_MENDING.get(code, f"Slack refuses this: {code}."), mendable=code in _MENDABLE)
