"""The engine and the one transaction in which a handler reads and changes rows."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from storage import vault as sealing
from storage.addresses import both, canonical
from storage.cases import Cases
from storage.course import Courses
from storage.events import Events
from storage.holds import Holds
from storage.listing import Listings
from storage.mails import Mails
from storage.models import Key
from storage.outgoing import Outbound
from storage.reminding import Reminding
from storage.suppressions import Suppressions
from storage.telling import Telling
from storage.vault import KeyFault, Vault

T = TypeVar("T")

RETRYABLE = frozenset({"40001", "40P01"})
"""PostgreSQL: serialization failure, deadlock."""

WAKE = "rightsdesk_outbox"
NEW_KEYS = sa.insert(Key).returning(Key.id, sort_by_parameter_order=True)
"""Made once, and given to the connection: every mail and every wish passes here, and building it each time costs more than running it."""
READS = "rightsdesk_reads"
"""The execution option of a connection that only reads."""


class StoreDown(Exception):
    """The database can't be reached, is locked or full: nothing was committed, and the same thing may be tried again."""


class Tx:
    """One transaction: the rows by noun, and the vault's keys as this transaction has opened them."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self.session = session
        self.vault = vault
        self._open_keys: dict[int, bytes] = {}
        self.cases = Cases(session)
        self.course = Courses(session)
        self.listing = Listings(session)
        self.reminding = Reminding(session)
        self.mails = Mails(session)
        self.events = Events(session, self.seal)
        self.outgoing = Outbound(session, self.seal, self.unseal)
        self.suppressions = Suppressions(session)
        self.telling = Telling(session)
        self.holds = Holds(session)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is done inside is undone at the end, whether it raised or not: to see whether something could be done."""
        keys, queued = dict(self._open_keys), self.outgoing.queued
        nested = self.session.begin_nested()
        try:
            yield
        finally:
            nested.rollback()
            self._open_keys, self.outgoing.queued = keys, queued

    def new_key(self, now: datetime) -> int:
        """A fresh data key's row number."""
        return self.new_keys(1, now)[0]

    def new_keys(self, count: int, now: datetime) -> list[int]:
        """As many fresh data keys in one go."""
        made = [self.vault.fresh_key() for _ in range(count)]
        if not made:
            return []
        ids = list(self.session.connection().scalars(NEW_KEYS, [{"wrapped": wrapped, "created": now} for _, wrapped in made]))
        self._open_keys.update((key_id, plain) for key_id, (plain, _) in zip(ids, made, strict=True))
        return ids

    def open_keys(self, key_ids: Iterable[int]) -> None:
        """Open several keys in one go, for one who is about to read much."""
        wanted = [k for k in set(key_ids) if k not in self._open_keys]
        for start in range(0, len(wanted), 500):
            rows = self.session.execute(sa.select(Key.id, Key.wrapped).where(Key.id.in_(wanted[start : start + 500])))
            self._open_keys.update((key_id, self.vault.unwrap(wrapped)) for key_id, wrapped in rows if wrapped is not None)

    def prove_key(self) -> None:
        """KeyFault where our master keys are not those under which the first and the last data key here were wrapped."""
        there = sa.select(Key.wrapped).where(Key.wrapped.is_not(None)).limit(1)
        for query in (there.order_by(Key.id), there.order_by(Key.id.desc())):
            wrapped = self.session.scalar(query)
            if wrapped is not None:
                self.vault.unwrap(wrapped)

    def destroy_key(self, key_id: int, now: datetime) -> None:
        """Make all that was sealed under the key unreadable for ever."""
        row = self.session.get_one(Key, key_id)
        row.wrapped, row.destroyed = None, now
        self._open_keys.pop(key_id, None)

    def _data_key(self, key_id: int) -> bytes | None:
        if key_id not in self._open_keys:
            wrapped = self.session.get_one(Key, key_id).wrapped
            if wrapped is None:
                return None
            self._open_keys[key_id] = self.vault.unwrap(wrapped)
        return self._open_keys[key_id]

    def seal_bytes(self, key_id: int, plain: bytes) -> bytes:
        """Ciphertext under that key; KeyFault where the key was destroyed."""
        data_key = self._data_key(key_id)
        if data_key is None:
            raise KeyFault("this key was destroyed: what it sealed has been erased")
        return sealing.seal(data_key, plain)

    def unseal_bytes(self, key_id: int, sealed: bytes | None) -> bytes | None:
        """The plain bytes, or None where they were erased."""
        data_key = self._data_key(key_id)
        return None if sealed is None or data_key is None else sealing.unseal(data_key, sealed)

    def seal(self, key_id: int, value: Any) -> bytes:
        """A JSON value as ciphertext under that key."""
        return self.seal_bytes(key_id, json.dumps(value, ensure_ascii=False, sort_keys=True).encode())

    def unseal(self, key_id: int, sealed: bytes | None) -> Any:
        """The JSON value, or None where it was erased."""
        plain = self.unseal_bytes(key_id, sealed)
        return None if plain is None else json.loads(plain)

    def hold(self, name: str) -> None:
        """Let no other process do the same thing until this transaction ends (on SQLite there is only one writer anyway)."""
        if self.session.get_bind().dialect.name != "sqlite":
            self.session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})

    def hold_all(self, names: Iterable[str]) -> None:
        """`hold` for several, always in the same order so that two who want the same never wait for each other."""
        if self.session.get_bind().dialect.name != "sqlite":
            query = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(n, 0)) FROM unnest(CAST(:names AS text[])) n")
            self.session.execute(query, {"names": sorted(names)})

    def hash_address(self, address: str) -> str:
        """The keyed hash of a mail address, by which a person is found again."""
        return self.vault.look_up("address", canonical(address))

    def hashes_of(self, address: str) -> tuple[str, ...]:
        """The hashes under which an address may be suppressed: itself, and itself without its +tag."""
        return tuple(self.vault.look_up("address", a) for a in both(address))


