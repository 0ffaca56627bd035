"""What somebody passed on to us: an attached message, or one set into the text by any of the usual clients."""

import re

from handlers.mail import address, dates, marks
from handlers.mail.body import Body, gather
from handlers.mail.header import decode_value
from handlers.mail.message import Address, Forward
from handlers.mail.structure import Part
from handlers.mail.words import HeaderBlock, header_block, own_words

MAX_LINES = 2_000  # lines among which the start of a forward is looked for
MAX_NESTED = 4


def attached(body: Body) -> Forward | None:
    """The message that came as an attachment, unless it is what a report returns."""
    root: Part | None = None
    inner = body
    for _ in range(MAX_NESTED):
        if inner.reports or not inner.messages or not inner.messages[0].children:
            break
        root = inner.messages[0].children[0]
        inner = gather(root)
        if inner.text:
            break
    if root is None:
        return None
    senders = address.addresses(root.block.first("from") or b"")
    subject = decode_value(root.block.first("subject") or b"")
    found, _ = inline(subject, inner.text, senders[0] if senders else None)
    if found is not None:
        return found
    sent = dates.parse(decode_value(root.block.first("date") or b""))
    return Forward(senders[0] if senders else None, sent, subject, own_words(inner.text, senders[0].address if senders else ""))


def inline(subject: str, text: str, sender: Address | None) -> tuple[Forward | None, int]:
    """The message that was set into the text, and at which line it starts (-1 where there is none).

    A marker says so, or the subject (FW:, WG:, TR:) above a header block, or a text that starts with the header block of another sender.
    """
    if not text:
        return None, -1
    lines = text.split("\n")
    start, block, after = _find(lines, by_subject=bool(marks.FORWARD_SUBJECT.match(subject)))
    if block is None:
        start, block, after = _at_the_top(lines, sender)
    if block is None:
        return None, -1
    first = start
    for _ in range(MAX_NESTED):  # a colleague forwards what a colleague forwarded
        deeper, inner, inner_after = _find(lines[after : after + 12], by_subject=False)
        if inner is None or any(line.strip() for line in lines[after : after + deeper]):
            break
        block, after = inner, after + inner_after
    return _forward(block, lines[after:]), first


def _find(lines: list[str], *, by_subject: bool) -> tuple[int, HeaderBlock | None, int]:
    """Where a forward starts, its header block, and where the words start."""
    for index, line in enumerate(lines[:MAX_LINES]):
        marked = bool(marks.FORWARDED.match(line[:200]))
        if marked or (by_subject and (marks.ORIGINAL.match(line[:200]) or ":" in line or "：" in line)):
            start = index + 1 if marked or marks.ORIGINAL.match(line[:200]) else index
            while start < min(len(lines), index + 4) and not lines[start].strip(" >\t"):
                start += 1
            block = header_block(lines, start, least=1 if marked else 2)
            if block is not None:
                return index, block, start + block.length
    return -1, None, -1


def _at_the_top(lines: list[str], sender: Address | None) -> tuple[int, HeaderBlock | None, int]:
    """The header block that a text starts with, where it names another sender than the mail."""
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    block = header_block(lines, start, least=2)
    if block is None or "@" not in block.values["from"] or (sender and sender.address.lower() in block.values["from"].lower()):
        return -1, None, -1
    return start, block, start + block.length


def _forward(block: HeaderBlock, lines: list[str]) -> Forward:
    written = [line for line in lines if line.strip()]
    if written and all(line.lstrip().startswith(">") for line in written[:200]):
        lines = [line.lstrip()[1:].removeprefix(" ") for line in lines]
    sent = block.values.get("sent", "")
    sender = address.from_text(_with_address(block.values["from"]))
    return Forward(
        sender[0] if sender else None,
        dates.parse(sent) or dates.spoken(sent),
        block.values.get("subject", ""),
        own_words("\n".join(lines).strip()),
    )


def _with_address(value: str) -> str:
    """Outlook writes `Name [mailto:a@b]`, text out of HTML `Name <a@b<mailto:a@b>>`: both as `Name <a@b>`."""
    value = re.sub(r"\[(?:mailto:)?([^\[\]\s]+@[^\[\]\s]+)\]", r"<\1>", value)
    value = re.sub(r"<mailto:[^<>]*>", "", value)
    return value.replace("＜", "<").replace("＞", ">")
