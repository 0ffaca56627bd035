"""Who a mail is about and whose address may be acted upon: forwards, agents, addresses named in the text."""

import re

from handlers.mail import Address, Mail
from handlers.sorting.perusal import Perusal

_ADDRESS = re.compile(r"[\w.+'=/%&~#!$-]+@[\w-]+(?:\.[\w-]+)+")


def requester(mail: Mail, perusal: Perusal, own: frozenset[str]) -> str | None:
    """The address of the person concerned where it is not the sender's: who wrote what was forwarded, or the one that an agent names."""
    if mail.forward is not None:
        return _known(perusal.author, own)
    if not perusal.reading.ideas.get("agent"):
        return None
    named = _named(perusal.words) - own - {_plain(mail.sender)}
    return named.pop() if len(named) == 1 else None


def to_suppress(mail: Mail, perusal: Perusal, own: frozenset[str]) -> str | None:
    """Whose address gets no more mail where the mail asks for that: the sender's own, unless others are named or somebody else wrote it."""
    sender = _plain(mail.sender)
    if mail.forward is not None or "@" not in sender or sender in own or len(mail.from_) > 1 or perusal.reading.ideas.get("agent"):
        return None
    return None if _named(f"{perusal.subject} {perusal.words}") - own - {sender} else sender


def _named(text: str) -> set[str]:
    return {found.lower().strip(".'") for found in _ADDRESS.findall(text)}


def _plain(address: Address | None) -> str:
    return address.address.lower() if address else ""


def _known(address: Address | None, own: frozenset[str]) -> str | None:
    plain = _plain(address)
    return plain if "@" in plain and plain not in own else None
