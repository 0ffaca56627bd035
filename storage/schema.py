"""Brings the tables to the newest step, and says at which step they are."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.models import Row
from storage.store import Store


def upgrade(store: Store) -> None:
    """Run every step that is missing."""
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def current(store: Store) -> str | None:
    """The step at which the tables are; None where there are none."""
    with store.engine.begin() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest step that this version of the program knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def drift(store: Store) -> list[str]:
    """How the tables differ from the models; empty when the steps lead exactly there."""
    with store.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(d) for d in compare_metadata(context, Row.metadata)]


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
