"""Entries from before the histories are given theirs by the migration."""

import sqlalchemy as sa
from alembic import command

from storage import schema
from storage.store import Store
from storage.vault import Vault


def test_entries_from_before_get_the_head_of_their_history(empty_url: str) -> None:
    """On both databases: the head that the migration makes is the one that the program checks; tables end as the models say."""
    store = Store(empty_url, Vault({1: b"k" * 32}))
    with store.engine.begin() as connection:
        command.upgrade(schema._config(connection), "0001")
    moment = "2026-03-02 09:30:00.123456+00:00"
    with store.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO vault_key (id, created) VALUES (1, '{moment}')"))
        connection.execute(
            sa.text(
                "INSERT INTO suppression (controller, scope, address_hash, key_id, source, asked, at)"
                f" VALUES ('nproc', 'all', '{'a' * 64}', 1, 'mail', '{moment}', '{moment}')"
            )
        )
    schema.upgrade(store)
    assert store.look(lambda tx: tx.suppressions.broken()) == []
    (entry,) = store.look(lambda tx: list(tx.suppressions.listed()))
    assert entry.wished == entry.at
    assert schema.drift(store) == []
    store.close()
