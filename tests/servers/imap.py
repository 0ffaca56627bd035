"""The IMAP servers of the tests behind one face: pymap, and Dovecot where it is installed."""

import getpass
import imaplib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.demo.child import Child
from bot.demo.mailserver import MailServer, append_to
from bot.demo.ports import LOOPBACK, free_port

PASSWORD = "correct-horse"
JUNK = "Junk"


class ImapServer(Protocol):
    """What both have in common."""

    kind: str
    host: str
    port: int
    keywords: bool

    def account(self, name: str = "desk") -> "Account": ...
    def stop(self) -> None: ...
    def start(self) -> None: ...
    def end(self) -> None: ...


@dataclass(frozen=True)
class Account:
    """One account of a server, with an empty INBOX and a Junk folder: what a test puts mail into and looks at."""

    server: ImapServer
    user: str
    password: str = field(default=PASSWORD, repr=False)

    @property
    def kind(self) -> str:
        """`pymap` or `dovecot`."""
        return self.server.kind

    @property
    def host(self) -> str:
        """Always loopback."""
        return self.server.host

    @property
    def port(self) -> int:
        """Where the server listens, without TLS."""
        return self.server.port

    @property
    def keywords(self) -> bool:
        """Whether the server keeps keywords (PERMANENTFLAGS has `\\*`)."""
        return self.server.keywords

    @contextmanager
    def connect(self) -> Iterator[imaplib.IMAP4]:
        """A connection of the test's own, logged in."""
        client = imaplib.IMAP4(self.host, self.port, timeout=20)
        client.sock.setsockopt(6, 1, 1)
        client.login(self.user, self.password)
        with client:
            yield client

    def append(self, *mails: bytes, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        """Put mails into a folder; `arrived` (aware) becomes their INTERNALDATE."""
        with self.connect() as client:
            for raw in mails:
                append_to(client, raw, folder=folder, arrived=arrived)

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """UID -> flags and keywords of every mail of a folder (\\Recent left out), read without changing any."""
        with self.connect() as client:
            client.select(folder, readonly=True)
            _, rows = client.uid("FETCH", "1:*", "(FLAGS)")
        found = {}
        for row in rows:
            text = row.decode() if isinstance(row, bytes) else ""
            uid, flags = re.search(r"UID (\d+)", text), re.search(r"FLAGS \(([^)]*)\)", text)
            if uid and flags:
                found[int(uid.group(1))] = set(flags.group(1).split()) - {"\\Recent"}
        return found

    def create(self, folder: str) -> None:
        """Make a folder."""
        with self.connect() as client:
            client.create(folder)


class Pymap:
    """pymap with a pool of accounts. `stop` and `start` lose all mail and change UIDVALIDITY, as a server that was restored would."""

    kind = "pymap"
    keywords = False

    def __init__(self, pool: int = 1000, names: tuple[str, ...] = ()) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="rightsdesk-pymap-"))
        self._names = [*names, *(f"box{n}@desk.example" for n in range(pool))]
        self._next = iter(self._names)
        self.host, self.port = LOOPBACK, free_port()
        self.start()

    def start(self) -> None:
        """Listen on the same port as before."""
        self._server = MailServer(self._folder, dict.fromkeys(self._names, PASSWORD), port=self.port, folders=(JUNK,)).wait()
        if self._server.port != self.port:
            raise RuntimeError(f"port {self.port} is no longer free")

    def stop(self) -> None:
        """An outage: no goodbye."""
        self._server.kill()

    def account(self, name: str = "desk") -> Account:
        """An account that nobody has used."""
        return Account(self, next(self._next))

    def end(self) -> None:
        """Stop for good."""
        self._server.end()
        shutil.rmtree(self._folder, ignore_errors=True)


class Dovecot:
    """Dovecot from a configuration of our own: loopback, no TLS, any user with one password, a Maildir each. Mail outlives an outage."""

    kind = "dovecot"
    keywords = True

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rightsdesk-dovecot-"))
        self.folder.chmod(0o755)
        self._count = 0
        self.host, self.port = LOOPBACK, free_port()
        self._config = self.folder / "dovecot.conf"
        self._config.write_text(dovecot_config(self.folder, self.port), encoding="utf-8")
        self.start()

    @staticmethod
    def installed() -> bool:
        """Whether this machine has it, in the 2.3 line that our configuration is written for."""
        return dovecot_version().startswith("2.3.")

    def start(self) -> None:
        """Listen on the same port as before."""
        self._child = Child("dovecot", [dovecot_binary(), "-F", "-c", str(self._config)], self.folder / "run.log")
        self._child.wait_until(self._greets)

    def _greets(self) -> bool:
        try:
            with imaplib.IMAP4(self.host, self.port, timeout=2):
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def stop(self) -> None:
        """Stop; the mail stays."""
        self._child.end()

    def account(self, name: str = "desk") -> Account:
        """An account that nobody has used."""
        self._count += 1
        account = Account(self, f"{name}{self._count}@desk.example")
        with account.connect() as client:
            client.create(JUNK)
        return account

    def end(self) -> None:
        """Stop for good."""
        self._child.end()
        shutil.rmtree(self.folder, ignore_errors=True)


def dovecot_binary() -> str:
    """Where it is; Debian keeps it in /usr/sbin, which is not on every PATH."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


def dovecot_version() -> str:
    """`2.3.19.1`, or '' where there is none."""
    binary = dovecot_binary()
    if not binary:
        return ""
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return said[0] if said else ""


def dovecot_config(folder: Path, port: int) -> str:
    """Everything in `folder`, nothing of the system's. As root the mail belongs to the user `mail`, since Dovecot refuses root."""
    root = os.geteuid() == 0
    me = getpass.getuser()
    users = ("dovecot", "dovenull", "mail") if root else (me, me, me)
    mails = folder / "mails"
    mails.mkdir()
    if root:
        shutil.chown(mails, "mail", "mail")
    chroot = "" if root else "chroot ="
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = {LOOPBACK}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {users[0]}
default_login_user = {users[1]}
mail_location = maildir:{mails}/%u
mail_uid = {users[2]}
{"mail_gid = mail" if root else ""}
first_valid_uid = 0
mail_max_userip_connections = 200
default_process_limit = 200
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={users[2]} {"gid=mail" if root else ""} home={mails}/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    special_use = \\Junk
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
  service_count = 0
  process_min_avail = 1
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
"""
