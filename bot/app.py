"""Starts the bot, runs each door in one transaction, and stops what it started."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import TypeVar

import structlog

from bot.carriers import Later, Rejected
from bot.clock import Clock
from bot.counter import Counter
from bot.house import House, courier, mailbox_access, public, smtp_settings
from bot.inbox import Inbox
from bot.keeping import Keeping, Manner
from bot.mailbox import CONNECTED, FAILING
from bot.outbox import Outbox
from bot.running import SoleRun
from bot.slack.app import SlackSide
from bot.smtp import Post
from bot.systems.courier import Courier
from bot.transport import Checked, LoginUnavailable
from bot.web import WebServer
from handlers.arrival import Place
from handlers.golive import GoingLive
from handlers.guarding import Answered, Guard
from handlers.refused import Refused
from handlers.ticks import Tick
from storage.kinds import Fate
from storage.models import Fingerprint
from storage.store import StoreDown, Tx

log = structlog.get_logger()
T = TypeVar("T")
SLACK = "Slack"
"""The name under which Slack's own health is kept beside the mailboxes'."""
TICK = 20.0
"""Seconds between two looks at what is due."""


class Role(StrEnum):
    """Which part of the desk a process is."""

    ALL = "all"
    WORKER = "worker"
    WEB = "web"
    CLOCK = "clock"


class App(Counter):
    """One running process of the desk; also the office that Slack's listeners talk to."""

    def __init__(self, house: House, role: Role) -> None:
        super().__init__(house)
        self._role = role
        self._stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._outbox: Outbox | None = None
        self._courier: Courier | None = None
        self._inboxes: dict[str, Inbox] = {}
        self._sorters = house.sorters()
        sent = frozenset((m.id, m.sent) for m in house.desk.mailboxes if m.sent)
        self._keeping = Keeping(house.store, house.incoming, self._sorters, self.ring, GoingLive(house.desk), sent)

    # The life of the process

    async def run(self, started: Callable[[], None] = lambda: None) -> None:
        """Run until SIGINT or SIGTERM. `started` is called once everything listens."""
        self._loop = asyncio.get_running_loop()
        end = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, end.set)
        with SoleRun(self._house.settings.database_url):
            await self._run(end, started)

    async def _run(self, end: asyncio.Event, started: Callable[[], None]) -> None:
        works, listens, ticks = (self._role in (Role.ALL, r) for r in (Role.WORKER, Role.WEB, Role.CLOCK))
        tasks: list[asyncio.Task[None]] = []
        threads: list[threading.Thread] = []
        clock, slack, web = Clock(), self._slack(), WebServer(self.health, *self._web_place(), public(self._house, self.ring))
        if works:
            await asyncio.to_thread(self._warm)
            self._outbox = Outbox(
                self._house.store, self._house.settling, self._house.views, slack.carrier, Post(smtp_settings(self._house.settings))
            )
            tasks.append(asyncio.create_task(self._outbox.run(alone=self._house.store.sqlite), name="outbox"))
            self._courier = courier(self._house)
            self._courier.ring_outbox = self.ring
            tasks.append(asyncio.create_task(self._courier.run(), name="systems"))
            threads += self._read_mailboxes()
            if not self._house.store.sqlite:
                threads.append(self._in_thread("listen", lambda: self._house.store.listen(self.ring, self._stop)))
        if listens:
            tasks.append(asyncio.create_task(self._connect(slack), name="slack"))
            tasks.append(asyncio.create_task(web.run(), name="web"))
        if ticks:
            clock.every(TICK, self.tick, "tick")
            clock.start()
        log.info("started", role=str(self._role))
        started()
        ended = asyncio.create_task(_wait(end))
        try:
            done, _ = await asyncio.wait([ended, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stop.set()
            clock.stop()
            web.stop()
            await slack.stop()
            ended.cancel()
            for task in tasks:
                if task.get_name() != "web":
                    task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*(asyncio.to_thread(t.join, 10) for t in threads))
            log.info("stopped", role=str(self._role))
        for task in done - {ended}:
            log.error("a part of the desk ended by itself", part=task.get_name())
            task.result()

    def _warm(self) -> None:
        """Load the sorting before the first mail comes: a fault in its data ends the start, it does not quarantine mails."""
        for table in self._house.settings.tables.mailboxes:
            self._sorters(table.id)

    async def _connect(self, slack: SlackSide) -> None:
        """Listen to Slack; where it can't be reached or refuses the token, say so and try again, later each time."""
        wait = 1.0
        while True:
            try:
                await slack.start()
            except (Later, Rejected) as trouble:
                log.error("Slack does not let us listen", why=str(trouble), again_in_seconds=wait)
                await asyncio.to_thread(self._keeping.health, SLACK, FAILING, str(trouble))
                await asyncio.sleep(wait)
                wait = min(wait * 2, 300.0)
            else:
                await asyncio.to_thread(self._keeping.health, SLACK, CONNECTED, "")
                await self._warn_of_channel(slack)
                await asyncio.Event().wait()

    async def _warn_of_channel(self, slack: SlackSide) -> None:
        """Strangers who could read the desk's channel are told to the managers, once a day at most."""
        exposed = await slack.exposed()
        if exposed:
            log.error("strangers can read the desk's channel", how=exposed)
            await self.in_transaction(lambda tx: self._house.ticks.warn_of_channel(tx, exposed, datetime.now(UTC)))

    def _slack(self) -> SlackSide:
        settings = self._house.settings
        return SlackSide(
            bot_token=settings.need("slack_bot_token", "the bot token (xoxb-...) of the Slack app"),
            app_token=settings.need("slack_app_token", "the app-level token (xapp-...) of the Slack app"),
            base_url=settings.tables.slack.base_url,
            office=self,
        )

    def _web_place(self) -> tuple[str, int]:
        return self._house.settings.tables.web.host, self._house.settings.tables.web.port

    def _read_mailboxes(self) -> list[threading.Thread]:
        for table in self._house.settings.tables.mailboxes:
            self._inbox(table.id)
        return [self._in_thread(f"mailbox-{name}", partial(self._read_mailbox, name)) for name in self._inboxes]

    def _read_mailbox(self, name: str) -> None:
        """Read one mailbox while we hold its lock; another process that holds it is waited for."""
        while not self._stop.is_set():
            with self._house.store.mailbox_lock(name) as mine:
                if mine:
                    self._inbox(name).run()
                    return
            self._stop.wait(5)

    def _inbox(self, name: str) -> Inbox:
        if name not in self._inboxes:
            table = next(t for t in self._house.settings.tables.mailboxes if t.id == name)
            self._inboxes[name] = Inbox(mailbox_access(self._house.settings, table), self._keeping, self._stop)
        return self._inboxes[name]

    def _in_thread(self, name: str, work: Callable[[], None]) -> threading.Thread:
        def loop() -> None:
            while not self._stop.is_set():
                try:
                    work()
                except Exception:
                    # The one broad except of this thread: a database that went away comes back.
                    log.exception("thread failed, begins again", thread=name)
                    self._stop.wait(5)

        thread = threading.Thread(target=loop, name=name, daemon=True)
        thread.start()
        return thread

    def ring(self) -> None:
        """Something was queued; may be called from any thread."""
        if self._outbox is not None and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has closed: the rows wait for the next start
                self._loop.call_soon_threadsafe(self._outbox.ring)
                if self._courier is not None:
                    self._loop.call_soon_threadsafe(self._courier.ring)

    # Doors

    async def in_transaction(self, work: Callable[[Tx], T]) -> T:
        """`work` in one transaction in a thread, then ring the outbox where something was queued."""

        def whole(tx: Tx) -> tuple[T, int]:
            result = work(tx)
            if tx.outgoing.queued:
                self._house.store.wake(tx)
            return result, tx.outgoing.queued

        result, queued = await asyncio.to_thread(self._house.store.run, whole)
        if queued:
            self.ring()
        return result

    async def tick(self) -> None:
        """Do everything that is due, one transaction each; one that fails is logged and stays due."""
        now = datetime.now(UTC)
        try:
            due = await self.in_transaction(lambda tx: self._house.ticks.due(tx, now))
        except StoreDown as down:
            log.error("tick: the database does not answer", why=str(down))
            return
        for tick in due:
            try:
                await self.in_transaction(partial(self._tick, tick))
            except Exception:
                # The one broad except of this loop: what is due stays due and the next one goes on.
                log.exception("tick failed", tick=type(tick).__name__)

    def _tick(self, tick: Tick, tx: Tx) -> None:
        self._house.ticks.tick(tx, tick, datetime.now(UTC))

    async def settle_hold(self, actor: str, hold_id: int, *, release: bool) -> None:
        """A manager lets held letters and calls go, or drops them."""
        answered = Answered(actor, hold_id, release)
        await self.in_transaction(lambda tx: Guard(self.desk).answer(tx, answered, datetime.now(UTC)))

    async def request_from_ordinary(self, actor: str, fingerprint_id: int) -> None:
        """An ordinary mail is a request after all: fetch it again and open a case, its clock running from its arrival."""
        self._house.actions.person(actor)
        row = await self.in_transaction(lambda tx: _ordinary(tx, fingerprint_id))
        raw = await asyncio.to_thread(self._refetch, row)
        if raw is None:
            raise Refused("That mail is no longer where it was in the mailbox. Forward it to the privacy address to open a case.")
        place = Place(row.mailbox, row.folder, row.uidvalidity, row.uid)
        await asyncio.to_thread(self._keeping.keep, raw, place, row.arrived, Manner(insisted=actor))

    def _refetch(self, row: Fingerprint) -> bytes | None:
        try:
            return self._inbox(row.mailbox).refetch(row.folder, row.uidvalidity, row.uid)
        except LoginUnavailable as error:
            raise Refused(error.sentence) from error
        except OSError as error:
            raise Refused(f"The mailbox can't be reached now ({type(error).__name__}). Try again in a few minutes.") from error

    async def check_slack(self) -> tuple[Checked, ...]:
        """What works between us and Slack, and how to mend what doesn't."""
        return tuple(Checked(f.well, f.sentence) for f in await self._slack().check())

    def health(self) -> dict[str, object]:
        """How the desk fares: `ok` False where mail is not read or effects wait for more than an hour."""

        def look(tx: Tx) -> dict[str, object]:
            boxes = {m.mailbox: m.state for m in tx.mails.healths()}
            oldest = tx.outgoing.oldest_waiting()
            waiting = (datetime.now(UTC) - oldest).total_seconds() if oldest is not None else 0.0
            ok = all(s == "connected" for s in boxes.values()) and waiting < 3600
            return {"ok": ok, "mailboxes": boxes, "oldest_waiting_seconds": round(waiting), "quarantined": len(tx.mails.quarantined())}

        try:
            return self._house.store.run(look)
        except StoreDown as down:
            return {"ok": False, "database": str(down)}


def _ordinary(tx: Tx, fingerprint_id: int) -> Fingerprint:
    row = tx.mails.fingerprint(fingerprint_id)
    if row is None:
        raise Refused("That mail is not known here.")
    if row.fate is not Fate.ORDINARY:
        raise Refused("That mail has become a case already.", field="version")
    return row


async def _wait(end: asyncio.Event) -> None:
    await end.wait()
