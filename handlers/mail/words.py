"""The person's own words: quotations, signature and footer stripped, but never so that nothing is left."""

import re
from dataclasses import dataclass, field

from handlers.mail import marks, replies

LIMIT = 200_000  # characters that are looked at
MAX_STARTS = 3_000  # lines that are looked at as the start of a quotation
MAX_ASKED = 40  # of them, those that are put before the library
MAX_FOOTERS = 20

_LETTERS = re.compile(r"\w")
_HIRAGANA = re.compile("[\u3041-\u309f]")
_PARTICLES = frozenset({
    "von", "vom", "van", "der", "den", "de", "del", "della", "di", "da", "do", "dos", "das", "du", "des", "la", "le", "el", "al", "bin",
    "y", "e", "i", "und", "and", "et", "of", "for", "für", "im", "in", "at", "the", "zu", "av", "af",
})  # fmt: skip
_HEADER_NAME = re.compile(r"[A-Z][A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,3}:\s")
_MARK = re.compile(r"^[ \t]{0,3}(?:[>＞]|[A-Z]{1,4}>) ?")
_QUOTED = re.compile(r"^[ \t]{0,3}(?:[>＞](?!>*From )|[A-Z]{1,4}>+ )")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The lines of a header block that a client set into the text, and what they say by role."""

    length: int
    values: dict[str, str] = field(default_factory=dict)


def own_words(text: str, address: str = "") -> str:
    """The text without what others wrote, signature, mobile footer, disclaimer and list footer; `text` where nothing would be left.

    A quotation from `address`, the sender's own, stays: people send their first mail again below "no answer yet?".
    """
    lines = text[:LIMIT].split("\n")
    kept = without_quotes(lines, address)
    for step in (_without_footers, _without_delimited, _without_sign_off, _without_contact_block, _without_footers):
        shorter = step(kept)
        kept = shorter if _says_something(shorter) else kept
    return "\n".join(kept).strip() or text.strip()


def _says_something(lines: list[str]) -> bool:
    return any(_LETTERS.search(line) for line in lines)


def is_quoted(line: str) -> bool:
    """Whether the line carries a quotation mark at its start."""
    return bool(_QUOTED.match(line))


def without_quotes(lines: list[str], address: str = "") -> list[str]:
    """The lines that no mark says are another's. What stands between quoted lines stays: people answer there."""
    kept: list[str] = []
    index, looked, asked = 0, 0, 0
    while index < len(lines):
        line = lines[index]
        if is_quoted(line):
            index += 1
            continue
        span = 0
        if looked < MAX_STARTS and _may_start(line):
            looked += 1
            span = quotation_start(lines, index)
            if not span and asked < MAX_ASKED:
                asked += 1
                span = int(_library_agrees(lines, index))
        if span:
            following = next((later for later in lines[index + span : index + span + 6] if later.strip()), "")
            own = bool(address) and address.lower() in _speaker(lines[index : index + span]).lower()
            if own and is_quoted(following):
                index = _unquote(lines, index + span, kept)
                continue
            if is_quoted(following) or not following:
                index += span
                continue
            goes_on = own or _is_greeting(kept) or _answers_inside(kept) or not _is_certain(lines, index, span)
            if _says_something(kept) and not goes_on:
                break
            kept += lines[index : index + span]
            index += span
            continue
        kept.append(line.lstrip(">") if line.startswith(">") else line)
        index += 1
    return kept if _says_something(kept) else lines


def _speaker(lines: list[str]) -> str:
    """What the start of a quotation says of who is quoted: the value of its From line, or all of an intro."""
    for line in lines:
        match = marks.LABEL_LINE.match(line[:500])
        if match and marks.LABELS.get(" ".join(match.group(1).lower().split())) == "from":
            return match.group(2)
    return " ".join(lines)


def _unquote(lines: list[str], index: int, kept: list[str]) -> int:
    """Takes the quoted lines from `index` on without their mark; gives the line after them."""
    while index < len(lines) and (is_quoted(lines[index]) or not lines[index].strip()):
        kept.append(_MARK.sub("", lines[index]))
        index += 1
    return index


def _is_certain(lines: list[str], index: int, span: int) -> bool:
    """Whether the start of an unmarked quotation leaves no doubt: an intro must name an address or a time of day, and no "me"."""
    if not _intro(lines, index):
        return True
    line = " ".join(lines[index : index + span])
    return bool(marks.ADDRESS_OR_TIME.search(line)) and not marks.MYSELF.search(line)


def _may_start(line: str) -> bool:
    """Whether a line is worth a closer look: it has a colon or a rule, or starts like an intro that goes on."""
    return bool(":" in line or "：" in line or line.lstrip()[:2] in ("--", "__", "==", "––", "——") or marks.INTRO_START.match(line[:200]))


