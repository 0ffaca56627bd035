"""Local HTTP servers that behave as vendors document, in a thread of their own; faults are given in order."""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {k: v[0] for k, v in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass
class Answer:
    """What is answered."""

    status: int = 200
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


class FakeServer:
    """Answers with `serve`, unless a fault waits in `faults` (a function, or a fixed answer) or it is `down`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: deque[Answer | Callable[[Asked], Answer | None]] = deque()
        self.down = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _do(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                query = {k: v[0] for k, v in parse_qs(parts.query).items()}
                asked = Asked(self.command, parts.path, query, {k.lower(): v for k, v in self.headers.items()}, body)
                answer = outer.answer(asked)
                raw = answer.raw if answer.raw is not None else json.dumps(answer.json).encode()
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PATCH = _do  # noqa: N815 -- the names that http.server calls

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, asked: Asked) -> Answer:
        """What this request gets."""
        self.asked.append(asked)
        if self.down:
            return Answer(503, raw=b"<html>maintenance</html>")
        if self.faults:
            fault = self.faults[0]
            given = fault(asked) if callable(fault) else fault
            if given is not None:
                self.faults.popleft()
                return given
        return self.serve(asked)

    def serve(self, asked: Asked) -> Answer:
        """What a healthy server answers."""
        raise NotImplementedError

    def end(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
