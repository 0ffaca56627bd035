"""Where a deed takes place: the case, who acts, when, and the crew that helps; with the few things that every deed does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers import effects
from handlers.checklist import Checklist
from handlers.correspondence import Correspondence
from handlers.dates import DateKeeper
from handlers.desk import Desk, Person
from handlers.lifecycle import WAITING, move
from handlers.permits import Permits
from handlers.posts import Moved
from handlers.refused import Refused
from handlers.unsubscribes import Unsubscribes
from storage.kinds import Action, EventKind, Ground, OccurrenceKind, Outcome, Right, RightState, Status
from storage.models import Case, Occurrence
from storage.store import Tx


@dataclass(frozen=True)
class Crew:
    """What deeds are done with."""

    desk: Desk
    dates: DateKeeper
    permits: Permits
    correspondence: Correspondence
    unsubscribes: Unsubscribes
    checklist: Checklist


@dataclass(frozen=True)
class Scene:
    """One deed's place and time. `seconded` is the Slack id of the second person, where one was needed."""

    crew: Crew
    tx: Tx
    case: Case
    person: Person
    now: datetime
    seconded: str | None = None

    @property
    def who(self) -> str:
        """Slack id of who acts."""
        return self.person.slack_id

    @property
    def today(self) -> date:
        """The desk's date."""
        return self.crew.dates.today(self.now)

    def step(self, action: Action, *, in_part: bool = False) -> None:
        """Move the case as its life allows, with an event where its status changes; Refused where that is not allowed now."""
        before = self.case.status
        self.case.status = move(before, action, in_part=in_part)
        if self.case.status is before:
            return
        self.event(EventKind.STATUS_CHANGED, {"from": str(before), "to": str(self.case.status)})
        if self.case.status in WAITING:
            self.case.waiting_since, self.case.waiting_reminded = self.now, 0
        elif before in WAITING:
            self.case.waiting_since, self.case.waiting_reminded = None, 0
        if self.case.status is Status.ACKNOWLEDGED:
            self.case.needs_look = False

    def event(self, kind: EventKind, facts: Mapping[str, Any] | None = None, private: Mapping[str, Any] | None = None) -> None:
        """Record it; empty private words are left out."""
        seconded = {"seconded": self.seconded} if self.seconded else {}
        words = {k: v for k, v in (private or {}).items() if v}
        self.tx.events.add(self.case, kind, self.who, self.now, facts={**(facts or {}), **seconded}, private=words or None)

    def say(
        self, action: Action, *, about: str = "", reason: str = "", outcome: Outcome | None = None, ground: Ground | None = None
    ) -> None:
        """Say in the thread what was done."""
        said = Moved(self.case.ref, self.who, action, outcome, ground, reason, about, self.seconded)
        effects.post(self.tx, self.case, said, f"moved:{self.case.version}:{action}", self.now)

    def happened(self, kind: OccurrenceKind, on: date | None = None) -> None:
        """Keep that it happened, now or on a day, and replay the dates; Refused where it can't have."""
        if on is not None and on > self.today:
            raise Refused("That day has not come yet.", field="on")
        self.crew.permits.occurrence(self.tx, self.case, kind, on or self.now)
        instant = self.now if on is None else None
        row = Occurrence(case_id=self.case.id, kind=kind, at=instant, day=on, actor=self.who, noted=self.now)
        self.tx.course.happened(row)
        self.crew.dates.replay(self.tx, self.case, self.who, self.now)

    def open_rights(self) -> tuple[Right, ...]:
        """The rights of the case that are neither fulfilled nor refused."""
        return tuple(r.right for r in self.tx.cases.right_rows(self.case.id) if r.state is RightState.OPEN)
