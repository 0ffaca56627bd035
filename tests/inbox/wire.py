"""A wire between a client and a mail server that a test can cut, and that changes what the server says."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress


class Wire:
    """Listens on loopback and carries to `port`. `change` rewrites the lines that the server says; `cut_after` bytes end a connection.

    With `tls` it speaks TLS to the client, from the start or, with `starttls`, once it is asked.
    """

    def __init__(
        self,
        port: int,
        change: Callable[[bytes], bytes] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: bool = False,
    ) -> None:
        self._tls = tls
        self._starttls = starttls
        self._to = port
        self._change = change
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.cut_after: list[int] = []
        self.said = bytearray()
        """What clients said."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._to))
        self._open += [client, server]
        limit = self.cut_after.pop(0) if self.cut_after else None
        if self._tls is not None:
            try:
                if self._starttls:
                    self._ask_for_tls(client, server)
                client = self._tls.wrap_socket(client, server_side=True)
            except OSError:  # the client did not like our certificate
                client.close()
                return
            self._open.append(client)
        threading.Thread(target=self._carry, args=(client, server, None, False), daemon=True).start()
        self._carry(server, client, limit, True)

    def _ask_for_tls(self, client: socket.socket, server: socket.socket) -> None:
        """Greet, name STARTTLS beside what the server can do, and agree to it."""
        client.sendall(server.recv(65536))
        while True:
            tag, command = client.recv(65536).split()[:2]
            if command == b"STARTTLS":
                client.sendall(tag + b" OK go ahead\r\n")
                return
            client.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + tag + b" OK done\r\n")

    def _carry(self, source: socket.socket, target: socket.socket, limit: int | None, answers: bool) -> None:
        carried, rest = 0, b""
        with suppress(OSError):
            while data := source.recv(65536):
                carried += len(data)
                if limit is not None and carried > limit:
                    break
                if not answers:
                    self.said += data
                if answers and self._change is not None:  # whole lines only, wherever the packets part them
                    lines, newline, rest = (rest + data).rpartition(b"\n")
                    data = self._change(lines + newline)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """End every connection that is open."""
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def end(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # else the thread that waits in accept() keeps it open
        self._listener.close()
        self.cut()
