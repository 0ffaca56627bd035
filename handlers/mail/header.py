"""Header lines: split from bytes, unfolded, decoded (RFC 5322, 2047, 2231), whatever state they are in."""

import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from handlers.mail.charset import decode

MAX_HEADERS = 20_000  # more are counted as a defect and left out
MAX_BLOCK = 4 * 1024 * 1024  # bytes of all the headers
MAX_FOLDS = 10_000  # lines of one value
MAX_VALUE = 256 * 1024  # bytes of one value

_LINE = re.compile(rb"[^\n]*\n?")
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_FOLDED = re.compile(rb"[ \t]+[^ \t\r\n]")
_MBOX = re.compile(rb">?From (?![ \t]*:)[^\n]*\n")
_WORD = re.compile(r"=\?([!-<>@-~]{1,60}?)\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,3})\?=")
_BETWEEN = re.compile(r"[ \t\r\n]*")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[ \t\r\n\x0b\x0c]+")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")


@dataclass(slots=True)
class Block:
    """The headers of a message or part: names in lower case with raw values, and where the body starts."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    body: int = 0
    defects: list[str] = field(default_factory=list)

    def first(self, name: str) -> bytes | None:
        """The raw value of the first header of that name."""
        return next((value for key, value in self.fields if key == name), None)


def read_block(data: bytes, start: int, end: int, *, top: bool = False) -> Block:
    """The header block that starts at `start`; ends at the first empty line, or where lines stop looking like headers."""
    block = Block()
    position = _skip_preamble(data, start, end) if top else start
    name, chunks = "", [b""]
    last = min(end, position + MAX_BLOCK)
    while position < last:
        line_end = data.find(b"\n", position, end) + 1 or end
        line = data[position : min(line_end, position + MAX_VALUE)]
        if not line.strip(b"\r\n"):
            position = line_end
            break
        if line[:1] in (b" ", b"\t"):
            if not line.strip() and not _continues(data, line_end, end):
                position = line_end
                break
            if len(chunks) < MAX_FOLDS:
                chunks.append(line)
        elif match := _NAME.match(line):
            _keep(block, name, chunks)
            name, chunks = match.group(1).decode("ascii").lower(), [line[match.end() :]]
        elif not name or not _continues(data, line_end, end):
            block.defects.append("a line among the headers is none: the text starts there")
            break
        else:
            block.defects.append("a line among the headers is none: skipped")
        position = line_end
    else:
        if position < end:
            block.defects.append("headers too long")
    _keep(block, name, chunks)
    block.body = min(position, end)
    return block


def _skip_preamble(data: bytes, start: int, end: int) -> int:
    while start < end and data[start : start + 1] in (b"\n", b"\r", b" ", b"\t", b"\xef", b"\xbb", b"\xbf"):
        start += 1
    match = _MBOX.match(data, start, min(end, start + 1000))
    return match.end() if match else start


def _continues(data: bytes, position: int, end: int) -> bool:
    """Whether a header line stands next, or one that goes on."""
    return bool(_NAME.match(data, position, min(end, position + 220)) or _FOLDED.match(data, position, min(end, position + 220)))


def _keep(block: Block, name: str, chunks: list[bytes]) -> None:
    if not name:
        return
    if len(block.fields) >= MAX_HEADERS:
        if len(block.fields) == MAX_HEADERS and "too many headers" not in block.defects:
            block.defects.append("too many headers")
        return
    value = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    block.fields.append((name, value[:MAX_VALUE].rstrip(b"\r\n \t\x00")))


def raw_text(value: bytes) -> str:
    """A raw value as unfolded text, encoded words still encoded; 8-bit and JIS bytes are read by guess."""
    text = value.decode("ascii") if value.isascii() and b"\x1b" not in value else decode(value)
    return _SPACES.sub(" ", text).strip()


def decode_value(value: bytes) -> str:
    """A raw value as a person would read it, safe to show on one line."""
    return safe(decode_words(raw_text(value)))


def safe(text: str) -> str:
    """Text without control, bidirectional and invisible characters, on one line."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _SPACES.sub(" ", _UNSAFE.sub("", _SPACES.sub(" ", text))).strip().encode("utf-8", "replace").decode()


def decode_words(text: str) -> str:
    """RFC 2047 words decoded; neighbours of one charset are joined first, since senders split them inside a character."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[tuple[str, str, str]] = []
    position = 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        if between.strip() or (not pending and between):
            out.append(_join_words(pending))
            out.append(between)
            pending = []
        pending.append((match.group(1).partition("*")[0].lower(), match.group(2).lower(), match.group(3)))
        position = match.end()
    out.append(_join_words(pending))
    out.append(text[position:])
    return "".join(out)


def _join_words(words: list[tuple[str, str, str]]) -> str:
    out: list[str] = []
    index = 0
    while index < len(words):
        charset = words[index][0]
        data, base64_text = bytearray(), ""
        while index < len(words) and words[index][0] == charset:
            _, encoding, text = words[index]
            if encoding == "b":
                base64_text += text
                if len(base64_text) % 4 == 0 or base64_text.endswith("=") or not _more_base64(words, index):
                    data += _word_base64(base64_text)
                    base64_text = ""
            else:
                data += _word_quoted(text)
            index += 1
        out.append(decode(bytes(data), charset))
    return "".join(out)


def _more_base64(words: list[tuple[str, str, str]], index: int) -> bool:
    return index + 1 < len(words) and words[index + 1][:2] == words[index][:2]


def _word_base64(text: str) -> bytes:
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text.replace("-", "+").replace("_", "/"))
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def _word_quoted(text: str) -> bytes:
    try:
        return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """A structured value (Content-Type, Content-Disposition) as its lower-case main word and its decoded parameters (RFC 2231)."""
    text = raw_text(value)[:20_000]
    main = text.partition(";")[0].strip().strip('"').lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(text[len(text.partition(";")[0]) :]):
        name, content = match.group(1).lower(), _unquote(match.group(2))
        section = _SECTION.match(name)
        if section and (section.group(2) or section.group(3)):
            pieces.setdefault(section.group(1), {})[int(section.group(2) or 0)] = (content, bool(section.group(3)))
        else:
            plain.setdefault(name, decode_words(content))
    for name, parts in pieces.items():
        plain[name] = _join_sections(parts)
    return main, plain


def _unquote(content: str) -> str:
    content = content.strip()
    if content.startswith('"'):
        content = content[1:-1] if len(content) > 1 and content.endswith('"') else content[1:]
        return re.sub(r"\\(.)", r"\1", content) if "\\" in content else content
    return content


def _join_sections(parts: dict[int, tuple[str, bool]]) -> str:
    charset, data = "", b""
    for number in sorted(parts):
        content, encoded = parts[number]
        if encoded and number == 0 and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        data += unquote_to_bytes(content) if encoded else content.encode("utf-8", "replace")
    text = decode(data, charset)
    return decode_words(text)
