"""Everything over HTTP: one-click unsubscribe and its page, the API, health and metrics."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import pages
from bot.api import Api, NotAllowed
from bot.public import ONE_CLICK, PAGE, Doorway
from bot.rates import Rates, remote_of
from handlers.refused import Refused
from storage.store import StoreDown

log = structlog.get_logger()
Health = Callable[[], dict[str, object]]
"""Says how the desk fares; `ok` is False where somebody must look. Runs in a thread."""
Endpoint = Callable[[Request], Awaitable[Response]]

FORM, JSON_BODY = 20_000, 2_000_000
"""The longest bodies that are read."""
WRONG_TOKEN = 600.0
"""What a call with a wrong bearer token costs of a remote's bucket: guessing ends soon."""
PATHS = {"/links": "links", "/suppressions/check": "check", "/unsubscribe": "unsubscribe", "/resubscribe": "resubscribe"}


@dataclass(frozen=True)
class Public:
    """What strangers may reach, and how often."""

    doorway: Doorway
    api: Api
    rates: Rates
    trusted_proxies: tuple[str, ...] = ()


def application(health: Health, public: Public | None = None) -> Starlette:
    """The web side as an ASGI application."""

    async def healthy(request: Request) -> Response:  # noqa: ARG001 -- Starlette's signature
        found = await run_in_threadpool(health)
        return JSONResponse(found, status_code=200 if found["ok"] else 503)

    async def metrics(request: Request) -> Response:  # noqa: ARG001 -- Starlette's signature
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/health", healthy), Route("/metrics", metrics)]
    if public is not None:
        side = PublicSide(public)
        routes += [
            Route("/u/undo", side.limited(side.undo), methods=["POST"]),
            Route("/u/{token}", side.limited(side.page), methods=["GET"]),
            Route("/u/{token}", side.limited(side.stop), methods=["POST"]),
            *(Route(path, side.limited(side.api(name)), methods=["POST"]) for path, name in PATHS.items()),
        ]
    return Starlette(routes=routes)


class PublicSide:
    """The endpoints for strangers. No cookies, no redirects, nothing of a request in any log."""

    def __init__(self, public: Public) -> None:
        self._public = public
        self._headers = {
            "Content-Security-Policy": pages.policy(),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
            "X-Content-Type-Options": "nosniff",
        }

    def limited(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, as often as one remote may ask; while the database is away it says when to come back."""

        async def guarded(request: Request) -> Response:
            if not self._public.rates.take(self._remote(request)):
                return PlainTextResponse("Too many requests.\n", 429, {"Retry-After": "60"})
            try:
                return await endpoint(request)
            except StoreDown as down:
                log.error("web: the database does not answer", why=str(down))
                return HTMLResponse(pages.busy(self._language(request)), 503, {**self._headers, "Retry-After": "60"})

        return guarded

    async def page(self, request: Request) -> Response:
        """GET: the page with its button. It changes nothing: scanners follow links."""
        lang = self._language(request)
        return self._html(pages.ask(lang, self._public.doorway.offer(request.path_params["token"])), lang)

    async def stop(self, request: Request) -> Response:
        """POST: one-click by a mailbox provider (RFC 8058), or the button of the page; the same for every token."""
        form = await self._form(request)
        if form is None:
            return PlainTextResponse("Too long.\n", 413)
        token, lang = request.path_params["token"], form.get("page", "")
        if lang not in pages.LANGUAGES:
            await self._public.doorway.stop(token, ONE_CLICK)
            return PlainTextResponse("Unsubscribed.\n", headers=self._headers)
        ticket = await self._public.doorway.stop(token, PAGE, everything=form.get("topic") == "all", language=lang)
        return self._html(pages.done(lang, "undo", ticket), lang)

    async def undo(self, request: Request) -> Response:
        """POST of the undo button: back to how it was before the click."""
        form = await self._form(request) or {}
        lang = form.get("page", "") if form.get("page") in pages.LANGUAGES else self._language(request)
        await self._public.doorway.undo(form.get("ticket", ""))
        return self._html(pages.undone(lang), lang)

    def api(self, name: str) -> Endpoint:
        """One call of the API."""

        async def call(request: Request) -> Response:
            try:
                client = self._public.api.client(request.headers.get("authorization", ""))
            except NotAllowed:
                allowed = self._public.rates.take(self._remote(request), WRONG_TOKEN)
                answer = ({"error": "A known bearer token is needed."}, 401) if allowed else ({"error": "Too many requests."}, 429)
                return JSONResponse(*answer, headers={"WWW-Authenticate": "Bearer"})
            raw = await _body(request, JSON_BODY)
            if raw is None:
                return JSONResponse({"error": "The body is longer than 2 MB."}, 413)
            try:
                return JSONResponse(await self._public.api.call(name, client, json.loads(raw)), headers={"Cache-Control": "no-store"})
            except ValueError:
                return JSONResponse({"error": "The body is no JSON.", "field": "body"}, 400)
            except Refused as refused:
                return JSONResponse({"error": refused.sentence, "field": refused.field}, 400)
            except NotAllowed:
                return JSONResponse({"error": "This token may not do that."}, 403)

        return call

    def _remote(self, request: Request) -> str:
        peer = request.client.host if request.client is not None else ""
        return remote_of(peer, request.headers.get("x-forwarded-for", ""), self._public.trusted_proxies)

    def _language(self, request: Request) -> str:
        return pages.language(request.headers.get("accept-language", ""))

    def _html(self, html: str, lang: str) -> Response:
        return HTMLResponse(html, headers={**self._headers, "Content-Language": lang, "Vary": "Accept-Language"})

    async def _form(self, request: Request) -> dict[str, str] | None:
        """The fields of a form of ours; a provider's one-click body, whatever its type, has none of them."""
        raw = await _body(request, FORM)
        if raw is None:
            return None
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return {}
        try:
            return {name: values[0] for name, values in parse_qs(raw.decode("latin-1"), max_num_fields=20).items()}
        except ValueError:
            return {}


async def _body(request: Request, limit: int) -> bytes | None:
    """The body, or None where it is longer than that."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > limit:
            return None
    return bytes(read)


class WebServer:
    """Serves the application until stopped."""

    def __init__(self, health: Health, host: str, port: int, public: Public | None = None) -> None:
        app: Any = application(health, public)
        config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off", server_header=False)
        self._server = uvicorn.Server(config)

    async def run(self) -> None:
        """Serve; signals stay with the process that runs us."""
        await self._server._serve()

    def stop(self) -> None:
        """Answer what is under way, and end."""
        self._server.should_exit = True