def _is_greeting(kept: list[str]) -> bool:
    """Whether all that stands above is one line of greeting: then the answer comes below the quotation."""
    written = [line.strip() for line in kept if line.strip()]
    return len(written) == 1 and len(written[0]) < 60 and written[0][-1] in ",，、"


def _answers_inside(kept: list[str]) -> bool:
    above = "\n".join(kept)
    return len(above) < 400 and bool(marks.INLINE_ANSWERS.search(above))


def quotation_start(lines: list[str], index: int) -> int:
    """How many lines introduce a quotation here: an intro, a separator, a header block; 0 where none does."""
    if span := _intro(lines, index):
        return span
    line = lines[index][:300]
    if marks.ORIGINAL.match(line) or marks.FORWARDED.match(line):
        block = header_block(lines, _next_text(lines, index + 1), least=1)
        return _next_text(lines, index + 1) - index + block.length if block else 1
    if marks.DECORATION.match(line):
        after = _next_text(lines, index + 1)
        block = header_block(lines, after, least=2) if after - index <= 3 else None
        return after - index + block.length if block else 0
    block = header_block(lines, index, least=2)
    return block.length if block else 0


def _library_agrees(lines: list[str], index: int) -> bool:
    """What mail-parser-reply takes for an intro counts where it also names a date or an address: it trusts single words."""
    window = lines[index : index + 3]
    if not any(line.rstrip().endswith((":", "：")) for line in window):
        return False
    joined = " ".join(window)[:600]
    if not marks.DATE_OR_ADDRESS.search(joined) or marks.FIRST_PERSON.search(joined):
        return False
    return replies.starts_quotation(window)


