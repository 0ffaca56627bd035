"""`rightsdesk run`, `demo`, `init` and `check`."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.app import App, Role
from bot.commands import shown
from bot.commands.opened import house, sealed_by_us, spoken
from bot.demo.run import demo as show_demo
from bot.house import House, build, mailbox_access, public, smtp_settings
from bot.inbox import Inbox
from bot.keeping import Keeping
from bot.logs import begin_logging
from bot.settings import SettingsFault, SystemTable, load
from bot.setup import write_settings
from bot.smtp import Post
from bot.systems.built import build_system
from bot.transport import Checked
from handlers.refused import Refused
from storage import schema
from storage.kinds import LetterName
from storage.store import StoreDown


def run(role: Annotated[Role, typer.Option(help="Which part of the desk; SQLite serves only `all`.")] = Role.ALL) -> None:
    """The bot."""
    begin_logging()
    with house() as h:
        if h.store.sqlite and role is not Role.ALL:
            raise Refused("On SQLite one process does everything: leave --role out, or use PostgreSQL.")
        asyncio.run(App(h, role).run())


def demo(
    once: Annotated[bool, typer.Option("--once", help="Handle all the mail, print the table and end.")] = False,
    folder: Annotated[Path, typer.Option("--folder", help="Where everything of the demo lies.")] = Path(".demo"),
) -> None:
    """The whole desk on this machine, no accounts needed."""
    raise typer.Exit(show_demo(once=once, folder=folder))


def init(path: Annotated[Path, typer.Argument(help="The file to write.")] = Path("rightsdesk.toml")) -> None:
    """Write a settings file by asking."""
    with spoken():
        write_settings(path)


def check(as_json: shown.Json = False) -> None:
    """Test every connection, scope, template and migration, and say how to mend what fails; exit status 1 where something does."""
    with spoken():
        made = build(load())
        try:
            found = [(what, c) for what, cs in _checks(made) for c in cs]
        finally:
            made.store.close()
    if as_json:
        for what, c in found:
            shown.line({"what": what, "ok": c.ok, "sentence": c.sentence})
    else:
        for what, c in found:
            mark = "[green]✓[/green]" if c.ok else "[red]✗[/red]"
            shown.console.print(f"{mark} [bold]{what}[/bold]  {c.sentence}")
        for gap in made.settings.gaps():
            shown.console.print(f"· {gap}")
    raise typer.Exit(0 if all(c.ok for _, c in found) else 1)


def _checks(h: House) -> Iterator[tuple[str, tuple[Checked, ...]]]:
    yield "database", (_database(h),)
    yield "templates", _templates(h)
    keeping = Keeping(h.store, h.incoming, h.sorters(), lambda: None)
    for table in h.settings.tables.mailboxes:
        try:
            yield f"mailbox {table.id}", Inbox(mailbox_access(h.settings, table), keeping, threading.Event()).test_connection()
        except SettingsFault as fault:
            yield f"mailbox {table.id}", (Checked(False, str(fault)),)
    try:
        yield "smtp", asyncio.run(Post(smtp_settings(h.settings)).test_connection())
    except SettingsFault as fault:
        yield "smtp", (Checked(False, str(fault)),)
    for system in h.settings.tables.systems:
        try:
            yield f"system {system.id}", (asyncio.run(_system(h, system)),)
        except SettingsFault as fault:
            yield f"system {system.id}", (Checked(False, str(fault)),)
    yield "web", _web(h)
    try:
        yield "slack", asyncio.run(App(h, Role.ALL).check_slack())
    except SettingsFault as fault:
        yield "slack", (Checked(False, str(fault)),)


async def _system(h: House, table: SystemTable) -> Checked:
    name = next(s.name for s in h.desk.systems if s.id == table.id)
    system = build_system(h.settings, table, name, h.store.vault)
    try:
        return await system.check()
    finally:
        await system.close()


def _web(h: House) -> tuple[Checked, ...]:
    try:
        public(h, lambda: None)
    except SettingsFault as fault:
        return (Checked(False, str(fault)),)
    site = h.settings.tables.web.public_url
    said = f"unsubscribe links lead to {site}" if site else "web.public_url is empty: no unsubscribe links can be made"
    return (Checked(True, said),)


def _database(h: House) -> Checked:
    try:
        at, newest = schema.current(h.store), schema.newest()
    except StoreDown as down:
        return Checked(False, f"the database does not answer ({down}); check database.url")
    if at != newest:
        return Checked(False, f"the tables are at step {at}, the program wants {newest}: run `rightsdesk db upgrade`")
    try:
        sealed_by_us(h.store)
    except SettingsFault as fault:
        return Checked(False, str(fault))
    return Checked(True, f"{h.store.engine.dialect.name}, tables at step {at}")


def _templates(h: House) -> tuple[Checked, ...]:
    wanted = {language for c in h.desk.controllers for language in c.languages}
    missing = sorted(wanted - set(h.letters.languages))
    if missing:
        return (Checked(False, f"there are no letters in {', '.join(missing)}, which controllers.languages names"),)
    return (Checked(True, f"{len(LetterName)} letters in every language of the controllers"),)
