"""Cleans what goes into a letter: no control characters, no line breaks where one line belongs, no advertisement for a name."""

import re
import unicodedata

_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_LONGEST_NAME = 60
_NO_NAME = re.compile(r"[/\\@<>\[\]{}|=]|www\.|https?:", re.IGNORECASE)


def one_line(text: str) -> str:
    """Everything on one line."""
    return " ".join(_clean(re.sub(r"[\r\n\t\u2028\u2029\x0b\x0c\x85]+", " ", text)).split(" ")).strip()


def many_lines(text: str) -> str:
    """Lines stay, however they ended."""
    return _clean(re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)).replace("\t", "    ")


def tidy(text: str) -> str:
    """No blanks at the ends of lines, no more than one empty line."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n ")


def greeted(name: str) -> str:
    """The name as a greeting may use it: '' where it is none, so that no letter of ours carries a stranger's advertisement."""
    clean = one_line(name)
    return "" if len(clean) > _LONGEST_NAME or _NO_NAME.search(clean) else clean


def _clean(text: str) -> str:
    visible = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return _OVERRIDES.sub("", visible)
