"""Reads one IMAP account in its own thread: every mail is handed over once it is seen, and marked only when it has been kept."""

import logging
import re
import selectors
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import imapclient
import structlog
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError
from imapclient.imapclient import JUNK

from bot.folder import KEYWORD, NotGiven, NotKept, Reader, validity
from bot.mailbox import CONNECTED, FAILING, Backoff, Keep, MailboxAccess
from bot.transport import Checked, LoginUnavailable, Password, Security, Token, tls_context, trouble

_SLICE = 1.0
_CODE = re.compile(r"\[([A-Z-]+)\]")

log = structlog.get_logger(__name__)


class _Client(imapclient.IMAPClient):  # type: ignore[misc]  # imapclient brings no types
    """Lets no news slip by between a SEARCH and the IDLE that follows it, where the library would.

    A server tells of new mail in the answer to any command, and the library drops what comes with other commands. What comes in one
    packet with the start of IDLE lies in its buffer while it waits for the socket. And its `idle_check` fails on half a line.
    """

    @property
    def told(self) -> int:
        """How often the server has told the number of mails since the folder was selected."""
        return len(self._imap.untagged_responses.get("EXISTS", ()))

    def spoken(self, seconds: float) -> bool:
        """Whether the server says something within so many seconds; it is not read."""
        if self._buffered():
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket(), selectors.EVENT_READ)
            return bool(selector.select(seconds))

    def _buffered(self) -> bool:
        if hasattr(self._imap, "_readbuf"):  # Python 3.14
            return bool(self._imap._readbuf)
        sock = self.socket()
        sock.setblocking(False)
        try:
            return bool(self._imap.file.peek(1))
        except OSError:  # TLS says so that nothing is there
            return False
        finally:
            sock.setblocking(True)
            self._set_read_timeout()


