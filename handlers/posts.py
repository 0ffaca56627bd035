"""What Slack is to be told besides the card: one frozen value for each kind of post. Handlers queue these, Slack words them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from storage.kinds import Action, Category, DeadlineKind, Ground, LetterName, Outcome, Right, Status, TaskKind


@dataclass(frozen=True)
class FollowUp:
    """A further mail joined the case. `excerpt` is already cut to what the controller lets Slack show ('' for nothing)."""

    ref: str
    sender: str
    subject: str
    excerpt: str
    received: datetime
    attachments: int = 0
    reopened: bool = False
    """The case was closed and this mail opened it again."""
    machine: bool = False
    """A machine wrote it (an absence note, say)."""


@dataclass(frozen=True)
class Reminder:
    """A date of the case draws near, is here, or has passed."""

    ref: str
    kind: DeadlineKind
    law: str
    due: date
    """The safe date, to which rungs count."""
    days_left: int
    """Negative when it has passed."""
    owner: str | None
    """Slack id."""
    managers: tuple[str, ...] = ()
    """Slack ids of those to name; given only when the date has passed."""


@dataclass(frozen=True)
class LetterSent:
    """A letter left. `text` is what Slack may show of it."""

    ref: str
    letter: LetterName
    to: str
    subject: str
    text: str = ""
    actor: str | None = None
    """Slack id of the sender; None where the desk sent it by itself."""


@dataclass(frozen=True)
class LetterFailed:
    """A letter will not leave; `reason` is a sentence without secrets."""

    ref: str
    letter: LetterName
    to: str
    reason: str
    actor: str | None = None


@dataclass(frozen=True)
class LetterUnknown:
    """A letter was handed over and no answer came; a human says whether it was sent or goes again."""

    case_id: int
    version: int
    outgoing_id: int
    ref: str
    letter: LetterName
    to: str
    tried: datetime


@dataclass(frozen=True)
class LetterBounced:
    """A letter came back."""

    ref: str
    to: str
    reason: str


@dataclass(frozen=True)
class Moved:
    """Somebody moved the case and the thread should say so; `reason` is what they wrote."""

    ref: str
    actor: str
    action: Action
    outcome: Outcome | None = None
    ground: Ground | None = None
    reason: str = ""
    about: str = ""
    """What it concerns besides: a Slack id, a ref, a right, a date."""
    approved_by: str | None = None
    """Slack id of the second person, where one was needed."""


@dataclass(frozen=True)
class ApprovalAsked:
    """A step waits for a second person; the card shows it with its buttons."""

    ref: str
    case_id: int
    version: int
    approval_id: int
    actor: str
    action: Action
    letter: LetterName | None
    reason: str
    confirmers: tuple[str, ...]
    """Slack ids."""


@dataclass(frozen=True)
class Waiting:
    """We have waited long for the person; no date reminds of it, so this does, and a human decides."""

    ref: str
    status: Status
    since: date
    days: int
    owner: str | None


@dataclass(frozen=True)
class Escalated:
    """Nobody reacted to a reminder: `level` 1 names all staff, 2 the managers."""

    ref: str
    kind: DeadlineKind
    law: str
    due: date
    days_left: int
    level: int
    named: tuple[str, ...]
    """Slack ids."""
    owner: str | None


@dataclass(frozen=True)
class DateMove:
    """One date that is another now; None where there is none."""

    law: str
    kind: DeadlineKind
    rights: tuple[Right, ...]
    before: date | None
    after: date | None


@dataclass(frozen=True)
class DatesMoved:
    """Dates of an open case moved though nobody touched it: a holiday was proclaimed, a law's file was mended."""

    ref: str
    moves: tuple[DateMove, ...]


@dataclass(frozen=True)
class TaskDue:
    """A task in `TasksDue`."""

    ref: str
    place: str
    due: date | None
    channel: str | None = None
    thread: str | None = None
    kind: TaskKind = TaskKind.OTHER
    places: dict[str, str] = field(default_factory=dict)
    """The place by language, where it has several names."""


@dataclass(frozen=True)
class TasksDue:
    """To one person: tasks of checklists that wait for them."""

    owner: str
    total: int
    tasks: tuple[TaskDue, ...]
    acting_for: str | None = None


@dataclass(frozen=True)
class SentElsewhere:
    """A colleague answered from the mailbox itself; the mail has joined the case."""

    ref: str
    to: str
    subject: str
    excerpt: str
    sent: datetime


@dataclass(frozen=True)
class Joined:
    """Another case's mails have moved here."""

    ref: str
    other: str
    actor: str
    added: tuple[Right, ...] = ()


@dataclass(frozen=True)
class UnsubscribesOfDay:
    """First post of the thread of a day's unsubscribes."""

    day: date


@dataclass(frozen=True)
class UnsubscribeLine:
    """One person gets no more marketing; `address` is as Slack may show it."""

    address: str
    controller_name: str
    at: datetime
    confirmed: bool = True
    """A letter says so to the person."""
    already: bool = False
    """The address had been stopped before."""
    source: str = ""
    """How the wish reached us."""
    done: tuple[str, ...] = ()
    """Names of the systems that have heard."""
    waiting: tuple[str, ...] = ()
    """Names of those that have not."""
    troubled: tuple[str, ...] = ()
    """Names of those that refused or know no such address."""
    suppression: int | None = None
    """The entry whose systems are looked up when the line is written; None where there is nothing to look up."""


