"""Stands before local-slack and adds what the real Slack does: limits, tokens, paging, locales, groups, 429, one socket an event."""

import asyncio
import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType, web

from bot.demo.localslack import APP_TOKEN, BOT_TOKEN, LocalSlack
from bot.demo.ports import LOOPBACK, free_port
from tests.servers.blockkit import faults, view_faults
from tests.servers.slack_calls import arguments, cut, page, token

SCOPES = (
    "channels:history,channels:read,chat:write,commands,files:write,groups:history,groups:read,im:write,"
    "usergroups:read,users:read,users:read.email"
)
VIEWS = {"views.open", "views.push"}


@dataclass(frozen=True)
class Call:
    """One call of the Web API as it arrived."""

    method: str
    args: dict[str, Any]


@dataclass(frozen=True)
class Trouble:
    """What happens to the next call of a method instead of, or after, the real thing."""

    status: int = 200
    retry_after: int | None = None
    error: str | None = None
    lose_answer: bool = False
    drop: bool = False


@dataclass
class Desk:
    """What one test sees and sets; thrown away between tests."""

    calls: list[Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    troubles: dict[str, deque[Trouble]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    usergroups: dict[str, dict[str, Any]] = field(default_factory=dict)
    channel: dict[str, Any] = field(default_factory=dict)
    """What Slack says of a channel besides."""
    scopes: str = SCOPES
    down: bool = False
    repeat_events: bool = False
    trigger_life: float | None = None
    triggers: dict[str, float] = field(default_factory=dict)
    used_triggers: set[str] = field(default_factory=set)
    latest_view: dict[str, str] = field(default_factory=dict)
    first_view: dict[str, str] = field(default_factory=dict)


class SlackProxy:
    """Runs in a thread. Give `api` to the bot as its base address; local-slack's own page and control interface stay where they are."""

    def __init__(self, slack: LocalSlack) -> None:
        self.slack = slack
        self.port = free_port()
        self.api = f"http://{LOOPBACK}:{self.port}/api/"
        self.desk = Desk()
        self.stack: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.errors: dict[str, str] = {}
        self._seen: deque[str] = deque(maxlen=10_000)
        self._sockets: set[web.WebSocketResponse] = set()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="slack-proxy", daemon=True)

    # -- life ------------------------------------------------------------------

    def start(self) -> "SlackProxy":
        """Listen; returns when calls are answered."""
        self._thread.start()
        if not self._ready.wait(20):
            raise RuntimeError("the proxy before local-slack did not start")
        return self

    def end(self) -> None:
        """Stop listening and close every socket."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def reset(self) -> None:
        """Forget all that the last test saw and set."""
        self.desk = Desk()
        self.stack, self.homes, self.errors = [], {}, {}
        self._seen.clear()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/api/{method}", self._answer)
        app.router.add_get("/socket/{id}", self._socket)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        async with ClientSession(timeout=ClientTimeout(total=30)) as self._client:
            await runner.setup()
            await web.TCPSite(runner, LOOPBACK, self.port).start()
            async with self._client.ws_connect(f"{self.slack.web}/ui") as self._page:
                watch = asyncio.create_task(self._watch(self._page))
                self._ready.set()
                await self._stop.wait()
                watch.cancel()
            await self._close_sockets()
            await runner.cleanup()

    # -- what tests call --------------------------------------------------------

    def trouble(self, method: str, *troubles: Trouble) -> None:
        """Let the next calls of `method` meet these troubles, in this order."""
        self.desk.troubles.setdefault(method, deque()).extend(troubles)

    def slow_down(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """429 with Retry-After, `times` times."""
        self.trouble(method, *[Trouble(status=429, retry_after=retry_after)] * times)

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Carry the call out, then cut the connection: the caller cannot know."""
        self.trouble(method, *[Trouble(lose_answer=True)] * times)

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        """`{"ok": false, "error": error}`."""
        self.trouble(method, *[Trouble(error=error)] * times)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Slack is away: calls are cut, sockets closed and refused."""
        self.desk.down = True
        self.close_sockets()
        try:
            yield
        finally:
            self.desk.down = False

    def close_sockets(self) -> None:
        """Close every Socket Mode connection; clients are free to come back."""
        asyncio.run_coroutine_threadsafe(self._close_sockets(), self._loop).result(10)

    def submit(self, user: str, values: dict[str, dict[str, Any]]) -> None:
        """A person submits the modal that is open; `values` is block_id -> action_id -> what Slack's state holds."""
        self.errors = {}
        self._say({"t": "view_submit", "user": user, "values": values})

    def close_modal(self, user: str) -> None:
        """A person closes the modal that is open."""
        self._say({"t": "view_close", "user": user})

    def count(self, method: str) -> int:
        """How often a method was called, refused calls included."""
        return Counter(call.method for call in self.desk.calls)[method]

    @property
    def connected(self) -> int:
        """How many Socket Mode connections stand."""
        return len(self._sockets)

    @property
    def modal(self) -> dict[str, Any] | None:
        """The view on top, or None."""
        return self.stack[-1] if self.stack else None

    def _say(self, message: dict[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(self._page.send_str(json.dumps(message)), self._loop).result(10)

    # -- the web API --------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await arguments(request)
        if self.desk.down:
            return cut(request)
        self.desk.calls.append(Call(method, args))
        waiting = self.desk.troubles.get(method)
        trouble = waiting.popleft() if waiting else Trouble()
        if trouble.drop:
            return cut(request)
        if trouble.status == 429:
            wait = {"Retry-After": str(trouble.retry_after or 1)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
        if trouble.status != 200:
            return web.Response(status=trouble.status)
        answer = {"ok": False, "error": trouble.error} if trouble.error else await self._decide(method, args, token(request, args))
        if trouble.lose_answer:
            return cut(request)
        return web.json_response(answer, headers={"x-oauth-scopes": self.desk.scopes})

    async def _decide(self, method: str, args: dict[str, Any], key: str) -> dict[str, Any]:
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if key != wanted:
            return {"ok": False, "error": "not_allowed_token_type" if key in {APP_TOKEN, BOT_TOKEN} else "invalid_auth"}
        found = faults(method, args)
        if found:
            self.desk.faults.extend(f"{method}: {fault}" for fault in found)
            error = "invalid_arguments" if "view" in args else "invalid_blocks"
            return {"ok": False, "error": error, "response_metadata": {"messages": found}}
        if method.startswith("usergroups."):
            return self._usergroups(method, args)
        if method in VIEWS:
            refused = self._spend_trigger(str(args.get("trigger_id", "")))
            if refused:
                return {"ok": False, "error": refused}
        return await self._pass_on(method, args)

    async def _pass_on(self, method: str, args: dict[str, Any]) -> dict[str, Any]:
        sent = dict(args)
        asked = str(args.get("view_id", ""))
        if asked:
            sent["view_id"] = self.desk.latest_view.get(asked, asked)
        async with self._client.post(f"{self.slack.api}{method}", json=sent) as response:
            answer: dict[str, Any] = await response.json()
        if not answer.get("ok"):
            return answer
        if method == "views.update" and asked:
            self.desk.latest_view[asked] = answer["view"]["id"]
            self.desk.first_view[answer["view"]["id"]] = asked
            answer["view"]["id"] = asked
        elif method == "apps.connections.open":
            answer["url"] = answer["url"].replace(f":{self.slack.port}/", f":{self.port}/")
        elif method in {"conversations.history", "conversations.replies"}:
            answer = page(answer, args, newest_first=method == "conversations.history")
        elif method in {"users.info", "users.lookupByEmail"}:
            answer["user"] = self._person(answer["user"], args)
        elif method == "conversations.info":
            answer["channel"] |= self.desk.channel
        elif method == "users.list":
            answer["members"] = [self._person(member, args) for member in answer["members"]]
        return answer

    def _person(self, user: dict[str, Any], args: dict[str, Any]) -> dict[str, Any]:
        known = next((p for p in self.slack.people if p.id == user["id"]), None)
        flags = {"is_restricted": False, "is_ultra_restricted": False, "is_stranger": False, "deleted": False}
        told = str(args.get("include_locale", "")).lower() in {"true", "1"}
        locale = {"locale": known.locale if known else "en-US"} if told else {}
        return user | flags | locale | self.desk.people.get(user["id"], {})

    def _usergroups(self, method: str, args: dict[str, Any]) -> dict[str, Any]:
        groups = self.desk.usergroups
        if method == "usergroups.list":
            with_users = str(args.get("include_users", "")).lower() in {"true", "1"}
            shown = [g if with_users else {k: v for k, v in g.items() if k != "users"} for g in groups.values()]
            return {"ok": True, "usergroups": shown}
        if method == "usergroups.users.list":
            group = groups.get(str(args.get("usergroup")))
            return {"ok": True, "users": group["users"]} if group else {"ok": False, "error": "no_such_subteam"}
        return {"ok": False, "error": "unknown_method"}

    def _spend_trigger(self, trigger: str) -> str | None:
        """Why Slack would refuse this trigger_id: used before, or older than its life."""
        if trigger in self.desk.used_triggers:
            return "exchanged_trigger_id"
        self.desk.used_triggers.add(trigger)
        born = self.desk.triggers.get(trigger)
        if self.desk.trigger_life is not None and born is not None and time.monotonic() - born > self.desk.trigger_life:
            return "expired_trigger_id"
        return None

    # -- Socket Mode --------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.desk.down:
            return cut(request)
        down = web.WebSocketResponse(autoping=True)
        await down.prepare(request)
        self._sockets.add(down)
        try:
            async with self._client.ws_connect(f"ws://{LOOPBACK}:{self.slack.port}/socket/{request.match_info['id']}") as up:
                pump = asyncio.create_task(self._deliver(up, down))
                async for message in down:
                    if message.type == WSMsgType.TEXT:
                        self._check_ack(message.data)
                        await up.send_str(message.data)
                pump.cancel()
        finally:
            self._sockets.discard(down)
        return down

    async def _deliver(self, up: ClientWebSocketResponse, down: web.WebSocketResponse) -> None:
        """Each envelope to one socket only, as Slack does; local-slack sends it to all."""
        async for message in up:
            if message.type != WSMsgType.TEXT:
                continue
            envelope = json.loads(message.data)
            envelope_id = envelope.get("envelope_id")
            if envelope_id is not None and envelope_id in self._seen:
                continue
            if envelope_id is not None:
                self._seen.append(envelope_id)
            text = message.data
            trigger = (envelope.get("payload") or {}).get("trigger_id")
            if trigger:
                self.desk.triggers[trigger] = time.monotonic()
            for later, first in self.desk.first_view.items():
                text = text.replace(later, first)
            with suppress(ConnectionError):
                await down.send_str(text)
                if envelope.get("type") == "events_api" and self.desk.repeat_events:
                    again = json.loads(text) | {"envelope_id": f"{envelope_id}-again", "retry_attempt": 1, "retry_reason": "timeout"}
                    await down.send_str(json.dumps(again))
        await down.close()

    def _check_ack(self, text: str) -> None:
        payload = (json.loads(text) or {}).get("payload")
        view = payload.get("view") if isinstance(payload, dict) else None
        if isinstance(view, dict):
            self.desk.faults.extend(f"response_action: {fault}" for fault in view_faults(view))

    async def _close_sockets(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    # -- the page -----------------------------------------------------------------

    async def _watch(self, page_: ClientWebSocketResponse) -> None:
        """Keep what the page shows: modals, homes, errors beside a modal's fields."""
        async for message in page_:
            if message.type != WSMsgType.TEXT:
                continue
            said = json.loads(message.data)
            if said["t"] == "view":
                self.stack = said["stack"]
            elif said["t"] == "home":
                self.homes[said["user"]] = said["view"]
            elif said["t"] == "view_errors":
                self.errors = said["errors"]
            elif said["t"] == "init":
                self.stack = said["state"]["modalStack"]
