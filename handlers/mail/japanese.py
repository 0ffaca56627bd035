"""Japanese bytes to text as mailers write them: JIS and EUC with the NEC and IBM characters that Python's codecs refuse."""

import re

# JIS X 0208 escapes, JIS X 0212, JIS X 0201 left and right, and the two foreign sets that iso-2022-jp-2 allows.
_ESCAPE = re.compile(rb"\x1b(?:\$\(?[@ABCDOPQ]|\([BJIH]|\.[AF]|N|&@)")
_LOST_ESCAPE = re.compile(rb"\$([B@])((?:[!-~]{2}){1,200}?)\(([BJ])")
_EUC_UNIT = re.compile(rb"[\x00-\x7f]+|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|(?:[\xa1-\xfe]{2})+|[\x80-\xff]")
_KANA = re.compile("[\u3041-\u30fe]")
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_HANGUL = re.compile("[\uac00-\ud7a3]")


def decode_jis(data: bytes) -> str:
    """The text of ISO-2022-JP bytes; what no table knows becomes U+FFFD. Never raises."""
    out: list[str] = []
    mode, position = b"(B", 0
    for match in _ESCAPE.finditer(data):
        out.append(_segment(data[position : match.start()], mode))
        mode, position = match.group()[1:], match.end()
    out.append(_segment(data[position:], mode))
    return "".join(out)


def restore_escapes(data: bytes) -> bytes:
    """Puts back the ESC bytes that an old relay stripped from ISO-2022-JP text."""
    if b"$B" not in data and b"$@" not in data:
        return data
    return _LOST_ESCAPE.sub(lambda lost: b"\x1b$" + lost.group(1) + lost.group(2) + b"\x1b(" + lost.group(3), data)


def _segment(data: bytes, mode: bytes) -> str:
    if not data:
        return ""
    if mode in (b"(B", b"(J", b"(H"):
        return _single(data)
    if mode == b"(I":
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in data).decode("cp932", "replace")
    # A two-byte set ends with its line, as the standard says; a mailer that forgot the closing escape is read right that way.
    line, newline, rest = data.partition(b"\n")
    codec = {b"$A": "gb2312", b"$(C": "euc_kr"}.get(mode)
    if codec:
        text = bytes(byte | 0x80 if byte > 0x20 else byte for byte in line).decode(codec, "replace")
    elif mode == b"$(D":
        text = _pairs_0212(line)
    elif mode in (b"$(O", b"$(P", b"$(Q"):
        text = (b"\x1b" + mode + line + b"\x1b(B").decode("iso2022_jp_3" if mode == b"$(O" else "iso2022_jp_2004", "replace")
    else:
        text = _pairs_0208(line)
    return text + _single(newline + rest)


def _single(data: bytes) -> str:
    if data.isascii():
        return data.decode("ascii")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp932", "replace")


def _pairs_0208(data: bytes) -> str:
    try:
        return (b"\x1b$B" + data + b"\x1b(B").decode("iso2022_jp")
    except UnicodeDecodeError:
        return to_shift_jis(data).decode("cp932", "replace")


def _pairs_0212(data: bytes) -> str:
    try:
        return (b"\x1b$(D" + data + b"\x1b(B").decode("iso2022_jp_1")
    except UnicodeDecodeError:
        return "\ufffd" * (len(data) // 2)


def to_shift_jis(data: bytes) -> bytes:
    """JIS X 0208 pairs (7 or 8 bit) as Shift_JIS bytes, which cp932 then reads with the NEC and IBM rows."""
    out = bytearray()
    position, end = 0, len(data)
    while position < end:
        first = data[position] & 0x7F
        if not 0x21 <= first <= 0x7E or position + 1 >= end:
            out.append(data[position] if data[position] < 0x80 else 0x3F)
            position += 1
            continue
        second = data[position + 1] & 0x7F
        if not 0x21 <= second <= 0x7E:
            out.append(0x3F)
            position += 1
            continue
        lead = ((first + 1) >> 1) + (0x70 if first < 0x5F else 0xB0)
        trail = second + (0x1F if first & 1 else 0x7E)
        if first & 1 and trail >= 0x7F:
            trail += 1
        out += bytes((lead, trail))
        position += 2
    return bytes(out)


def decode_euc(data: bytes) -> str | None:
    """The text of EUC-JP bytes with the vendors' characters, or None where they are not EUC-JP."""
    try:
        return data.decode("euc_jp")
    except UnicodeDecodeError:
        pass
    out: list[str] = []
    for match in _EUC_UNIT.finditer(data):
        unit = match.group()
        if unit[0] < 0x80:
            out.append(unit.decode("ascii"))
        elif len(unit) == 1:
            return None
        else:
            try:
                out.append(unit.decode("euc_jp"))
            except UnicodeDecodeError:
                if unit[0] in (0x8E, 0x8F):
                    return None
                try:
                    out.append(to_shift_jis(unit).decode("cp932"))
                except UnicodeDecodeError:
                    return None
    return "".join(out)


def guess(sample: bytes) -> str | None:
    """The codec of unlabelled bytes that are plainly Japanese or Korean by their script ("cp932", "euc-jp", "cp949"), else None."""
    high = sum(byte >= 0x80 for byte in sample)
    if high < 4:
        return None
    shares = {"cp932": _share_cp932(sample), "euc-jp": _share_euc(sample)}
    best = max(shares, key=lambda codec: shares[codec])
    if shares[best] > 0.2:
        return best  # asked first: kana never come out of Korean bytes, while Shift_JIS often makes Hangul
    return "cp949" if _share_korean(sample) > 0.2 else None


def _share_cp932(sample: bytes) -> float:
    text = sample.decode("cp932", "replace")
    return _japanese_share(text) or (0.3 if _common_kanji(text) else 0.0)


def _common_kanji(text: str) -> bool:
    """Whether text is kanji of the first level throughout, as a short title or a name is: other bytes make half-width kana among them."""
    foreign = [character for character in text if character > "\x7f"]
    common = sum(bool(_IDEOGRAPH.match(character)) and character.encode("euc_jp", "replace")[0] <= 0xCF for character in foreign)
    return common >= 2 and common >= 0.75 * len(foreign) and "\ufffd" not in text and not _HALF_KANA.search(text)


def _share_euc(sample: bytes) -> float:
    text = decode_euc(sample) or decode_euc(sample[:-1]) or decode_euc(sample[:-2])
    return _japanese_share(text) if text else 0.0


def _japanese_share(text: str) -> float:
    foreign = [character for character in text if character > "\x7f"]
    if not foreign or text.count("\ufffd") * 50 > len(foreign):
        return 0.0
    kana, ideographs, half = len(_KANA.findall(text)), len(_IDEOGRAPH.findall(text)), len(_HALF_KANA.findall(text))
    if kana == 0 or half > kana:
        return 0.0
    return kana / len(foreign) + 0.3 * ideographs / len(foreign)


def _share_korean(sample: bytes) -> float:
    text = sample.decode("cp949", "replace")
    foreign = [character for character in text if character > "\x7f"]
    if not foreign or text.count("\ufffd") * 50 > len(foreign):
        return 0.0
    hangul = len(_HANGUL.findall(text)) / len(foreign)
    return hangul if hangul > 0.8 else 0.0
