"""The MIME tree of a message: one pass over the bytes, offsets instead of copies, no depth that breaks it.

fast-mail-parser gives up beyond some hundred levels, on headers that start with a space and on base64 that lies, and hands back neither the
raw header bytes nor their order; the stdlib's parser, its fall-back, recurses without a limit and keeps three copies of a large mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.mail.header import Block, parameters, raw_text, read_block, safe
from handlers.mail.transfer import undo, undo_text

MAX_PARTS = 20_000
MAX_DEPTH = 3_000
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
MAX_DELIMITERS = 500_000  # lines starting with two hyphens that are looked at

_GUESSED_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200})\r?\n(?=content-[a-z-]{2,40}[ \t]*:)", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


@dataclass(slots=True, eq=False)
class Part:
    """One node of the tree; `start` and `end` bound its body in `data`."""

    data: bytes
    block: Block
    start: int
    end: int
    type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_parameters: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)
    depth: int = 0

    @property
    def encoding(self) -> str:
        """The transfer encoding that the part states, in lower case."""
        value = self.block.first("content-transfer-encoding")
        return raw_text(value).partition(";")[0].strip().strip('"').lower()[:40] if value else ""

    @property
    def name(self) -> str:
        """The file name, safe to show and without folders; '' where there is none."""
        name = self.disposition_parameters.get("filename") or self.parameters.get("name") or ""
        return safe(name.replace("\\", "/").rpartition("/")[2])[:200]

    @property
    def attached(self) -> bool:
        """Whether the sender meant it as a file rather than as text to read."""
        return self.disposition == "attachment"

    @property
    def content_id(self) -> str | None:
        """The Content-ID without its brackets."""
        value = self.block.first("content-id")
        return (safe(raw_text(value)).strip("<> ")[:200] or None) if value else None

    def body(self) -> bytes:
        """The body as it stands in the mail."""
        return self.data[self.start : self.end]

    def content(self) -> tuple[bytes, str | None]:
        """The decoded body, and what was wrong with its encoding."""
        return undo(self.body(), self.encoding)

    def text_content(self, limit: int) -> tuple[bytes, str | None]:
        """The decoded body of a text part; of more than `limit` bytes the head and the tail."""
        if self.end - self.start <= limit:
            return undo_text(self.body(), self.encoding)
        head = self.data[self.start : self.start + limit * 3 // 4]
        tail = self.data[self.end - limit // 4 : self.end]
        cut = head[: head.rfind(b"\n") + 1] or head
        rest = tail[tail.find(b"\n") + 1 :] or tail
        if self.encoding == "base64":
            first, _ = undo(cut, "base64")
            return first, "text too long: its end was left out"
        content, _ = undo(cut + rest, self.encoding)
        return content, "text too long: its middle was left out"

    def size(self) -> int:
        """The size of the decoded body in bytes, reckoned without decoding it."""
        length = self.end - self.start
        if self.encoding != "base64":
            return length
        breaks = self.data.count(b"\n", self.start, self.end) + self.data.count(b"\r", self.start, self.end)
        padding = self.data.count(b"=", max(self.start, self.end - 8), self.end)
        return max(0, (length - breaks) * 3 // 4 - padding)

    def walk(self) -> Iterator["Part"]:
        """The part and everything below it, in the order of the mail."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))


class _Reader:
    """The state of one pass."""

    def __init__(self, data: bytes, defects: list[str]) -> None:
        self.data = data
        self.defects = defects
        self.open: list[tuple[bytes, Part]] = []
        self.levels: dict[bytes, list[int]] = {}
        self.count = 0

    def part(self, start: int, end: int, parent: Part | None, *, top: bool = False) -> Part:
        """Reads the headers of a part at `start`; its body ends at `end` for now."""
        block = read_block(self.data, start, end, top=top)
        self.defects.extend(block.defects)
        part = Part(self.data, block, block.body, end, depth=parent.depth + 1 if parent else 0)
        default = "message/rfc822" if parent is not None and parent.type == "multipart/digest" else "text/plain"
        _describe(part, default)
        self.count += 1
        if parent is not None:
            parent.children.append(part)
        return part

    def enter(self, part: Part) -> Part:
        """Opens what the part holds: further headers of an embedded message, a boundary; gives the innermost part."""
        while part.type in MESSAGE_TYPES and part.depth < MAX_DEPTH and part.encoding not in ("base64", "quoted-printable"):
            part = self.part(part.start, part.end, part)
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        if part.type.startswith("multipart/") and part.depth < MAX_DEPTH:
            if not boundary:
                boundary = _guess_boundary(part) or b""
                self.defects.append("a multipart without boundary")
            if boundary:
                self.levels.setdefault(boundary, []).append(len(self.open))
                self.open.append((boundary, part))
        return part

    def close_above(self, level: int, end: int) -> None:
        """Ends every part that is open at or above the level, and the children they were reading."""
        while len(self.open) > level:
            boundary, part = self.open.pop()
            self.levels[boundary].pop()
            if not self.levels[boundary]:
                del self.levels[boundary]
            part.end = min(part.end, end)


