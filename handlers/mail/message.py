"""The mail as one frozen value: everything that the desk ever asks of a message."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header: `address` is `local@domain` with the domain in lower case, or '' where there was none."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text: its name (safe to show, may be ''), media type, decoded size in bytes, Content-ID without brackets."""

    name: str
    type: str
    size: int
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """What somebody passed on: who wrote it, when (UTC where no zone is stated), and the words."""

    sender: Address | None
    sent: datetime | None
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """A machine-readable part: its media type and its fields, names in lower case, in order.

    Delivery, disposition and feedback reports give their fields; the returned mail inside a report gives its headers as
    `message/rfc822`; a calendar part gives its properties.
    """

    type: str
    fields: tuple[tuple[str, str], ...] = ()

    def field(self, name: str) -> str | None:
        """The first value of the field, or None."""
        return next((value for key, value in self.fields if key == name.lower()), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the field, in order."""
        return tuple(value for key, value in self.fields if key == name.lower())


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received header: the server that wrote it ('' where it says none) and when it took the mail (aware)."""

    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Mail:
    """A parsed mail.

    `text` is the readable body, all of it; `words` are the person's own: quotes, signature and footer stripped, never empty where
    `text` is not. `headers` have lower-case names and decoded values in the order of the mail. `return_path` is '' for `<>`.
    `received` and `authentication_results` are topmost first. `readable` False means that nothing could be read: quarantine it;
    `defects` say what was mended or lost.
    """

    message_id: str | None = None
    subject: str = ""
    sender: Address | None = None
    from_: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    recipients: frozenset[str] = frozenset()
    date: datetime | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    words: str = ""
    html: bool = False
    attachments: tuple[Attachment, ...] = ()
    forward: Forward | None = None
    reports: tuple[Report, ...] = ()
    content_types: tuple[str, ...] = ()
    return_path: str | None = None
    encrypted: bool = False
    received: tuple[Hop, ...] = ()
    authentication_results: tuple[str, ...] = ()
    size: int = 0
    defects: tuple[str, ...] = ()
    readable: bool = True

    def header(self, name: str) -> str | None:
        """The first value of the header, or None."""
        name = name.lower()
        return next((value for key, value in self.headers if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the header, topmost first."""
        name = name.lower()
        return tuple(value for key, value in self.headers if key == name)
