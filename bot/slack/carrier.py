"""Takes queued posts to Slack: posts, redraws, finds again; says Later, Unknown or Rejected."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.carriers import Later, Unknown
from bot.slack import cards
from bot.slack.answers import AGAIN, code_of, refusal, said
from bot.slack.message import Message
from bot.slack.posts import worded
from bot.slack.text import mark_id
from bot.slack.words import ENGLISH, Words
from handlers.posts import Post, PrivateNote
from handlers.views import CaseView

_SKEW = timedelta(minutes=5)
_PAGE = 200
GONE = frozenset({"message_not_found", "channel_not_found"})
"""What Slack answers where there is nothing left to delete."""


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

    def __init__(
        self, client: AsyncWebClient, words: Words = ENGLISH, words_of: Callable[[str], Awaitable[Words]] | None = None
    ) -> None:
        """`words` are those of the channel, `words_of` those of a person: what only they see is in their language."""
        self._client = client
        self._words = words
        self._words_of = words_of
        self._own: dict[str, str] = {}

    async def deliver(self, parcel: Parcel, handing: Callable[[], Awaitable[None]]) -> Delivered:
        """Post or redraw; awaits `handing` right before the call that Slack may act upon."""
        own = await self._identity()
        message = self._message(parcel, own.get("url", ""), await self._spoken(parcel))
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

    async def remove(self, channel: str, ts: str, handing: Callable[[], Awaitable[None]]) -> None:
        """Take one of our posts out of Slack; one that has gone already is no trouble."""
        await handing()
        try:
            await self._client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise refusal(error) or Later(AGAIN, said(error)) from error
        except (TimeoutError, ClientError, SlackClientError, OSError) as error:
            raise Later(AGAIN, f"Slack cannot be reached ({type(error).__name__})") from error

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

    async def _spoken(self, parcel: Parcel) -> Words:
        """The words of who reads it: one person, or the channel."""
        reader = parcel.content.user if isinstance(parcel.content, PrivateNote) else parcel.channel
        if self._words_of is None or reader[:1] not in ("U", "W"):
            return self._words
        return await self._words_of(reader)

    def _message(self, parcel: Parcel, site: str, words: Words) -> Message:
        if isinstance(parcel.content, CaseView):
            blocks = cards.card(parcel.content, parcel.today, parcel.outgoing_id, words)
            return Message(cards.fallback(parcel.content, words), blocks)
        return worded(parcel.content, parcel.outgoing_id, words, site)

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
            raise refusal(error) or Later(AGAIN, said(error)) from error
        except (TimeoutError, ClientError, SlackClientError, OSError) as error:
            raise Later(AGAIN, f"Slack cannot be reached ({type(error).__name__})") from error

    async def _once(self, call: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        """A call that must not be made twice."""
        try:
            return await call(**arguments)
        except SlackApiError as error:
            raise refusal(error) or Unknown(said(error)) from error
        except ClientConnectorError as error:
            raise Later(AGAIN, "Slack cannot be reached") from error
        except (TimeoutError, ClientError, SlackClientError, OSError) as error:
            raise Unknown(f"Slack did not answer ({type(error).__name__})") from error


def _where(answer: Any, channel: str = "") -> Delivered:
    return Delivered(str(answer.get("channel") or channel), str(answer.get("ts") or answer.get("message_ts") or ""))
