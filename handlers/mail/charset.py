"""Bytes to text for every charset that mail really uses, whatever the label says."""

import codecs
import re
from functools import lru_cache

from handlers.mail import japanese

# What a label means in practice: the superset that senders of that label really write.
ALIASES = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "ms932": "cp932", "x-ms-cp932": "cp932", "windows-932": "cp932",
    "euc-jp": "euc-jp", "eucjp": "euc-jp", "x-euc-jp": "euc-jp", "x-euc": "euc-jp", "euc_jp": "euc-jp", "eucjp-ms": "euc-jp",
    "cp51932": "euc-jp", "ujis": "euc-jp",
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "euc-cn": "gb18030",
    "gb-18030": "gb18030", "windows-936": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "big-5": "big5hkscs", "x-big5": "big5hkscs", "cn-big5": "big5hkscs", "cp950": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949", "euckr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "ks_c_5601": "cp949", "ks_c_5601-1989": "cp949",
    "uhc": "cp949", "x-windows-949": "cp949", "windows-949": "cp949",
    "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "ansi_x3.4-1968": "cp1252", "646": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8", "x-utf-8": "utf-8", "utf-8n": "utf-8", "utf_8": "utf-8", "cp65001": "utf-8", "windows-65001": "utf-8",
    "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "x-mac-japanese": "cp932", "iso-10646-ucs-2": "utf-16-be", "ucs-2": "utf-16-be",
}  # fmt: skip
MULTIBYTE = frozenset({"cp932", "euc-jp", "gb18030", "big5hkscs", "cp949", "utf-8", "hz", "utf-7"})
SAMPLE = 8192  # bytes that a guess looks at
_TEXT_ENCODINGS_ONLY = frozenset({"hex", "base64", "bz2", "zip", "zlib", "uu", "quopri", "rot13", "rot-13", "punycode", "idna",
                                  "unicode-escape", "raw-unicode-escape", "undefined", "oem", "mbcs"})  # fmt: skip


@lru_cache(maxsize=512)
def codec_of(label: str) -> str | None:
    """The codec for a charset label: a Python name, one of our own ("iso-2022-jp", "euc-jp"), or None where the label says nothing."""
    name = label.strip().strip("\"'<>").lower().partition("*")[0].replace(" ", "-")
    if not name or len(name) > 40:
        return None
    if name.startswith(("iso-2022-jp", "iso2022-jp", "iso2022jp", "csiso2022jp", "iso_2022_jp", "iso2022_jp", "cp5022", "jis")):
        return "iso-2022-jp"
    if name in ALIASES:
        return ALIASES[name]
    if match := re.fullmatch(r"(?:x-)?(?:win|windows|cp|ibm)[-_]?(\d{3,5})", name):
        name = "cp" + match.group(1)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, TypeError):
        return None
    if found.name.replace("_", "-") in _TEXT_ENCODINGS_ONLY or not getattr(found, "_is_text_encoding", True):
        return None
    return ALIASES.get(found.name, found.name)


def decode(data: bytes, label: str | None = None) -> str:
    """The text of the bytes; `label` is the charset that the mail states, believed only as far as the bytes agree. Never raises."""
    codec = codec_of(label) if label else None
    if data.isascii():
        return _decode_ascii(data, codec)
    text = _strict(data, "utf-8")
    if text is not None and (codec is None or codec not in MULTIBYTE or codec == "utf-8"):
        return text.removeprefix("\ufeff")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") and (wide := _strict(data, "utf-16")) is not None:
        return wide
    if codec == "iso-2022-jp":
        return japanese.decode_jis(data) if b"\x1b" in data else (text or _guess(data) or _loose(data, "cp932"))
    if codec and codec != "utf-8" and (declared := _strict(data, codec)) is not None:
        return declared
    if text is not None:
        return text
    if codec in MULTIBYTE:
        loose = _loose(data, codec)
        if loose.count("\ufffd") * 20 <= len(loose):  # a few broken characters in text that is otherwise what it says
            return loose
    return _guess(data) or _loose(data, codec or "cp1252")


def _decode_ascii(data: bytes, codec: str | None) -> str:
    if b"\x1b" in data and (b"\x1b$" in data or codec == "iso-2022-jp"):
        if codec and codec.startswith("iso2022") and (text := _strict(data, codec)) is not None:
            return text
        return japanese.decode_jis(data)
    if codec == "iso-2022-jp":
        return japanese.decode_jis(japanese.restore_escapes(data))
    if codec in ("utf-7", "hz", "utf-16", "utf-16-le", "utf-16-be", "utf-32") and (text := _strict(data, codec)) is not None:
        return text
    if codec == "utf-7":
        return _loose(data, "utf-7")
    return data.decode("ascii", "replace")


def _strict(data: bytes, codec: str) -> str | None:
    if codec == "euc-jp":
        return japanese.decode_euc(data)
    if codec == "cp1252":
        return data.decode("cp1252") if not _UNDEFINED_1252.search(data) else data.decode("latin-1")
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError, OverflowError, MemoryError):
        return None


_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def _loose(data: bytes, codec: str) -> str:
    if codec == "euc-jp":
        codec = "euc_jp"
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, LookupError, ValueError, OverflowError, MemoryError):
        return data.decode("latin-1")


def _guess(data: bytes) -> str | None:
    """The text of bytes whose label says nothing true: Japanese and Korean by their scripts first, then charset-normalizer."""
    sample = data[:SAMPLE]
    if _western(sample):
        return _loose(data, "cp1252")
    if (asian := japanese.guess(sample)) and (text := _strict(data, asian) or _loose(data, asian)):
        return text
    found = _normalizer(sample)
    return _loose(data, found) if found else None


def _western(sample: bytes) -> bool:
    """Whether high bytes stand one by one among ASCII letters, as accents do."""
    runs = _HIGH_RUN.findall(sample)
    high = b"".join(runs)
    letters = sum(byte >= 0xC0 for byte in high)
    return bool(runs) and sum(len(run) > 1 for run in runs) * 4 <= len(runs) and len(high) * 3 < len(sample) and letters * 2 >= len(high)


def _normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # here, because few mails need it and it is slow to load

    try:
        best = from_bytes(sample, steps=5, chunk_size=512).best()
    except Exception:  # noqa: BLE001 -- a guess that fails is no guess
        return None
    return codec_of(best.encoding) if best else None
