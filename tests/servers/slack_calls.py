"""Reads a call of Slack's Web API, and cuts a history into pages as Slack does."""

import base64
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

JSON_FIELDS = ("blocks", "attachments", "view", "metadata")


async def arguments(request: web.Request) -> dict[str, Any]:
    """What a Web API client sent, from JSON, a form or several parts."""
    if request.method == "GET":
        args = dict(request.query)
    elif "json" in request.content_type:
        args = dict(request.query) | json.loads(await request.text() or "{}")
    elif "multipart" in request.content_type:
        args = dict(request.query) | dict(await request.post())
    else:
        args = dict(request.query) | dict(parse_qsl(await request.text(), keep_blank_values=True))
    for name in JSON_FIELDS:
        if isinstance(args.get(name), str):
            with suppress(ValueError):
                args[name] = json.loads(args[name])
    return dict(args)


def token(request: web.Request, args: dict[str, Any]) -> str:
    """The token that the call came with."""
    bearer = request.headers.get("Authorization", "")
    return bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else str(args.get("token", ""))


def cut(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def page(answer: dict[str, Any], args: dict[str, Any], *, newest_first: bool) -> dict[str, Any]:
    """One page of a history as Slack cuts it: `oldest` and `latest` (exclusive unless `inclusive`), `limit`, `cursor`."""
    inclusive = str(args.get("inclusive", "")).lower() in {"true", "1"}
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")

    def within(message: dict[str, Any]) -> bool:
        ts = float(message["ts"])
        return oldest < ts < latest or (inclusive and ts in {oldest, latest})

    messages = [m for m in answer["messages"] if m.get("subtype") != "ephemeral"]
    parent = [] if newest_first else [m for m in messages if m["ts"] == args.get("ts")]
    shown = [m for m in messages if m not in parent and within(m)]
    start = int(base64.b64decode(args["cursor"]).decode().removeprefix("next:")) if args.get("cursor") else 0
    limit = min(int(args.get("limit") or 100), 999)
    more = start + limit < len(shown)
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
    cut_out = (parent if start == 0 else []) + shown[start : start + limit]
    return answer | {"messages": cut_out, "has_more": more, "response_metadata": {"next_cursor": cursor}}
