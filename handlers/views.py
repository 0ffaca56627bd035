"""A case as staff see it: one frozen value that cards, lists and reports are drawn from."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.law.wording import Step
from handlers.verdict import Evidence
from storage.kinds import (
    Action,
    Category,
    ClockState,
    DeadlineKind,
    EventKind,
    Ground,
    IdentityMethod,
    NextStep,
    Outcome,
    Right,
    RightState,
    Status,
    TaskKind,
    TaskState,
)


@dataclass(frozen=True)
class DateView:
    """One date of a case: statutory with roll, safe without, and the company's own target."""

    law: str
    kind: DeadlineKind
    rights: tuple[Right, ...]
    state: ClockState
    statutory: date | None
    safe: date | None
    work: date | None
    done: bool
    cite: str
    days_left: int | None
    """Whole days from today (desk's zone) to the safe date; negative when it has passed; None while there is no date."""
    governs: bool = True
    """Whether alarms go by this one: of several laws that may apply, the earliest."""
    immediate: bool = False
    extension_notice_by: date | None = None
    """Until when the person may be told that the period is extended; None where it may not be (any more)."""
    version: str = ""
    trace: tuple[Step, ...] = ()
    """How the dates came about."""
    ends: datetime | None = None
    """When the safe day is over where the law counts it, by the desk's clock; None where our own day counts."""


@dataclass(frozen=True)
class RightView:
    """What became of one right."""

    right: Right
    state: RightState
    ground: Ground | None = None
    by: str | None = None


@dataclass(frozen=True)
class TaskView:
    """One line of the checklist, or a task that staff made and gave a `title`."""

    id: int
    kind: TaskKind
    right: Right | None
    state: TaskState
    place: dict[str, str]
    """By language: `TaskView.called`."""
    holds: dict[str, str]
    """What is to be found there, by language."""
    owner: str | None = None
    """Slack id of who looks after the place, or of their deputy."""
    title: str = ""
    settled_by: str | None = None
    settled: datetime | None = None
    note: str = ""

    def called(self, language: str) -> str:
        """The place (or the task's own title) in that language."""
        return self.place.get(language) or self.place.get("en") or self.title

    def found_there(self, language: str) -> str:
        """What is to be found there, in that language; '' where nothing is said."""
        return self.holds.get(language) or self.holds.get("en", "")


@dataclass(frozen=True)
class ApprovalView:
    """A step that waits for a second person."""

    id: int
    deed: str
    """Name of the deed's class, such as SendLetter."""
    letter: str | None
    asked_by: str
    asked: datetime
    reason: str
    confirmers: tuple[str, ...]
    """Slack ids of those who may approve."""
    middle: str = ""
    """What staff wrote into the letter that waits."""
    attachments: tuple[str, ...] = ()
    """Names of the files that go with it."""
    ground: Ground | None = None
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True)
class OtherCase:
    """Another case of the same person at the same company."""

    id: int
    ref: str
    status: Status
    rights: tuple[Right, ...]
    received: datetime
    channel: str | None = None
    thread: str | None = None


@dataclass(frozen=True)
class IdentityView:
    """How identity stands: asked, and the last check."""

    asked: date | None
    method: IdentityMethod | None = None
    shown: bool | None = None
    checked: date | None = None
    by: str | None = None


@dataclass(frozen=True)
class UndoView:
    """The step that `Undo(step)` would take back."""

    step: int
    deed: str
    actor: str
    at: datetime
    barred: str = ""
    """Why it can't be, '' where it can."""


@dataclass(frozen=True)
class Pausing:
    """What we wait for, since when, and whether a clock stands still for it."""

    status: Status
    since: datetime
    days: int
    stands: bool
    reason: str = ""


