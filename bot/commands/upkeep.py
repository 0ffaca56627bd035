"""Commands for those who keep the desk running: tables, copies, purge, audit, quarantine, digest."""

import os
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit, urlunsplit

import typer

from bot.commands import shown
from bot.commands.opened import house, spoken
from bot.house import House, build
from bot.keeping import Keeping, Manner
from bot.settings import load
from handlers.arrival import Place
from handlers.audit import Audit
from handlers.purging import Purging
from handlers.refused import Refused
from storage import schema
from storage.kinds import EventKind, Fate

db = typer.Typer(help="The tables.", no_args_is_help=True)
audit = typer.Typer(help="The history of cases.", no_args_is_help=True)
quarantine = typer.Typer(help="Mails that broke something.", no_args_is_help=True)


@db.command("upgrade")
def upgrade() -> None:
    """Bring the tables to the newest step."""
    with spoken():
        made = build(load())
        schema.upgrade(made.store)
        shown.console.print(f"The tables are at step {schema.current(made.store)}.")
        made.store.close()


@audit.command()
def verify(as_json: shown.Json = False) -> None:
    """Check the chain of every case and every daily head; exit status 1 where one is broken."""
    with house() as h:
        report = h.store.run(Audit().verify)
    if as_json:
        shown.line({"cases": report.cases, "heads": report.heads, "broken": list(report.broken)})
    else:
        shown.console.print(f"{report.cases} cases, {report.heads} daily heads: " + ("all chains hold." if not report.broken else "BROKEN"))
        for sentence in report.broken:
            shown.console.print(sentence, markup=False)
    raise typer.Exit(1 if report.broken else 0)


@quarantine.command("list")
def quarantined(as_json: shown.Json = False) -> None:
    """Mails that wait for a mend."""
    with house() as h:
        found = h.store.run(
            lambda tx: [
                {"id": q.id, "mailbox": q.mailbox, "folder": q.folder, "arrived": q.arrived, "error": q.error, "attempts": q.attempts}
                for q in tx.mails.quarantined()
            ]
        )
    shown.rows(found, ("id", "mailbox", "folder", "arrived", "error", "attempts"), as_json=as_json, empty="Nothing is in quarantine.")


@quarantine.command()
def retry(number: Annotated[int | None, typer.Argument(help="One of them; else all.")] = None) -> None:
    """Send quarantined mails down the path again; exit status 1 where one breaks again."""
    with house() as h:
        numbers = h.store.run(lambda tx: [q.id for q in tx.mails.quarantined() if number in (None, q.id)])
        if number is not None and not numbers:
            raise Refused(f"No mail with number {number} waits in quarantine.")
        stuck = [n for n in numbers if not retried(h, n)]
    shown.console.print(f"{len(numbers) - len(stuck)} of {len(numbers)} went through.")
    raise typer.Exit(1 if stuck else 0)


def retried(h: House, number: int) -> bool:
    """Whether that mail went through this time."""
    row = h.store.run(lambda tx: tx.mails.quarantined_raw(number))
    raw = None if row is None else h.store.run(lambda tx: tx.unseal_bytes(row.key_id, row.raw))
    if row is None or raw is None:
        return False
    place = Place(row.mailbox, row.folder, row.uidvalidity, row.uid, row.junk)
    fates = Keeping(h.store, h.incoming, h.sorters(), lambda: None).keep(raw, place, row.arrived, Manner(confirmed=row.confirmed))
    if Fate.QUARANTINED in fates:
        return False
    now = datetime.now(UTC)
    h.store.run(lambda tx: tx.mails.solve(number, now))
    return True


