"""`rightsdesk suppressions`: who gets no more marketing."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.commands import shown
from bot.commands.listfiles import COLUMNS, Source, read_list
from bot.commands.opened import house
from bot.house import House
from handlers import tokens
from handlers.desk import Desk
from handlers.proof import Proofs
from handlers.refused import Refused
from handlers.resubscribing import Proof, Resubscribing
from handlers.tokens import Named
from handlers.unsubscribes import Wish
from storage.addresses import is_address
from storage.enlisting import Listed, enlist, released
from storage.store import Tx
from storage.suppressions import ALL_MARKETING

app = typer.Typer(help="The suppression list.", no_args_is_help=True)
Controller = Annotated[str, typer.Option("--controller", help="The company's id in the settings.")]
Address = Annotated[str, typer.Argument(help="A mail address.")]
List = Annotated[str, typer.Option("--list", help="The id of one mailing list; else all marketing.")]
CHUNK, TOLD = 20_000, 200


@app.command()
def add(address: Address, controller: Controller, list_: List = ALL_MARKETING, source: str = "command line") -> None:
    """Stop marketing to an address at once, and tell the systems that send it."""
    with house() as h:
        name, scope, now = _known(h.desk, controller), _scope(h.desk, controller, list_), datetime.now(UTC)
        wish = Wish(name, _address(address), source, now, f"command:{now.isoformat()}", scope=scope, quiet=True)
        h.store.run(lambda tx: _waking(h, tx, wish, now))
    shown.console.print("Suppressed.")


@app.command()
def check(address: Address, controller: Controller, list_: List = ALL_MARKETING, as_json: shown.Json = False) -> None:
    """Whether an address is suppressed; exit status 0 if it is, 1 if not."""
    with house() as h:
        name, scope = _known(h.desk, controller), _scope(h.desk, controller, list_)
        found = h.store.look(lambda tx: bool(tx.suppressions.holding(name, tx.hashes_of(_address(address)), scope)))
    if as_json:
        shown.line({"suppressed": found, "controller": controller, "scope": scope})
    else:
        shown.console.print("suppressed" if found else "not suppressed")
    raise typer.Exit(0 if found else 1)


@app.command()
def release(
    address: Address,
    controller: Controller,
    how: Annotated[str, typer.Option(help="How the person asked for mailings again, such as `double opt-in form`.")],
    at: Annotated[datetime, typer.Option(help="When (UTC).")],
    proof: Annotated[str, typer.Option("--proof", help="What shows it: a record, an address of it, a wording.")],
    list_: List = ALL_MARKETING,
) -> None:
    """Allow mailings again to somebody who asked for them; kept in the entry's history with its proof."""
    with house() as h:
        name, scope, now = _known(h.desk, controller), _scope(h.desk, controller, list_), datetime.now(UTC)
        shown_by = Proof(how, at.replace(tzinfo=at.tzinfo or UTC), proof, "command line")
        h.store.run(lambda tx: Resubscribing(h.desk).release(tx, name, _address(address), scope, shown_by, now))
    shown.console.print("Released.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with a column `address` (also `scope`, `asked`), or JSON: lines or one list.")],
    controller: Controller,
    list_: List = ALL_MARKETING,
    tell: Annotated[bool, typer.Option("--tell", help="Tell the systems of each address as well; slower.")] = False,
    as_json: shown.Json = False,
) -> None:
    """Suppress every address of a file; addresses that are on the list already stay as they are."""
    with house() as h:
        name, scope, now = _known(h.desk, controller), _scope(h.desk, controller, list_), datetime.now(UTC)
        source, new = f"import {file.name}"[:80], 0
        known = {one.id for one in h.desk.lists if one.controller == name} | {ALL_MARKETING}
        with _opened(file) as found, _progress(found.size) as shows:
            rows = read_list(found, scope, now, known)
            while chunk := list(islice(rows, TOLD if tell else CHUNK)):
                if tell:
                    new += h.store.run(lambda tx, some=chunk: _tell(h, tx, name, source, some, now))  # type: ignore[misc]  # a default binds the loop's value
                else:
                    new += h.store.run(lambda tx, some=chunk: _enlist(h, tx, name, source, some, now))  # type: ignore[misc]  # the same
                shows(found.place())
    total, bad = found.taken, found.passed_over
    if as_json:
        shown.line({"read": total, "new": new, "known": total - new, "no_address": bad})
        return
    shown.console.print(f"{total:,} addresses are suppressed, {new:,} of them new.")
    if bad:
        shown.console.print(f"{bad:,} rows hold no mail address and were passed over.")
    if not tell and h.desk.systems:
        shown.console.print("The sending systems were not told (--tell does that).")


