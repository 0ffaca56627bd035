"""RTF as Outlook writes it into winmail.dat: decompressed (MS-OXRTFCP) and reduced to its words (MS-OXRTFEX)."""

import re
import struct

from handlers.mail.charset import decode

MAX_RAW = 400_000  # bytes of RTF that are read

_PRELOAD = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL)
_SILENT = frozenset({b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"generator", b"themedata",
                     b"datastore", b"listtable", b"listoverridetable", b"rsidtbl", b"xmlnstbl", b"latentstyles", b"mmathPr"})  # fmt: skip
_BREAKS = {b"par": b"\n", b"line": b"\n", b"tab": b"\t", b"row": b"\n", b"cell": b"\t", b"sect": b"\n", b"page": b"\n"}
_TAG_BREAK = re.compile(rb"<(?:br|/p|/div|/tr|/li|/h\d)\b", re.IGNORECASE)


def decompress(data: bytes) -> bytes:
    """The RTF in a PidTagRtfCompressed value; as much as can be read. Never raises."""
    if len(data) < 16:
        return b""
    _, raw_size, magic, _ = struct.unpack_from("<IIII", data)
    if magic == 0x414C454D:  # "MELA": stored as it is
        return data[16 : 16 + min(raw_size, MAX_RAW)]
    if magic != 0x75465A4C:  # "LZFu"
        return b""
    window = bytearray(4096)
    window[: len(_PRELOAD)] = _PRELOAD
    write, out, position = len(_PRELOAD), bytearray(), 16
    limit = min(raw_size, MAX_RAW)
    while position < len(data) and len(out) < limit:
        flags = data[position]
        position += 1
        for bit in range(8):
            if flags >> bit & 1:
                if position + 2 > len(data):
                    return bytes(out)
                reference = data[position] << 8 | data[position + 1]
                position += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write:
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) & 4095]
                    out.append(byte)
                    window[write] = byte
                    write = (write + 1) & 4095
            elif position < len(data):
                byte = data[position]
                position += 1
                out.append(byte)
                window[write] = byte
                write = (write + 1) & 4095
    return bytes(out[:limit])


class _Words:
    """The words read so far, and which groups are silent."""

    def __init__(self, codepage: str) -> None:
        self.codepage = codepage
        self.out: list[str] = []
        self.pending = bytearray()
        self.silent: list[bool] = [False]
        self.tag: list[bool] = [False]
        self.hidden = False
        self.skip = 0

    def flush(self) -> None:
        if self.pending:
            self.out.append(decode(bytes(self.pending), self.codepage))
            self.pending.clear()

    def add(self, data: bytes) -> None:
        if self.silent[-1] or self.hidden:
            if self.tag[-1] and _TAG_BREAK.search(data):
                self.pending += b"\n"
            return
        if self.skip:
            taken = min(self.skip, len(data))
            self.skip -= taken
            data = data[taken:]
        self.pending += data


def to_text(data: bytes, codepage: str = "cp1252") -> str:
    """The words of an RTF document. Never raises."""
    words = _Words(codepage)
    for match in _TOKEN.finditer(data[:MAX_RAW]):
        code, word, number, symbol, brace, text = match.groups()
        if brace == b"{":
            words.silent.append(words.silent[-1])
            words.tag.append(False)
        elif brace == b"}":
            if len(words.silent) > 1:
                words.silent.pop()
                words.tag.pop()
        elif code is not None:
            words.add(bytes([int(code, 16)]))
        elif word is not None:
            _control(words, word, int(number) if number else None)
        elif symbol is not None:
            _symbol(words, symbol)
        elif text is not None:
            words.add(text)
    words.flush()
    return "".join(words.out).replace("\x00", "").strip()


def _symbol(words: _Words, symbol: bytes) -> None:
    if symbol == b"*":
        words.silent[-1] = True
    elif symbol in b"\\{}":
        words.add(symbol)
    elif symbol == b"~":
        words.add(b" ")


def _control(words: _Words, word: bytes, number: int | None) -> None:
    if word in _SILENT:
        words.silent[-1] = True
    elif word == b"htmltag":
        words.tag[-1] = True
    elif word == b"htmlrtf":
        words.hidden = number != 0
    elif word in _BREAKS:
        words.add(_BREAKS[word])
    elif word == b"ansicpg" and number:
        words.codepage = f"cp{number}"
    elif word == b"u" and number is not None and not words.silent[-1] and not words.hidden:
        words.flush()
        words.out.append(chr(number & 0xFFFF) if not 0xD800 <= number & 0xFFFF <= 0xDFFF else "\ufffd")
        words.skip = 1
