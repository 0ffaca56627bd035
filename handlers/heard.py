"""A sending system answered: keep when it heard, show it in the day's line, and fetch a human where one is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import lines
from handlers.desk import Desk
from handlers.stuck import Stuck
from storage.kinds import OutgoingState, SystemState
from storage.models import SystemTold
from storage.store import Tx


@dataclass(frozen=True)
class Heard:
    """What a system answered to one change: done (and in how many records), no such address, refused, or (WAITING) ask again."""

    outgoing_id: int
    state: SystemState
    records: int = 0
    error: str = ""
    """A sentence without personal data or secrets."""


class Hearing:
    """The door for what systems answer."""

    def __init__(self, desk: Desk, stuck: Stuck) -> None:
        self._desk = desk
        self._stuck = stuck

    def settle(self, tx: Tx, heard: Sequence[Heard], now: datetime) -> None:
        """Record the answers; one that came before changes nothing."""
        for one in heard:
            row = tx.outgoing.get(one.outgoing_id)
            if row is None or row.state not in (OutgoingState.CLAIMED, OutgoingState.QUEUED):
                continue
            payload = tx.outgoing.payload(row)
            row.lease_until, row.lease_by, row.error = None, None, one.error
            if one.state is SystemState.WAITING:
                row.state, row.due = OutgoingState.QUEUED, lines.soon(now)
                continue
            row.state = OutgoingState.DROPPED if one.state is SystemState.DROPPED else OutgoingState.SENT
            row.done, row.sealed = now, None
            if payload is not None and one.state is not SystemState.DROPPED:
                self._told(tx, payload, one, now)

    def _told(self, tx: Tx, payload: dict[str, Any], one: Heard, now: datetime) -> None:
        told = tx.telling.one(payload["suppression"], payload["system"])
        if told is None or told.stop is not payload["stop"]:
            return
        told.state, told.done, told.records, told.error = one.state, now, one.records, one.error
        every = tx.telling.of(payload["suppression"])
        if one.state is SystemState.REFUSED:
            self._stuck.refused(tx, payload, self._name(told), one.error, now)
        if all(t.state is not SystemState.WAITING for t in every):
            if payload["stop"] and payload["by_person"] and self._found_nowhere(every):
                self._stuck.found_nowhere(tx, payload, now)
            lines.redraw(tx, payload["suppression"], payload["number"], now)

    def _name(self, told: SystemTold) -> str:
        return lines.system_name(self._desk, told.system)

    def _found_nowhere(self, every: Sequence[SystemTold]) -> bool:
        """Whether every system that could say so knows no such address, and no other one may know it."""
        finding = {s.id for s in self._desk.systems if s.finds}
        return bool(every) and all(t.system in finding and t.state is SystemState.NOT_FOUND for t in every)
