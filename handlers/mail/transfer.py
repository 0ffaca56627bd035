"""Transfer encodings undone (base64, quoted-printable, uuencode), also where the label lies."""

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_PADDING_INSIDE = re.compile(rb"=+\s*(?=[A-Za-z0-9+/])")
_ONLY_BASE64 = re.compile(rb"\s*(?:[A-Za-z0-9+/]{60,78}\r?\n)*[A-Za-z0-9+/]{1,78}={0,2}\s*\Z")
_QUOTED = re.compile(rb"=[0-9A-F]{2}")
_SOFT = re.compile(rb"=\r?\n")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


def undo(data: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes behind the transfer encoding, and what was wrong with it (or None). Never raises."""
    if encoding in ("base64", "b"):
        return _base64(data)
    if encoding in ("quoted-printable", "q", "qp"):
        return _quoted(data), None
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _uu(data)
    return data, None


def undo_text(data: bytes, encoding: str) -> tuple[bytes, str | None]:
    """Like `undo`, for a part that should be text: also undoes an encoding that the headers do not admit."""
    decoded, defect = undo(data, encoding)
    if encoding in ("base64", "b") or len(data) > 4_000_000:
        return decoded, defect
    if encoding not in ("quoted-printable", "q", "qp") and _looks_quoted(data):
        return _quoted(data), "quoted-printable that no header admits"
    if _looks_base64(decoded):
        hidden, _ = _base64(decoded)
        if _readable(hidden):
            return hidden, "base64 that no header admits"
    return decoded, defect


def _base64(data: bytes) -> tuple[bytes, str | None]:
    strange = len(_NOT_BASE64.findall(data, 0, 20_000))
    spaces = data.count(b" ", 0, 20_000)
    length = min(len(data), 20_000)
    if length and (strange * 10 > length or (strange and spaces * 12 > length)):
        return data, "base64 that is none"
    chunks = _PADDING_INSIDE.split(data) if b"=" in data.rstrip(b"=\r\n\t -") else [data]
    out, broken = [], len(chunks) > 1 or strange > 0
    for chunk in chunks:
        try:
            out.append(binascii.a2b_base64(chunk))
        except (binascii.Error, ValueError):
            broken = True
            out.append(_mended_base64(chunk))
    return b"".join(out), "base64 that is broken" if broken else None


def _mended_base64(chunk: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", chunk)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return chunk


def _quoted(data: bytes) -> bytes:
    try:
        return binascii.a2b_qp(data)
    except (binascii.Error, ValueError):
        return data


def _uu(data: bytes) -> tuple[bytes, str | None]:
    begin = _UU_BEGIN.search(data)
    if not begin:
        return data, "uuencode that is none"
    out = bytearray()
    for line in data[begin.end() :].split(b"\n"):
        line = line.rstrip(b"\r")
        if line in (b"end", b"`", b""):
            break
        try:
            out += binascii.a2b_uu(line)
        except (binascii.Error, ValueError):
            try:
                out += binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
            except (binascii.Error, ValueError):
                return bytes(out), "uuencode that is broken"
    return bytes(out), None


def _looks_quoted(data: bytes) -> bool:
    head = data[:20_000]
    if not head.isascii() or b"=" not in head:
        return False
    codes, softs = len(_QUOTED.findall(head)), len(_SOFT.findall(head))
    high = len(re.findall(rb"=[89A-F][0-9A-F]=[89AB][0-9A-F]", head))
    return (softs >= 1 and codes >= 3 and high >= 1) or high >= 4


def _looks_base64(data: bytes) -> bool:
    stripped = data.strip()
    return len(stripped) >= 40 and len(re.sub(rb"\s", b"", stripped[:400_000])) % 4 == 0 and bool(_ONLY_BASE64.match(stripped[:400_000]))


def _readable(data: bytes) -> bool:
    """Whether bytes are text in UTF-8 or JIS rather than a picture."""
    if b"\x00" in data:
        return False
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    spaces = sum(character.isspace() for character in text)
    return spaces * 25 >= len(text) or any("\u3041" <= character <= "\u9fff" for character in text[:200])
