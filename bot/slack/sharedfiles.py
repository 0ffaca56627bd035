"""Files that people dropped into a case's thread: which there are, and their bytes when a letter takes them along."""

import re
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.answers import code_of
from bot.slack.names import N_
from handlers.enclosures import FIELD, MOST, Enclosure, Promised, enclosure
from handlers.refused import Refused

log = structlog.get_logger(__name__)

OFFERED = 10
"""So many files of a thread are offered, the newest."""
_PAGE = 200
_TIMEOUT = aiohttp.ClientTimeout(total=120)
_AWAY = (SlackClientError, ClientError, TimeoutError, OSError)
GONE = N_("A file is no longer in Slack. Drop it into the thread again, then open the window anew.")
LINK = N_("A file is only a link to another place. Download it, then drop the file itself into the thread.")
FAR = N_("Slack does not hand out the file just now; nothing was sent. Try again in a moment.")
SCOPE = N_("The app may not read files in Slack: have it installed again with the manifest slack-manifest.yaml (files:read).")


class SharedFiles:
    """Reads files with the app's own token, from Slack's own hosts only."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def in_thread(self, channel: str | None, thread: str | None) -> tuple[Promised, ...]:
        """The newest files of a thread; none where Slack does not say."""
        if not channel or not thread:
            return ()
        found: dict[str, Promised] = {}
        cursor: str | None = ""
        try:
            while cursor is not None:
                page = await self._client.conversations_replies(channel=channel, ts=thread, limit=_PAGE, cursor=cursor or None)
                told = [one for message in page.get("messages") or [] for one in message.get("files") or []]
                found |= {one.id: one for one in map(_promised, told) if one}
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        except _AWAY as error:
            log.warning("slack.thread_files_unknown", error=type(error).__name__)
        return tuple(found.values())[-OFFERED:]

    async def named(self, ids: tuple[str, ...]) -> tuple[Promised, ...]:
        """What is known of these files; Refused where one has gone or is only a link."""
        made = []
        for one in ids:
            told = await self._told(one)
            found = _promised(told)
            if found is None:
                raise Refused(GONE, FIELD)
            made.append(found)
        return tuple(made)

    async def fetch(self, ids: tuple[str, ...]) -> tuple[Enclosure, ...]:
        """The files themselves; Refused where one can't be had or may not be sent."""
        made = []
        for one in ids:
            told = await self._told(one)
            content = await self._content(str(told.get("url_private_download") or told.get("url_private") or ""))
            made.append(enclosure(str(told.get("name") or ""), str(told.get("mimetype") or ""), content))
        return tuple(made)

    async def _told(self, file_id: str) -> dict[str, Any]:
        try:
            told: dict[str, Any] = dict((await self._client.files_info(file=file_id)).get("file") or {})
        except SlackApiError as error:
            code = code_of(error)
            sentence = SCOPE if code == "missing_scope" else GONE if code in ("file_not_found", "file_deleted") else FAR
            raise Refused(sentence, FIELD) from error
        except _AWAY as error:
            raise Refused(FAR, FIELD) from error
        if told.get("is_external") or told.get("mode") == "external":
            raise Refused(LINK, FIELD)
        return told

    async def _content(self, url: str) -> bytes:
        """At most a little more than a letter may carry: what is longer is refused by its size."""
        if not self._slacks_own(url):
            raise Refused(GONE, FIELD)
        key = {"Authorization": f"Bearer {self._client.token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
                session.get(url, headers=key, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    log.warning("slack.file_refused", status=answer.status)
                    raise Refused(SCOPE if answer.status in (301, 302, 303, 307, 401, 403) else FAR, FIELD)
                content = bytearray()
                async for part in answer.content.iter_chunked(65_536):
                    content += part
                    if len(content) > MOST:
                        break
                return bytes(content)
        except (ClientError, TimeoutError, OSError) as error:
            raise Refused(FAR, FIELD) from error

    def _slacks_own(self, url: str) -> bool:
        """Our token goes to nobody else."""
        asked, ours = urlsplit(url), urlsplit(self._client.base_url)
        slack = asked.scheme == "https" and re.fullmatch(r"(?:[\w-]+\.)*slack\.com", asked.hostname or "") is not None
        return slack or (asked.scheme, asked.hostname) == (ours.scheme, ours.hostname)


def _promised(told: dict[str, Any]) -> Promised | None:
    """What Slack says of a file; None for one that was deleted."""
    if not told.get("id") or told.get("mode") in ("tombstone", "hidden_by_limit") or told.get("is_external"):
        return None
    return Promised(str(told["id"]), str(told.get("name") or told.get("title") or "–"), int(told.get("size") or 0))
