"""A mail perused: whose words count, what they say, in which languages they may be written."""

import re
from dataclasses import dataclass

from handlers.mail import Address, Mail
from handlers.sorting import language, reading, signals
from handlers.sorting.phrases import lexicon

_MOST = 12_000
_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|tr|rv|sv|vs|vb|antw|odp|i|r|enc|res|rif|ynt|doorst|転送|返信|回复|转发)\s*(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^\s*(?:re|aw|sv|vs|antw|odp|r|res|rif|ynt|返信|回复)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True)
class Perusal:
    """Whose words (None where nobody is named), the subject and the words themselves, what they say, and the language."""

    author: Address | None
    subject: str
    words: str
    reading: signals.Reading
    language: str


def peruse(mail: Mail) -> Perusal:
    """Read the words that count: of a forward, those passed on; the subject of a reply was ours, not theirs."""
    forward = mail.forward
    if forward is not None and forward.text.strip():
        author, subject, words = forward.sender, _PREFIX.sub("", forward.subject or mail.subject), f"{mail.words}\n\n{forward.text}".strip()
    else:
        author, words = mail.sender, mail.words.strip() or mail.text.strip()
        subject = "" if _REPLY.match(mail.subject) and len(words) > 3 else _PREFIX.sub("", mail.subject)
    sample = f"{words[:1500]} {subject}"
    may_be = language.spoken(sample)
    found = reading.sentences(f"{subject}\n\n{words[:_MOST]}")
    seen = signals.read(found, lexicon(), frozenset((*may_be, "en")), unread=bool(may_be) and may_be[0] not in lexicon().languages)
    return Perusal(author, subject, words, seen, language.detect(sample, may_be, seen.languages))
