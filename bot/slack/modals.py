"""The modals of a case: writing a letter, reading it before it goes, the menu of everything else; pure, and the answers read back."""

import json
from dataclasses import asdict, dataclass, replace

from bot.slack import buttons, names
from bot.slack.forms import View, boxes, field, hint, modal, select
from bot.slack.office import Reread
from bot.slack.text import INPUT, METADATA, Block, context, fields, in_bytes, line, option, quoted, section, sender, size
from bot.slack.windows.shape import Sheet, Window
from bot.slack.words import ENGLISH, Words
from handlers.deeds import SendLetter
from handlers.enclosures import FIELD, Enclosure, Promised
from handlers.lettering import Wanted
from handlers.views import CaseView, Draft
from storage.kinds import Ground, LetterName, Right

REFUSALS = frozenset({LetterName.REFUSAL, LetterName.NOT_THE_CONTROLLER})
UNWRITTEN = "[…]"
"""Stands in a letter where staff still have to write; the letter is not sent without a warning while it does."""
PARTS = frozenset(LetterName) - {
    LetterName.ACKNOWLEDGEMENT,
    LetterName.COMPLAINT_RECEIVED,
    LetterName.COMPLAINT_OUTCOME,
    LetterName.IDENTITY_REQUEST,
    LetterName.CLARIFICATION,
    LetterName.FEE_NOTICE,
    LetterName.EXTENSION_NOTICE,
}
"""Letters that may answer a part of what was asked."""

ARCHIVED = frozenset({LetterName.ACCESS_ANSWER, LetterName.PORTABILITY_HANDOVER})
"""Letters whose files may go in an encrypted archive: those that say so to the person."""
ARCHIVE, OPEN = "archive", "open"

COMPOSE = "rd:compose"
SEND = "rd:send"
WARNED = 12
"""So many warnings stand over a letter at most."""
ENCLOSED = "enclosed"
"""Begins the name of the block that lists the files of a previewed letter."""
MORE = "rd:more"
DO = "rd:do:"
"""Before the name of a window of `windows.WINDOWS`."""


@dataclass(frozen=True)
class Where:
    """What a modal remembers: the case, the version that was seen, and where private answers go."""

    case_id: int
    version: int
    channel: str = ""
    thread: str = ""
    letter: str = ""
    language: str = ""
    ground: str = ""
    rights: str = ""
    """Those that the letter answers, joined by commas; '' for all that are open."""
    files: str = ""
    """Ids of the files that go with it, joined by commas."""
    password: str = ""
    """Of the archive that they are packed into; '' where they go as they are."""

    @property
    def choice(self) -> tuple[str, str, str]:
        """What the letter is filled from: another choice fills it anew."""
        return self.letter, self.language, self.ground

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The files that go with it."""
        return tuple(i for i in self.files.split(",") if i)

    def wanted(self, middle: str | None = None, names: tuple[str, ...] = ()) -> Wanted:
        """The letter that was chosen. A refusal on another ground says it in its middle, which is written after the template is filled."""
        ground = Ground(self.ground) if self.ground else None
        reason = (middle or UNWRITTEN) if ground is Ground.OTHER else ""
        rights = tuple(Right(r) for r in self.rights.split(",") if r)
        return Wanted(LetterName(self.letter), self.language, middle, ground, reason, rights, names, self.password)

    def deed(self, middle: str, attachments: tuple[Enclosure, ...] = ()) -> SendLetter:
        """Sending it. Why more time is needed is what the notice of extension says of it."""
        wanted = self.wanted(middle)
        why = wanted.reason or (middle if wanted.letter is LetterName.EXTENSION_NOTICE else "")
        return SendLetter(wanted.letter, wanted.language, middle, wanted.ground, why, wanted.rights, attachments, self.password)

    @property
    def about(self) -> str:
        """For the log."""
        return f"{self.case_id}:{self.version}"

    def pack(self) -> str:
        """As private_metadata."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def unpack(cls, text: str) -> "Where":
        """From private_metadata."""
        return cls(**json.loads(text))


