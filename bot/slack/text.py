"""What strangers wrote, made safe for Slack and cut by Slack's own count; and the smallest Block Kit parts."""

import re
import unicodedata
from typing import Any

Block = dict[str, Any]

SECTION = 3000
FIELD = 2000
CONTEXT = 2000
HEADER = 150
TITLE = 24
OPTION = 75
INPUT = 3000
METADATA = 3000
FALLBACK = 1500
ELLIPSIS = "…"

# Overrides and isolates of writing direction would turn our own words around; zero-width marks hide words.
_BIDI = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B, 0x2060])
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPACE = re.compile(r"\s+")
_MARKERS = re.compile(r"(?<!\w)([*_~`]+)(?=\S)")
_MANY_LINES = re.compile(r"\n{3,}")


def size(text: str) -> int:
    """The length of a text as Slack may count it at most: UTF-16 units, so that an emoji counts twice."""
    return len(text) + sum(1 for c in text if c > "\uffff")


def cut(text: str, limit: int) -> str:
    """The text within `limit`, with an ellipsis where something was cut; never inside an escape or a joined character."""
    if size(text) <= limit:
        return text
    kept, used = [], size(ELLIPSIS)
    for piece in re.findall(r"&(?:amp|lt|gt);|.", text, re.DOTALL):
        used += size(piece)
        if used > limit:
            break
        kept.append(piece)
    while kept and (unicodedata.combining(kept[-1][-1]) or kept[-1] in "\u200d\ufe0f"):
        kept.pop()
    return "".join(kept).rstrip() + ELLIPSIS


def clean(text: str) -> str:
    """Without control characters and marks that turn or hide writing; lines are kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BIDI)
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return _MANY_LINES.sub("\n\n", text).strip()


def escape(text: str) -> str:
    """`& < >` as Slack wants them, so that no mention, link or channel call can be made."""
    return "".join(_ESCAPES.get(c, c) for c in text)


def still(text: str) -> str:
    """A zero-width space after what would begin bold, italic, struck or fixed type: it is shown as it was written."""
    return _MARKERS.sub("\\1\u200b", text)


def line(text: str, limit: int = 200) -> str:
    """A stranger's text as one line of mrkdwn, escaped, at most `limit` long as sent."""
    return cut(still(escape(_SPACE.sub(" ", clean(text)))), limit)


def sender(address: str) -> str:
    """A stranger's name and address without the angle brackets, which Slack would take for a link; the address can be copied."""
    name, bracket, bare = address.rpartition("<")
    if not (bracket and bare.endswith(">")):
        return cut(escape(_SPACE.sub(" ", clean(address))), 200)
    name, bare = line(name.strip().strip('"'), 200), cut(escape(_SPACE.sub(" ", clean(bare[:-1]))), 200)
    return f"{name} ({bare})" if name else bare


def quoted(text: str) -> list[str]:
    """A text as quotations in mrkdwn, escaped and whole, each of which fits a section."""
    made: list[str] = []
    for one in clean(text).split("\n"):
        for piece in _pieces(still(escape(one)), SECTION - 2):
            marked = f"> {piece}"
            if made and size(made[-1]) + 1 + size(marked) <= SECTION:
                made[-1] += f"\n{marked}"
            else:
                made.append(marked)
    return made


def quote(text: str, limit: int = 2600) -> str:
    """A stranger's text as a quotation in mrkdwn, escaped, every line marked, at most `limit` long as sent."""
    marked = "\n".join(f"> {one}" for one in still(escape(clean(text))).split("\n"))
    return cut(marked, limit)


def mail(subject: str, words: str) -> str:
    """A mail as mrkdwn: its subject over a quotation of its words; '' where both are empty."""
    title = f"*{line(subject, 300)}*" if clean(subject) else ""
    return "\n".join(part for part in (title, quote(words) if clean(words) else "") if part)


def _pieces(text: str, limit: int) -> list[str]:
    made = [""]
    for part in re.findall(r"&(?:amp|lt|gt);|.", text, re.DOTALL):
        if size(made[-1]) + size(part) > limit:
            made.append("")
        made[-1] += part
    return made


def plain(text: str, limit: int = OPTION) -> Block:
    """A plain_text object: shown as it is, on one line."""
    return {"type": "plain_text", "text": cut(_SPACE.sub(" ", clean(text)) or "–", limit), "emoji": True}


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """A mrkdwn object of our own words and escaped foreign ones; Slack adds no links by itself."""
    return {"type": "mrkdwn", "text": cut(text or "–", limit), "verbatim": True}


def section(text: str, block_id: str | None = None) -> Block:
    """A section of mrkdwn."""
    return {"type": "section", "text": mrkdwn(text)} | ({"block_id": block_id} if block_id else {})


def header(text: str, block_id: str | None = None) -> Block:
    """A header."""
    return {"type": "header", "text": plain(text, HEADER)} | ({"block_id": block_id} if block_id else {})


def context(*texts: str) -> Block:
    """Small print: at most ten texts."""
    return {"type": "context", "elements": [mrkdwn(t, CONTEXT) for t in texts[:10]]}


def fields(*pairs: tuple[str, str]) -> Block:
    """Two columns of name and value: at most ten."""
    return {"type": "section", "fields": [mrkdwn(f"*{name}*\n{value}", FIELD) for name, value in pairs[:10]]}


def button(label: str, action: str, value: str, style: str | None = None) -> Block:
    """A button."""
    made: Block = {"type": "button", "text": plain(label), "action_id": action, "value": value}
    return made | ({"style": style} if style else {})


def option(label: str, value: str) -> Block:
    """One choice of a select, an overflow menu or a set of boxes."""
    return {"text": plain(label), "value": value}


def person(slack_id: str) -> str:
    """A mention; an id that is none is shown as text."""
    return f"<@{slack_id}>" if re.fullmatch(r"[UW][A-Z0-9]+", slack_id) else line(slack_id, 40)


def mark_id(outgoing_id: int) -> str:
    """The block_id by which the post of an outgoing row is found again."""
    return f"rd:{outgoing_id}"


def in_bytes(size: int) -> str:
    """A size as people say it, in any language."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000))} KB"
