"""A token server on loopback that answers as Google's and Microsoft's do."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class TokenServer:
    """Counts what it is asked. `answer` is the next tokens' answer: None gives a numbered token that lasts `lasts` seconds."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200, outer.about())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.asked.append({k: v[0] for k, v in parse_qs(body).items()})
                self._send(*outer.token())

            def _send(self, status: int, facts: dict[str, Any]) -> None:
                body = json.dumps(facts).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name that the library gives it
                """Say nothing."""

        self.asked: list[dict[str, str]] = []
        self.lasts = 3600
        self.answer: tuple[int, dict[str, Any]] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def about(self) -> dict[str, Any]:
        """What a tenant says of itself."""
        there = f"{self.url}/contoso"
        return {
            "issuer": there,
            "authorization_endpoint": f"{there}/oauth2/v2.0/authorize",
            "token_endpoint": f"{there}/oauth2/v2.0/token",
        }

    def token(self) -> tuple[int, dict[str, Any]]:
        """The answer to one request."""
        if self.answer is not None:
            return self.answer
        return 200, {"access_token": f"token-{len(self.asked)}", "expires_in": self.lasts, "token_type": "Bearer"}

    def end(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