@app.command()
def export(
    controller: Controller,
    as_json: shown.Json = False,
    everything: Annotated[bool, typer.Option("--all", help="Released entries as well.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="A file; else standard output.")] = None,
    sign: Annotated[bool, typer.Option("--sign", help="Write FILE.sig beside it; `suppressions key` checks it.")] = False,
) -> None:
    """The list as CSV or JSON lines; an erased person's address is empty."""
    with house() as h:
        name = _known(h.desk, controller)
        if sign and out is None:
            raise Refused("Only a file can be signed: give --out.", field="sign")
        if out is None:
            _write(h, name, sys.stdout, as_json=as_json, everything=everything)
            return
        with out.open("w", encoding="utf-8", newline="") as file:
            count = _write(h, name, file, as_json=as_json, everything=everything)
        if sign:
            out.with_name(out.name + ".sig").write_bytes(h.store.vault.sign(out.read_bytes()))
    shown.console.print(f"{out}: {count:,} entries{', signed' if sign else ''}.")


@app.command()
def key() -> None:
    """The public key (PEM) that checks signed files: openssl pkeyutl -verify -rawin -pubin -inkey KEY -in FILE -sigfile FILE.sig."""
    with house() as h:
        sys.stdout.write(h.store.vault.public_key)


@app.command()
def link(
    controller: Controller,
    address: Annotated[str, typer.Argument(help="One address; `-` (or nothing) reads them from standard input, one a line.")] = "-",
    list_: List = ALL_MARKETING,
    short: Annotated[bool, typer.Option("--short", help="A mailto: address with the token in it, kept in the database.")] = False,
    as_json: shown.Json = False,
) -> None:
    """The unsubscribe link and headers for mailings to an address, or to many."""
    with house() as h:
        name, scope, site = _known(h.desk, controller), _scope(h.desk, controller, list_), h.settings.tables.web.public_url
        if not site:
            raise Refused("web.public_url is not set: links would lead nowhere.", field="web.public_url")
        given = iter([address]) if address != "-" else (one.strip() for one in sys.stdin if one.strip())
        writer = csv.writer(sys.stdout, lineterminator="\n")
        if not as_json:
            writer.writerow(("address", "url", "list_unsubscribe", "list_unsubscribe_post"))
        while some := list(islice(given, 1000)):
            made = h.store.run(lambda tx, these=some: _links(h, tx, [Named(name, _address(a), scope) for a in these], short=short))  # type: ignore[misc]  # a default binds the loop's value
            for one, links in zip(some, made, strict=True):
                if as_json:
                    shown.line({"address": one, **vars(links)})
                else:
                    writer.writerow((one, links.url, links.list_unsubscribe, links.list_unsubscribe_post))


@app.command()
def report(
    days: Annotated[int, typer.Option(help="How far back.")] = 30,
    as_json: shown.Json = False,
) -> None:
    """How long it took from a wish to its effect here and in each system, and what waits."""
    with house() as h:
        now = datetime.now(UTC)
        found = h.store.look(lambda tx: Proofs(h.desk).times(tx, now - timedelta(days=days)))
    columns = ("where", "done", "waiting", "refused", "not_found", "median_seconds", "p95_seconds", "slowest_seconds", "over_48_hours")
    shown.rows([vars(f) for f in found], columns, as_json=as_json)


def _links(h: House, tx: Tx, named: list[Named], *, short: bool) -> list[tokens.Links]:
    now, site = datetime.now(UTC), h.settings.tables.web.public_url
    made = []
    for one in named:
        in_address = tokens.mint_short(tx, one, now) if short else None
        made.append(tokens.links(h.store.vault, one, site, h.desk.controller(one.controller), in_address))
    return made


def _waking(h: House, tx: Tx, wish: Wish, now: datetime) -> None:
    h.unsubscribes.receive(tx, wish, now)
    if tx.outgoing.queued:
        h.store.wake(tx)


def _enlist(h: House, tx: Tx, name: str, source: str, chunk: list[Listed], now: datetime) -> int:
    again = released(tx, name, chunk)
    wishes = [Wish(name, one.address, source, one.asked, source, scope=one.scope, quiet=True) for one in again]
    if wishes:
        h.unsubscribes.receive_all(tx, wishes, now)
    return enlist(tx, name, source, chunk, now) + len(again)


def _tell(h: House, tx: Tx, name: str, source: str, chunk: list[Listed], now: datetime) -> int:
    wishes = [Wish(name, one.address, source, one.asked, source, scope=one.scope, quiet=True, counted=False) for one in chunk]
    taken = h.unsubscribes.receive_all(tx, wishes, now)
    h.store.wake(tx)
    return sum(t.changed for t in taken)


def _write(h: House, name: str, file: IO[str], *, as_json: bool, everything: bool) -> int:
    columns = [c for c in COLUMNS if everything or c != "released"]
    writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
    if not as_json:
        writer.writeheader()
    after, count = 0, 0
    while rows := h.store.look(lambda tx, last=after: _page(tx, name, last, everything=everything)):  # type: ignore[misc]  # a default binds the loop's value
        after = rows[-1].pop("id")
        count += len(rows)
        for row in rows:
            if as_json:
                shown.line({k: row[k] for k in columns}, file)
            else:
                writer.writerow(row)
    return count


def _page(tx: Tx, name: str, after: int, *, everything: bool) -> list[dict[str, Any]]:
    found = tx.suppressions.listed(name, after=after, limit=10_000, holding=not everything)
    tx.open_keys(s.key_id for s in found)
    return [
        {
            "id": s.id,
            "address": (tx.unseal(s.key_id, s.sealed) or {}).get("address", ""),
            "controller": s.controller,
            "scope": s.scope,
            "source": s.source,
            "asked": s.asked.isoformat(),
            "at": s.at.isoformat(),
            "released": s.released.isoformat() if s.released else "",
        }
        for s in found
    ]


@contextmanager
def _opened(file: Path) -> Iterator[Source]:
    try:
        with Source(file) as source:
            yield source
    except OSError as error:
        raise Refused(f"{file} can't be read: {error.strerror or error}.", field="file") from error


@contextmanager
def _progress(size: int) -> Iterator[Any]:
    columns = (TextColumn("Suppressing"), BarColumn(), MofNCompleteColumn(), TextColumn("bytes"), TimeElapsedColumn())
    with Progress(*columns, console=shown.errors, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=size)
        yield lambda place: progress.update(task, completed=place)


def _address(text: str) -> str:
    if not is_address(text):
        raise Refused(f"{text!r} is no mail address.", field="address")
    return text.strip()


def _scope(desk: Desk, controller: str, wanted: str) -> str:
    if wanted != ALL_MARKETING and desk.mailing_list(controller, wanted) is None:
        known = ", ".join(one.id for one in desk.lists if one.controller == controller) or "none"
        raise Refused(f"There is no list {wanted!r} of {controller}; the settings know {known}.", field="list")
    return wanted


def _known(desk: Desk, wanted: str) -> str:
    known = [c.id for c in desk.controllers]
    if wanted not in known:
        raise Refused(f"There is no controller {wanted!r}; the settings know {', '.join(known)}.", field="controller")
    return wanted
