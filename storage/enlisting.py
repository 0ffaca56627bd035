"""A long list of addresses at once: entries without systems, letters or lines, as fast as the database takes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage.models import Suppression
from storage.store import Tx
from storage.suppressions import birth

COLUMNS = ("controller", "scope", "address_hash", "key_id", "sealed", "source", "asked", "at", "changes", "head")
MOMENTS = ("asked", "at")


@dataclass(frozen=True)
class Listed:
    """One address of a list that somebody brings: in which scope, and when the person asked."""

    address: str
    scope: str
    asked: datetime


def enlist(tx: Tx, controller: str, source: str, listed: Sequence[Listed], now: datetime) -> int:
    """Suppress all of them; those that have an entry keep it as it is. How many are new. All share one key: a list, not a matter."""
    key_id = tx.new_keys(1, now)[0]
    rows = [_row(tx, controller, source, one, key_id, now) for one in listed]
    insert = _copied if tx.session.get_bind().dialect.name == "postgresql" else _inserted
    return insert(tx, rows)


def released(tx: Tx, controller: str, listed: Sequence[Listed]) -> list[Listed]:
    """Those who have an entry that was released before they asked, as the list says: for them it is a new wish."""
    some = sa.select(Suppression.id).where(Suppression.controller == controller, Suppression.released.is_not(None)).limit(1)
    if tx.session.scalar(some) is None:
        return []
    by_hash = {(one.scope, tx.hash_address(one.address)): one for one in listed}
    found = tx.session.scalars(
        sa.select(Suppression).where(
            Suppression.controller == controller,
            Suppression.released.is_not(None),
            Suppression.address_hash.in_({address_hash for _, address_hash in by_hash}),
        )
    )
    again = [(by_hash.get((row.scope, row.address_hash)), row.released) for row in found]
    return [one for one, since in again if one is not None and since is not None and one.asked > since]


def _row(tx: Tx, controller: str, source: str, one: Listed, key_id: int, now: datetime) -> dict[str, Any]:
    row = {
        "controller": controller,
        "scope": one.scope,
        "address_hash": tx.hash_address(one.address),
        "key_id": key_id,
        "sealed": tx.seal(key_id, {"address": one.address}),
        "source": source,
        "asked": one.asked,
        "at": now,
        "changes": 0,
    }
    row["head"] = birth(row)
    return row


def _inserted(tx: Tx, rows: list[dict[str, Any]]) -> int:
    """SQLite's own driver takes the rows as they are to be kept: translating each value for it took as long as inserting it."""
    connection = tx.session.connection()
    write = Suppression.asked.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    kept = cache(write) if write is not None else lambda moment: moment
    made = [tuple(kept(row[name]) if name in MOMENTS else row[name] for name in COLUMNS) for row in rows]
    insert = f"INSERT OR IGNORE INTO suppression ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 -- our columns
    return max(0, int(connection.exec_driver_sql(insert, made).rowcount))


def _copied(tx: Tx, rows: list[dict[str, Any]]) -> int:
    """PostgreSQL takes a long list fastest by COPY; a table of this transaction keeps doubles out."""
    connection = tx.session.connection()
    names = ", ".join(COLUMNS)
    connection.exec_driver_sql("CREATE TEMP TABLE IF NOT EXISTS enlisted (LIKE suppression) ON COMMIT DROP")
    connection.exec_driver_sql("ALTER TABLE enlisted ALTER COLUMN id DROP NOT NULL")
    connection.exec_driver_sql("TRUNCATE enlisted")
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY enlisted ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in COLUMNS])
    insert = f"INSERT INTO suppression ({names}) SELECT {names} FROM enlisted ON CONFLICT DO NOTHING"  # noqa: S608 -- the same
    return max(0, int(connection.exec_driver_sql(insert).rowcount))
