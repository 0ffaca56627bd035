"""A case as staff see it: one frozen value that cards, lists and reports are drawn from."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.verdict import Evidence
from storage.kinds import Category, ClockState, DeadlineKind, Ground, Outcome, Right, Status


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