class Store:
    """The database. One per process; threads share it."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.vault = vault
        self.engine = _engine(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._reading = self.engine.execution_options(**{READS: True})

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """A writing transaction: committed at the end, rolled back where anything raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield Tx(session, self.vault)

    def run(self, work: Callable[[Tx], T], attempts: int = 5) -> T:
        """`work` in one transaction; on PostgreSQL a deadlock or serialization failure is tried again from the start.

        StoreDown where the database itself fails.
        """
        for attempt in range(attempts):
            try:
                with self.transaction() as tx:
                    return work(tx)
            except DBAPIError as error:
                again = getattr(error.orig, "sqlstate", None) in RETRYABLE
                if again and attempt < attempts - 1:
                    time.sleep(0.01 * 2**attempt)
                elif again or isinstance(error, (OperationalError, InterfaceError)):
                    raise StoreDown(type(error.orig).__name__) from error
                else:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def look(self, work: Callable[[Tx], T]) -> T:
        """`work` that only reads: on SQLite it neither waits for a writer nor makes one wait. StoreDown as with `run`."""
        try:
            with Session(self._reading, expire_on_commit=False) as session:
                return work(Tx(session, self.vault))
        except (OperationalError, InterfaceError) as error:
            raise StoreDown(type(error.orig).__name__) from error

    def wake(self, tx: Tx) -> None:
        """On PostgreSQL: tell every worker's outbox, when this transaction commits, that rows wait."""
        if not self.sqlite:
            tx.session.execute(sa.text(f"NOTIFY {WAKE}"))

    def listen(self, ring: Callable[[], None], stop: threading.Event) -> None:
        """On PostgreSQL: call `ring` whenever another process queued something; returns when `stop` is set or the connection is lost."""
        with self.engine.connect() as connection:
            driver = connection.connection.driver_connection
            if driver is None:
                raise OperationalError("LISTEN", {}, ConnectionError("the connection is gone"))
            driver.autocommit = True
            driver.execute(f"LISTEN {WAKE}")
            while not stop.is_set():
                for _ in driver.notifies(timeout=1.0, stop_after=1):
                    ring()
            connection.invalidate()

    @contextmanager
    def mailbox_lock(self, mailbox: str) -> Iterator[bool]:
        """Whether this process may read that mailbox now (PostgreSQL advisory lock; on SQLite there is one process)."""
        if self.sqlite:
            yield True
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            got = bool(connection.scalar(sa.text("SELECT pg_try_advisory_lock(hashtext(:name))"), {"name": f"mailbox {mailbox}"}))
            try:
                yield got
            finally:
                if got:
                    connection.execute(sa.text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": f"mailbox {mailbox}"})

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = sa.create_engine(url, connect_args={"isolation_level": None, "timeout": 10, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def settle(connection: Any, record: Any) -> None:  # noqa: ARG001 -- SQLAlchemy's signature
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(READS) else "BEGIN IMMEDIATE")

    return engine
