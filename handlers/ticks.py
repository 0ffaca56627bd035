"""Time passed: remind, digest, seal the day's history, purge. What is due is state ("due and not yet done"), never a schedule."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import effects
from handlers.audit import head_hash
from handlers.dates import DateKeeper
from handlers.desk import Desk, Person
from handlers.lateness import Lateness, SystemLateDue, WeekDue
from handlers.law import Laws
from handlers.letters import Letters
from handlers.posts import ManagersDigest, Reminder
from handlers.purging import Purging
from handlers.reports import Reports
from handlers.rungs import nearest_rung
from storage.events import GENESIS
from storage.kinds import EventKind, LetterName, Status
from storage.models import Deadline, EventHead
from storage.store import Tx

SETTLED = 1
"""The hour from which no transaction of the day before can still be open."""
AHEAD = timedelta(days=1)
"""How much further than the first rung we look for dates that may need a reminder."""


@dataclass(frozen=True)
class RemindDue:
    """A date of a case has a rung to remind of."""

    case_id: int
    deadline_id: int


@dataclass(frozen=True)
class DigestDue:
    """A manager's digest of a day."""

    day: date
    recipient: str
    """Slack id."""


@dataclass(frozen=True)
class HeadDue:
    """The daily head over all case histories."""

    day: date


@dataclass(frozen=True)
class PurgeDue:
    """A case whose retention is over."""

    case_id: int


Tick = RemindDue | DigestDue | HeadDue | PurgeDue | SystemLateDue | WeekDue


class Ticks:
    """The door for time."""

    def __init__(self, desk: Desk, dates: DateKeeper, letters: Letters, laws: Laws | None = None) -> None:
        self._desk = desk
        self._dates = dates
        self._letters = letters
        self._reports = Reports(desk)
        self._purging = Purging()
        self._lateness = Lateness(desk, laws or Laws.load())

    def due(self, tx: Tx, now: datetime) -> list[Tick]:
        """Everything that is due and not yet done."""
        local = now.astimezone(self._desk.rules.zone)
        found: list[Tick] = []
        if local.timetz().replace(tzinfo=None) >= self._desk.rules.remind_at:
            horizon = local.date() + timedelta(days=max(self._desk.rules.rungs)) + AHEAD
            found += [RemindDue(case, row) for case, row in tx.cases.watched(horizon) if self._rung(tx, row, local.date()) is not None]
        if local.timetz().replace(tzinfo=None) >= self._desk.rules.digest_at:
            found += [
                DigestDue(local.date(), p.slack_id) for p in self._desk.managers if not tx.cases.digest_queued(local.date(), p.slack_id)
            ]
        heads = tx.cases.event_heads()
        yesterday = local.date() - timedelta(days=1)
        if local.hour >= SETTLED and (not heads or heads[-1].day < yesterday):
            found.append(HeadDue(yesterday))
        found += [PurgeDue(c) for c in tx.cases.to_purge(now - timedelta(days=self._desk.rules.retention_days))]
        found += self._lateness.due(tx, now)
        return found

    def tick(self, tx: Tx, tick: Tick, now: datetime) -> None:
        """Do one of them; one that was done meanwhile changes nothing."""
        match tick:
            case RemindDue():
                self._remind(tx, tick, now)
            case DigestDue():
                self._digest(tx, tick, now)
            case SystemLateDue():
                self._lateness.say(tx, tick, now)
            case WeekDue():
                self._lateness.count(tx, tick, now)
            case HeadDue():
                self._head(tx, tick, now)
            case PurgeDue():
                self._purging.purge(tx, tick.case_id, "desk", EventKind.PURGED, now)

    def _rung(self, tx: Tx, deadline_id: int, today: date) -> int | None:
        row = tx.cases.deadline(deadline_id)
        if row is None or row.done is not None or row.safe is None or not row.governs:
            return None
        born = row.born.astimezone(self._desk.rules.zone).date()
        return nearest_rung(row.safe, born, today, self._desk.rules.rungs, tx.cases.reminded(row.id, row.safe))

    def _remind(self, tx: Tx, due: RemindDue, now: datetime) -> None:
        case = tx.cases.lock(due.case_id)
        today = self._dates.today(now)
        row = tx.cases.deadline(due.deadline_id)
        rung = self._rung(tx, due.deadline_id, today)
        if case.status is Status.CLOSED or row is None or row.safe is None or rung is None:
            return
        tx.cases.remind(row.id, rung, row.safe, now)
        if self._said_by_twin(tx, row, rung):
            return
        left = (row.safe - today).days
        managers = tuple(p.slack_id for p in self._desk.managers) if left < 0 else ()
        said = Reminder(case.ref, row.kind, row.law, row.safe, left, case.owner, managers)
        tx.events.add(
            case, EventKind.REMINDED, "desk", now, facts={"law": row.law, "kind": str(row.kind), "due": row.safe.isoformat(), "rung": rung}
        )
        effects.post(tx, case, said, f"remind:{row.id}:{row.safe}:{rung}", now)
        effects.card(tx, case, now)

    def _said_by_twin(self, tx: Tx, row: Deadline, rung: int) -> bool:
        """Whether another right's date on the same day has already said so: one day, one reminder."""
        twins = [d for d in tx.cases.deadlines(row.case_id) if d.id != row.id and d.kind is row.kind and d.safe == row.safe and d.governs]
        return any(d.safe is not None and rung in tx.cases.reminded(d.id, d.safe) for d in twins)

    def _digest(self, tx: Tx, due: DigestDue, now: datetime) -> None:
        person = self._desk.person(due.recipient)
        if person is None or tx.cases.digest_queued(due.day, due.recipient):
            return
        self.send_digest(tx, person, due.day, f"{due.day}:{due.recipient}", now)
        tx.cases.note_digest(due.day, due.recipient, now)

    def digest_of(self, tx: Tx, day: date, now: datetime) -> ManagersDigest:
        """What the digest says now."""
        return self._reports.digest(tx, day, now)

    def send_digest(self, tx: Tx, person: Person, day: date, name: str, now: datetime) -> None:
        """Queue one manager's digest, in Slack and by letter."""
        digest = self._reports.digest(tx, day, now)
        effects.notice(tx, digest, f"digest:{name}", now, to=person.slack_id)
        if not person.email:
            return
        controller = self._desk.controllers[0]
        written = self._letters.digest(self._desk.rules.digest_language, controller, digest, person.name)
        out = effects.LetterOut(
            LetterName.DIGEST, self._desk.rules.digest_language, person.email, written.subject, written.text, written.html, automatic=True
        )
        effects.letter(tx, controller, out, f"digest:{name}", now)

    def _head(self, tx: Tx, due: HeadDue, now: datetime) -> None:  # noqa: ARG002 -- a tick's shape
        known = tx.cases.event_heads()
        if known and known[-1].day >= due.day:
            return
        until = datetime.combine(due.day + timedelta(days=1), time.min, self._desk.rules.zone)
        heads = tx.cases.heads(until)
        previous = known[-1].hash if known else GENESIS
        row = EventHead(day=due.day, cases=len(heads), until=until, previous=previous, hash=head_hash(previous, due.day, heads))
        tx.cases.add_event_head(row)