class Inbox:
    """One account. `run` reads until `stop` is set; `refetch` and `test_connection` open a connection of their own, from any thread."""

    def __init__(self, mailbox: MailboxAccess, keep: Keep, stop: threading.Event) -> None:
        self._box = mailbox
        self._keep = keep
        self._stop = stop
        self._reader = Reader(mailbox, keep, stop)
        self._warnings = self._reader.warnings
        for name in ("imapclient", "imapclient.imaplib"):
            logging.getLogger(name).setLevel(logging.WARNING)  # at DEBUG they write whole mails

    def start(self) -> threading.Thread:
        """Run in a thread of its own, which ends soon after `stop` is set."""
        thread = threading.Thread(target=self.run, name=f"inbox-{self._box.id}", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        """Connect, read, wait for more; after a failure connect anew, later each time. Returns when `stop` is set."""
        backoff = Backoff(self._box.retry_first, self._box.retry_most)
        while not self._stop.is_set():
            try:
                with self._connected() as client:
                    self._watch(client, backoff)
            except Exception as error:  # noqa: BLE001 -- the one broad except of this loop: whatever broke this reading, the next one comes
                if not self._stop.is_set():
                    self._failed(error, backoff.next())

    def refetch(self, folder: str, uidvalidity: int, uid: int) -> bytes | None:
        """The bytes of a mail that was seen before; None where the folder no longer holds it under that UID.

        Raises LoginUnavailable, with a sentence, where the server cannot be asked.
        """
        try:
            with self._connected() as client:
                if validity(client.select_folder(folder, readonly=True)) != uidvalidity:
                    return None
                raw = client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
                return bytes(raw) if raw is not None else None
        except (IMAPClientError, OSError, ValueError) as error:
            raise LoginUnavailable(self._in_words(error)) from error

    def test_connection(self) -> tuple[Checked, ...]:
        """Log in, look at the folders and what the server can do, and change nothing: what is in order, or how to mend it."""
        try:
            with self._connected() as client:
                return tuple(self._examine(client))
        except (IMAPClientError, OSError, ValueError, LoginUnavailable) as error:
            return (Checked(False, self._in_words(error)),)

    # Waiting

    def _watch(self, client: _Client, backoff: Backoff) -> None:
        """Read every folder; then stay in the first one, where news come at once, until it is time to look at all of them again."""
        junk = self._junk(client)
        others = [f for f in (*self._box.folders[1:], junk) if f]
        while not self._stop.is_set():
            poll_at = time.monotonic() + self._box.poll_seconds
            for folder in others:
                self._beside(client, folder, folder == junk)
            self._reader.read(client, self._box.folders[0], junk=False)
            backoff.reset()
            self._keep.health(self._box.id, CONNECTED, " ".join(self._warnings.values()))
            self._until(client, poll_at)

    def _until(self, client: _Client, poll_at: float) -> None:
        """Wait for the next poll, reading the first folder whenever there are news.

        Some servers tell in IDLE only what happens within it, and at its end what came just before: hence NOOP, and short first waits.
        """
        longest = _SLICE
        while not self._stop.is_set() and (left := poll_at - time.monotonic()) > 0:
            if not (self._box.idle and client.has_capability("IDLE")):
                self._stop.wait(left)
                continue
            client.noop()
            if client.told > self._reader.told or self._news(client, min(left, longest, self._box.idle_seconds)):
                self._reader.read(client, self._box.folders[0], junk=False)
                longest = _SLICE
            else:
                longest *= 2

    def _beside(self, client: _Client, folder: str, junk: bool) -> None:
        """Read a further folder; one that cannot be read does not keep the inbox from being read."""
        try:
            self._reader.read(client, folder, junk=junk)
            self._warnings.pop(folder, None)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            self._warnings[folder] = f"The folder {folder} could not be read. Check that it exists and that this login may read it."

    def _news(self, client: _Client, longest: float) -> bool:
        """IDLE (RFC 2177) until something is told, for at most `longest` seconds; True where it was of new mail."""
        until = time.monotonic() + longest
        client.idle()
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            if client.spoken(min(left, _SLICE)):
                break
        return any(b"EXISTS" in answer for answer in client.idle_done()[1])

    # Connecting

    @contextmanager
    def _connected(self) -> Iterator[_Client]:
        box = self._box
        context = None if box.security is Security.PLAIN else tls_context(box.ca_file)
        timeout = imapclient.SocketTimeout(min(15, box.timeout), box.timeout)
        client = _Client(box.host, box.port, ssl=box.security is Security.TLS, ssl_context=context, timeout=timeout)
        client.normalise_times = False
        try:
            if box.security is Security.STARTTLS:
                if not client.has_capability("STARTTLS"):
                    raise LoginUnavailable(
                        f"{box.host}:{box.port} offers no STARTTLS, so nothing is read. Set security to tls and its port."
                    )
                client.starttls(context)
            self._log_in(client)
            yield client
            with suppress(IMAPClientError, OSError):
                client.logout()
        finally:
            with suppress(IMAPClientError, OSError):
                client.shutdown()

    def _log_in(self, client: _Client) -> None:
        try:
            self._authenticate(client, self._box.auth())
        except LoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError):  # the connection was lost, the library blames the login
                raise error.__context__ from None
            raise

    def _authenticate(self, client: _Client, login: Password | Token) -> None:
        box = self._box
        if isinstance(login, Token):
            if not client.has_capability("AUTH=XOAUTH2"):
                raise LoginUnavailable(f"{box.host}:{box.port} takes no OAuth token (XOAUTH2). Check the host, or use a password.")
            client.oauth2_login(box.username, login.value)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(box.username, login.value)
        elif client.has_capability("LOGINDISABLED"):
            raise LoginUnavailable(f"{box.host}:{box.port} takes no password over this connection. Set security to tls or starttls.")
        else:
            client.login(box.username, login.value)

    def _junk(self, client: _Client) -> str | None:
        if self._box.junk is not None:
            return self._box.junk or None
        found: str | None = client.find_special_folder(JUNK)
        if found is None:
            self._warnings["junk"] = "No junk folder was found, so only the inbox is read. Name it in the setting junk."
        return found if found not in self._box.folders else None

    def _examine(self, client: _Client) -> Iterator[Checked]:
        box = self._box
        yield Checked(True, f"{box.host}:{box.port} lets {box.username} in.")
        names = {name for _, _, name in client.list_folders()}
        for folder in box.folders:
            there = folder in names or folder.upper() == "INBOX"
            yield Checked(there, f"Folder {folder} is {'there' if there else 'missing. Correct the setting folders'}.")
        junk = self._junk(client)
        known = junk in names if junk else box.junk == ""
        yield Checked(known, f"Junk folder: {junk or 'none'}." if known else "No junk folder was found. Name it in the setting junk.")
        idle = client.has_capability("IDLE")
        yield Checked(
            True, "News come at once (IDLE)." if idle else f"The server has no IDLE: new mail is seen every {box.poll_seconds:g} s."
        )
        if box.move_to:
            able = box.move_to in names and client.has_capability("MOVE")
            yield Checked(able, f"Taken mail moves to {box.move_to}." if able else f"Make the folder {box.move_to}, or set done to none.")
        elif box.done == "keyword":
            kept = rb"\*" in client.select_folder(box.folders[0], readonly=False).get(b"PERMANENTFLAGS", ())
            yield Checked(
                True, f"Taken mail gets the keyword {KEYWORD}." if kept else "The server keeps no keywords: taken mail is not marked."
            )

    # Failing

    def _failed(self, error: Exception, wait: float) -> None:
        sentence, frame = self._in_words(error), error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        where = f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame else ""
        log.warning("mailbox is failing", mailbox=self._box.id, problem=sentence, where=where, retry_in=round(wait, 1))
        with suppress(Exception):  # the store may be what fails; the next reading tells it again
            self._keep.health(self._box.id, FAILING, sentence)
        self._stop.wait(wait)

    def _in_words(self, error: BaseException) -> str:
        """The error as a sentence that says how to mend it. A server's own words are left out: they may hold a secret or a person."""
        box = self._box
        where = f"{box.host}:{box.port}"
        code = "".join(f" [{c}]" for c in _CODE.findall(str(error))[:1])
        if isinstance(error, LoginUnavailable):
            return error.sentence
        if isinstance(error, LoginError | UnicodeEncodeError):
            return f"{where} refused the login of {box.username}{code}. Check the username and the password or token."
        if isinstance(error, NotKept):
            return f"The store did not keep a mail ({error}). It stays in the mailbox and comes again."
        if isinstance(error, NotGiven):
            return f"{where} lists a mail and does not give it ({error})."
        words = trouble(error, box.host, box.port)
        if words is None and isinstance(error, IMAPClientAbortError):
            words = f"The connection to {where} was lost."
        if words is None and isinstance(error, IMAPClientError):
            words = f"{where} refused a command{code}. Check that the folders exist and that {box.username} may read them."
        return words or f"Reading {where} failed ({type(error).__name__})."
