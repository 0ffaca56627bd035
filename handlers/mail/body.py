"""The readable body: which parts are the text, decoded and set in order."""

import re
from dataclasses import dataclass, field

from handlers.mail import html, report
from handlers.mail.charset import decode
from handlers.mail.message import Attachment, Report
from handlers.mail.structure import Part

TEXT_LIMIT = 1_000_000  # bytes of one part, characters of all
_BLANKS = re.compile(r"\n{4,}")
_STUB = re.compile(r"html|browser|viewer|client", re.IGNORECASE)
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TEXT_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html"})
_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)


@dataclass(slots=True)
class Body:
    """What the tree of a mail holds, gathered in one walk."""

    texts: list[str] = field(default_factory=list)
    html: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    messages: list[Part] = field(default_factory=list)
    winmail: list[Part] = field(default_factory=list)
    spare: list[Part] = field(default_factory=list)
    encrypted: bool = False
    defects: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All the text, its parts apart by an empty line."""
        joined = "\n\n".join(text for text in self.texts if text)
        return joined if len(joined) <= TEXT_LIMIT else joined[: TEXT_LIMIT * 3 // 4] + "\n\n" + joined[-TEXT_LIMIT // 4 :]


def gather(root: Part) -> Body:
    """Walks the tree: text, attachments, reports, embedded messages."""
    body = Body()
    in_report = root.type == "multipart/report"
    stack = [root]
    while stack:
        part = stack.pop()
        body.types.append(part.type)
        if part.type == "multipart/alternative":
            stack.extend(reversed(_alternative(part, body)))
        elif part.type in ("message/rfc822", "message/global"):
            body.messages.append(part)
            if in_report and part.children:
                body.reports.append(report.returned(part.children[0]))
            else:
                body.attachments.append(_attachment(part))
        elif part.children:
            body.encrypted |= part.type == "multipart/encrypted"
            stack.extend(reversed(part.children))
        else:
            _leaf(part, body)
    _use_spare(body)
    return body


def _leaf(part: Part, body: Body) -> None:
    kind = part.type
    if kind in report.FIELD_TYPES:
        body.reports.append(report.fields_of(part))
    elif kind == "text/calendar" or kind == "application/ics":
        body.reports.append(report.calendar(part))
        if part.name:
            body.attachments.append(_attachment(part))
    elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or part.name.lower() == "winmail.dat":
        body.winmail.append(part)
        body.attachments.append(_attachment(part))
    elif kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        body.encrypted |= part.parameters.get("smime-type", "enveloped-data").lower() != "signed-data"
        body.attachments.append(_attachment(part))
    elif kind in _TEXT_TYPES and not part.attached and not part.name:
        _add_text(part, body)
    elif kind.startswith("multipart/"):
        _add_text(part, body)  # its boundary never came: what is there is all text
    else:
        if kind.startswith("text/") and kind not in ("text/x-vcard", "text/vcard", "text/directory", "text/csv"):
            body.spare.append(part)
        body.attachments.append(_attachment(part))


def _attachment(part: Part) -> Attachment:
    return Attachment(part.name, part.type, part.size(), part.content_id)


def _add_text(part: Part, body: Body) -> None:
    text = read_text(part, body.defects)
    if text:
        body.texts.append(text)
        body.html |= part.type == "text/html"
        body.encrypted |= bool(_PGP.search(text))


def _use_spare(body: Body) -> None:
    """A mail whose only text came as a file: then that file is what the person says."""
    if not body.texts and not body.messages and body.spare:
        _add_text(body.spare[0], body)


def _alternative(part: Part, body: Body) -> list[Part]:
    """Of several forms of one text the plainest that says it all; what is no text stays beside it."""
    plain = [child for child in part.children if child.type == "text/plain" and not child.attached]
    rich = [child for child in part.children if child not in plain]
    has_html = any(below.type == "text/html" for child in rich for below in child.walk())
    if not plain or not has_html:
        return part.children
    written = "\n".join(read_text(child, []) for child in plain).strip()
    if _says_nothing(written):
        return rich
    body.html = True
    kept: list[Part] = []
    for child in rich:
        kept += [below for below in child.walk() if not below.children and below.type not in ("text/html", "text/plain", "text/x-amp-html")]
    return plain + kept


def _says_nothing(text: str) -> bool:
    """Whether a plain part is only a stand-in for the HTML beside it."""
    return not text or (len(text) < 200 and "\n" not in text and bool(_STUB.search(text)) and "html" in text.lower())


def read_text(part: Part, defects: list[str]) -> str:
    """The text of one part: decoded, flowed lines joined, HTML rendered, invisible characters out."""
    data, defect = part.text_content(TEXT_LIMIT)
    if defect:
        defects.append(defect)
    text = decode(data, part.parameters.get("charset"))
    if part.type == "text/html" or (part.type != "text/plain" and _is_html(text)):
        text = html.to_text(text)
    else:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    text = _INVISIBLE.sub("", text) if not (text.isascii() and text.isprintable()) else text
    return _BLANKS.sub("\n\n\n", text).strip("\n\r ").encode("utf-8", "replace").decode()


def _is_html(text: str) -> bool:
    head = text[:500].lstrip().lower()
    return head.startswith(("<!doctype html", "<html", "<body", "<div", "<p>"))


def unflow(text: str, *, delete_space: bool) -> str:
    """format=flowed (RFC 3676): soft breaks joined within one depth of quotation, stuffed spaces taken out."""
    out: list[str] = []
    flowing = -1  # depth of the line that the next one continues, or -1
    for line in text.split("\n"):
        stripped = line.lstrip(">")
        depth = len(line) - len(stripped)
        content = stripped[1:] if stripped.startswith(" ") else stripped
        soft = content.endswith(" ") and content != "-- "
        body = content[:-1] if soft and delete_space else content
        if flowing == depth and content != "-- ":
            out[-1] += body
        else:
            out.append(">" * depth + (" " if depth and body else "") + body)
        flowing = depth if soft else -1
    return "\n".join(out)
