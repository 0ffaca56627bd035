"""What the clock is asked and what it answers, as frozen values."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.law.wording import Step
from storage.kinds import ClockState, OccurrenceKind


@dataclass(frozen=True)
class Occurrence:
    """A thing that happened to a request: an instant, or a bare date that is the law's local date."""

    kind: OccurrenceKind
    on: date | datetime


@dataclass(frozen=True)
class Query:
    """One clock: a law, a right (or complaint, unsubscribe, appeal), when the mail arrived, where the person is, what happened since."""

    law: str
    right: str
    received: date | datetime
    place: str
    events: tuple[Occurrence, ...] = ()
    work_days_before: int = 5


@dataclass(frozen=True)
class Dates:
    """The dates of one clock, in the law's zone, and how they came about.

    `respond_due` is the statutory date with its roll, `safe_due` the most cautious reading without; alarms go by the safe ones.
    `work_due` is the company's own target. `version` is the day on which the version of the law that was applied came into force.
    """

    state: ClockState
    trace: tuple[Step, ...]
    version: str
    cite: str
    acknowledge_due: date | None = None
    acknowledge_safe: date | None = None
    respond_due: date | None = None
    safe_due: date | None = None
    work_due: date | None = None
    extension_notice_by: date | None = None
    immediate: bool = False
    paused_since: date | None = None
    """The day from which the clock stands, where it does: an open question has reminders of its own instead of a date."""
