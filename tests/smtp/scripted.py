"""An SMTP server that answers what a test wants, also where no real one would."""

import base64
import socket
import ssl
import threading
from contextlib import suppress

DROP = "drop"
"""As an answer: end the connection instead."""
SILENCE = "silence"
"""As an answer: say nothing, ever."""


class ScriptedSmtp:
    """Answers each command (`RCPT`, `DATA`, `.` for the end of a letter, `greeting`) as `answers` says, else as a good server does."""

    def __init__(
        self, answers: dict[str, str] | None = None, *, tls: ssl.SSLContext | None = None, extensions: str = "SIZE 1000000"
    ) -> None:
        self._answers = {
            "greeting": "220 smtp.desk.example",
            "DATA": "354 go on",
            ".": "250 2.0.0 taken",
            "QUIT": "221 bye",
            **(answers or {}),
        }
        self._extensions = extensions
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.commands: list[str] = []
        self.letters: list[bytes] = []
        self._end = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
            with client, client.makefile("rb") as lines:
                if not self._say(client, "greeting"):
                    return
                for line in lines:
                    verb = line.split()[0].decode().upper()
                    self.commands.append(line.decode().strip())
                    if not self._say(client, verb):
                        return
                    if verb == "DATA" and self._answers["DATA"].startswith("354"):
                        letter = b"".join(iter(lines.readline, b".\r\n"))
                        self.letters.append(letter)
                        if not self._say(client, "."):
                            return

    def _say(self, client: socket.socket, verb: str) -> bool:
        answer = self._answers.get(
            verb, f"250-smtp\r\n250 {self._extensions}" if verb == "EHLO" else "235 in" if verb == "AUTH" else "250 ok"
        )
        if answer == SILENCE:
            self._end.wait()
        if answer in (DROP, SILENCE):
            return False
        client.sendall(answer.encode() + b"\r\n")
        return True

    def end(self) -> None:
        """Listen no more."""
        self._end.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # else the thread that waits in accept() keeps it open
        self._listener.close()


def initial_response(command: str) -> str:
    """What an AUTH command says at once, in clear."""
    return base64.b64decode(command.split()[2]).decode()
