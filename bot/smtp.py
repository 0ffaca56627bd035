"""Carries one letter: QueuedLetter -> EmailMessage -> SMTP server."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import localtime
from pathlib import Path
from typing import Any, NoReturn

import aiosmtplib

from bot.carriers import Later, Rejected, Unknown
from bot.transport import Checked, Login, LoginUnavailable, Security, Token, refuse_open_wire, tls_context, trouble
from handlers.enclosures import Enclosure, check, unpacked
from handlers.refused import Refused

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")
_MOST_REFERENCES = 20
_IDENTIFIERS = ("references", "in-reply-to", "message-id")
_TOO_BIG = 552


@dataclass(frozen=True)
class QueuedLetter:
    """A letter as it lies in the queue. `message_id` was fixed when it was queued; `references` are Message-IDs parted by spaces."""

    from_name: str
    from_: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str = ""
    references: str = ""
    auto: bool = False
    attachments: tuple[Enclosure, ...] = ()

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "QueuedLetter":
        """The letter of a queued row; fields that carriers do not need are passed over. KeyError where one is missing."""
        must = {f: str(payload[f]) for f in ("from_name", "to", "reply_to", "subject", "text", "html", "message_id")}
        may = {f: str(payload.get(f) or "") for f in ("in_reply_to", "references")}
        attachments = unpacked(payload.get("attachments") or ())
        return cls(from_=str(payload["from"]), auto=bool(payload.get("auto", False)), attachments=attachments, **must, **may)


@dataclass(frozen=True)
class SmtpSettings:
    """The server that takes our letters. Times are seconds; `data_timeout` is for its answer to a whole letter (RFC 5321 s. 4.5.3.2).

    `retry_after` is the wait after a lost or refused connection; a server's "later" or a wrong setting waits ten times as long.
    """

    host: str
    port: int = 465
    security: Security = Security.TLS
    username: str | None = None
    auth: Login | None = None
    ca_file: Path | None = None
    own_name: str | None = None
    timeout: float = 30
    data_timeout: float = 300
    retry_after: float = 30

    @property
    def longest(self) -> float:
        """The longest that one delivery can take, for whoever leases it out."""
        return self.timeout * 12 + self.data_timeout * 2


class _Folding(EmailPolicy):
    """Two headers are folded otherwise than the standard library would, for the sake of the programs that read them.

    Identifiers only between each other: it encodes a long one, and no thread finds it again. A name in another script begins on the
    line of its header: it leaves `From:` alone on a line, where old mail programs see no sender.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _IDENTIFIERS:
            identifiers = f"{self.linesep} ".join(value.split())
            return f"{name}: {identifiers}{self.linesep}".encode("ascii")
        if name.lower() == "from" and not value.addresses[0].display_name.isascii():
            sender = value.addresses[0]
            encoded = Header(sender.display_name, "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {encoded}{self.linesep} <{sender.addr_spec}>{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Folding(linesep="\r\n", cte_type="7bit", raise_on_defect=False)


def compose(letter: QueuedLetter) -> EmailMessage:
    """The mail as it is sent: two parts and its attachments, 7-bit throughout.

    Rejected where an address or the Message-ID cannot stand in a mail, or an attachment may not be sent.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(_plain(letter.from_name), addr_spec=_address(letter.from_, "sender"))
    mail["To"] = Address(addr_spec=_address(letter.to, "recipient"))
    if letter.reply_to:
        mail["Reply-To"] = Address(addr_spec=_address(letter.reply_to, "reply address"))
    mail["Subject"] = _plain(letter.subject)
    mail["Date"] = localtime()
    if not _MESSAGE_ID.fullmatch(letter.message_id):
        raise Rejected("The letter has no valid Message-ID. This is a fault of the program: queue the letter again.")
    mail["Message-ID"] = letter.message_id
    for header, value in (("In-Reply-To", letter.in_reply_to), ("References", letter.references)):
        ids = _MESSAGE_ID.findall(value)
        if ids:
            mail[header] = " ".join(ids if len(ids) <= _MOST_REFERENCES else [ids[0], *ids[1 - _MOST_REFERENCES :]])
    if letter.auto:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(_encodable(letter.text), charset="utf-8")
    mail.add_alternative(_encodable(letter.html), subtype="html", charset="utf-8")
    _attach(mail, letter.attachments)
    for part in mail.walk():
        if part is not mail:
            del part["MIME-Version"]
    return mail


def _attach(mail: EmailMessage, attachments: tuple[Enclosure, ...]) -> None:
    try:
        check(attachments)
    except Refused as refused:
        raise Rejected(refused.sentence) from refused
    for one in attachments:
        kind, _, subtype = one.type.partition("/")
        mail.add_attachment(one.content, kind, subtype, filename=_plain(one.name))


class Post:
    """Hands letters to one SMTP server, a connection each. Raises what `bot.carriers` knows, and says nothing of secrets or persons."""

    def __init__(self, settings: SmtpSettings) -> None:
        refuse_open_wire(settings.host, settings.security)
        self._settings = settings

    async def deliver(self, letter: QueuedLetter, handing: Callable[[], Awaitable[None]]) -> None:
        """Send one letter. `handing` is awaited when the server has agreed to sender and recipient, just before the letter itself goes.

        Rejected: it will never be taken. Later: nothing was handed over. Unknown: it was handed over and no answer came.
        """
        raw = compose(letter).as_bytes()
        client = await self._open()
        try:
            await self._envelope(client, letter, len(raw))
            await handing()
            await self._data(client, raw)
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=2)
        finally:
            client.close()

    async def test_connection(self) -> tuple[Checked, ...]:
        """Connect and log in as for a letter, and send none: what is in order, or how to mend it."""
        s = self._settings
        try:
            client = await self._open()
        except (Later, Rejected) as wrong:
            return (Checked(False, str(wrong)),)
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=2)
        client.close()
        login = f" and lets {s.username} in" if s.username else ", without a login"
        wire = "this machine only, not encrypted" if s.security is Security.PLAIN else "encrypted, certificate in order"
        return (Checked(True, f"{s.host}:{s.port} takes letters ({wire}){login}."),)

    async def _open(self) -> aiosmtplib.SMTP:
        s = self._settings
        client = aiosmtplib.SMTP(
            hostname=s.host,
            port=s.port,
            use_tls=s.security is Security.TLS,
            start_tls=False,
            tls_context=None if s.security is Security.PLAIN else tls_context(s.ca_file),
            local_hostname=s.own_name,
            timeout=s.timeout,
        )
        try:
            await client.connect()
            if s.security is Security.STARTTLS:
                await self._start_tls(client)
            with suppress(aiosmtplib.SMTPHeloError):  # a server without EHLO is greeted with HELO at the first command
                await client.ehlo()
            await self._log_in(client)
        except (aiosmtplib.SMTPException, OSError, LoginUnavailable) as error:
            client.close()
            self._not_open(error)
        except BaseException:
            client.close()
            raise
        return client

    async def _start_tls(self, client: aiosmtplib.SMTP) -> None:
        await client.ehlo()
        if not client.supports_extension("starttls"):
            s = self._settings
            raise LoginUnavailable(f"{s.host}:{s.port} offers no STARTTLS, so nothing is sent. Set security to tls and its port.")
        await client.starttls()

    async def _log_in(self, client: aiosmtplib.SMTP) -> None:
        s = self._settings
        if s.username is None or s.auth is None:
            return
        login = await asyncio.to_thread(s.auth)
        if not client.supports_extension("auth"):
            raise LoginUnavailable(f"{s.host}:{s.port} takes no login here. Check the port, or leave the username out.")
        if not isinstance(login, Token):
            await client.login(s.username, login.value)
        elif "xoauth2" in client.server_auth_methods:
            await client.auth_xoauth2(s.username, login.value)
        else:
            raise LoginUnavailable(f"{s.host}:{s.port} takes no OAuth token (XOAUTH2). Check the host, or use a password.")

    def _not_open(self, error: Exception) -> NoReturn:
        s = self._settings
        if isinstance(error, LoginUnavailable):
            raise Later(s.retry_after * 10, error.sentence) from error
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            how = "Check the username and the password or token"
            raise Later(s.retry_after * 10, f"{s.host}:{s.port} refused the login of {s.username} ({error.code}). {how}.") from error
        if isinstance(error, aiosmtplib.SMTPResponseException):
            raise Later(s.retry_after, f"{s.host}:{s.port} turned us away ({error.code}).") from error
        words = trouble(error, s.host, s.port)
        raise Later(s.retry_after, words or f"{s.host}:{s.port} could not be used: {type(error).__name__}.") from error

    async def _envelope(self, client: aiosmtplib.SMTP, letter: QueuedLetter, size: int) -> None:
        s = self._settings
        try:
            options = [f"SIZE={size}"] if client.supports_extension("size") else []
            await client.mail(_address(letter.from_, "sender"), options=options)
            await client.rcpt(_address(letter.to, "recipient"))
        except aiosmtplib.SMTPSenderRefused as error:
            if error.code < 500:
                raise Later(s.retry_after * 10, f"{s.host} asks to try later ({error.code}).") from error
            if error.code == _TOO_BIG:
                raise Rejected(f"{s.host} says that the letter is too big ({error.code}).") from error
            how = "Let this login send as that address, or mend the sender's address in the settings"
            raise Later(
                s.retry_after * 10, f"{s.host} does not let {s.username or 'us'} send as {letter.from_} ({error.code}). {how}."
            ) from error
        except aiosmtplib.SMTPResponseException as error:
            self._answered(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Later(s.retry_after, trouble(error, s.host, s.port) or f"The connection to {s.host} was lost.") from error

    async def _data(self, client: aiosmtplib.SMTP, raw: bytes) -> None:
        host = self._settings.host
        try:
            await client.data(raw, timeout=self._settings.data_timeout)
        except aiosmtplib.SMTPResponseException as error:
            if 200 <= error.code < 300:  # any 2yz means that it was taken (RFC 5321 s. 4.2.1)
                return
            if error.code < 400:
                raise Unknown(f"{host} took the letter and answered what nobody understands ({error.code}).") from error
            self._answered(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unknown(f"The connection to {host} was lost while it took the letter.") from error

    def _answered(self, error: aiosmtplib.SMTPResponseException) -> NoReturn:
        """4yz and 5yz (RFC 5321 s. 4.2.1): say which; the server's words may name the person, so only its enhanced code is told."""
        host = self._settings.host
        code = " ".join([str(error.code), *re.findall(r"^[245]\.\d{1,3}\.\d{1,3}\b", error.message)])
        if 400 <= error.code < 500:
            raise Later(self._settings.retry_after * 10, f"{host} asks to try later ({code}).") from error
        if error.code < 400:
            raise Later(self._settings.retry_after, f"{host} answered what nobody understands ({code}).") from error
        where = "the recipient" if isinstance(error, aiosmtplib.SMTPRecipientRefused) else "the letter"
        raise Rejected(f"{host} does not take {where} ({code}).") from error


def _plain(value: str) -> str:
    """A value that cannot end its header: control characters are gone."""
    return _encodable(_CONTROLS.sub(" ", value)).strip()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _address(address: str, whose: str) -> str:
    """The address as servers without SMTPUTF8 take it: ASCII, the domain in its IDNA form. Rejected where it has none."""
    local, at, domain = address.strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    spec = f"{local}{at}{domain}"
    if not _ADDRESS.fullmatch(spec) or local.startswith(".") or local.endswith(".") or ".." in spec:
        raise Rejected(f"The address of the {whose} cannot be written in a mail. Correct it, then send the letter again.")
    return spec
