"""Takes queued opt-outs to the sending systems, each system's in their order; an outage only makes them wait."""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.carriers import Later, Rejected
from bot.systems.system import Opting, System
from handlers.heard import Heard, Hearing
from handlers.systems import lane
from storage.kinds import OutgoingState, SystemState
from storage.models import Outgoing
from storage.store import Store, StoreDown, Tx

log = structlog.get_logger()
LEASE = timedelta(minutes=15)
"""Longer than every time-out of a system together."""
MENDING = 300.0
"""Seconds between tries while somebody must mend settings or rights."""
LONGEST = 900.0
"""Seconds between tries at most, however long a system is down (unless it names a later time itself)."""
IDLE = 15.0


@dataclass(frozen=True)
class Load:
    """What is to be told now, and rows that need not be told any more."""

    changes: tuple[Opting, ...]
    attempts: int
    stale: tuple[Heard, ...] = ()


class Courier:
    """One loop for each system. `clock` tells the time; tests move it."""

    def __init__(
        self, store: Store, hearing: Hearing, systems: Mapping[str, System], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._hearing = hearing
        self._systems = systems
        self._clock = clock
        self._who = f"{socket.gethostname()}:{os.getpid()}"
        self._bells = {name: asyncio.Event() for name in systems}
        self.ring_outbox: Callable[[], None] = lambda: None

    def ring(self) -> None:
        """Something was queued: look now. Only on the event loop."""
        for bell in self._bells.values():
            bell.set()

    async def run(self) -> None:
        """Tell all systems until cancelled; without systems there is nothing to do but wait for that."""
        try:
            await asyncio.gather(*(self._serve(name) for name in self._systems), asyncio.Event().wait())
        finally:
            await asyncio.gather(*(s.close() for s in self._systems.values()), return_exceptions=True)

    async def _serve(self, name: str) -> None:
        while True:
            self._bells[name].clear()
            try:
                busy = await self.once(name)
            except StoreDown as down:
                log.error("systems: the database does not answer", system=name, why=str(down))
                busy = False
            except Exception:
                # The one broad except of this loop: what breaks one system's turn is tried again, and stops no other system.
                log.exception("systems: a turn failed", system=name)
                busy = False
            if not busy:
                try:
                    await asyncio.wait_for(self._bells[name].wait(), IDLE)
                except TimeoutError:
                    continue

    async def once(self, name: str) -> bool:
        """One turn: claim what waits, tell it, keep the answers. False where nothing could be told."""
        load = await asyncio.to_thread(self._store.run, lambda tx: self._claim(tx, name))
        if load.stale:
            await self._keep(name, load.stale)
        if not load.changes:
            return bool(load.stale)
        system = self._systems[name]
        try:
            heard = await system.tell(load.changes, self._clock())
        except Later as later:
            await self._wait(load, max(later.after, min(LONGEST, 5.0 * 2 ** min(load.attempts, 8))), later.why)
        except Rejected as rejected:
            log.error("system refuses us", system=name, why=rejected.sentence)
            await self._wait(load, MENDING, rejected.sentence)
        except Exception as error:
            # The one broad except around a batch: our own fault in speaking to a system loses nothing, it waits.
            log.exception("systems: the batch broke", system=name)
            await self._wait(load, MENDING, f"a fault of ours ({type(error).__name__}): see the log")
        else:
            await self._keep(name, heard)
            return all(h.state is not SystemState.WAITING for h in heard)
        return False

    def _claim(self, tx: Tx, name: str) -> Load:
        tx.hold(f"lane {lane(name)}")
        rows = tx.outgoing.claim_run(lane(name), self._who, self._clock(), lease=LEASE, limit=self._systems[name].most)
        changes, stale = [], []
        for row in rows:
            change = self._change(tx, row, name)
            if change is None:
                stale.append(Heard(row.id, SystemState.DROPPED, 0, "no longer wanted"))
            else:
                changes.append(change)
        return Load(tuple(changes), max((r.attempts for r in rows), default=0), tuple(stale))

    def _change(self, tx: Tx, row: Outgoing, name: str) -> Opting | None:
        payload = tx.outgoing.payload(row)
        told = tx.telling.one(payload["suppression"], name) if payload else None
        if payload is None or told is None or told.stop is not payload["stop"]:
            return None
        return Opting(
            outgoing_id=row.id,
            reference=row.dedupe.removeprefix("tell:"),
            address=payload["address"],
            controller=payload["controller"],
            scope=payload["scope"],
            stop=payload["stop"],
            asked=datetime.fromisoformat(payload["asked"]),
        )

    async def _keep(self, name: str, heard: Sequence[Heard]) -> None:
        def work(tx: Tx) -> int:
            self._hearing.settle(tx, heard, self._clock())
            if tx.outgoing.queued:
                self._store.wake(tx)
            return tx.outgoing.queued

        if await asyncio.to_thread(self._store.run, work):
            self.ring_outbox()
        log.info("system told", system=name, count=len(heard))

    async def _wait(self, load: Load, after: float, why: str) -> None:
        due = self._clock() + timedelta(seconds=after)

        def work(tx: Tx) -> None:
            for change in load.changes:
                row = tx.outgoing.get(change.outgoing_id)
                if row is not None and row.state is OutgoingState.CLAIMED:
                    row.state, row.lease_until, row.lease_by, row.due, row.error = OutgoingState.QUEUED, None, None, due, why

        log.info("system waits", seconds=round(after), why=why, count=len(load.changes))
        await asyncio.to_thread(self._store.run, work)
