"""What strangers reach over HTTP, without HTTP: stopping by a token and undoing it, many at once in one transaction."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.pages import LANGUAGES, NO_OFFER, Offer
from handlers import tokens
from handlers.desk import Desk
from handlers.resubscribing import Resubscribing
from handlers.unsubscribes import Taken, Unsubscribes, Wish
from storage.store import Store, StoreDown, Tx
from storage.suppressions import ALL_MARKETING

log = structlog.get_logger()
AT_ONCE = 200
"""How many wishes one transaction takes."""
GATHER = 0.008
"""Seconds in which the first wishes gather before their transaction: one commit for several costs what one costs for one.
Those that come during a transaction have gathered by its end, and wait for nothing else."""
ONE_CLICK, PAGE = "one-click", "unsubscribe page"


@dataclass(frozen=True)
class Asked:
    """One wish that waits for its transaction, and who waits for it. None for a token that names nobody: it waits as long."""

    wish: Wish | None
    answer: "asyncio.Future[Taken | None]"


class Doorway:
    """Takes wishes by token. Whoever asks gets the same answer after the same way, whatever the token is."""

    def __init__(self, store: Store, desk: Desk, unsubscribes: Unsubscribes, ring: Callable[[], None]) -> None:
        self._store = store
        self._desk = desk
        self._unsubscribes = unsubscribes
        self._resubscribing = Resubscribing(desk)
        self._ring = ring
        self._waiting: list[Asked] = []
        self._worker: asyncio.Task[None] | None = None

    def offer(self, token: str) -> Offer:
        """What the page of that token offers."""
        named = tokens.read(self._store.vault, token)
        if named is None or named.controller not in {c.id for c in self._desk.controllers}:
            return NO_OFFER
        controller = self._desk.controller(named.controller)
        mailing_list = self._desk.mailing_list(named.controller, named.scope)
        names = {lang: mailing_list.called(lang) for lang in LANGUAGES} if mailing_list is not None else {}
        return Offer({lang: controller.called(lang) for lang in LANGUAGES}, names)

    async def stop(self, token: str, source: str, *, everything: bool = False, language: str = "en") -> str:
        """Suppress whom the token names and give the ticket that undoes it; StoreDown where nothing could be kept."""
        now = datetime.now(UTC)
        named = tokens.read(self._store.vault, token)
        wish = None
        if named is not None and named.controller in {c.id for c in self._desk.controllers}:
            wish = Wish(
                controller=named.controller,
                address=named.address,
                source=source,
                asked=now,
                name=f"web:{secrets.token_hex(8)}",
                scope=ALL_MARKETING if everything else named.scope,
                language=language,
            )
        taken = await self.take(wish)
        change = (taken.suppression_id, taken.number) if taken is not None and taken.changed else tokens.NOTHING
        return tokens.mint_undo(self._store.vault, change, now)

    async def undo(self, ticket: str) -> None:
        """Put things back as they were before that click; an old or foreign ticket changes nothing."""
        now = datetime.now(UTC)
        change = tokens.read_undo(self._store.vault, ticket, now)

        def work(tx: Tx) -> int:
            self._resubscribing.undo(tx, change, now)
            return self._queued(tx)

        if await asyncio.to_thread(self._store.run, work):
            self._ring()

    async def take(self, wish: Wish | None) -> Taken | None:
        """Put a wish into the next transaction and wait for it."""
        answer: asyncio.Future[Taken | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Asked(wish, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        await asyncio.sleep(GATHER)
        while self._waiting:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                taken = await asyncio.to_thread(self._commit, [a.wish for a in batch if a.wish is not None])
            except StoreDown as down:
                self._fail(batch, down)
            except Exception as error:
                # The one broad except of this loop: a wish that breaks the handler is tried alone, and stops no other.
                log.exception("a wish from the web broke its handler", together=len(batch))
                await self._singly(batch) if len(batch) > 1 else self._fail(batch, error)
            else:
                for asked in batch:
                    self._answer(asked, taken.pop(0) if asked.wish is not None else None)

    async def _singly(self, batch: list[Asked]) -> None:
        for asked in batch:
            try:
                taken = await asyncio.to_thread(self._commit, [asked.wish] if asked.wish is not None else [])
            except Exception as error:  # noqa: BLE001 -- it goes to the one who asked, who hears that nothing was done
                self._fail([asked], error)
            else:
                self._answer(asked, taken[0] if taken else None)

    def _commit(self, wishes: list[Wish]) -> list[Taken]:
        now = datetime.now(UTC)

        def work(tx: Tx) -> tuple[list[Taken], int]:
            taken = self._unsubscribes.receive_all(tx, wishes, now) if wishes else []
            return taken, self._queued(tx)

        taken, queued = self._store.run(work)
        if queued:
            self._ring()
        return taken

    def _queued(self, tx: Tx) -> int:
        if tx.outgoing.queued:
            self._store.wake(tx)
        return tx.outgoing.queued

    def _answer(self, asked: Asked, taken: Taken | None) -> None:
        if not asked.answer.done():
            asked.answer.set_result(taken)

    def _fail(self, batch: list[Asked], error: Exception) -> None:
        for asked in batch:
            if not asked.answer.done():
                asked.answer.set_exception(error)
