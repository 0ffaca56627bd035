"""Warns, before a letter goes, of what should not be in it and of what the law wants in it; a person decides."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers.law import Laws, Refusal, duties, missing

_BRACKETS = re.compile(
    r"\[(?!\d{1,3}\])[^\[\]\n]{1,300}\]|［[^［］\n]{1,300}］|\{\{.*?\}\}|\{%.*?%\}|<<[^<>\n]{1,200}>>|\{[A-Za-z_ ]{1,60}\}"
)
_SIGNS = re.compile(
    r"\b(?:X{3,}|x{3,}|TODO|TBD|TBC|FIXME|N\.N\.|XX[./]XX[./]XX(?:XX)?)(?!\w)|_{3,}|\?{3,}|[○〇●◯]{2,}|…{2,}|\.{4,}|lorem ipsum",
)
_INSERT = re.compile(
    r"(?:insert|fill in) (?:\w+ ){0,4}here"
    r"|hier (?:\w+ ){0,4}(?:einfügen|eintragen|ergänzen|invullen|invoegen)|nader in te vullen"
    r"|à compléter|insérer ici|(?:insertar|completar|rellenar|inserir|preencher) aqu[ií]|(?:por|a) completar"
    r"|(?:inserire|completare|compilare) qui|da (?:completare|inserire|compilare)"
    r"|要記入|要確認|(?:ここ|こちら)に(?:ご)?(?:記入|入力)",
    re.IGNORECASE,
)
_REF = re.compile(r"\bPR-\d{4}-\d{5,}\b")
_SHORTEST = 4
"""A name of one word with fewer signs is a word like any other."""


@dataclass(frozen=True)
class Concerned:
    """Somebody whom a case is about: its ref, their name and mail address; what is not known is ''."""

    ref: str
    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Lack:
    """Something that the law wants a letter to say, in both languages of the desk, and where it stands."""

    en: str
    ja: str
    cite: str


@dataclass(frozen=True)
class Warned:
    """A warning in both languages of the desk; `found` is the place in the letter, or ''."""

    en: str
    ja: str
    found: str = ""

    def said(self, language: str) -> str:
        """The warning in Japanese ("ja") or English (anything else)."""
        return self.ja if language == "ja" else self.en


def warnings(
    text: str,
    *,
    case: Concerned,
    others: Iterable[Concerned] = (),
    lacking: Iterable[Lack] = (),
    password: str = "",
) -> tuple[Warned, ...]:
    """What to look at before this text is mailed; () where nothing is.

    `others` are the other cases whose persons must not be named here, `lacking` is what the law demands and the text does not say.
    """
    found = [*_placeholders(text), *_strangers(text, case, others), *_demanded(lacking), *_password(text, password)]
    return tuple(dict.fromkeys(found))


def lacking(laws: Laws, refusal: Refusal, text: str) -> tuple[Lack, ...]:
    """What this text must say under the law and does not."""
    gone = frozenset(missing(laws, refusal, text))
    spoken = (duties(laws, replace(refusal, language=language)) for language in (refusal.language, "en", "ja"))
    return tuple(Lack(en.what, ja.what, en.cite) for one, en, ja in zip(*spoken, strict=True) if one in gone)


def placeholders(text: str) -> tuple[str, ...]:
    """What in the text still waits to be filled in, in its order."""
    hits = [*_BRACKETS.finditer(text), *_SIGNS.finditer(text), *_INSERT.finditer(text)]
    hits.sort(key=lambda hit: (hit.start(), -hit.end()))
    outer: list[re.Match[str]] = []
    for hit in hits:
        if not outer or hit.start() >= outer[-1].end():
            outer.append(hit)
    return tuple(dict.fromkeys(hit[0] for hit in outer))


def _placeholders(text: str) -> list[Warned]:
    return [
        Warned(f"“{_short(place)}” still waits to be filled in.", f"「{_short(place)}」が記入されていません。", place)
        for place in placeholders(text)
    ]


def _strangers(text: str, case: Concerned, others: Iterable[Concerned]) -> list[Warned]:
    plain, own = _folded(text), _folded(f"{case.name} {case.address}")
    strange = [(what, other.ref) for other in others if other.ref != case.ref for what in (other.name, other.address) if what]
    found = [_of(what, ref) for what, ref in strange if _says(plain, what) and not _says(own, what)]
    refs = dict.fromkeys(ref for ref in _REF.findall(text) if ref != case.ref)
    found += [Warned(f"The letter names another case, {ref}.", f"別の案件（{ref}）の番号が含まれています。", ref) for ref in refs]
    return found


def _of(what: str, ref: str) -> Warned:
    return Warned(f"“{_short(what)}” is named, who belongs to {ref}.", f"「{_short(what)}」は別の案件（{ref}）のご本人です。", what)


def _demanded(lacks: Iterable[Lack]) -> list[Warned]:
    return [
        Warned(f"The law wants this said: {lack.en} ({lack.cite}).", f"法令により記載が必要です：{lack.ja}（{lack.cite}）。")
        for lack in lacks
    ]


def _password(text: str, password: str) -> list[Warned]:
    if not password or password.casefold() not in text.casefold():
        return []
    en = "The letter holds the password of its archive. Tell it to the person another way."
    return [Warned(en, "添付ファイルのパスワードが本文に含まれています。別の方法でお知らせください。")]


def _says(plain: str, what: str) -> bool:
    """Whether the folded text has these words, as words; a name in a script without blanks also with its parts joined."""
    wanted = _folded(what)
    if any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in wanted):
        joined = wanted.replace(" ", "")
        return len(joined) > 1 and joined in plain.replace(" ", "")
    if len(wanted) < _SHORTEST or wanted not in plain:
        return False
    return re.search(rf"(?<![\w@.+-]){re.escape(wanted)}(?![\w@])", plain) is not None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
