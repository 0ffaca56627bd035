"""What sending systems are to hear: one queued call for each change of a suppression and each system that mails for the controller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.desk import Desk
from storage.kinds import Carrier, OutgoingKind, SystemState
from storage.models import Hold
from storage.outgoing import Effect
from storage.store import Tx


@dataclass(frozen=True)
class Change:
    """One change of one suppression: stop mailing, or (`stop` False) mailings are allowed again."""

    suppression_id: int
    number: int
    """Which change of that suppression: 0 is its birth."""
    key_id: int
    controller: str
    scope: str
    address: str
    stop: bool
    asked: datetime
    by_person: bool = False


def lane(system: str) -> str:
    """The lane of a system: everything it hears comes in order."""
    return f"system:{system}"


def queue(tx: Tx, desk: Desk, changes: Sequence[Change], hold: Hold | None, now: datetime) -> None:
    """Queue the calls that follow from these changes; under a hold they wait."""
    effects: list[Effect] = []
    begun: list[dict[str, Any]] = []
    for change in changes:
        systems = [s.id for s in desk.systems_of(change.controller, change.scope)]
        effects += [_effect(change, system) for system in systems]
        state = {
            "stop": change.stop,
            "state": SystemState.WAITING,
            "asked": change.asked,
            "queued": now,
            "done": None,
            "records": 0,
            "error": "",
        }
        if change.number == 0:
            begun += [{"suppression_id": change.suppression_id, "system": system, **state} for system in systems]
        else:
            tx.telling.again(change.suppression_id, systems, state)
    tx.telling.begin(begun)
    if hold is None:
        tx.outgoing.queue_many(effects, now)
    else:
        tx.outgoing.queue_many(effects, now, due=hold.until, held=hold.id)


def take_back(tx: Tx, desk: Desk, change: Change, now: datetime) -> None:
    """Queue that mailings are allowed again; a system that has not even heard of the stop hears of neither."""
    heard: list[str] = []
    never: list[str] = []
    for system in (s.id for s in desk.systems_of(change.controller, change.scope)):
        dropped = tx.outgoing.drop_waiting(lane(system), f"tell:{system}:{change.suppression_id}:", now)
        (never if dropped else heard).append(system)
    state = {"stop": False, "asked": change.asked, "queued": now, "records": 0, "error": ""}
    tx.telling.again(change.suppression_id, heard, {**state, "state": SystemState.WAITING, "done": None})
    tx.telling.again(change.suppression_id, never, {**state, "state": SystemState.DONE, "done": now})
    tx.outgoing.queue_many([_effect(change, system) for system in heard], now)


def _effect(change: Change, system: str) -> Effect:
    payload = {
        "suppression": change.suppression_id,
        "number": change.number,
        "system": system,
        "controller": change.controller,
        "scope": change.scope,
        "address": change.address,
        "stop": change.stop,
        "asked": change.asked.isoformat(),
        "by_person": change.by_person,
    }
    dedupe = f"tell:{system}:{change.suppression_id}:{change.number}"
    return Effect(Carrier.SYSTEM, lane(system), OutgoingKind.TELL, dedupe, payload, change.key_id)
