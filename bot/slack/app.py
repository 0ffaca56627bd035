"""Builds the Slack side of the desk: listeners over Socket Mode, the carrier for posts, and the check of the connection."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler, AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.carriers import Later, Rejected
from bot.slack.answers import AGAIN, refusal, said
from bot.slack.carrier import SlackCarrier
from bot.slack.check import Check, Finding
from bot.slack.drawing import Drawing
from bot.slack.entrances import Entrances
from bot.slack.guard import Guard
from bot.slack.listeners import Listeners
from bot.slack.office import Office
from bot.slack.people import People
from bot.slack.sharedfiles import SharedFiles
from bot.slack.submissions import Submissions

log = structlog.get_logger(__name__)

SLACK = "https://slack.com/api/"
TIMEOUT = 20
"""Seconds for one call; the outbox's lease is longer."""
LOOK = 15.0
"""Seconds between two looks at the connection."""
GIVE_UP = 60.0
"""Seconds without a connection after which it is begun anew."""
GATHER = 600.0
"""Seconds between two looks at who is in the staff's user group."""
_REMEMBERED = 2000

Next = Callable[[], Awaitable[BoltResponse | None]]


class OnceOnly:
    """Lets each event of Slack through once: it repeats what it believes was not heard."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, req: AsyncBoltRequest, next: Next) -> BoltResponse | None:  # noqa: A002 -- bolt passes arguments by these names
        """Bolt's middleware."""
        event = (req.body or {}).get("event_id")
        if event is not None:
            if event in self._seen:
                return BoltResponse(status=200, body="")
            self._seen[event] = None
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return await next()


class SlackSide:
    """Slack, as the rest of the house sees it; not connected before `start`. `carrier` takes posts to it.

    `base_url` ends with `/api/`; tests and the demo give that of local-slack.
    """

    def __init__(self, *, bot_token: str, app_token: str, office: Office, base_url: str = SLACK) -> None:
        patient = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
        self._app = AsyncApp(client=_client(bot_token, base_url, retry_handlers=patient))
        self._app.use(OnceOnly())
        self._people = People(_client(bot_token, base_url, retry_handlers=patient), office.desk)
        files = SharedFiles(_client(bot_token, base_url, retry_handlers=patient))
        guard, drawing = Guard(self._people), Drawing(office, files)
        Listeners(office, self._people, guard, drawing).register(self._app)
        Submissions(office, guard, drawing, files).register(self._app)
        Entrances(office, guard, drawing).register(self._app)
        posting, listening = _client(bot_token, base_url, retry_handlers=[]), _client(app_token, base_url)
        self.carrier = SlackCarrier(posting, self._people.shared, self._people.words)
        self._check = Check(posting, listening, office.desk)
        self._app_token = app_token
        self._listening = listening
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None
        self._gathering: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and listen, from then on with reconnects. Later where Slack can't be reached, Rejected where it refuses the token."""
        self._handler = await self._connect()
        self._watch = asyncio.create_task(self._keep_connected())
        self._gathering = asyncio.create_task(self._keep_gathering())

    async def stop(self) -> None:
        """Stop listening; what is being handled is finished by the event loop."""
        tasks = {task for task in (self._watch, self._gathering) if task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._handler is not None:
            await _close(self._handler)

    async def connected(self) -> bool:
        """Whether we hear what people press."""
        return self._handler is not None and bool(await self._handler.client.is_connected())

    async def check(self) -> tuple[Finding, ...]:
        """What works and what doesn't, in sentences."""
        return await self._check.run()

    async def exposed(self) -> tuple[str, ...]:
        """How strangers could read the desk's channel: `public`, `shared`."""
        return await self._check.channel()

    async def _connect(self) -> AsyncSocketModeHandler:
        """A new connection. Its library would try for ever and say nothing, so the token is tried first and the rest has a time-out."""
        handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=self._listening)
        try:
            handler.client.wss_uri = await handler.client.issue_new_wss_url()
            async with asyncio.timeout(TIMEOUT):
                await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            await _close(handler)
            raise _why(error) from error
        return handler

    async def _keep_gathering(self) -> None:
        """Know the people of the desk before they press, and who joined or left the user group."""
        while True:
            await self._people.gather()
            await asyncio.sleep(GATHER)

    async def _keep_connected(self) -> None:
        """Begin anew where the library's own reconnecting has not helped for a while: it may hold on to an address that is used up."""
        lost = 0.0
        while True:
            await asyncio.sleep(LOOK)
            lost = 0.0 if await self.connected() else lost + LOOK
            if lost < GIVE_UP or self._handler is None:
                continue
            log.warning("slack.connecting_anew", seconds_without=round(lost))
            try:
                fresh = await self._connect()
            except (Later, Rejected) as error:
                log.warning("slack.still_away", why=str(error))
                continue
            old, self._handler, lost = self._handler, fresh, 0.0
            await _close(old)


async def _close(handler: AsyncSocketModeHandler) -> None:
    try:
        await handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
    except Exception as error:  # noqa: BLE001 -- a broken connection may fail to close; it is given up either way
        log.info("slack.close_failed", error=type(error).__name__)


def _client(token: str, base_url: str, **more: Any) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=base_url, timeout=TIMEOUT, **more)


def _why(error: Exception) -> Exception:
    if isinstance(error, SlackApiError):
        return refusal(error) or Later(AGAIN, said(error))
    return Later(AGAIN, f"Slack cannot be reached ({type(error).__name__})")
