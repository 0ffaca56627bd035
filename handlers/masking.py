"""Covers numbers that nobody needs to see in a channel: payment cards, My Number, passports, telephones."""

import re
from collections.abc import Callable, Iterator

_SEPARATOR = r"[ \u00a0.\-‐-―−－ー]"
_RUN = re.compile(rf"(?<![\w+])\d(?:{_SEPARATOR}?\d){{11,18}}(?!\w)")
_CALL = re.compile(
    rf"(?<![\w.])(?:"
    rf"(?:\+|00)\d(?:[()]?{_SEPARATOR}?[()]?\d){{7,14}}"
    rf"|\(?0\d{{1,4}}\)?{_SEPARATOR}\d{{1,4}}{_SEPARATOR}\d{{3,4}}"
    rf"|\(\d{{3}}\){_SEPARATOR}?\d{{3}}{_SEPARATOR}\d{{4}}"
    rf"|\d{{3}}{_SEPARATOR}\d{{3}}{_SEPARATOR}\d{{4}}"
    rf"|0[5789]0\d{{8}}"
    rf")(?!\w)"
)
_NAMED_CALL = re.compile(
    rf"(?i:\b(?:tel|phone|telephone|mobile|cell|fax|telefon|handy|mobil|téléphone|teléfono|móvil|telefono|cellulare|telefoon|telefone|celular)\b"
    rf"|電話(?:番号)?|携帯(?:電話|番号)?|連絡先)\.?\s*(?:(?i:number|nr|no|n°|num)\.?\s*)?[:：]?\s*"
    rf"(?P<number>[+(]?\d(?:[()/]?{_SEPARATOR}?[()/]?\d){{6,14}})"
)
_NAMED_PASS = re.compile(
    r"(?:(?i:passport|reisepass|passeport|pasaporte|passaporto|paspoort|passaporte)|パスポート|旅券)[^\d\n]{0,30}?"
    r"(?P<number>\b(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{7,10}\b)"
)
_PASS = re.compile(r"(?<!\w)[A-Z]{2}\d{7}(?!\w)")
_NAMED_MINE = re.compile(rf"(?:(?i:my ?number)|マイナンバー|個人番号)[^\d\n]{{0,20}}(?P<number>\d(?:{_SEPARATOR}?\d){{11}})(?!\d)")

_NARROW = str.maketrans("０１２３４５６７８９（）＋", "0123456789()+")
_LUHN = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_MINE = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
"""Weights of a My Number's first eleven digits (ordinance of 2014, Art. 5)."""


def mask(text: str) -> str:
    """The text with such numbers covered, character for character; all else stays as it is."""
    covered = set(_covered(text.translate(_NARROW)))
    return "".join("•" if at in covered and c.isalnum() else c for at, c in enumerate(text)) if covered else text


def _covered(text: str) -> Iterator[int]:
    for start, end in _spans(text):
        yield from range(start, end)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _RUN.finditer(text):
        if _secret_number("".join(c for c in match[0] if c.isdigit())):
            yield match.span()
    for pattern in (_CALL, _PASS):
        for match in pattern.finditer(text):
            yield match.span()
    for pattern in (_NAMED_CALL, _NAMED_PASS, _NAMED_MINE):
        for match in pattern.finditer(text):
            yield match.span("number")


def _secret_number(digits: str) -> bool:
    checks: tuple[Callable[[str], bool], ...] = (_is_card, _is_my_number)
    return any(check(digits) for check in checks)


def _is_card(digits: str) -> bool:
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    return sum(_LUHN[int(d)] if at % 2 else int(d) for at, d in enumerate(reversed(digits))) % 10 == 0


def _is_my_number(digits: str) -> bool:
    if len(digits) != len(_MINE) + 1:
        return False
    rest = sum(int(d) * w for d, w in zip(digits, _MINE, strict=False)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)
