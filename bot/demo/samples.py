"""The sample mails, and what is to become of each."""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.utils import format_datetime, getaddresses
from importlib.resources import files

from storage.kinds import Category, Fate, Right


@dataclass(frozen=True)
class Sample:
    """One mail, and the place that it must end in. `late` ones are delivered when all the others have been handled."""

    name: str
    raw: bytes
    fate: Fate
    category: Category | None
    rights: frozenset[Right]
    law: str | None
    letter: bool
    suppressed: bool
    late: bool

    @property
    def to(self) -> str:
        """The address that it is sent to."""
        return self._address("To")

    @property
    def sender(self) -> str:
        """The envelope's sender: nobody, where a mail server wrote it."""
        address = self._address("From")
        return "" if address.startswith("mailer-daemon@") else address

    @property
    def message_id(self) -> str:
        """Its Message-ID as it is written."""
        found = re.search(rb"^Message-ID: *(\S+)", self.raw, re.MULTILINE | re.IGNORECASE)
        return found.group(1).decode("ascii", "replace") if found else ""

    def _address(self, header: str) -> str:
        return getaddresses([str(message_from_bytes(self.raw)[header])])[0][1]


def dated(raw: bytes, now: datetime) -> bytes:
    """The mail as if it had been written at `now` (aware); a broken date stays broken."""
    written = f"Date: {format_datetime(now)}".encode()
    return re.sub(rb"^Date: \w{3}, 20 Nov 2026 [^\r\n]*", written, raw, count=1, flags=re.MULTILINE)


def samples(now: datetime) -> tuple[Sample, ...]:
    """All of them, written at `now`, in the order in which they are delivered."""
    folder = files("bot.demo") / "mails"
    table = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))["mail"]
    return tuple(
        Sample(
            name=row["file"].removesuffix(".eml"),
            raw=dated((folder / row["file"]).read_bytes(), now),
            fate=Fate(row["fate"]),
            category=Category(row["category"]) if "category" in row else None,
            rights=frozenset(Right(r) for r in row.get("rights", [])),
            law=row.get("law"),
            letter=row.get("letter", False),
            suppressed=row.get("suppressed", False),
            late=row.get("late", False),
        )
        for row in table
    )
