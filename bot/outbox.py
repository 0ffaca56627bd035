"""Takes queued rows in the order of their lanes, hands each to its carrier, tries again, and gives up loudly."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot.carriers import Later, Rejected, Unknown
from bot.jobs import Job, opened
from bot.mailbox import CONNECTED, FAILING
from bot.slack.carrier import Delivered, SlackCarrier
from bot.smtp import Post, QueuedLetter
from handlers.carried import Carried, Settling
from handlers.caseview import CaseViews
from storage.kinds import Carrier, OutgoingKind, OutgoingState
from storage.models import Outgoing
from storage.store import Store, StoreDown, Tx

log = structlog.get_logger()
T = TypeVar("T")

CARRIED = (OutgoingState.CLAIMED, OutgoingState.HANDING)
"""In somebody's hands."""
LEASE = {Carrier.SLACK: timedelta(minutes=10), Carrier.SMTP: timedelta(minutes=30)}
"""Longer than every time-out of the carrier, so that a lease that ran out means a process that died."""
AT_ONCE = {Carrier.SLACK: 4, Carrier.SMTP: 2}
"""How much at once; the carriers of this outbox. Systems that send mailings have a courier of their own (`bot.systems`)."""
GIVE_UP = timedelta(days=5)
"""After so long without success a row fails, loudly."""
FAREWELL = 20.0
"""How many seconds a stopping process waits for what it has begun to hand over."""
MENDING = 60.0
"""Seconds between tries while a person must mend something first: a token, a permission, a channel."""
DOWN = 2.0
"""Seconds until a database that does not answer is asked again."""
CALLED = {Carrier.SLACK: "Slack", Carrier.SMTP: "SMTP"}
"""Under which name a carrier's health is kept beside the mailboxes'."""
IDLE = 15.0
"""Seconds after which the queue is looked at without being rung."""


class Lost(Exception):
    """Our lease ran out while we had the row: somebody else has it now, and it is theirs."""


