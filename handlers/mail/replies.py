"""mail-parser-reply on a short leash: its expressions see a few short lines at a time, since they run away on long ones.

Twenty thousand empty lines cost it half a minute, one line of five thousand words a second and a half.
"""

from functools import lru_cache
from re import Pattern

from mailparser_reply import EmailMessage

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "ja", "pl", "ko", "zh", "cs")  # its Danish and Swedish take whole sentences for signatures
MAX_LINE = 200


@lru_cache(maxsize=1)
def _expressions() -> tuple[Pattern[str], Pattern[str]]:
    message = EmailMessage(text="", languages=list(LANGUAGES), keep_hyphen_lists=True)
    return message.HEADER_REGEX, message.SIGNATURE_REGEX


def starts_quotation(lines: list[str]) -> bool:
    """Whether the first of these lines (three at most are read) introduces a quotation."""
    view = "\n".join(line[:MAX_LINE] for line in lines[:3])
    match = _expressions()[0].match(view)
    return bool(match and match.group().strip())


def signature_line(lines: list[str]) -> int | None:
    """Which of these last lines of a mail (sixteen at most) starts a signature, or None."""
    view, numbers = [""], [-1]  # a sign-off on the first line is no signature to the library: it gets a line above
    for number, line in enumerate(lines[-16:], start=max(0, len(lines) - 16)):
        if line.strip():
            view.append(line.strip()[:MAX_LINE])
            numbers.append(number)
    match = _expressions()[1].search("\n".join(view))
    if not match:
        return None
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    return numbers[min("\n".join(view)[:start].count("\n"), len(numbers) - 1)]
