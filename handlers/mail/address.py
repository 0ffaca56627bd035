"""Address headers: names and addresses out of what senders really write."""

import re

from handlers.mail.header import decode_words, raw_text, safe
from handlers.mail.message import Address

MAX_ADDRESSES = 2_000  # of one header; more than that is no letter to us
MAX_TEXT = 200_000

_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.){0,2000})"'  # a quoted name
    r"|\(((?:[^()\\]|\\.|\([^()]{0,200}\)){0,500})\)"  # a comment
    r"|<([^<>]{0,1000})>|([,;:])"
    r'|([^"(<>,;:]+)|(.)',
    re.DOTALL,
)
_BARE = re.compile(r"[^\s<>()\"',;:@\\]{1,200}@[^\s<>()\"',;:@\\]{1,250}")
_ANGLE = re.compile(r"^(.*?)[<＜]\s*([^\s<>@]{1,200}@[^\s<>@]{1,250})\s*[>＞]", re.DOTALL)
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_QUOTES = "\"'“”„‘’ \t"


def addresses(value: bytes) -> tuple[Address, ...]:
    """Every mailbox of a raw address value, in order; groups give their members. Never raises."""
    return from_text(raw_text(value))


def from_text(text: str) -> tuple[Address, ...]:
    """The same for unfolded text whose encoded words are still encoded."""
    found: list[Address] = []
    name: list[str] = []
    comment, angle = "", None
    for quoted, aside, inside, mark, plain, other in _TOKEN.findall(text[:MAX_TEXT]):
        if mark == ":":
            if angle is None and not any("@" in piece or "=?" in piece for piece in name):
                name = []  # what stood before was the name of a group
            continue
        if mark:
            _add(found, name, comment, angle)
            name, comment, angle = [], "", None
            if len(found) >= MAX_ADDRESSES:
                break
        elif inside or (not quoted and not aside and not plain and not other):
            if angle is None:
                angle = inside
        elif aside:
            comment = comment or aside
        else:
            name.append(re.sub(r"\\(.)", r"\1", quoted) if quoted else plain or other)
    _add(found, name, comment, angle)
    return tuple(found)


def _add(found: list[Address], pieces: list[str], comment: str, angle: str | None) -> None:
    text = re.sub(r"\s{1,20}\.\s{0,20}", ".", decode_words("".join(pieces)).strip())
    if angle is not None:
        address = _clean(angle)
        if not address and (hit := _BARE.search(text)):
            address, text = _clean(hit.group()), ""
        _append(found, text, address)
        return
    if inner := _ANGLE.match(text):  # the whole mailbox was put into one encoded word
        _append(found, inner.group(1), _clean(inner.group(2)))
    elif hit := _BARE.search(text):
        rest = (text[: hit.start()] + text[hit.end() :]).strip()
        _append(found, decode_words(comment) or rest, _clean(hit.group()))
    elif text or comment:
        _append(found, text or decode_words(comment), "")


def _append(found: list[Address], name: str, address: str) -> None:
    name = safe(name).strip(_QUOTES)
    if name.lower() == address.lower():
        name = ""
    if name or address:
        found.append(Address(name[:300], address))


def _clean(text: str) -> str:
    """`local@domain` out of what stood between the brackets: no source route, no mailto, the domain in lower case; '' if it is none."""
    text = _COMMENT.sub("", safe(decode_words(text))).strip(" '\"<>")
    if text.lower().startswith("mailto:"):
        text = text[7:].partition("?")[0]
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    local, at, domain = text.rpartition("@")
    if at and local.startswith('"') and local.endswith('"'):
        local = local[1:-1]
    local, domain = local.replace(" ", ""), domain.replace(" ", "").rstrip(".").lower()
    if not at or not local or not domain or len(local) > 200 or len(domain) > 255:
        return ""
    return f"{local}@{domain}"
