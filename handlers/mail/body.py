"""What a mail holds: its text in order, files, reports and embedded messages, gathered in one walk over the tree."""

import re
from dataclasses import dataclass, field
from itertools import islice

from handlers.mail import report, smime, tnef
from handlers.mail.message import Attachment, Report
from handlers.mail.structure import MESSAGE_TYPES, Part, read
from handlers.mail.text import read_text, tidy

TEXT_LIMIT = 1_000_000  # characters of all the text
READ_LIMIT = 2_000_000  # characters of text that are read from all the parts
MAX_INNER = 20  # messages within encoded parts that are opened

_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_TEXT_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_DATA_TYPES = frozenset({"text/x-vcard", "text/vcard", "text/directory", "text/csv", "text/css", "text/javascript"})
_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})


@dataclass(slots=True)
class Body:
    """What was gathered so far."""

    texts: list[str] = field(default_factory=list)
    html: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    messages: list[Part] = field(default_factory=list)
    encrypted: bool = False
    defects: list[str] = field(default_factory=list)
    spare: list[Part] = field(default_factory=list)
    stack: list[Part] = field(default_factory=list)
    length: int = 0
    opened: int = 0

    @property
    def text(self) -> str:
        """All the text, its parts apart by an empty line."""
        joined = "\n\n".join(self.texts)
        return joined if len(joined) <= TEXT_LIMIT else joined[: TEXT_LIMIT * 3 // 4] + "\n\n" + joined[-TEXT_LIMIT // 4 :]

    def add_text(self, text: str, *, html: bool = False) -> None:
        """Takes a piece of text."""
        if text:
            self.texts.append(text)
            self.length += len(text)
            self.html |= html
            self.encrypted |= bool(_PGP.search(text))

    def add_file(self, part: Part) -> None:
        """Takes a part as an attachment."""
        self.attachments.append(Attachment(part.name, part.type, part.size(), part.content_id))


def gather(root: Part) -> Body:
    """Walks the tree: text, attachments, reports, embedded messages."""
    body = Body(stack=[root])
    in_report = False
    while body.stack:
        part = body.stack.pop()
        body.types.append(part.type)
        in_report |= part.type == "multipart/report"
        body.encrypted |= part.type == "multipart/encrypted"
        if part.type == "multipart/alternative" and part.children:
            body.stack.extend(reversed(_alternative(part, body)))
        elif part.type in MESSAGE_TYPES:
            _message(part, body, in_report=in_report)
        elif part.children:
            body.stack.extend(reversed(part.children))
        else:
            _leaf(part, body)
    _fill_up(body)
    return body


def _message(part: Part, body: Body, *, in_report: bool) -> None:
    if not part.children:
        _open(part, body)
    body.messages.append(part)
    if in_report and part.children:
        body.reports.append(report.returned(part.children[0]))
    else:
        body.add_file(part)


def _open(part: Part, body: Body) -> None:
    """Reads the message inside a part whose transfer encoding hid it."""
    if body.opened < MAX_INNER:
        body.opened += 1
        data, _ = part.content()
        part.children = [read(data, body.defects)] if data.strip() else []


def _leaf(part: Part, body: Body) -> None:
    kind, name = part.type, part.name.lower()
    if kind in report.FIELD_TYPES:
        found = report.fields_of(part)
        body.reports.append(found)
        if not found.fields:
            body.spare.append(part)
    elif kind in _CALENDAR_TYPES:
        body.reports.append(report.calendar(part))
        if name:
            body.add_file(part)
    elif kind in _TNEF_TYPES or name == "winmail.dat":
        _winmail(part, body)
    elif kind in _SMIME_TYPES or name == "smime.p7m":
        _smime(part, body)
    elif (kind in _TEXT_TYPES and not part.attached and not name) or kind.startswith("multipart/"):
        _add_text(part, body)  # a multipart without parts: its boundary never came, what is there is all text
    elif kind == "text/x-amp-html":
        body.spare.append(part)
    elif name.endswith(".eml"):
        _open(part, body)
        body.messages.append(part)
        body.add_file(part)
    else:
        if kind.startswith("text/") and kind not in _DATA_TYPES:
            body.spare.append(part)
        body.add_file(part)


def _add_text(part: Part, body: Body) -> None:
    if body.length > READ_LIMIT:
        body.defects.append("too much text: the rest was left out")
    else:
        body.add_text(read_text(part, body.defects), html=part.type == "text/html")


def _winmail(part: Part, body: Body) -> None:
    found = tnef.read(part.content()[0])
    if found is None:
        body.defects.append("a winmail.dat that is none")
        body.add_file(part)
        return
    body.attachments += found.attachments
    if not body.texts:
        body.add_text(tidy(found.text.replace("\r\n", "\n").replace("\r", "\n")), html=found.html)


def _smime(part: Part, body: Body) -> None:
    inner = smime.signed_content(part.content()[0]) if part.parameters.get("smime-type", "signed-data").lower() == "signed-data" else None
    if inner is not None and body.opened < MAX_INNER:
        body.opened += 1
        body.stack.append(read(inner, body.defects))
        return
    body.encrypted |= part.parameters.get("smime-type", "enveloped-data").lower() in ("enveloped-data", "authenveloped-data")
    body.add_file(part)


def _fill_up(body: Body) -> None:
    """A mail whose only text came as a file or as an invitation: then that is what the person says."""
    if body.texts or (body.messages and not body.reports):
        return
    if body.spare:
        _add_text(body.spare[0], body)
    for found in body.reports:
        if found.type in _CALENDAR_TYPES and not body.texts:
            body.add_text(tidy("\n".join(filter(None, (found.field("summary"), found.field("description"))))))


def _alternative(part: Part, body: Body) -> list[Part]:
    """Of several forms of one text the plainest that says it all; what is no text stays beside it."""
    plain = [child for child in part.children if child.type == "text/plain" and not child.attached]
    rich = [child for child in part.children if child not in plain]
    has_html = bool(plain) and any(below.type == "text/html" for child in rich for below in islice(child.walk(), 100))
    if not has_html:
        return part.children
    if _says_nothing("\n".join(read_text(child, []) for child in plain[:3]), rich):
        return rich
    body.html = True
    kept: list[Part] = []
    for child in rich:
        kept += [below for below in child.walk() if not below.children and below.type not in ("text/html", "text/plain", "text/x-amp-html")]
    return plain + kept


def _says_nothing(text: str, rich: list[Part]) -> bool:
    """Whether a plain part is only a stand-in for the HTML beside it: empty, or one short line where the HTML says far more."""
    text = text.strip()
    if not text or len(text) > 160 or "\n" in text:
        return not text
    if "html" in text.lower():
        return True
    page = next((below for child in rich for below in islice(child.walk(), 100) if below.type == "text/html"), None)
    return page is not None and len(read_text(page, [])) > 4 * len(text) + 100
