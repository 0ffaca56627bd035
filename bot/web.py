"""Health and metrics over HTTP."""

from collections.abc import Callable

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Health = Callable[[], dict[str, object]]
"""Says how the desk fares; `ok` is False where somebody must look. Runs in a thread."""


def application(health: Health) -> Starlette:
    """The web side as an ASGI application."""

    async def healthy(request: Request) -> Response:  # noqa: ARG001 -- Starlette's signature
        found = await run_in_threadpool(health)
        return JSONResponse(found, status_code=200 if found["ok"] else 503)

    async def metrics(request: Request) -> Response:  # noqa: ARG001 -- Starlette's signature
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/health", healthy), Route("/metrics", metrics)])


class WebServer:
    """Serves the application until stopped."""

    def __init__(self, health: Health, host: str, port: int) -> None:
        config = uvicorn.Config(application(health), host=host, port=port, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)

    async def run(self) -> None:
        """Serve; signals stay with the process that runs us."""
        await self._server._serve()

    def stop(self) -> None:
        """Answer what is under way, and end."""
        self._server.should_exit = True
