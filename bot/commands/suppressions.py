"""`rightsdesk suppressions`: who gets no more marketing."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from bot.commands import shown
from bot.commands.opened import house
from handlers.desk import Desk
from handlers.refused import Refused
from handlers.unsubscribes import Wish
from storage.suppressions import ALL_MARKETING

app = typer.Typer(help="The suppression list.", no_args_is_help=True)
Controller = Annotated[str, typer.Option("--controller", help="The company's id in the settings.")]
Address = Annotated[str, typer.Argument(help="A mail address.")]
COLUMNS = ("address", "controller", "scope", "source", "asked", "at")


@app.command()
def add(address: Address, controller: Controller, source: str = "command line") -> None:
    """Stop marketing to an address at once."""
    with house() as h:
        if "@" not in address:
            raise Refused(f"{address!r} is no mail address.", field="address")
        now = datetime.now(UTC)
        wish = Wish(_known(h.desk, controller), address, source, now, f"command:{now.isoformat()}", quiet=True)
        h.store.run(lambda tx: h.unsubscribes.receive(tx, wish, now))
    shown.console.print("Suppressed.")


@app.command()
def check(address: Address, controller: Controller, as_json: shown.Json = False) -> None:
    """Whether an address is suppressed; exit status 0 if it is, 1 if not."""
    with house() as h:
        name = _known(h.desk, controller)
        found = h.store.run(lambda tx: tx.suppressions.find(name, tx.hash_address(address)) is not None)
    if as_json:
        shown.line({"suppressed": found, "controller": controller, "scope": ALL_MARKETING})
    else:
        shown.console.print("suppressed" if found else "not suppressed")
    raise typer.Exit(0 if found else 1)


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="CSV with a column `address`.")], controller: Controller) -> None:
    """Suppress every address of a file; addresses that are on the list already stay as they are."""
    with house() as h:
        name = _known(h.desk, controller)
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if "address" not in (reader.fieldnames or ()):
                raise Refused(f"{file} has no column `address`.", field="file")
            addresses = [row["address"].strip() for row in reader if row["address"] and "@" in row["address"]]
        now = datetime.now(UTC)
        for address in track(addresses, "Suppressing", disable=not sys.stderr.isatty()):
            wish = Wish(name, address, f"import {file.name}", now, f"import:{now.isoformat()}", quiet=True)
            h.store.run(lambda tx, one=wish: h.unsubscribes.receive(tx, one, now))  # type: ignore[misc]  # a default binds the loop's value
    shown.console.print(f"{len(addresses)} addresses are suppressed.")


@app.command()
def export(controller: Controller, as_json: shown.Json = False) -> None:
    """The list as CSV or JSON lines; an erased person's address is empty."""
    with house() as h:
        name = _known(h.desk, controller)
        found = h.store.run(
            lambda tx: [
                {
                    "address": (tx.unseal(s.key_id, s.sealed) or {}).get("address", ""),
                    "controller": s.controller,
                    "scope": s.scope,
                    "source": s.source,
                    "asked": s.asked.isoformat(),
                    "at": s.at.isoformat(),
                }
                for s in tx.suppressions.listed(name)
            ]
        )
    if as_json:
        for row in found:
            shown.line(row)
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)


def _known(desk: Desk, wanted: str) -> str:
    known = [c.id for c in desk.controllers]
    if wanted not in known:
        raise Refused(f"There is no controller {wanted!r}; the settings know {', '.join(known)}.", field="controller")
    return wanted