@dataclass(frozen=True)
class CaseView:
    """What a card shows. Personal fields are already cut to what the controller's setting allows Slack to see."""

    id: int
    ref: str
    version: int
    controller: str
    controller_name: str
    category: Category
    rights: tuple[Right, ...]
    status: Status
    outcome: Outcome | None
    ground: Ground | None
    urgent: bool
    needs_look: bool
    live: bool
    law: str | None
    law_reason: str
    law_candidates: tuple[str, ...]
    place: str | None
    language: str
    requester: str
    """Name and address, or only the masked address."""
    subject: str
    excerpt: str
    received: datetime
    received_confirmed: bool
    folder: str
    owner: str | None
    """Slack id, or None while nobody has taken it."""
    dates: tuple[DateView, ...]
    evidence: tuple[Evidence, ...]
    authentication: str
    attachments: int
    channel: str | None
    thread: str | None
    """Slack channel and ts of the thread's first post, once posted."""
    next_step: NextStep = NextStep.NONE
    allowed: tuple[Action, ...] = ()
    """What may be done now, by the life of the case and by the law."""
    barred: tuple[tuple[Action, str], ...] = ()
    """What the life of the case would allow and the law, the policy or the facts do not, with the sentence why."""
    settled: tuple[RightView, ...] = ()
    """Every right of the case and what became of it."""
    tasks: tuple[TaskView, ...] = ()
    approvals: tuple[ApprovalView, ...] = ()
    pausing: Pausing | None = None
    identity: IdentityView | None = None
    fee_yen: int | None = None
    """What disclosure costs in this case, consumption tax included; None where it is free."""
    fee_asked: date | None = None
    fee_paid: date | None = None
    extended: date | None = None
    """When an extension was told."""
    others: tuple[OtherCase, ...] = ()
    """Other cases of this person, open ones first: `may belong to`."""
    linked: str | None = None
    """Ref of the case that this one is a duplicate of or has joined."""
    split_from: str | None = None
    deputy: str | None = None
    """Slack id of who acts for an owner that is away; None where the owner is here."""
    masked: bool = False
    """Numbers in subject or excerpt are covered: one click reveals them, and is logged."""
    with_managers: bool = False
    unread: bool = False
    """The person wrote since somebody of the desk last did something."""
    bounced: bool = False
    notes: int = 0
    undo: UndoView | None = None
    erased: bool = False
    """What it held of a person has been destroyed."""
    by_hand: str = ""
    """How a request reached us that did not come by mail: a `Source`, '' for mail."""

    @property
    def tasks_done(self) -> int:
        """How many tasks of the checklist are settled."""
        return sum(t.state is not TaskState.OPEN for t in self.tasks)

    @property
    def extension_notice_by(self) -> date | None:
        """The first day on which the right to extend some open date ends."""
        days = [d.extension_notice_by for d in self.dates if not d.done and d.extension_notice_by is not None and d.governs]
        return min(days, default=None)

    @property
    def may_join(self) -> OtherCase | None:
        """The open case that this one may belong to: the newest other one that is open."""
        return next((o for o in self.others if o.status is not Status.CLOSED), None)

    @property
    def next_date(self) -> DateView | None:
        """The open date that comes first by its safe reading."""
        open_ = [d for d in self.dates if not d.done and d.safe is not None]
        return min(open_, key=lambda d: d.safe or date.max, default=None)


@dataclass(frozen=True)
class Draft:
    """A letter filled and not yet sent: what a modal shows, what staff may edit (`middle`), and what stays as the template wrote it."""

    case_id: int
    ref: str
    version: int
    letter: str
    language: str
    to: str
    subject: str
    opening: str
    middle: str
    closing: str

    @property
    def text(self) -> str:
        """The whole text part."""
        return "\n\n".join(p for p in (self.opening, self.middle, self.closing) if p.strip())


@dataclass(frozen=True)
class CaseLine:
    """One case in a list."""

    id: int
    ref: str
    controller_name: str
    category: Category
    rights: tuple[Right, ...]
    status: Status
    urgent: bool
    needs_look: bool
    requester: str
    """As Slack may show it."""
    received: datetime
    due: date | None
    """The safe date that comes first."""
    days_left: int | None
    owner: str | None
    channel: str | None
    thread: str | None
    outcome: Outcome | None = None
    tasks_done: int = 0
    tasks: int = 0


@dataclass(frozen=True)
class CasePage:
    """A page of a list, the most urgent case first."""

    lines: tuple[CaseLine, ...]
    total: int
    page: int
    """From 0."""
    size: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class TeamFigures:
    """How the desk stands. `by_owner` gives open and overdue cases by Slack id, None for nobody's."""

    open: int
    overdue: int
    due_soon: int
    unassigned: int
    needs_look: int
    waiting: int
    urgent: int
    opened_week: int
    closed_week: int
    by_owner: tuple[tuple[str | None, int, int], ...] = ()


@dataclass(frozen=True)
class HomeView:
    """What one person's home shows. `everything` only for managers."""

    mine: CasePage
    unassigned: CasePage
    figures: TeamFigures
    tasks: tuple["TaskLine", ...] = ()
    everything: CasePage | None = None
    covering: tuple[str, ...] = ()
    """Slack ids of those whom this person acts for now; their cases are among `mine`."""
    away_until: date | None = None
    away_deputy: str | None = None


@dataclass(frozen=True)
class TaskLine:
    """An open task of a person, in a list."""

    case_id: int
    ref: str
    task: TaskView
    due: date | None
    channel: str | None
    thread: str | None


@dataclass(frozen=True)
class HistoryLine:
    """One event of a case for people: who, when, what. `said` is a sentence's worth of detail, opened from what is sealed."""

    number: int
    at: datetime
    actor: str
    kind: EventKind
    facts: tuple[tuple[str, str], ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Flood:
    """Many open cases from one sender's domain within a short time: a request service, perhaps."""

    domain: str
    controller: str
    case_ids: tuple[int, ...]
    refs: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class BulkOutcome:
    """What became of one deed on many cases: refs that it was done to, and refs with why it was refused."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
