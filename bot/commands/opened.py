"""Opens the house for one command, and turns its expected errors into one line and an exit status."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.house import House, build
from bot.settings import SettingsFault, load
from handlers.refused import Refused
from storage import schema
from storage.store import Store, StoreDown
from storage.vault import KeyFault


@contextmanager
def spoken() -> Iterator[None]:
    """A wrong setting ends with status 2, anything else that was to be expected with status 1; each with one line."""
    try:
        yield
    except SettingsFault as fault:
        _end(str(fault), 2)
    except Refused as refused:
        _end(refused.sentence, 1)
    except (StoreDown, KeyFault) as fault:
        _end(f"database: {fault}", 1)


@contextmanager
def house() -> Iterator[House]:
    """The house on a database whose tables are at the newest step."""
    with spoken():
        made = build(load())
        try:
            ready(made.store)
            sealed_by_us(made.store)
            yield made
        finally:
            made.store.close()


def ready(store: Store) -> None:
    """On SQLite bring the tables up to date; on PostgreSQL refuse where `rightsdesk db upgrade` is wanted."""
    if schema.current(store) == schema.newest():
        return
    if not store.sqlite:
        raise Refused("The tables are not at the newest step. Run `rightsdesk db upgrade` first.")
    schema.upgrade(store)


def sealed_by_us(store: Store) -> None:
    """SettingsFault where another master key sealed this database: with ours no known mail, person or unsubscribe would be found again."""
    try:
        store.look(lambda tx: tx.prove_key())
    except KeyFault as fault:
        raise SettingsFault(f"RIGHTSDESK_MASTER_KEY (environment): wrong; expected the key that sealed this database ({fault})") from fault


def _end(sentence: str, status: int) -> None:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(status)