def loading(title: str, words: Words = ENGLISH) -> View:
    """Opened at once, for Slack lets a press open a modal only within three seconds."""
    return modal(words(title), [section("⏳ " + words("One moment …"))], words("Cancel"))


def note(title: str, text: str, words: Words = ENGLISH) -> View:
    """A modal that only says something."""
    return modal(words(title), [section(line(text, 2000))], words("Close"))


@dataclass(frozen=True)
class Choice:
    """What may be chosen for a letter: which it is, its language, and which open rights it answers."""

    letters: tuple[LetterName, ...]
    languages: tuple[str, ...]
    rights: tuple[Right, ...] = ()
    files: tuple[Promised, ...] = ()
    """Files of the case's thread, that may go with it."""


def compose(draft: Draft, where: Where, choice: Choice, words: Words = ENGLISH) -> View:
    """A letter to write: what the template fixes is shown, the middle can be edited."""
    where = replace(where, letter=draft.letter, language=draft.language, version=draft.version)
    kinds = [option(words(names.LETTERS[letter]), letter) for letter in choice.letters]
    tongues = [option(names.language(code, words), code) for code in choice.languages]
    middle: Block = {"type": "plain_text_input", "action_id": "middle", "multiline": True, "max_length": INPUT}
    if draft.middle:
        middle["initial_value"] = draft.middle[:INPUT]
    written = field(":".join(("middle", *where.choice)), words("Your words"), middle, hint=hint(words("Next, you read the whole letter.")))
    groundless = draft.letter == LetterName.REFUSAL and not where.ground
    blocks = [
        *([] if groundless else [_addressed(draft.to, draft.subject, words)]),
        select("letter", words("Letter"), kinds, draft.letter, dispatch_action=True),
        select("language", words("Language"), tongues, draft.language, dispatch_action=True),
        *([_why(where.ground, words)] if draft.letter == LetterName.REFUSAL else []),
        *([_which(draft.letter, choice.rights, words)] if len(choice.rights) > 1 and draft.letter in PARTS and not groundless else []),
        *_fixed(words("The letter begins"), draft.opening, words),
        *([] if groundless else _files(where, choice.files, words)),
        *([context(words("Choose why, then press *Preview*: the letter is written for that ground."))] if groundless else [written]),
        *_fixed(words("The letter ends"), draft.closing, words),
    ]
    title = words("Write to the requester")
    return modal(title, blocks, words("Cancel"), submit=words("Preview"), callback=COMPOSE, remembered=where.pack())


def groundless(view: CaseView, where: Where) -> Draft:
    """A refusal whose ground is still to be chosen: nothing of it can be written yet."""
    return Draft(view.id, view.ref, view.version, where.letter, where.language, "", "", "", "", "")


@dataclass(frozen=True)
class Read:
    """A letter to be read before it goes: to whom, what would be mailed, its middle as it was written, and the files with it."""

    to: str
    letter: Reread
    middle: str
    files: tuple[Promised, ...] = ()


def preview(read: Read, where: Where, words: Words = ENGLISH, *, first: bool = False) -> View:
    """The letter as it would be mailed, with the button that mails it; `first` where no other modal lies under it.

    The middle travels in private_metadata, the files in the name of the block that lists them and all else in callback_id, since Slack
    gives these back as they were: what was read is what is sent.
    """
    blocks = [section(f"⚠️ {line(one.said(words.language), 400)}") for one in read.letter.warnings[:WARNED]]
    blocks.append(_addressed(read.to, read.letter.subject, words))
    if read.files:
        blocks.append(section(_enclosed(read.files, where.password, words), f"{ENCLOSED}|{where.files}|{where.password}"))
    blocks += [section(part) for part in quoted(read.letter.text)]
    blocks.append(context(words("This is the whole letter. It is mailed when you press *Send*.")))
    parts = (where.case_id, where.version, where.channel, where.thread, where.letter, where.language, where.ground, where.rights)
    name = "|".join((SEND, *(str(part) for part in parts)))
    title, back = words("Read before it goes"), words("Cancel") if first else words("Back")
    return modal(title, blocks, back, submit=words("Send"), callback=name, remembered=read.middle)


