"""Time passed: remind, digest, seal the day's history, purge. What is due is state ("due and not yet done"), never a schedule."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import effects
from handlers.alarms import AlarmDue, Alarms
from handlers.audit import head_hash
from handlers.dates import DateKeeper
from handlers.desk import Desk, Person
from handlers.lateness import Lateness, SystemLateDue, WeekDue
from handlers.law import Laws
from handlers.letters import Letters
from handlers.posts import ManagersDigest, PrivateNote
from handlers.purging import Purging
from handlers.reminding import ReminderTick, Remindings
from handlers.reports import Reports
from storage.events import GENESIS
from storage.kinds import EventKind, LetterName
from storage.models import EventHead
from storage.store import Tx

EXPOSED = {
    "public": "🔴 The desk's Slack channel is public: the whole workspace can read the requests. Make it private.",
    "shared": "🔴 Another company shares the desk's Slack channel and can read the requests. Use one of your own.",
}
"""How strangers could read the desk's channel."""
SETTLED = 1
"""The hour from which no transaction of the day before can still be open."""


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


@dataclass(frozen=True)
class LooseDue:
    """Mail of no case that came by then: its retention is over."""

    until: datetime


Tick = ReminderTick | DigestDue | HeadDue | PurgeDue | LooseDue | SystemLateDue | WeekDue | AlarmDue


class Ticks:
    """The door for time."""

    def __init__(self, desk: Desk, dates: DateKeeper, letters: Letters, laws: Laws | None = None) -> None:
        self._desk = desk
        self._dates = dates
        self._letters = letters
        self._reports = Reports(desk)
        self._purging = Purging(keep_posts=desk.rules.keep_posts)
        self._remindings = Remindings(desk, dates)
        self._alarms = Alarms(desk, letters)
        self._lateness = Lateness(desk, laws or Laws.load())

    def due(self, tx: Tx, now: datetime) -> list[Tick]:
        """Everything that is due and not yet done."""
        local = now.astimezone(self._desk.rules.zone)
        found: list[Tick] = [*self._remindings.due(tx, now)]
        if local.timetz().replace(tzinfo=None) >= self._desk.rules.digest_at:
            found += [
                DigestDue(local.date(), p.slack_id) for p in self._desk.managers if not tx.cases.digest_queued(local.date(), p.slack_id)
            ]
        heads = tx.cases.event_heads()
        yesterday = local.date() - timedelta(days=1)
        if local.hour >= SETTLED and (not heads or heads[-1].day < yesterday):
            found.append(HeadDue(yesterday))
        kept_until = now - timedelta(days=self._desk.rules.retention_days)
        found += [PurgeDue(c) for c in tx.cases.to_purge(kept_until)]
        if tx.mails.kept_without_case(kept_until, limit=1) or tx.outgoing.settled_without_case(kept_until, limit=1):
            found.append(LooseDue(kept_until))
        found += self._lateness.due(tx, now)
        found += self._alarms.due(tx, now)
        return found

    def tick(self, tx: Tx, tick: Tick, now: datetime) -> None:
        """Do one of them; one that was done meanwhile changes nothing."""
        match tick:
            case DigestDue():
                self._digest(tx, tick, now)
            case SystemLateDue():
                self._lateness.say(tx, tick, now)
            case AlarmDue():
                self._alarms.say(tx, tick, now)
            case WeekDue():
                self._lateness.count(tx, tick, now)
            case HeadDue():
                self._head(tx, tick, now)
            case PurgeDue():
                self._purging.purge(tx, tick.case_id, "desk", EventKind.PURGED, now)
            case LooseDue():
                self._purging.purge_loose(tx, tick.until, now)
            case _:
                self._remindings.remind(tx, tick, now)

    def _digest(self, tx: Tx, due: DigestDue, now: datetime) -> None:
        person = self._desk.person(due.recipient)
        if person is None or tx.cases.digest_queued(due.day, due.recipient):
            return
        self.send_digest(tx, person, due.day, f"{due.day}:{due.recipient}", now)
        tx.cases.note_digest(due.day, due.recipient, now)

    def warn_of_channel(self, tx: Tx, exposed: tuple[str, ...], now: datetime) -> None:
        """Tell each manager, once a day, how strangers could read the desk's channel."""
        day = now.astimezone(self._desk.rules.zone).date()
        for person in self._desk.managers:
            for kind in exposed:
                name = f"channel:{kind}:{day}:{person.slack_id}"
                effects.notice(tx, PrivateNote(person.slack_id, EXPOSED[kind]), name, now, to=person.slack_id)

    def digest_of(self, tx: Tx, day: date, now: datetime) -> ManagersDigest:
        """What the digest says now."""
        return self._reports.digest(tx, day, now)

    def show_digest(self, tx: Tx, person: Person, day: date, name: str, now: datetime) -> None:
        """Queue the digest for one person who asked for it, in Slack only."""
        effects.notice(tx, self._reports.digest(tx, day, now), f"digest:{name}", now, to=person.slack_id)

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
