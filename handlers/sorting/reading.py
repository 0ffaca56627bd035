"""Text made comparable: one Unicode form, lower case, no accents, cut into sentences."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_APART = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "ς": "σ"})
_ACCENTS = {
    code: base
    for block in (range(0xC0, 0x250), range(0x370, 0x400), range(0x1E00, 0x2000))
    for code in block
    if (base := unicodedata.normalize("NFD", chr(code))[0]) != chr(code) and base.isalpha()
}
_ACCENTS.update(_APART)
_INVISIBLE = dict.fromkeys([0xAD, 0x34F, 0x115F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
KANA = re.compile("[\u3041-\u30ff]")
HANGUL = re.compile("[\uac00-\ud7a3]")
CJK_RUN = re.compile(f"[{CJK}]")
_CJK_SPACE = re.compile(rf"(?<=[{CJK}])[ \t\u3000]+(?=[{CJK}])")
_CJK_END = re.compile(rf"[{CJK}、，]$")
_CJK_BORDER = re.compile(rf"(?<=[{CJK}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{CJK}])")
_LONGEST = 700
_NOT_WORD = re.compile(r"[^\w]+")
_EMAIL_WORD = re.compile(r"\be mail")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:art|arts|gem|abs|nr|lit|bzw|ggf|inkl|bspw|vgl|no|num|sec|para|inc|ltd|co|corp|mr|mrs|ms|dr|prof|sr|sra|st|vs|etc|usw"
    r"|al|ust|čl|cl|st|odst|pism|nº|n|d|p|z|b|e|g|i|u|s|ca|ref|tel|approx|dept|spol|r|o)\.$",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])[\"'»”)]*\s+(?=[^\sa-zа-я\d,;])|(?<=[。！？!?])|(?<=[;；])\s+")
_BULLET = re.compile(r"^\s*(?:[-*•・◦▪●○■□◆※>–—]|\(?\d{1,2}[.)）]|[①-⑳])")


@dataclass(frozen=True)
class Sentence:
    """A stretch of text that says one thing: as written, and normalised for matching."""

    written: str
    normal: str
    question: bool


def tidy(text: str) -> str:
    """The text in NFKC without invisible characters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE)


def normal(text: str) -> str:
    """Lower case, accents of Latin and Greek letters gone, words parted by single spaces, no spaces inside Chinese, Japanese, Korean."""
    low = text.lower()
    if not low.isascii():
        low = low.translate(_ACCENTS)
    spaced = _NOT_WORD.sub(" ", low).strip()
    if not spaced.isascii():
        spaced = _CJK_BORDER.sub(" ", _CJK_SPACE.sub("", spaced))
    return _EMAIL_WORD.sub("email", spaced)


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a mail, wrapped lines joined, list items and short lines apart."""
    found = []
    for block in _blocks(tidy(text)):
        for written in (piece for sentence in _cut(block) for piece in _short(sentence)):
            plain = normal(written)
            if plain:
                found.append(Sentence(written, plain, written.rstrip(" \"'»”)").endswith(("?", "？"))))
    return tuple(found)


def _short(sentence: str) -> list[str]:
    """A sentence without end in pieces: nobody reads on for so long, and the search for phrases must not either."""
    pieces = []
    while len(sentence) > _LONGEST:
        end = sentence.rfind(" ", _LONGEST // 2, _LONGEST)
        end = end if end > 0 else _LONGEST
        pieces.append(sentence[:end])
        sentence = sentence[end:].lstrip()
    return [*pieces, sentence]


def _cut(block: str) -> Iterator[str]:
    held = ""
    for part in _END.split(block):
        if not part:
            continue
        held = f"{held} {part}" if held else part
        if _ABBREVIATION.search(held[-8:]):
            continue
        yield held.strip()
        held = ""
    if held.strip():
        yield held.strip()


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs: wrapped lines joined; a blank line, a list item or a line that is clearly short ends one."""
    held = ""
    previous = ""
    for line in text.splitlines():
        stripped = line.strip(" \t\u3000")
        if not stripped:
            if held:
                yield held
            held = previous = ""
            continue
        if held and _apart(previous, stripped):
            yield held
            held = stripped
        elif held:
            held += ("" if _CJK_END.search(held) else " ") + stripped
        else:
            held = stripped
        previous = stripped
    if held:
        yield held


def _apart(previous: str, line: str) -> bool:
    if _BULLET.match(line) or (previous.endswith((":", "：", ",", "、")) and len(previous) < 30):
        return True
    if _CJK_END.search(previous):
        return len(previous) < 12
    return len(previous) < 45 and not line[0].islower()