def sent_from(view: View) -> tuple[Where, str]:
    """Where a previewed letter belongs, and its middle."""
    _, case_id, version, *rest = str(view["callback_id"]).split("|")
    named = (str(b.get("block_id") or "").split("|") for b in view.get("blocks") or [])
    _, files, password = next((parts for parts in named if parts[0] == ENCLOSED and len(parts) == 3), ("", "", ""))
    where = Where(int(case_id), int(version), *rest)
    return replace(where, files=files, password=password), str(view.get("private_metadata") or "")


def more(view: CaseView, entries: tuple[str, ...], where: Where, words: Words = ENGLISH) -> View:
    """Everything that the card has no room for; choosing opens its window in place of this one."""
    options = [option(buttons.named(entry, words), entry) for entry in entries]
    blocks = [
        section(f"*{line(view.ref)}* · {sender(view.requester)}"),
        select("entry", words("What do you want to do?"), options, dispatch_action=True),
    ]
    return modal(words("More"), blocks, words("Cancel"), submit=words("Next"), callback=MORE, remembered=where.pack())


def window(name: str, shape: Window, sheet: Sheet, where: Where) -> View:
    """The window of a deed, filled from the case as it stands."""
    words = sheet.words
    return modal(
        words(shape.title),
        shape.blocks(sheet),
        words("Cancel"),
        submit=words(shape.submit),
        callback=f"{DO}{name}",
        remembered=replace(where, version=sheet.view.version).pack(),
    )


def warned(view: View, problem: str) -> View:
    """The modal as it came back from Slack, with a warning on top."""
    blocks = [b for b in view["blocks"] if b.get("block_id") != "warning"]
    kept = {key: view[key] for key in ("type", "title", "submit", "close", "callback_id", "private_metadata") if view.get(key)}
    return {**kept, "blocks": [section(f"⚠️ {line(problem, 600)}", "warning"), *blocks]}


def too_long(middle: str) -> int:
    """By how many characters a middle is longer than a letter's may be; 0 where it fits."""
    return max(size(middle) - METADATA, 0)


def _addressed(to: str, subject: str, words: Words) -> Block:
    return fields((words("To"), sender(to)), (words("Subject"), line(subject, 400)))


def _files(where: Where, files: tuple[Promised, ...], words: Words) -> list[Block]:
    """Files of the case's thread to choose from, and how they are packed."""
    if not files:
        return [context(words("To send a file along, drop it into the case's thread, then open this window again."))]
    options = [option(f"{in_bytes(one.size)} · {one.name}", one.id) for one in files]
    chosen = [boxes(FIELD, words("Send these files of the thread along"), options, where.file_ids)]
    if where.letter in ARCHIVED:
        packed = [option(words("In an encrypted archive"), ARCHIVE), option(words("As they are"), OPEN)]
        small = hint(words("You are told the archive's password, and tell it to the person another way than by mail."))
        chosen.append(select(ARCHIVE, words("How do files go?"), packed, ARCHIVE, hint=small))
    return chosen


def _enclosed(files: tuple[Promised, ...], password: str, words: Words) -> str:
    lines = [f"📎 {line(one.name, 120)} · {in_bytes(one.size)}" for one in files]
    if password:
        lines.append(words("🔑 In an encrypted archive. Its password: `{password}`").format(password=password))
    return "\n".join((f"*{words('Attachments')}*", *lines))


def _why(ground: str, words: Words) -> Block:
    grounds = [option(words(names.GROUNDS[g]), g) for g in Ground]
    return select("ground", words("Why do we refuse?"), grounds, ground, dispatch_action=True)


def _which(letter: str, rights: tuple[Right, ...], words: Words) -> Block:
    options = [option(words(names.RIGHTS[r]), r) for r in rights]
    if letter in REFUSALS:
        return boxes("rights", words("What do we refuse?"), options)
    return boxes("rights", words("Which of them does it answer?"), options, hint=hint(words("None ticked: what the letter is about.")))


def _fixed(title: str, text: str, words: Words) -> list[Block]:
    if not text.strip():
        return []
    return [context(f"{title} ({words('fixed')})"), *(section(part) for part in quoted(text))]
