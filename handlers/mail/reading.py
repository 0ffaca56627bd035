"""Bytes to a frozen Mail: every header and part wrapped, so that nothing a sender writes can stop us."""

import re

from handlers.mail import address, dates, forward
from handlers.mail.body import gather
from handlers.mail.header import Block, decode_value, raw_text, safe
from handlers.mail.message import Address, Forward, Mail
from handlers.mail.structure import read
from handlers.mail.words import own_words

_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "original-recipient", "x-forwarded-to")
_FOR = re.compile(r"\sfor <([^\s<>@]{1,200}@[^\s<>@;]{1,250})>")
_MAX_IDS = 200


def parse(raw: bytes) -> Mail:
    """The mail in the bytes. Never raises: what cannot be read is named in `defects`; where it is all of it, `readable` is False."""
    try:
        return _parse(raw)
    except Exception as broken:  # noqa: BLE001 -- the promise of this door: one mail that breaks us is quarantined, not the run
        return Mail(size=len(raw), readable=False, defects=(f"unreadable: {type(broken).__name__}",))


def _parse(raw: bytes) -> Mail:
    if not raw.strip(b"\x00\r\n\t "):
        return Mail(size=len(raw), readable=False, defects=("empty",))
    defects: list[str] = []
    data = _line_ends(raw, defects)
    root = read(data, defects)
    body = gather(root)
    defects += body.defects
    block = root.block
    subject = _text(block, "subject")
    from_ = _all_addresses(block, "from")
    return_path = _return_path(block)
    sender = _sender(block, from_, return_path)
    text = body.text
    passed_on = forward.attached(body)
    start = -1
    if passed_on is None:
        passed_on, start = forward.inline(subject, text, sender)
    elif not text:
        text = passed_on.text
    words = _words(text, passed_on, start, sender.address if sender else "")
    to, cc = _all_addresses(block, "to"), _all_addresses(block, "cc")
    return Mail(
        message_id=next(iter(_ids(block, "message-id")), None),
        subject=subject,
        sender=sender,
        from_=from_,
        reply_to=_all_addresses(block, "reply-to"),
        to=to,
        cc=cc,
        recipients=_recipients(block, to, cc),
        date=dates.parse(_text(block, "date")),
        in_reply_to=_ids(block, "in-reply-to"),
        references=_ids(block, "references"),
        headers=tuple((name, decode_value(value)) for name, value in block.fields),
        text=text,
        words=words,
        html=body.html,
        attachments=tuple(body.attachments),
        forward=passed_on,
        reports=tuple(body.reports),
        content_types=tuple(body.types),
        return_path=return_path,
        encrypted=body.encrypted,
        received=tuple(dates.hop(value) for name, value in block.fields if name == "received"),
        authentication_results=tuple(raw_text(value) for name, value in block.fields if name == "authentication-results"),
        size=len(raw),
        defects=tuple(dict.fromkeys(defects)),
        readable=bool(block.fields) or _is_prose(text),
    )


def _words(text: str, passed_on: Forward | None, start: int, address: str) -> str:
    """The sender's own words; those of the mail they passed on where they added none."""
    if start < 0 or passed_on is None:
        return own_words(text, address) if text else ""
    above = "\n".join(text.split("\n")[:start]).strip()
    return (own_words(above) if above else "") or passed_on.text or own_words(text, address)


def _is_prose(text: str) -> bool:
    """Whether text without a single header is something written, rather than the bytes of a picture."""
    head = text[:4000]
    return (
        bool(head) and sum(character.isprintable() or character in "\n\t" for character in head) > 0.9 * len(head) and "\ufffd" not in head
    )


def _line_ends(raw: bytes, defects: list[str]) -> bytes:
    """Mail whose lines end in a lone CR is given line feeds."""
    if b"\n" in raw[:100_000] or b"\r" not in raw[:100_000]:
        return raw
    defects.append("lines end in CR alone")
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _text(block: Block, name: str) -> str:
    value = block.first(name)
    return decode_value(value) if value is not None else ""


def _all_addresses(block: Block, name: str) -> tuple[Address, ...]:
    return tuple(found for key, value in block.fields if key == name for found in address.addresses(value))


def _sender(block: Block, from_: tuple[Address, ...], return_path: str | None) -> Address | None:
    for candidates in (from_, _all_addresses(block, "sender")):
        for candidate in candidates:
            if candidate.address:
                return candidate
    if return_path:
        return Address("", return_path)
    return from_[0] if from_ else None


def _return_path(block: Block) -> str | None:
    value = block.first("return-path")
    if value is None:
        return None
    return next((found.address for found in address.addresses(value) if found.address), "")


def _recipients(block: Block, to: tuple[Address, ...], cc: tuple[Address, ...]) -> frozenset[str]:
    """Whom the mail names and whom it was delivered to, by the delivery headers and by "for" in the topmost Received."""
    delivered = [found for name in _DELIVERED for found in _all_addresses(block, name)]
    received = [value for name, value in block.fields if name == "received"][:3]
    bound = [match.group(1).lower() for value in received if (match := _FOR.search(raw_text(value[:4000])))]
    return frozenset([*(found.address.lower() for found in (*to, *cc, *delivered) if found.address), *bound])


def _ids(block: Block, name: str) -> tuple[str, ...]:
    """The message ids of a header, in brackets; ids that came without them are given them."""
    found: list[str] = []
    for key, value in block.fields:
        if key == name:
            text = safe(raw_text(value))
            ids = [f"<{inner}>" for inner in _ID.findall(text)]
            bare = text.strip("<> ").split()
            if not ids and bare and "@" in bare[0]:
                ids = [f"<{bare[0].strip('<>')[:900]}>"]
            found += ids
    return tuple(dict.fromkeys(found))[-_MAX_IDS:]
