"""Windows that only tell: how the dates came about, what happened so far, what was covered; pure."""

from collections.abc import Sequence

from bot.slack import names
from bot.slack.forms import View, modal
from bot.slack.office import Written
from bot.slack.text import Block, context, cut, in_bytes, line, person, quoted, section, size
from bot.slack.words import ENGLISH, Words
from handlers.attached import Attached
from handlers.views import CaseView, DateView, HistoryLine
from storage.kinds import DeadlineKind

_MOST = 90
_ROOM = 2900
_FILES = 30


def dates(view: CaseView, words: Words = ENGLISH) -> View:
    """Every date of the case, step by step."""
    blocks: list[Block] = [section(f"*{line(view.ref)}*")]
    for one in view.dates:
        blocks += _computed(one, words)
    if len(blocks) == 1:
        blocks.append(section(words("This case has no dates yet.")))
    return modal(words("How it was computed"), blocks[:_MOST], words("Close"))


def _computed(one: DateView, words: Words) -> list[Block]:
    task = words("Answer by") if one.kind is DeadlineKind.RESPOND else words("Acknowledge by")
    day = words.day(one.safe) if one.safe else words("no date")
    head = f"*{task} {day}* · {line(names.law(one.law, words))}"
    if one.rights:
        head += f" · {names.rights(one.rights, words)}"
    told = [(step.ja if words.language == "ja" else step.en, step.cite) for step in one.trace]
    steps = [f"{n}. {line(_arrowed(said), 400)}{_cited(cite)}" for n, (said, cite) in enumerate(told, 1)]
    made = [section(head)]
    text = ""
    for step in steps:
        if size(text) + size(step) + 1 > _ROOM:
            made.append(section(text))
            text = ""
        text = f"{text}\n{step}" if text else step
    if text:
        made.append(section(text))
    rules = words("Rules as of {version}").format(version=line(one.version, 40)) if one.version else ""
    small = [part for part in (line(one.cite, 200), rules) if part]
    return [*made, *([context(" · ".join(small))] if small else [])]


def _arrowed(step: str) -> str:
    """An arrow that needs no escape."""
    return step.replace("->", "→")


def _cited(cite: str) -> str:
    return f" _{line(cite, 120)}_" if cite else ""


def history(view: CaseView, events: Sequence[HistoryLine], words: Words = ENGLISH) -> View:
    """What happened, the newest first; the oldest are left out where there are too many."""
    lines = [_event(one, words) for one in events]
    blocks = [section(f"*{line(view.ref)}*")]
    text = ""
    for one in lines:
        if size(text) + size(one) + 1 > _ROOM:
            blocks.append(section(text))
            text = ""
        text = f"{text}\n{one}" if text else one
    if text:
        blocks.append(section(text))
    if len(blocks) > _MOST:
        blocks = [*blocks[:_MOST], context(words("Older events: `rightsdesk cases show {ref}`.").format(ref=line(view.ref)))]
    return modal(words("What happened so far"), blocks, words("Close"))


def _event(one: HistoryLine, words: Words) -> str:
    who = words("the desk") if one.actor == "desk" else person(one.actor)
    detail = f": {line(words.said(one.said), 300)}" if one.said.strip() else ""
    return f"• {words.moment(one.at)} · {who} · {words(names.EVENTS[one.kind])}{detail}"


def files(view: CaseView, came: Sequence[Attached], words: Words = ENGLISH) -> View:
    """What came with the mails, and where it can be looked at: the files are not copied to Slack."""
    blocks = [section(f"*{line(view.ref)}*"), *(section(_file(one, words)) for one in came[:_FILES])]
    if (more := len(came) - _FILES) > 0:
        blocks.append(context(words.ngettext("… and {count} more", "… and {count} more", more)))
    where = words("Files stay in the mailbox: open the mail there. Delete a copy of an identity document once it was looked at.")
    blocks.append(context(where))
    return modal(words("What came attached"), blocks, words("Close"))


def _file(one: Attached, words: Words) -> str:
    name = line(one.name, 120) if one.name.strip() else words("a file")
    where = words("mailbox {mailbox}, folder {folder}").format(mailbox=line(one.mailbox, 60), folder=line(one.folder, 60) or "–")
    paper = f"\n🪪 {words('perhaps an identity document')}" if one.document else ""
    return f"📎 *{name}* · {in_bytes(one.size)} · {line(one.type, 60)}\n{words.moment(one.at)} · {where}{paper}"


def revealed(mail: Written, words: Words = ENGLISH) -> View:
    """The mail without covering; that somebody looked stands in the case's history."""
    blocks: list[Block] = [section(f"*{cut(line(mail.subject, 400), 400) or '–'}*")]
    blocks += [section(part) for part in quoted(mail.text)][: _MOST - 2]
    blocks.append(context(words("That you looked is recorded in the case. Don't copy numbers to other places.")))
    return modal(words("The mail, uncovered"), blocks, words("Close"))
