"""The modals of a case: writing a letter, reading it before it goes, sorting, closing; pure, and the answers read back."""

import json
from dataclasses import asdict, dataclass, replace

from bot.slack import names
from bot.slack.forms import View, field, hint, modal, select
from bot.slack.office import Written
from bot.slack.text import INPUT, METADATA, Block, context, fields, line, option, plain, quoted, section, sender, size
from bot.slack.words import ENGLISH, Words
from handlers.correspondence import Wanted
from handlers.views import CaseView, Draft
from storage.kinds import Category, Ground, LetterName, Outcome, Right

COMPOSE = "rd:compose"
SEND = "rd:send"
SORT = "rd:sort"
CLOSE = "rd:close"
OPEN_LAW = "-"
REASON = 2000
PLACE = 10


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

    @property
    def choice(self) -> tuple[str, str, str]:
        """What the letter is filled from: another choice fills it anew."""
        return self.letter, self.language, self.ground

    def wanted(self, middle: str | None = None) -> Wanted:
        """The letter that was chosen. A refusal on another ground says it in its middle, which is written after the template is filled."""
        ground = Ground(self.ground) if self.ground else None
        if ground is Ground.OTHER and middle is None:
            ground = None
        reason = middle or "" if ground is Ground.OTHER else ""
        return Wanted(LetterName(self.letter), self.language, middle, ground, reason)

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


def compose(draft: Draft, where: Where, letters: tuple[LetterName, ...], languages: tuple[str, ...], words: Words = ENGLISH) -> View:
    """A letter to write: what the template fixes is shown, the middle can be edited."""
    where = replace(where, letter=draft.letter, language=draft.language, version=draft.version)
    kinds = [option(words(names.LETTERS[letter]), letter) for letter in letters]
    tongues = [option(names.language(code, words), code) for code in languages]
    middle: Block = {"type": "plain_text_input", "action_id": "middle", "multiline": True, "max_length": INPUT}
    if draft.middle:
        middle["initial_value"] = draft.middle[:INPUT]
    blocks = [
        _addressed(draft.to, draft.subject, words),
        select("letter", words("Letter"), kinds, draft.letter, dispatch_action=True),
        select("language", words("Language"), tongues, draft.language, dispatch_action=True),
        *([_why(where.ground, words)] if draft.letter == LetterName.REFUSAL else []),
        *_fixed(words("The letter begins"), draft.opening, words),
        field(":".join(("middle", *where.choice)), words("Your words"), middle, hint=hint(words("Next, you read the whole letter."))),
        *_fixed(words("The letter ends"), draft.closing, words),
    ]
    title = words("Write to the requester")
    return modal(title, blocks, words("Cancel"), submit=words("Preview"), callback=COMPOSE, remembered=where.pack())


def preview(draft: Draft, written: Written, middle: str, where: Where, words: Words = ENGLISH, *, first: bool = False) -> View:
    """The letter as it would be mailed, with the button that mails it; `first` where no other modal lies under it.

    The middle travels in private_metadata and all else in callback_id, since Slack gives both back as they were: what was read is what
    is sent.
    """
    blocks = [_addressed(draft.to, written.subject, words)]
    blocks += [section(part) for part in quoted(written.text)]
    blocks.append(context(words("This is the whole letter. It is mailed when you press *Send*.")))
    name = "|".join((SEND, *(str(part) for part in asdict(where).values())))
    title = words("Read before it goes")
    return modal(title, blocks, words("Cancel") if first else words("Back"), submit=words("Send"), callback=name, remembered=middle)


def sent_from(view: View) -> tuple[Where, str]:
    """Where a previewed letter belongs, and its middle."""
    _, case_id, version, *rest = str(view["callback_id"]).split("|")
    return Where(int(case_id), int(version), *rest), str(view.get("private_metadata") or "")


def sort(view: CaseView, where: Where, laws: tuple[tuple[str, str], ...], words: Words = ENGLISH) -> View:
    """What the mail was taken for, to be put right."""
    kinds = [option(words(names.CATEGORIES[c]), c) for c in Category if c is not Category.MACHINE or view.category is c]
    boxes = [option(words(names.RIGHTS[r]), r) for r in Right]
    ticked = [o for o in boxes if o["value"] in view.rights]
    rights: Block = {"type": "checkboxes", "action_id": "rights", "options": boxes}
    if ticked:
        rights["initial_options"] = ticked
    known = [(i, n) for i, n in laws if i == view.law] + [(i, n) for i, n in laws if i != view.law]
    choices = [option(words("Not certain: the strictest dates count"), OPEN_LAW), *(option(n, i) for i, n in known[:99])]
    place: Block = {"type": "plain_text_input", "action_id": "place", "max_length": PLACE, "placeholder": plain("DE, JP, GB-SCT, US-CA")}
    if view.place:
        place["initial_value"] = view.place[:PLACE]
    now = f"{words(names.CATEGORIES[view.category])} · {names.rights(view.rights, words) or words('no rights')}"
    law = names.law(view.law, words) if view.law else words("law not certain")
    blocks = [
        section(f"*{line(view.ref)}* · {sender(view.requester)}\n{words('Now:')} {now} · {line(law)}"),
        select("category", words("What is it?"), kinds, view.category),
        field("rights", words("What do they ask for?"), rights, optional=True, hint=hint(words("Tick all that the mail asks for."))),
        select("law", words("Which law?"), choices, view.law or OPEN_LAW),
        field("place", words("Where does the person live?"), place, optional=True, hint=hint(words("A country in two letters."))),
    ]
    title = words("Change sorting")
    return modal(title, blocks, words("Cancel"), submit=words("Save"), callback=SORT, remembered=where.pack())


def close(view: CaseView, where: Where, words: Words = ENGLISH) -> View:
    """How the case ended."""
    outcomes = [option(words(names.OUTCOMES[o]), o) for o in Outcome]
    grounds = [option(words(names.GROUNDS[g]), g) for g in Ground]
    reason: Block = {"type": "plain_text_input", "action_id": "reason", "multiline": True, "max_length": REASON}
    blocks = [
        section(f"*{line(view.ref)}* · {sender(view.requester)}\n{words('Nothing is mailed when you close a case: reply first.')}"),
        select("outcome", words("How did it end?"), outcomes),
        select("ground", words("If refused: why?"), grounds, optional=True),
        field("reason", words("Note for the record"), reason, optional=True, hint=hint(words("Stays inside, never mailed."))),
    ]
    title = words("Close the case")
    return modal(title, blocks, words("Cancel"), submit=words("Close the case"), callback=CLOSE, remembered=where.pack())


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


def _why(ground: str, words: Words) -> Block:
    grounds = [option(words(names.GROUNDS[g]), g) for g in Ground]
    return select("ground", words("Why do we refuse?"), grounds, ground, dispatch_action=True)


def _fixed(title: str, text: str, words: Words) -> list[Block]:
    if not text.strip():
        return []
    return [context(f"{title} ({words('fixed')})"), *(section(part) for part in quoted(text))]
