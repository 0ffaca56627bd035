"""`rightsdesk cases`: list, show, find, export, erase."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands import shown
from bot.commands.opened import house
from handlers.register import Register
from storage.kinds import EventKind

app = typer.Typer(help="Cases: one person's matter each.", no_args_is_help=True)
COLUMNS = ("ref", "controller", "category", "rights", "law", "due", "status", "owner", "received")
Ref = Annotated[str, typer.Argument(help="The case's number, such as PR-2026-00042.")]


@app.command("list")
def list_(everything: Annotated[bool, typer.Option("--all", help="Closed cases as well.")] = False, as_json: shown.Json = False) -> None:
    """Open cases, the most urgent first."""
    with house() as h:
        found = h.store.run(lambda tx: Register(h.desk).listed(tx, open_only=not everything))
    shown.rows(found, COLUMNS, as_json=as_json, empty="No open case.")


@app.command()
def show(ref: Ref, as_json: shown.Json = False) -> None:
    """One case: its dates and how they were computed, its history, its mails."""
    with house() as h:
        case = h.store.run(lambda tx: Register(h.desk).whole(tx, ref))
    if as_json:
        shown.line(case)
        return
    for key, value in case.items():
        if isinstance(value, list):
            shown.console.print(f"[bold]{key}[/bold]")
            for item in value:
                shown.console.print("  " + _plain(item), markup=False)
        else:
            shown.console.print(f"{key}: {value}", markup=False)


@app.command()
def find(address: Annotated[str, typer.Argument(help="The person's mail address.")], as_json: shown.Json = False) -> None:
    """Every case of a person."""
    with house() as h:
        found = h.store.run(lambda tx: Register(h.desk).of_person(tx, address))
    shown.rows(found, COLUMNS, as_json=as_json, empty="No case of that address.")


@app.command()
def export(ref: Ref, out: Annotated[Path | None, typer.Option("--out", help="A file; else standard output.")] = None) -> None:
    """All that is kept of a case, as one JSON document."""
    with house() as h:
        case = h.store.run(lambda tx: Register(h.desk).whole(tx, ref))
    text = json.dumps(case, ensure_ascii=False, indent=2, default=str) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


@app.command()
def erase(ref: Ref, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Destroy the key of a case: what it held of a person can never be read again; the record of what was done stays."""
    with house() as h:
        if not yes:
            typer.confirm(f"Erase everything that {ref} holds of a person, for ever?", abort=True)
        h.store.run(lambda tx: Register(h.desk).erase(tx, ref, EventKind.ERASED, datetime.now(UTC)))
    shown.console.print(f"{ref}: erased.")


def _plain(item: Any) -> str:
    return "  ".join(f"{k}={v}" for k, v in item.items() if v not in (None, "", [])) if isinstance(item, dict) else str(item)
