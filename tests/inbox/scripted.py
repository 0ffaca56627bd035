"""An IMAP server that says what a test wants: for what real ones do not offer here."""

import base64
import socket
import threading
from contextlib import suppress


class ScriptedImap:
    """Lets in whoever answers AUTHENTICATE with `right`; has an INBOX, and a junk folder with a name of its own."""

    def __init__(self, right: str, capabilities: str) -> None:
        self._right = right
        self._capabilities = capabilities
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, client.makefile("rwb") as wire:
            self._say(wire, f"* OK [CAPABILITY {self._capabilities}] ready")
            for line in wire:
                tag, command = line.decode().split()[:2]
                if command == "AUTHENTICATE":
                    self._say(wire, "+ ")
                    right = base64.b64decode(wire.readline()).decode() == self._right
                    if not right:
                        self._say(wire, "+ " + base64.b64encode(b'{"status":"400"}').decode())
                        wire.readline()
                    self._say(wire, f"{tag} OK welcome" if right else f"{tag} NO [AUTHENTICATIONFAILED] {self._right}")
                    continue
                for answer in self._answers(command):
                    self._say(wire, answer)
                self._say(wire, f"{tag} OK done")

    def _answers(self, command: str) -> list[str]:
        return {
            "CAPABILITY": [f"* CAPABILITY {self._capabilities}"],
            "LIST": ['* LIST (\\HasNoChildren) "/" INBOX', '* LIST (\\HasNoChildren \\Junk) "/" "Posta indesiderata"'],
            "LOGOUT": ["* BYE"],
        }.get(command, [])

    @staticmethod
    def _say(wire: object, line: str) -> None:
        wire.write(line.encode() + b"\r\n")  # type: ignore[attr-defined]  # a socket's file
        wire.flush()  # type: ignore[attr-defined]  # a socket's file

    def end(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # else the thread that waits in accept() keeps it open
        self._listener.close()
