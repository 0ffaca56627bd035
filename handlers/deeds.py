"""What somebody on the desk did, as frozen facts: the one thing that `actions.act` takes."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from handlers.enclosures import Enclosure
from storage.kinds import (
    Category,
    Ground,
    IdentityMethod,
    LetterName,
    OccurrenceKind,
    Outcome,
    Right,
    Source,
    TaskState,
)


@dataclass(frozen=True)
class Take:
    """Make the case mine."""


@dataclass(frozen=True)
class Assign:
    """Make it somebody else's case: a Slack id of the desk."""

    to: str


@dataclass(frozen=True)
class Release:
    """Nobody's case again."""


@dataclass(frozen=True)
class Acknowledge:
    """Send the acknowledgement letter as its template says it."""


@dataclass(frozen=True)
class SendLetter:
    """Send the letter that was previewed; `middle` is what staff edited, plain text. What the letter does to the case: `lettering.EFFECTS`.

    A refusal says its ground, an extension its reason. `rights` are those it answers, () for all that are still open. `password` is that
    of the archive among `attachments`, '' where there is none.
    """

    letter: LetterName
    language: str
    middle: str
    ground: Ground | None = None
    reason: str = ""
    rights: tuple[Right, ...] = ()
    attachments: tuple[Enclosure, ...] = ()
    password: str = ""


@dataclass(frozen=True)
class RecordIdentity:
    """Identity was checked, with this result. A document that was looked at must have been deleted since. `on` None: now."""

    method: IdentityMethod
    shown: bool
    document_deleted: bool = False
    on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class RecordClarification:
    """The person said what they mean."""

    on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class RecordPayment:
    """The fee has come."""

    on: date | None = None
    yen: int | None = None
    note: str = ""


@dataclass(frozen=True)
class RecordTold:
    """Something was asked or told without a letter of ours, by phone or post: a question of ours, or `extended`."""

    kind: OccurrenceKind
    on: date
    reason: str


@dataclass(frozen=True)
class Pause:
    """We wait for the person, and no clock stands still for that."""

    reason: str


@dataclass(frozen=True)
class Resume:
    """The work goes on. A question of ours that was still open counts as never asked: the cautious reading."""

    reason: str = ""


@dataclass(frozen=True)
class Fulfil:
    """These rights are done; () for all that are open, or for a matter without rights."""

    rights: tuple[Right, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class RefuseRights:
    """These rights are refused, without a letter (there is one, or the person was told otherwise)."""

    rights: tuple[Right, ...]
    ground: Ground
    reason: str = ""


@dataclass(frozen=True)
class Resort:
    """Change what the mail was taken for. `law` None leaves the law open."""

    category: Category
    rights: tuple[Right, ...]
    law: str | None
    place: str | None = None


@dataclass(frozen=True)
class CorrectReceipt:
    """It arrived at another time: a bare date is the law's local date."""

    received: date | datetime
    reason: str


@dataclass(frozen=True)
class LinkDuplicate:
    """The same matter as another case, which goes on: this one closes."""

    ref: str
    reason: str = ""


@dataclass(frozen=True)
class JoinCase:
    """This case's mails belong to another open case: they move there with what they ask, and this one closes."""

    ref: str


@dataclass(frozen=True)
class Split:
    """One mail asks for several things, or for several people: what is named here becomes a case of its own with the same receipt.

    `requester` is the other person's mail address, '' for the same person.
    """

    category: Category
    rights: tuple[Right, ...]
    law: str | None = None
    place: str | None = None
    requester: str = ""
    name: str = ""


@dataclass(frozen=True)
class AddNote:
    """A note that stays inside."""

    text: str


@dataclass(frozen=True)
class MarkUrgent:
    """This one first, or no longer."""

    urgent: bool = True
    reason: str = ""


@dataclass(frozen=True)
class HandToManagers:
    """A manager must decide."""

    reason: str


@dataclass(frozen=True)
class SettleTask:
    """A task of the checklist is done, found nothing, is not needed (say why), or open again. Minds the task, not the case's version."""

    task_id: int
    state: TaskState
    note: str = ""


@dataclass(frozen=True)
class AddTask:
    """A task of one's own. `owner` is a Slack id."""

    title: str
    owner: str | None = None


@dataclass(frozen=True)
class Approve:
    """A second person agrees: what was asked is done now."""

    approval_id: int


@dataclass(frozen=True)
class Reject:
    """A second person disagrees, or who asked takes it back."""

    approval_id: int
    reason: str = ""


@dataclass(frozen=True)
class Close:
    """End the case; a refusal needs its ground, an unfinished checklist a reason."""

    outcome: Outcome
    ground: Ground | None = None
    reason: str = ""


@dataclass(frozen=True)
class Reopen:
    """The case goes on."""

    reason: str = ""


@dataclass(frozen=True)
class Undo:
    """Take the last step back, where nothing of it has left the house. `step` is the number that the person saw."""

    step: int


@dataclass(frozen=True)
class SettleUnknown:
    """A letter whose fate nobody knows: it was sent (True), or send it again (False)."""

    outgoing_id: int
    was_sent: bool


@dataclass(frozen=True)
class ThisIsRequest:
    """An ordinary mail that is a request after all: fetch it again and open a case. Concerns a fingerprint, not a case."""

    fingerprint_id: int


@dataclass(frozen=True)
class ByHand:
    """A request that came by phone, letter or otherwise: who typed it in, what was said, and when it reached us. Opens a case.

    `received` as a bare date is the law's local date. `address` is '' where the person has no mail address: such a case gets no letters.
    """

    controller: str
    source: Source
    received: date | datetime
    category: Category
    rights: tuple[Right, ...]
    words: str
    name: str = ""
    address: str = ""
    language: str = "en"
    law: str | None = None
    place: str | None = None
    live: bool = True


@dataclass(frozen=True)
class SetAbsence:
    """Somebody is away from one day through another, and who acts for them. `until` before `since` ends the absence."""

    who: str
    since: date
    until: date
    deputy: str | None = None


Deed = (
    Take
    | Assign
    | Release
    | Acknowledge
    | SendLetter
    | RecordIdentity
    | RecordClarification
    | RecordPayment
    | RecordTold
    | Pause
    | Resume
    | Fulfil
    | RefuseRights
    | Resort
    | CorrectReceipt
    | LinkDuplicate
    | JoinCase
    | Split
    | AddNote
    | MarkUrgent
    | HandToManagers
    | SettleTask
    | AddTask
    | Approve
    | Reject
    | Close
    | Reopen
    | Undo
    | SettleUnknown
)

_KINDS: dict[str, type[Any]] = {c.__name__: c for c in Deed.__args__}


@dataclass(frozen=True)
class Pressed:
    """Somebody pressed something on a card: who, which case, the version that they saw, and what they want."""

    actor: str
    case_id: int
    version: int
    deed: Deed


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])


def to_json(deed: Deed) -> dict[str, Any]:
    """The deed as JSON values, tagged with its kind: how it waits for a second person."""
    kind = type(deed).__name__
    plain: dict[str, Any] = _adapter(kind).dump_python(deed, mode="json")
    return {"deed": kind, **plain}


def from_json(data: dict[str, Any]) -> Deed:
    """What `to_json` wrote."""
    deed: Deed = _adapter(str(data["deed"])).validate_python({k: v for k, v in data.items() if k != "deed"})
    return deed