@dataclass(frozen=True)
class UnsubscribesHeld:
    """An unusual number of unsubscribes: done at once, but letters and calls to systems wait for a manager's word."""

    hold_id: int
    per_hour: int
    since: datetime
    until: datetime
    managers: tuple[str, ...] = ()
    """Slack ids."""


@dataclass(frozen=True)
class HoldSettled:
    """A manager answered about a hold; `count` letters and calls went or were dropped."""

    actor: str
    count: int
    released: bool


@dataclass(frozen=True)
class SystemLate:
    """A system has not heard of opt-outs for so long that somebody must act. `limit` names the limit, `problem` what it said last."""

    system: str
    limit: str
    waiting: int
    oldest: datetime
    problem: str = ""
    managers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alarm:
    """A road to the world has been closed for long: a mailbox, the mail server or Slack; `problem` is what it said last."""

    what: str
    since: datetime
    problem: str
    waiting: int = 0
    managers: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnsubscribesOfWeek:
    """The count of a week that ended, by company."""

    monday: date
    counts: tuple[tuple[str, int], ...]
    waiting: int = 0


@dataclass(frozen=True)
class SystemHealth:
    """How far a sending system has heard of the opt-outs."""

    name: str
    waiting: int = 0
    oldest: datetime | None = None
    problem: str = ""


@dataclass(frozen=True)
class OtherMailOfDay:
    """First post of the thread of a day's ordinary mail."""

    day: date


@dataclass(frozen=True)
class OtherMailLine:
    """One ordinary mail that stayed in the mailbox untouched."""

    fingerprint_id: int
    domain: str
    """Sender's domain."""
    subject: str
    """Masked."""
    controller_name: str
    arrived: datetime
    category: Category = Category.OTHER


@dataclass(frozen=True)
class Quarantined:
    """A mail could not be handled; its bytes are kept. `reason` names no person."""

    quarantine_id: int
    mailbox: str
    arrived: datetime
    reason: str


@dataclass(frozen=True)
class DigestCase:
    """One case in the digest."""

    ref: str
    controller_name: str
    due: date | None
    days_left: int | None
    owner: str | None
    channel: str | None = None
    thread: str | None = None


@dataclass(frozen=True)
class DigestGroup:
    """Cases of the digest that ask for the same thing. `total` counts also those that are not listed."""

    name: str
    """One of `overdue`, `due_soon`, `waiting`, `unassigned`, `needs_look`."""
    total: int
    cases: tuple[DigestCase, ...] = ()


@dataclass(frozen=True)
class MailboxHealth:
    """How a mailbox is being read. `problem` is a sentence without secrets, '' when all is well."""

    mailbox: str
    last_read: datetime | None
    problem: str = ""


@dataclass(frozen=True)
class ManagersDigest:
    """The day's picture for managers; sent also when nothing is due."""

    day: date
    open: int
    groups: tuple[DigestGroup, ...]
    opened: int = 0
    closed: int = 0
    unsubscribed: int = 0
    ordinary: int = 0
    quarantined: int = 0
    letters_in_doubt: int = 0
    letters_failed: int = 0
    mailboxes: tuple[MailboxHealth, ...] = ()
    systems: tuple[SystemHealth, ...] = ()


@dataclass(frozen=True)
class GoLive:
    """A mailbox was read for the first time: cases from before go-live were opened without letters."""

    mailbox: str
    live_from: date
    read_from: date
    cases: int
    fingerprinted: int = 0


@dataclass(frozen=True)
class SortingLearned:
    """A manager let the sorting learn from corrections, or took that back; it counts from the next start on."""

    manager: str
    corrections: int
    changed: int
    """How many mails of the golden set and of late are sorted otherwise."""
    undone: bool = False


@dataclass(frozen=True)
class PrivateNote:
    """A sentence for one person, shown to nobody else."""

    user: str
    sentence: str


Post = (
    FollowUp
    | Reminder
    | LetterSent
    | LetterFailed
    | LetterUnknown
    | LetterBounced
    | Moved
    | ApprovalAsked
    | Waiting
    | Escalated
    | DatesMoved
    | TasksDue
    | SentElsewhere
    | Joined
    | UnsubscribesOfDay
    | UnsubscribeLine
    | UnsubscribesHeld
    | HoldSettled
    | SystemLate
    | Alarm
    | UnsubscribesOfWeek
    | OtherMailOfDay
    | OtherMailLine
    | Quarantined
    | ManagersDigest
    | GoLive
    | SortingLearned
    | PrivateNote
)

_KINDS: dict[str, type[Any]] = {c.__name__: c for c in Post.__args__}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])


def to_json(post: Post) -> dict[str, Any]:
    """The post as JSON values, tagged with its kind."""
    kind = type(post).__name__
    plain: dict[str, Any] = _adapter(kind).dump_python(post, mode="json")
    return {"post": kind, **plain}


def from_json(data: Mapping[str, Any]) -> Post:
    """What `to_json` wrote; fields of a later version are passed over. ValueError where the kind is unknown or a field is wrong."""
    kind = str(data.get("post"))
    if kind not in _KINDS:
        raise ValueError(f"unknown kind of post: {kind}")
    known = {f.name for f in fields(_KINDS[kind])}
    post: Post = _adapter(kind).validate_python({k: v for k, v in data.items() if k in known})
    return post