class Outbox:
    """Both carriers' queues, each with its own loop: an outage of one never delays the other."""

    def __init__(self, store: Store, settling: Settling, views: CaseViews, slack: SlackCarrier, post: Post) -> None:
        self._store = store
        self._settling = settling
        self._views = views
        self._desk = views.desk
        self._slack = slack
        self._post = post
        self._who = f"{socket.gethostname()[:64]}:{os.getpid()}"
        self._bells = {c: asyncio.Event() for c in AT_ONCE}
        self._pause: dict[Carrier, datetime] = {}
        self._trouble: dict[Carrier, str] = {}

    def ring(self) -> None:
        """Something was queued: look now. Only on the event loop."""
        for bell in self._bells.values():
            bell.set()

    async def run(self, *, alone: bool) -> None:
        """Carry until cancelled. `alone`: no other process has leases here, so those that are left belong to the dead."""
        await self._recover(alone=alone)
        await asyncio.gather(*(self._carry(c) for c in AT_ONCE), self._watch())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(60)
            await self._recover(alone=False)

    async def _recover(self, *, alone: bool) -> None:
        """Rows of a process that died: what was not handed over goes again; a Slack post is looked for first; a letter is asked about."""
        now = datetime.now(UTC)
        for outgoing_id in await self._kept(lambda tx: [r.id for r in tx.outgoing.expired(now, not_by=self._who if alone else None)]):
            try:
                await self._kept(partial(self._recover_one, outgoing_id, now, alone=alone))
            except Exception:
                # The one broad except of this loop: a row that can't be put right is tried again in a minute, and the next one goes on.
                log.exception("outgoing can't be recovered", outgoing=outgoing_id)
            self.ring()

    def _recover_one(self, outgoing_id: int, now: datetime, tx: Tx, *, alone: bool) -> None:
        row = tx.outgoing.get(outgoing_id)
        if row is None or row.state not in CARRIED or row.lease_until is None:
            return
        if row.lease_until > now and not (alone and row.lease_by != self._who):
            return
        handed = row.state is OutgoingState.HANDING
        if handed and row.carrier is Carrier.SMTP:
            error = "the process ended while the letter was handed over"
            self._settling.settle(tx, Carried(row.id, OutgoingState.UNKNOWN, error=error), now)
        else:
            row.state, row.lease_until, row.lease_by, row.due = OutgoingState.QUEUED, None, None, now
            row.uncertain = row.uncertain or handed
        self._store.wake(tx)

    async def _carry(self, carrier: Carrier) -> None:
        running: set[asyncio.Task[None]] = set()
        bell = self._bells[carrier]

        def ended(task: asyncio.Task[None]) -> None:
            running.discard(task)
            bell.set()
            if not task.cancelled() and (fault := task.exception()) is not None:
                log.error("outgoing not settled: its lease will run out", carrier=str(carrier), error=type(fault).__name__, exc_info=fault)

        try:
            while True:
                bell.clear()
                free = AT_ONCE[carrier] - len(running)
                rows = await self._claimed(carrier, free) if free else []
                for row in rows:
                    task = asyncio.create_task(self._one(carrier, row))
                    running.add(task)
                    task.add_done_callback(ended)
                if not rows:
                    await self._rest(carrier, bell)
        finally:
            if running:
                await asyncio.wait(running, timeout=FAREWELL)

    async def _rest(self, carrier: Carrier, bell: asyncio.Event) -> None:
        due = await self._kept(lambda tx: tx.outgoing.next_due(carrier))
        wait = IDLE if due is None else min(IDLE, max(0.05, (due - datetime.now(UTC)).total_seconds()))
        pause = self._pause.get(carrier)
        if pause is not None and pause > datetime.now(UTC):
            wait = max(wait, (pause - datetime.now(UTC)).total_seconds())
        try:
            await asyncio.wait_for(bell.wait(), wait)
        except TimeoutError:
            return

    async def _claimed(self, carrier: Carrier, limit: int) -> list[Outgoing]:
        try:
            return await asyncio.to_thread(self._claim, carrier, limit)
        except StoreDown as down:
            log.error("the database does not answer", why=str(down))
            await asyncio.sleep(DOWN)
            return []

    def _claim(self, carrier: Carrier, limit: int) -> list[Outgoing]:
        now = datetime.now(UTC)
        if self._pause.get(carrier, now) > now:
            return []
        return self._store.run(lambda tx: list(tx.outgoing.claim(carrier, self._who, now, lease=LEASE[carrier], limit=limit)))

    async def _one(self, carrier: Carrier, row: Outgoing) -> None:
        job = Job(row, None)
        try:
            job = await asyncio.to_thread(self._store.look, partial(opened, row, self._views))
            done = await self._deliver(carrier, job)
        except Later as later:
            await self._again(job, later.after, later.why)
            if carrier is Carrier.SMTP:
                await self._fares(carrier, later.why)
            if carrier is Carrier.SLACK:
                self._pause[carrier] = datetime.now(UTC) + timedelta(seconds=min(later.after, 60))
        except Unknown as unknown:
            await self._not_known(carrier, job, unknown)
        except Rejected as rejected:
            log.error("outgoing rejected", outgoing=row.id, carrier=str(carrier), kind=str(row.kind), why=rejected.sentence)
            if rejected.mendable:
                await self._again(job, MENDING, rejected.sentence)
                await self._fares(carrier, rejected.sentence)
                if job.parcel is None or job.parcel.channel == self._desk.rules.channel:
                    self._pause[carrier] = datetime.now(UTC) + timedelta(seconds=MENDING)
            else:
                await self._settle(Carried(row.id, OutgoingState.FAILED, error=rejected.sentence))
        except Lost:
            log.warning("outgoing is somebody else's now", outgoing=row.id, carrier=str(carrier))
        except StoreDown as down:
            await self._again(job, DOWN, str(down))
        except Exception as error:
            # The one broad except of this loop: a row that breaks its carrier stops no other row.
            log.exception("outgoing broke its carrier", outgoing=row.id, carrier=str(carrier), kind=str(row.kind))
            await self._again(job, 60.0, type(error).__name__)
        else:
            await self._settle(done)
            await self._fares(carrier, "")

    async def _deliver(self, carrier: Carrier, job: Job) -> Carried:
        row = job.row
        if job.payload is None:
            return Carried(row.id, OutgoingState.DROPPED, error="what it held has been erased")
        if carrier is Carrier.SMTP:
            letter = QueuedLetter.from_payload(job.payload)
            await self._post.deliver(letter, self._handing(row))
            return Carried(row.id, OutgoingState.SENT, result=letter.message_id)
        if row.kind is OutgoingKind.REMOVAL:
            await self._slack.remove(job.payload["channel"], job.payload["ts"], self._handing(row))
            return Carried(row.id, OutgoingState.SENT)
        if job.parcel is None:
            raise Rejected("this row has nothing to post")
        if row.uncertain and job.parcel.ts is None and row.first_attempt is not None:
            found = await self._slack.find(job.parcel.channel, job.parcel.thread, row.id, row.first_attempt)
            if found is not None:
                return Carried(row.id, OutgoingState.SENT, channel=job.parcel.channel, result=found)
        place: Delivered = await self._slack.deliver(job.parcel, self._handing(row))
        return Carried(row.id, OutgoingState.SENT, channel=place.channel, result=place.ts)

    def _handing(self, mine: Outgoing) -> Callable[[], Awaitable[None]]:
        def work(tx: Tx) -> None:
            row = tx.outgoing.get(mine.id)
            if row is None or row.state is not OutgoingState.CLAIMED or not _same_claim(row, mine):
                raise Lost
            row.state = OutgoingState.HANDING

        return lambda: asyncio.to_thread(self._store.run, work)

    async def _not_known(self, carrier: Carrier, job: Job, unknown: Unknown) -> None:
        log.warning("outgoing handed over without an answer", outgoing=job.row.id, carrier=str(carrier), why=unknown.why)
        if carrier is Carrier.SMTP:
            await self._settle(Carried(job.row.id, OutgoingState.UNKNOWN, error=unknown.why))
        else:
            await self._again(job, 5.0, unknown.why, uncertain=True)

    async def _fares(self, carrier: Carrier, trouble: str) -> None:
        """Keep how the carrier fares where digest and health look for it; '' when all is well."""
        if self._trouble.get(carrier, "") != trouble:
            self._trouble[carrier] = trouble
            state = FAILING if trouble else CONNECTED
            await self._kept(lambda tx: tx.mails.health(CALLED[carrier], state, trouble, datetime.now(UTC)))

    async def _kept(self, work: Callable[[Tx], T]) -> T:
        """`work` in one transaction, again and again while the database is down: what was carried must not be forgotten."""
        while True:
            try:
                return await asyncio.to_thread(self._store.run, work)
            except StoreDown as down:
                log.error("the database does not answer", why=str(down))
                await asyncio.sleep(DOWN)

    async def _again(self, job: Job, after: float, why: str, *, uncertain: bool = False) -> None:
        now = datetime.now(UTC)

        def work(tx: Tx) -> None:
            row = tx.outgoing.get(job.row.id)
            if row is None or row.state not in CARRIED or not _same_claim(row, job.row):
                return
            if now - row.created > GIVE_UP:
                self._settling.settle(tx, Carried(row.id, OutgoingState.FAILED, error=f"given up after {GIVE_UP.days} days: {why}"), now)
                return
            wait = max(after, min(300.0, 2.0 ** min(row.attempts, 9)) if uncertain else 0.0)
            row.state, row.lease_until, row.lease_by = OutgoingState.QUEUED, None, None
            row.due, row.error = now + timedelta(seconds=wait), why
            row.uncertain = row.uncertain or uncertain

        log.info("outgoing waits", outgoing=job.row.id, seconds=after, why=why)
        await self._kept(work)

    async def _settle(self, carried: Carried) -> None:
        def work(tx: Tx) -> int:
            self._settling.settle(tx, carried, datetime.now(UTC))
            if tx.outgoing.queued:
                self._store.wake(tx)
            return tx.outgoing.queued

        if await self._kept(work):
            self.ring()


def _same_claim(row: Outgoing, mine: Outgoing) -> bool:
    """Whether the row is still under the lease that we were given: each claim counts one attempt more."""
    return row.lease_by == mine.lease_by and row.attempts == mine.attempts
