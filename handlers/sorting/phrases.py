"""Phrases by language as data (phrases/*.toml), found in normalised sentences without trying each one at each place."""

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from handlers.sorting.reading import CJK, normal

_TOKEN = re.compile(r"\([^)]*\)\??|~\d*|[^\s()~]+")
_NESTED = re.compile(r"\([^)]*\(")
_CJK_CHAR = re.compile(f"[{CJK}]")
_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"#| |.\?|[^#? ]+?(?=.\?|#| |$)")
_KEY = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: the idea it stands for, the language of the phrase, and where in the normalised sentence."""

    idea: str
    language: str
    start: int
    end: int


class _Entry:
    """A phrase with its pattern, compiled when it is first needed: most phrases of most languages never are."""

    __slots__ = ("_compiled", "_pattern", "idea", "language")

    def __init__(self, idea: str, language: str, pattern: str) -> None:
        self.idea = idea
        self.language = language
        self._pattern = pattern
        self._compiled: re.Pattern[str] | None = None

    def match(self, text: str, at: int) -> re.Match[str] | None:
        if self._compiled is None:
            self._compiled = re.compile(self._pattern)
        return self._compiled.match(text, at)


class Lexicon:
    """All phrases of all languages, indexed by how they begin.

    The language of phrases: words as written; `word*` is any ending; `(a|b)` one of; `(a|b)?` perhaps; `~` up to four words between
    (`~2`: up to two). In Chinese, Japanese and Korean there are no word borders and `~` is up to ten characters.
    """

    def __init__(self, tables: dict[str, dict[str, list[str]]]) -> None:
        self._spaced: dict[str, list[_Entry]] = defaultdict(list)
        self._unspaced: dict[str, list[_Entry]] = defaultdict(list)
        self.languages = frozenset(tables)
        for language, ideas in tables.items():
            for idea, phrases in ideas.items():
                for phrase in phrases:
                    self._add(language, idea, phrase)

    def _add(self, language: str, idea: str, phrase: str) -> None:
        for form in _spellings(phrase, language):
            if _CJK_CHAR.search(form):
                pattern, starts = _unspaced(form)
                entry = _Entry(idea, language, pattern)
                for start in {start[:2] for start in starts}:
                    self._unspaced[start].append(entry)
            else:
                pattern, starts = _spaced(form)
                entry = _Entry(idea, language, pattern)
                for key in {"#" if start[:1].isdigit() else start[:_KEY] for start in starts}:
                    self._spaced[key].append(entry)

    def find(self, sentence: str, languages: frozenset[str] | None = None) -> list[Hit]:
        """Every phrase in a normalised sentence, in order of where it begins; of those languages only, where any are given."""
        hits = []
        for word in _WORD.finditer(sentence):
            at = word.start()
            key = "#" if sentence[at].isdigit() else sentence[at : min(at + _KEY, word.end())]
            for entry in self._spaced.get(key, ()):
                if languages is not None and entry.language not in languages:
                    continue
                found = entry.match(sentence, at)
                if found:
                    hits.append(Hit(entry.idea, entry.language, at, found.end()))
        if not sentence.isascii() and _CJK_CHAR.search(sentence):
            for at in range(len(sentence) - 1):
                for entry in (*self._unspaced.get(sentence[at : at + 2], ()), *self._unspaced.get(sentence[at], ())):
                    if languages is not None and entry.language not in languages:
                        continue
                    found = entry.match(sentence, at)
                    if found:
                        hits.append(Hit(entry.idea, entry.language, at, found.end()))
        return hits


def _spellings(phrase: str, language: str) -> list[str]:
    if language == "de" and re.search("[äöü]", phrase):
        return [phrase, phrase.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")]
    return [phrase]


def _plain(word: str) -> str:
    """The pattern of one word: `#` is a number, a character before `?` may be missing."""
    made = ""
    for part in _PIECE.findall(word):
        if part == "#":
            made += r"\d+"
        elif part == " ":
            made += " ?" if _CJK_CHAR.search(word) else " "
        elif part.endswith("?"):
            made += f"(?:{re.escape(part[0])})?"
        else:
            made += re.escape(normal(part)).replace(r"\ ", " ?" if _CJK_CHAR.search(part) else " ")
    return made


def _literal(word: str) -> str:
    """The fixed characters that a word begins with."""
    return "#" if word.startswith("#") else normal(re.split(r".\?|#|\*", word)[0])


def _tokens(phrase: str) -> list[str]:
    """The tokens of a phrase; one that may be missing says nothing at the beginning."""
    if _NESTED.search(phrase):
        raise ValueError(f"brackets must not nest: {phrase}")
    tokens = _TOKEN.findall(phrase)
    while tokens and tokens[0].endswith(")?"):
        del tokens[0]
    return tokens


def _spaced(phrase: str) -> tuple[str, list[str]]:
    """The pattern of a phrase in a language with word borders, and the words it can begin with."""
    pattern, starts = "", []
    for position, token in enumerate(_tokens(phrase)):
        if token.startswith("~"):
            pattern += rf"(?: \w+){{0,{token[1:] or 4}}}?"
            continue
        optional = token.endswith("?") and token.startswith("(")
        words = token.rstrip("?").strip("()").split("|") if token.startswith("(") else [token]
        if position == 0:
            starts = [_literal(word) for word in words]
            if any(not start or (word.endswith("*") and len(start) < _KEY) for word, start in zip(words, starts, strict=True)):
                raise ValueError(f"an open word needs {_KEY} letters: {phrase}")
        either = "|".join(_plain(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
        pattern += f"(?:{either})" if position == 0 else f"(?: (?:{either}))" + ("?" if optional else "")
    return pattern + r"(?!\w)", [start.split(" ")[0] for start in starts]


def _unspaced(phrase: str) -> tuple[str, list[str]]:
    """The pattern of a phrase in a language without word borders, and the characters it can begin with."""
    pattern, starts = "", []
    for position, token in enumerate(_tokens(phrase)):
        if token.startswith("~"):
            pattern += f".{{0,{token[1:] or 10}}}?"
            continue
        optional = token.endswith("?") and token.startswith("(")
        words = token.rstrip("?").strip("()").split("|") if token.startswith("(") else [token]
        if position == 0:
            starts = [_literal(word) for word in words]
            if not all(starts):
                raise ValueError(f"a phrase must begin with what is fixed: {phrase}")
        pattern += (" ?" if position else "") + f"(?:{'|'.join(map(_plain, words))})" + ("?" if optional else "")
    return pattern, starts


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The phrases that ship with the package; each file may hold a table `colloquial` of how people say the same in a hurry."""
    tables = {}
    for file in sorted(resources.files("handlers.sorting").joinpath("phrases").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text("utf-8"))
            colloquial: dict[str, list[str]] = table.pop("colloquial", {})
            tables[file.name.removesuffix(".toml")] = {
                idea: table.get(idea, []) + colloquial.get(idea, []) for idea in {**table, **colloquial}
            }
    return Lexicon(tables)