def _next_text(lines: list[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _intro(lines: list[str], index: int) -> int:
    joined = ""
    for span in range(1, 4):
        piece = lines[index + span - 1].strip() if index + span <= len(lines) else ""
        if not piece or is_quoted(piece):
            return 0
        joined = f"{joined} {piece}" if joined else piece
        if len(joined) > 400 or (span == 1 and not piece.endswith((":", "：")) and not marks.INTRO_START.match(piece)):
            return 0
        if joined.endswith((":", "：")):
            return span if _is_intro(joined) else 0
    return 0


def _is_intro(line: str) -> bool:
    if marks.DATED_SENDER.search(line):
        return True
    return bool(marks.DATE_OR_ADDRESS.search(line) and marks.WROTE.search(line) and not marks.FIRST_PERSON.search(line))


def header_block(lines: list[str], index: int, *, least: int) -> HeaderBlock | None:
    """The header block that starts at the line: a sender and at least `least` more of date, recipients and subject."""
    values: dict[str, str] = {}
    position, last = index, ""
    while position < min(len(lines), index + 14):
        match = marks.LABEL_LINE.match(lines[position][:500])
        role = marks.LABELS.get(" ".join(match.group(1).lower().split())) if match else None
        if match and role:
            if role in values and role == "from":
                break
            values.setdefault(role, match.group(2).strip(" *_\t"))
            last = role
        elif match and (values or least == 1) and _HEADER_NAME.match(lines[position].lstrip("> *")):
            last = ""
        elif last and lines[position].strip() and len(lines[position]) < 200 and _continues(values, last, lines[position]):
            values[last] = f"{values[last]} {lines[position].strip()}".strip()
        else:
            break
        position += 1
    others = sum(role in values for role in ("sent", "to", "subject"))
    dated = "sent" in values or "@" in values.get("from", "")
    return HeaderBlock(position - index, values) if "from" in values and others >= least and dated else None


def _continues(values: dict[str, str], last: str, line: str) -> bool:
    """Whether the line goes on with the value above it: the value is still empty, or a list of addresses runs on."""
    return not values[last] or (last in ("to", "cc") and ("@" in line or values[last].endswith((",", ";"))))


def _without_delimited(lines: list[str]) -> list[str]:
    """Cuts at the signature delimiter `-- ` (RFC 3676 s. 4.3)."""
    first = next((index for index, line in enumerate(lines) if _LETTERS.search(line)), len(lines))
    for index in range(max(first + 1, len(lines) - 60), len(lines)):
        if lines[index].rstrip() in ("--", "—", "––", "- --"):
            below = lines[index + 1 :]
            if lines[index].startswith("-- ") or _is_signature(below):
                return lines[:index] + _postscript(below)
    return lines


def _without_sign_off(lines: list[str]) -> list[str]:
    """Cuts after the words of farewell, where only a name and where to reach it follow."""
    text = [index for index, line in enumerate(lines) if line.strip()]
    for index in text[-14:]:
        if index > text[0] and marks.SIGN_OFF.match(lines[index][:100]) and _is_signature(lines[index + 1 :]):
            return lines[:index] + _postscript(lines[index + 1 :])
    found = replies.signature_line(lines)
    if found is not None and text and found > text[0] and len(lines[found].split()) <= 6 and not _is_sentence(lines[found]):
        rest = lines[found].split()[2:]
        if all(not word[:1].islower() for word in rest) and _is_signature(lines[found + 1 :]):
            return lines[:found] + _postscript(lines[found + 1 :])
    return lines


def _postscript(below: list[str]) -> list[str]:
    start = next((index for index, line in enumerate(below) if marks.POSTSCRIPT.match(line[:20])), None)
    return below[start:] if start is not None else []


def _is_signature(below: list[str]) -> bool:
    below = below[: next((index for index, line in enumerate(below) if marks.POSTSCRIPT.match(line[:20])), len(below))]
    written = [line.strip() for line in below if line.strip()]
    return (
        len(written) <= 14
        and all(_names(line) or marks.CONTACT.search(line[:200]) for line in written)
        and not any(map(_is_sentence, written))
    )


def _names(line: str) -> bool:
    """Whether a line names somebody, a company, a place: every word begins large or with a sign, but for `von`, `de`, `of` and the like."""
    words = line.split()
    if len(words) > 8 or marks.WISH.search(line):
        return False
    small = [word for word in words if word[:1].islower() and word.strip(".,") not in _PARTICLES]
    return not small or (len(words) == 1 and len(line) <= 20) or bool(marks.SIGN_OFF.match(line) or marks.SENT_FROM.match(line))


def _is_sentence(line: str) -> bool:
    """Whether the line says something, rather than naming somebody."""
    if len(_HIRAGANA.findall(line[:200])) >= 6:
        return True
    words = line.split()
    if len(words) >= 4 and line.rstrip()[-1:] in ("?", "!"):
        return True
    small = sum(word[:1].islower() for word in words)
    return len(words) >= 5 and (small * 2 > len(words) or (line.rstrip()[-1:] == "." and small * 3 > len(words)))


def _without_contact_block(lines: list[str]) -> list[str]:
    """Cuts a last block of contact lines: a Japanese signature between rules, or a last paragraph of addresses and numbers."""
    text = [index for index, line in enumerate(lines) if line.strip()]
    for index in text[-18:]:
        if index > text[0] and marks.DECORATION.match(lines[index][:200]) and _is_contact(lines[index + 1 :], least=1):
            return lines[:index]
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    start = last
    while start and lines[start - 1].strip():
        start -= 1
    return lines[:start] if start and _is_contact(lines[start:last], least=2) else lines


def _is_contact(below: list[str], *, least: int) -> bool:
    written = [line for line in below if line.strip() and not marks.DECORATION.match(line[:200])]
    if not written or len(written) > 14 or any(len(line) > 90 or _is_sentence(line) for line in written):
        return False
    return sum(bool(marks.CONTACT.search(line)) for line in written) >= least


def _without_footers(lines: list[str]) -> list[str]:
    """Takes out what no person wrote in the last paragraphs: mobile footers, disclaimers, the footer of a list."""
    kept = list(lines)
    for _ in range(MAX_FOOTERS):
        while kept and not (kept[-1].strip() and not marks.DECORATION.match(kept[-1][:200])):
            kept.pop()
        if not kept:
            return lines
        start = len(kept)
        while start and kept[start - 1].strip():
            start -= 1
        paragraph = " ".join(line.strip() for line in kept[start:])[:5000]
        if _is_footer(kept[start:], paragraph) and _says_enough(kept[:start]):
            kept = kept[:start]
        elif marks.SENT_FROM.match(kept[-1][:140]) or (len(kept) - start > 1 and marks.FOOTER.match(kept[-1][:300])):
            kept.pop()
        else:
            break
    return kept


def _says_enough(above: list[str]) -> bool:
    """Whether more than a greeting stands above: a short wish below one may look like a footer."""
    written = [line.strip() for line in above if line.strip()]
    if len(written) != 1:
        return len(written) > 1
    return written[0][-1] not in ",，、!" and (len(written[0]) >= 15 or not written[0].isascii())


def _is_footer(lines: list[str], paragraph: str) -> bool:
    """Whether a paragraph is the footer of a list or a disclaimer; where somebody says "I" it is neither."""
    if marks.FOOTER.match(lines[0][:300]):
        return not marks.MYSELF.search(paragraph)
    disclaims = len(paragraph) > 60 and marks.CONFIDENTIAL.search(paragraph) and marks.NOT_FOR_YOU.search(paragraph)
    return bool(disclaims and marks.THIS_MAIL.search(paragraph) and not marks.MYSELF.search(paragraph))
