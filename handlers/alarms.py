"""Trouble with one road is told by the other: with Slack by mail to the managers, with mail by a post in Slack; each at most once a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import effects
from handlers.desk import Desk, Person
from handlers.letters import Letters
from handlers.posts import Alarm
from storage.kinds import Carrier, LetterName
from storage.store import Tx

AFTER = timedelta(minutes=30)
"""Shorter trouble mends itself."""
SLACK, LETTERS = "Slack", "SMTP"


@dataclass(frozen=True)
class AlarmDue:
    """A road has been closed for too long: which, since when, what it said last, and how much waits for it."""

    what: str
    since: datetime
    problem: str
    waiting: int
    day: date


class Alarms:
    """Watches the roads to the world."""

    def __init__(self, desk: Desk, letters: Letters) -> None:
        self._desk = desk
        self._letters = letters

    def due(self, tx: Tx, now: datetime) -> list[AlarmDue]:
        """Every trouble that was not told today."""
        day = now.astimezone(self._desk.rules.zone).date()
        found = [*self._carriers(tx, now, day), *self._mailboxes(tx, now, day)]
        return [one for one in found if any(not tx.outgoing.already(name) for name in self._names(one))]

    def say(self, tx: Tx, due: AlarmDue, now: datetime) -> None:
        """Tell the managers by the road that is open."""
        said = Alarm(due.what, due.since, due.problem, due.waiting, tuple(p.slack_id for p in self._desk.managers))
        if due.what != SLACK:
            effects.notice(tx, said, _name(due), now)
            return
        for person in self._reachable():
            self._write(tx, said, person, _name(due), now)

    def _write(self, tx: Tx, said: Alarm, person: Person, name: str, now: datetime) -> None:
        controller, language = self._desk.controllers[0], self._desk.rules.digest_language
        written = self._letters.alarm(language, controller, said, person.name)
        out = effects.LetterOut(LetterName.ALARM, language, person.email, written.subject, written.text, written.html, automatic=True)
        effects.letter(tx, controller, out, f"{name}:{person.slack_id}", now)

    def _carriers(self, tx: Tx, now: datetime, day: date) -> list[AlarmDue]:
        found = []
        for what, carrier in ((SLACK, Carrier.SLACK), (LETTERS, Carrier.SMTP)):
            stuck = tx.outgoing.stuck(carrier, now - AFTER)
            if stuck is not None:
                found.append(AlarmDue(what, stuck.created, stuck.error, tx.outgoing.waiting(carrier), day))
        return found

    def _mailboxes(self, tx: Tx, now: datetime, day: date) -> list[AlarmDue]:
        ours = {m.id for m in self._desk.mailboxes}
        failing = [box for box in tx.mails.healths() if box.mailbox in ours and box.failing_since is not None]
        return [
            AlarmDue(box.mailbox, box.failing_since, box.detail, 0, day)
            for box in failing
            if box.failing_since is not None and now - box.failing_since >= AFTER
        ]

    def _names(self, due: AlarmDue) -> list[str]:
        """Under which names it would be queued; none where there is nobody to tell."""
        if due.what != SLACK:
            return [f"notice:{_name(due)}"]
        return [f"letter:{_name(due)}:{p.slack_id}" for p in self._reachable()]

    def _reachable(self) -> tuple[Person, ...]:
        return tuple(p for p in self._desk.managers if p.email)


def _name(due: AlarmDue) -> str:
    return f"alarm:{due.what}:{due.day}"
