"""The guard against forged or mass unsubscribes: above a rate, letters and calls to systems wait while a manager is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import effects
from handlers.desk import Desk
from handlers.posts import HoldSettled, UnsubscribesHeld
from handlers.refused import Refused
from storage.kinds import HoldState
from storage.models import Hold
from storage.store import Tx

WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Answered:
    """A manager's answer: let all go (True), or drop it."""

    actor: str
    hold_id: int
    release: bool


class Guard:
    """Decides whether what follows an unsubscribe is held. The suppression itself never is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._length = timedelta(hours=desk.rules.hold_hours)

    def holds(self, tx: Tx, coming: int, now: datetime) -> Hold | None:
        """The hold under which the effects of so many new wishes wait, or None where the rate is usual."""
        limit = self._desk.rules.guard_per_hour
        if not limit or not tx.suppressions.at_least(max(1, limit - coming + 1), now - WINDOW):
            return None
        tx.hold("unsubscribe guard")
        latest = tx.holds.latest()
        if latest is not None and latest.state is HoldState.ASKING and latest.until > now:
            return latest
        if latest is not None and latest.state is HoldState.RELEASED and latest.settled is not None and latest.settled > now - self._length:
            return None
        made = tx.holds.add(Hold(since=now, until=now + self._length, state=HoldState.ASKING))
        managers = tuple(p.slack_id for p in self._desk.managers)
        effects.notice(tx, UnsubscribesHeld(made.id, limit, made.since, made.until, managers), f"hold:{made.id}", now)
        return made

    def answer(self, tx: Tx, answered: Answered, now: datetime) -> None:
        """Carry out a manager's word; Refused for anybody else, and where somebody answered before."""
        person = self._desk.person(answered.actor)
        if person is None or not person.manager:
            raise Refused("Only managers of the desk decide about a hold.")
        hold = tx.holds.get(answered.hold_id)
        if hold is None:
            raise Refused("There is no such hold.")
        if hold.state is not HoldState.ASKING or hold.until <= now:
            raise Refused("This hold is over already.", field="version")
        if answered.release:
            count = tx.holds.let_go(hold.id, now)
            tx.holds.settle(hold, HoldState.RELEASED, person.slack_id, now)
            tx.outgoing.queued += count
        else:
            dropped = tx.holds.drop(hold.id, now)
            tx.telling.dropped(dropped)
            count = len(dropped)
            tx.holds.settle(hold, HoldState.DROPPED, person.slack_id, now)
        effects.notice(tx, HoldSettled(person.slack_id, count, released=answered.release), f"hold:{hold.id}:settled", now)
