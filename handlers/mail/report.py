"""Machine-readable parts: delivery, disposition and feedback reports (RFC 3464, 8098, 5965), calendars (RFC 5545)."""

import re

from handlers.mail.charset import decode
from handlers.mail.header import decode_value, read_block
from handlers.mail.message import Report
from handlers.mail.structure import Part

FIELD_TYPES = frozenset({
    "message/delivery-status", "message/global-delivery-status",
    "message/disposition-notification", "message/global-disposition-notification",
    "message/feedback-report", "message/feedback", "message/tracking-status",
    "text/rfc822-headers", "message/global-headers",
})  # fmt: skip
MAX_FIELDS = 2_000
_FOLD = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(r"([A-Za-z-]{1,60})((?:;[^:\n\"]*(?:\"[^\"\n]*\")?)*):(.*)")
_ESCAPES = re.compile(r"\\([nN,;\\])")


def fields_of(part: Part) -> Report:
    """The fields of a report part, all its groups in one row."""
    data, _ = part.content()
    data = data[:1_000_000]
    found: list[tuple[str, str]] = []
    position, end = 0, len(data)
    while position < end and len(found) < MAX_FIELDS:
        block = read_block(data, position, end)
        found += [(name, decode_value(value)) for name, value in block.fields]
        if block.body <= position:
            break
        position = block.body
        while data[position : position + 1] in (b"\r", b"\n") and position < end:
            position += 1
        if block.defects:
            break
    return Report(part.type, tuple(found[:MAX_FIELDS]))


def returned(part: Part) -> Report:
    """The headers of the mail that a report returns."""
    fields = part.block.fields[:MAX_FIELDS]
    return Report("message/rfc822", tuple((name, decode_value(value)) for name, value in fields))


def calendar(part: Part) -> Report:
    """The properties of a calendar part (method, summary, description, organizer, ...), names in lower case."""
    data, _ = part.text_content(200_000)
    text = _FOLD.sub("", decode(data, part.parameters.get("charset")))
    found: list[tuple[str, str]] = []
    for line in text.splitlines()[:MAX_FIELDS]:
        if match := _PROPERTY.match(line[:20_000]):
            value = _ESCAPES.sub(lambda escape: "\n" if escape.group(1) in "nN" else escape.group(1), match.group(3))
            found.append((match.group(1).lower(), value.strip()))
    if method := part.parameters.get("method"):
        found.insert(0, ("method", method.upper()))
    return Report(part.type, tuple(found))