def read(data: bytes, defects: list[str], start: int = 0, end: int | None = None) -> Part:
    """The tree of the message in `data`; what was mended is appended to `defects`."""
    end = len(data) if end is None else end
    reader = _Reader(data, defects)
    root = reader.part(start, end, None, top=True)
    innermost = reader.enter(root)
    trail = _trail(root, innermost)
    position = max(start, innermost.start - 1)
    looked = 0
    while reader.open and looked < MAX_DELIMITERS and reader.count < MAX_PARTS:
        found = _next_delimiter(data, position, innermost.start, end)
        if found < 0:
            break
        looked += 1
        line_end = data.find(b"\n", found, end)
        line_end = end if line_end < 0 else line_end
        line = data[found + 2 : min(line_end, found + 300)].rstrip(b"\r \t")
        level, closing = _match(reader, line)
        if level is None:
            position = line_end
            continue
        body_end = found - 1 if data[found - 1 : found] == b"\n" else found
        body_end -= data[body_end - 1 : body_end] == b"\r"
        parent = reader.open[level][1]
        while trail[-1].depth > parent.depth:
            part = trail.pop()
            part.end = max(part.start, min(part.end, body_end))
        reader.close_above(level if closing else level + 1, line_end)
        if not closing:
            child = reader.part(min(line_end + 1, end), end, parent)
            innermost = reader.enter(child)
            trail += _trail(child, innermost)
        position = max(line_end, innermost.start - 1) if not closing else line_end
    if looked >= MAX_DELIMITERS or reader.count >= MAX_PARTS:
        defects.append("too many parts")
    if reader.open:
        defects.append("a multipart that does not end")
    _mend(root, defects)
    return root


def _trail(top: Part, innermost: Part) -> list[Part]:
    trail = [top]
    while trail[-1] is not innermost:
        trail.append(trail[-1].children[-1])
    return trail


def _next_delimiter(data: bytes, position: int, body: int, end: int) -> int:
    """Where the next line that starts with two hyphens starts, or -1."""
    if position < body and data.startswith(b"--", body, end):
        return body
    found = data.find(b"\n--", position, end)
    return found + 1 if found >= 0 else -1


def _match(reader: _Reader, line: bytes) -> tuple[int | None, bool]:
    if levels := reader.levels.get(line):
        return levels[-1], False
    if line.endswith(b"--") and (levels := reader.levels.get(line[:-2].rstrip())):
        return levels[-1], True
    return None, False


def _describe(part: Part, default: str) -> None:
    kind = part.block.first("content-type")
    part.type = default
    if kind is not None:
        main, part.parameters = parameters(kind)
        match = _TYPE.match(main.replace(" ", ""))
        part.type = match.group() if match else ("text/html" if main == "html" else "text/plain")
    disposition = part.block.first("content-disposition")
    if disposition is not None:
        part.disposition, part.disposition_parameters = parameters(disposition)


def _guess_boundary(part: Part) -> bytes | None:
    match = _GUESSED_BOUNDARY.search(part.data, part.start, min(part.end, part.start + 100_000))
    return match.group(1).rstrip() if match else None


def _mend(root: Part, defects: list[str]) -> None:
    """Reads again each multipart whose stated boundary never came, by the boundary that it really uses."""
    for part in list(root.walk()):
        if part.type.startswith("multipart/") and not part.children and part.end > part.start:
            boundary = _guess_boundary(part)
            stated = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
            if boundary is None or boundary == stated:
                continue
            defects.append("a multipart with another boundary than it states")
            _split_by(part, boundary, defects)


def _split_by(part: Part, boundary: bytes, defects: list[str]) -> None:
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    marks = [match.span() for match in delimiter.finditer(part.data, part.start, part.end)][:1000]
    for number, (_, after) in enumerate(marks):
        until = marks[number + 1][0] - 1 if number + 1 < len(marks) else part.end
        until -= part.data[until - 1 : until] == b"\r"
        if after + 1 < until:
            block = read_block(part.data, after + 1, until)
            child = Part(part.data, block, block.body, until, depth=part.depth + 1)
            _describe(child, "text/plain")
            part.children.append(child)
    defects.extend(defect for child in part.children for defect in child.block.defects)
