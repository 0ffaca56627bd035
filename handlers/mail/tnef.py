"""Outlook's winmail.dat (MS-OXTNEF): the text it hides and the names of the files in it.

The one library for it (tnefparse) has stood still since 2021; we need no more than the text.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.mail import html, rtf
from handlers.mail.charset import decode
from handlers.mail.header import safe
from handlers.mail.message import Attachment

SIGNATURE = 0x223E9F78
MAX_ATTRIBUTES = 5_000
MAX_TEXT = 1_000_000

_BODY, _CODEPAGE, _PROPERTIES, _TITLE, _DATA, _FILE_PROPERTIES = 0x800C, 0x9007, 0x9003, 0x8010, 0x800F, 0x9005
_PLAIN, _HTML, _RTF, _LONG_NAME = 0x1000, 0x1013, 0x1009, 0x3707
_FIXED = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_TEXT_TYPES = (0x1E, 0x1F)


@dataclass(slots=True)
class Winmail:
    """What a winmail.dat holds."""

    text: str = ""
    html: bool = False
    attachments: list[Attachment] = field(default_factory=list)


def read(data: bytes) -> Winmail | None:
    """The text and the names of the files, or None where the bytes are no TNEF. Never raises."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    found = Winmail()
    properties: dict[int, tuple[int, bytes]] = {}
    codepage, body = "cp1252", b""
    for name, content in _attributes(data):
        if name == _CODEPAGE and len(content) >= 4:
            codepage = f"cp{struct.unpack_from('<I', content)[0]}"
        elif name == _BODY:
            body = content
        elif name == _PROPERTIES:
            properties.update((key, (kind, value)) for key, kind, value in _properties(content))
        else:
            _add_file(found, name, content, codepage)
    found.text, found.html = _text(properties, body, codepage)
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6
    for _ in range(MAX_ATTRIBUTES):
        if position + 9 > len(data):
            return
        _, name, _, length = struct.unpack_from("<BHHI", data, position)
        yield name, data[position + 9 : position + 9 + length]
        position += 9 + length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Every MAPI property: id, type, first value."""
    if len(data) < 4:
        return
    count, position = struct.unpack_from("<I", data)[0], 4
    try:
        for _ in range(min(count, MAX_ATTRIBUTES)):
            kind, name = struct.unpack_from("<HH", data, position)
            position += 4
            if name >= 0x8000:
                position = _skip_name(data, position)
            value, position = _value(data, kind, position)
            yield name, kind & 0xFFF, value
    except struct.error:
        return


def _skip_name(data: bytes, position: int) -> int:
    kind, number = struct.unpack_from("<II", data, position + 16)
    return position + 24 + (_padded(number) if kind else 0)


def _value(data: bytes, kind: int, position: int) -> tuple[bytes, int]:
    many, kind = bool(kind & 0x1000), kind & 0xFFF
    if kind in _FIXED:
        count = 1
        if many:
            count = struct.unpack_from("<I", data, position)[0]
            position += 4
        end = position + count * _FIXED[kind]
        return data[position:end][: _FIXED[kind]], end
    count = struct.unpack_from("<I", data, position)[0]
    position += 4
    first = b""
    for number in range(min(count, MAX_ATTRIBUTES)):
        length = struct.unpack_from("<I", data, position)[0]
        if number == 0:
            first = data[position + 4 : position + 4 + length]
        position += 4 + _padded(length)
    return first, position


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _string(kind: int, value: bytes, codepage: str) -> str:
    text = value[: len(value) & ~1].decode("utf-16-le", "replace") if kind == 0x1F else decode(value[:MAX_TEXT], codepage)
    return text.rstrip("\x00")


def _text(properties: dict[int, tuple[int, bytes]], body: bytes, codepage: str) -> tuple[str, bool]:
    kind, value = properties.get(_PLAIN, (0, b""))
    if kind in _TEXT_TYPES and value.strip(b"\x00\r\n "):
        return _string(kind, value[:MAX_TEXT], codepage), False
    if body.strip(b"\x00\r\n "):
        return decode(body[:MAX_TEXT].rstrip(b"\x00"), codepage), False
    kind, value = properties.get(_HTML, (0, b""))
    if value:
        return html.to_text(_string(kind, value[:MAX_TEXT], codepage)), True
    _, value = properties.get(_RTF, (0, b""))
    return (rtf.to_text(rtf.decompress(value), codepage), False) if value else ("", False)


def _add_file(found: Winmail, name: int, content: bytes, codepage: str) -> None:
    """A title opens a file, its data give the size, its properties the long name."""
    if name == _TITLE:
        found.attachments.append(Attachment(_file_name(decode(content.rstrip(b"\x00")[:500], codepage)), "application/octet-stream", 0))
    elif name == _DATA and found.attachments:
        last = found.attachments[-1]
        found.attachments[-1] = Attachment(last.name, last.type, len(content))
    elif name == _FILE_PROPERTIES and found.attachments:
        for key, kind, value in _properties(content):
            if key == _LONG_NAME and kind in _TEXT_TYPES:
                last = found.attachments[-1]
                found.attachments[-1] = Attachment(_file_name(_string(kind, value[:1000], codepage)), last.type, last.size)


def _file_name(name: str) -> str:
    return safe(name.replace("\\", "/").rpartition("/")[2])[:200]
