"""The text of one part: decoded, flowed lines joined, HTML rendered, what nobody sees taken out."""

import re

from handlers.mail import html
from handlers.mail.charset import decode
from handlers.mail.structure import Part

LIMIT = 1_000_000  # bytes of one part that are read

_BLANKS = re.compile(r"\n{4,}")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_META = re.compile(rb"<meta[^>]{1,200}charset=[\"']?([\w-]{3,30})", re.IGNORECASE)
_ENRICHED = re.compile(r"</?[a-zA-Z-]{1,60}>")
_HTML_STARTS = ("<!doctype html", "<html", "<body", "<div", "<p>", "<table")


def read_text(part: Part, defects: list[str]) -> str:
    """The readable text of a part; what was wrong with it is appended to `defects`."""
    data, defect = part.text_content(LIMIT)
    if defect:
        defects.append(defect)
    label = part.parameters.get("charset")
    if not label and part.type == "text/html" and (stated := _META.search(data, 0, 2000)):
        label = stated.group(1).decode("ascii")
    text = decode(data, label)
    if part.type == "text/html" or text[:200].lstrip().lower().startswith(_HTML_STARTS):
        return tidy(html.to_text(text))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    elif part.type in ("text/enriched", "text/richtext"):
        text = _ENRICHED.sub("", text)
    return tidy(text)


def tidy(text: str) -> str:
    """Text without invisible characters, long gaps and halves of surrogate pairs."""
    text = _INVISIBLE.sub("", text)
    return _BLANKS.sub("\n\n\n", text).strip().encode("utf-8", "replace").decode()


def unflow(text: str, *, delete_space: bool) -> str:
    """format=flowed (RFC 3676): soft breaks joined within one depth of quotation, stuffed spaces taken out."""
    out: list[list[str]] = []
    flowing = -1  # depth of the line that the next one continues, or -1
    for line in text.split("\n"):
        stripped = line.lstrip(">")
        depth = len(line) - len(stripped)
        content = stripped[1:] if stripped.startswith(" ") else stripped
        soft = content.endswith(" ") and content != "-- "
        body = content[:-1] if soft and delete_space else content
        if flowing == depth and content != "-- ":
            out[-1].append(body)
        else:
            out.append([">" * depth + (" " if depth and body else "") + body])
        flowing = depth if soft else -1
    return "\n".join("".join(pieces) for pieces in out)
