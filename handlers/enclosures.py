"""Files that go with a letter: what may, how much, and how they lie in a queued row."""

import base64
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from handlers.refused import Refused

FIELD = "attachments"
MOST = 25_000_000
"""Bytes that all files of a letter may take in the mail, where three bytes become four: what large mail providers take."""
_ADDED = 78 / 57
"""What base64 in lines of 76 signs makes of a byte (RFC 2045 s. 6.8)."""
_LONGEST = 120
_TYPE = re.compile(r"(?!message/|multipart/)[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
_ANY = "application/octet-stream"
_RUNS = re.compile(
    r"app|apk|appx|bat|bin|cmd|com|command|cpl|deb|desktop|dll|dmg|exe|gadget|hta|inf|ins|iso|jar|js|jse|lnk|mde|msc|msix?|msp|mst|pif|pkg"
    r"|psm?1|reg|rpm|run|scf|scr|sct|sh|shb|sys|vb|vbe|vbs|wsc|wsf|wsh|xll",
    re.IGNORECASE,
)
"""How names of files end that a click or a shell starts."""
_BEGINS = (b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf", b"dex\n")


def _read(written: Any) -> Any:
    return base64.b64decode(written, validate=True) if isinstance(written, str) else written


def _written(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


@dataclass(frozen=True)
class Promised:
    """A file that is to go with a letter, before it is fetched: where it lies, its name and how many bytes it has."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter: its name, its media type and its bytes."""

    name: str
    type: str
    content: Annotated[bytes, PlainSerializer(_written, when_used="json"), BeforeValidator(_read)]
    """As base64 where a deed waits as JSON for a second person."""


def enclosure(name: str, type_: str, content: bytes) -> Enclosure:
    """A file as it may go: its name without a path or signs that mislead, its type a plain one. Refused for what may not be sent."""
    written = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in written).split()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    short = (
        f"{(stem or ending)[: _LONGEST - len(ending) - 1]}{dot}{ending}" if len(shown) > _LONGEST and len(ending) < 10 else shown[:_LONGEST]
    )
    kind = type_.partition(";")[0].strip().lower()
    made = Enclosure(short or "attachment", kind if _TYPE.fullmatch(kind) else _ANY, content)
    check([made])
    return made


def promise(files: Sequence[Promised]) -> None:
    """Refused where what is known of the files before they are fetched forbids it already."""
    for one in files:
        if _named_so(one.name):
            raise Refused(f"{one.name} is a program or holds one. Programs are not sent.", FIELD)
    _fit(round(sum(one.size for one in files) * _ADDED))


def check(enclosures: Sequence[Enclosure]) -> None:
    """Refused where one of the files is empty or a program, where two have one name, or where all are too big for a mail."""
    for one in enclosures:
        if not one.content:
            raise Refused(f"{one.name} is empty.", FIELD)
        if _runs(one):
            raise Refused(f"{one.name} is a program or holds one. Programs are not sent.", FIELD)
    names = [one.name.casefold() for one in enclosures]
    if twice := next((one.name for one in enclosures if names.count(one.name.casefold()) > 1), None):
        raise Refused(f"Two attachments are called {twice}. Rename one.", FIELD)
    _fit(mailed(enclosures))


def _fit(size: int) -> None:
    if size > MOST:
        said = f"The attachments take {size / 1e6:.1f} MB in a mail; {MOST / 1e6:.0f} MB is the most."
        raise Refused(f"{said} Send them in several letters or another way.", FIELD)


def mailed(enclosures: Iterable[Enclosure]) -> int:
    """How many bytes the files take in a mail."""
    return round(sum(len(one.content) for one in enclosures) * _ADDED)


def packed(enclosures: Iterable[Enclosure]) -> list[dict[str, str]]:
    """The files as a queued row holds them."""
    return [{"name": e.name, "type": e.type, "content": _written(e.content)} for e in enclosures]


def unpacked(rows: Iterable[Mapping[str, str]]) -> tuple[Enclosure, ...]:
    """The files of a queued row. KeyError or ValueError where a row is damaged."""
    return tuple(Enclosure(str(r["name"]), str(r["type"]), base64.b64decode(r["content"], validate=True)) for r in rows)


def _runs(one: Enclosure) -> bool:
    windows = one.content.startswith(b"MZ") and b"\0" in one.content[:64]
    return windows or one.content.startswith(_BEGINS) or any(_named_so(name) for name in (one.name, *_inside(one.content)))


def _named_so(name: str) -> bool:
    return "." in name and _RUNS.fullmatch(name.rpartition(".")[2].strip()) is not None


def _inside(content: bytes) -> list[str]:
    """Names of what a zip archive holds; they are readable even where its contents are encrypted."""
    if not content.startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []
