"""An IMAP server on loopback that holds a few accounts in memory, in a process of its own."""

import imaplib
import json
import socket
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.demo.child import Child
from bot.demo.ports import LOOPBACK, free_port


class MailServer:
    """pymap with `accounts` (user -> password). `append` puts a mail into a folder as a delivery agent would."""

    def __init__(self, folder: Path, accounts: Mapping[str, str], *, port: int = 0, folders: tuple[str, ...] = ("Junk", "Sent")) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.host = LOOPBACK
        self.port = free_port(port)
        self.accounts = dict(accounts)
        facts = folder / "accounts.json"
        facts.touch(mode=0o600)
        facts.write_text(json.dumps({"accounts": self.accounts, "folders": list(folders)}), encoding="utf-8")
        argv = [sys.executable, "-m", "bot.demo.accounts", "--host", self.host, "--port", str(self.port), str(facts)]
        self._child = Child("the IMAP server", argv, folder / "imap.log")

    def wait(self) -> "MailServer":
        """Return once it greets."""
        self._child.wait_until(self._greets)
        return self

    def _greets(self) -> bool:
        try:
            with imaplib.IMAP4(self.host, self.port, timeout=2) as client:
                return client.noop()[0] == "OK"
        except (OSError, imaplib.IMAP4.error):
            return False

    def connect(self, user: str) -> imaplib.IMAP4:
        """A logged-in connection; the caller logs out. Small packets leave at once: APPEND is 40 ms slower otherwise."""
        client = imaplib.IMAP4(self.host, self.port, timeout=30)
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.login(user, self.accounts[user])
        return client

    def append(self, user: str, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        """Put one mail into `folder`; `arrived` (aware) becomes its INTERNALDATE, else now."""
        with self.connect(user) as client:
            append_to(client, raw, folder=folder, arrived=arrived)

    def end(self) -> None:
        """Stop the process; its mail is gone."""
        self._child.end()

    def kill(self) -> None:
        """Stop it without goodbye, as an outage."""
        self._child.kill()


def append_to(client: imaplib.IMAP4, raw: bytes, *, folder: str = "INBOX", arrived: datetime | None = None) -> None:
    """APPEND over a connection that is open; RuntimeError with the server's words if it refuses."""
    when = imaplib.Time2Internaldate(arrived) if arrived else ""
    status, answer = client.append(folder, "", when, raw)
    if status != "OK":
        raise RuntimeError(f"APPEND to {folder} was refused: {answer!r}")