def digest(
    as_json: shown.Json = False, send: Annotated[bool, typer.Option("--send", help="Queue it to the managers now.")] = False
) -> None:
    """Today's digest: overdue, due soon, waiting, unassigned, needs a look, and how mail is being read."""
    with house() as h:
        now = datetime.now(UTC)
        today = h.dates.today(now)
        found = h.store.run(lambda tx: h.ticks.digest_of(tx, today, now))
        if send:
            for person in h.desk.managers:
                h.store.run(lambda tx, one=person: h.ticks.send_digest(tx, one, today, f"{now.isoformat()}:{one.slack_id}", now))  # type: ignore[misc]  # a default binds the loop's value
        written = h.letters.digest(h.desk.rules.digest_language, h.desk.controllers[0], found)
    if as_json:
        shown.line({"day": found.day, "open": found.open, **{g.name: [c.ref for c in g.cases] for g in found.groups}})
    else:
        shown.console.print(written.text, markup=False)


def purge(yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Erase what closed cases, and mail of no case, hold of a person, once their retention is over (the clock does it by itself)."""
    with house() as h:
        now = datetime.now(UTC)
        limit = now - timedelta(days=h.desk.rules.retention_days)
        purging = Purging(keep_posts=h.desk.rules.keep_posts)
        numbers = h.store.run(lambda tx: list(tx.cases.to_purge(limit, limit=100_000)))
        if numbers and not yes:
            typer.confirm(f"Erase what {len(numbers)} closed cases hold of a person, for ever?", abort=True)
        for case_id in numbers:
            h.store.run(lambda tx, one=case_id: purging.purge(tx, one, "command line", EventKind.PURGED, now))  # type: ignore[misc]  # a default binds the loop's value
        while h.store.run(lambda tx: purging.purge_loose(tx, limit, now)):
            continue
    shown.console.print(f"{len(numbers)} cases purged.")


Copy = Annotated[Path, typer.Argument(help="The copy's file.")]


def backup(to: Copy) -> None:
    """Copy the whole database to a file while the desk runs. The master key is not in it: keep that elsewhere."""
    with spoken():
        url = load().database_url
        if to.exists():
            raise Refused(f"{to} exists already: a copy never overwrites another.")
        if url.startswith("sqlite:///"):
            _copy_sqlite(Path(url.removeprefix("sqlite:///")), to)
        else:
            _postgres("pg_dump", "--format=custom", f"--file={to}", url=url)
        shown.console.print(f"{to}: {to.stat().st_size:,} bytes.")


def restore(copy: Copy, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Bring a copy back in place of the database; no desk may be running on it."""
    with spoken():
        url = load().database_url
        if not copy.is_file():
            raise Refused(f"{copy} is no file.")
        if not yes:
            typer.confirm("Replace the database by this copy?", abort=True)
        if url.startswith("sqlite:///"):
            from bot.running import SoleRun

            with SoleRun(url):
                _copy_sqlite(copy, Path(url.removeprefix("sqlite:///")))
        else:
            _postgres("pg_restore", "--clean", "--if-exists", str(copy), url=url)
        shown.console.print("Restored.")


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise Refused(f"{source} is no file.")
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        try:
            one.backup(other)
        except sqlite3.DatabaseError as error:
            raise Refused(f"{source} is no copy of the desk's database.") from error


def _postgres(program: str, *arguments: str, url: str) -> None:
    """Run one of PostgreSQL's programs on the database. The password goes by the environment: anybody here can read a command line."""
    parts = urlsplit(url.replace("+psycopg", ""))
    place = parts.netloc.rpartition("@")[2]
    named = f"{parts.username}@{place}" if parts.username else place
    secret = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    command = [program, *arguments, f"--dbname={urlunsplit(parts._replace(netloc=named))}"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **secret})  # noqa: S603 -- fixed programs, no shell
    except FileNotFoundError as error:
        raise Refused(f"{program} is not on this machine: install PostgreSQL's client programs.") from error
    except subprocess.CalledProcessError as error:
        host = parts.hostname or "the database"
        raise Refused(
            f"{program} failed on {host}: {error.stderr.strip().splitlines()[-1] if error.stderr else 'no reason given'}"
        ) from error
