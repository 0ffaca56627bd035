"""`rightsdesk sort`, `deadline`, `laws` and `import`."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bot.archive import Letterless, messages
from bot.commands import shown
from bot.commands.opened import house, spoken
from bot.house import House, build_sorter
from bot.keeping import Keeping, Manner
from bot.settings import FILE, SettingsFault, load
from bot.tables import DeskTable
from handlers.arrival import Place
from handlers.law import BadLawFile, Laws
from handlers.law.answers import answer, answers, table, written_event
from handlers.law.changes import changed, moved
from handlers.mail import Mail, parse
from handlers.refused import Refused
from handlers.sorting import Sorter, explaining
from handlers.sorting.record import to_json
from storage.kinds import Fate

Paths = Annotated[list[Path], typer.Argument(help=".eml files, mbox files, Maildirs or folders.")]
WIDE = 120
"""From so many signs a line on, the table of laws shows every column."""
COLUMNS = ("file", "category", "also", "rights", "law", "language", "confidence", "needs_human", "error")


def sort(
    paths: Paths,
    explain: Annotated[bool, typer.Option("--explain", help="The rule, phrases and features behind each verdict.")] = False,
    as_json: shown.Json = False,
) -> None:
    """Say what mails are, without storing anything; exit status 1 only where nothing could be read."""
    with spoken():
        sorter, read, failed = _sorter(), 0, 0
        if explain:
            _explain(paths, sorter, as_json)
            return
        found = []
        for name, content in messages(paths):
            row = _sorted(name, content, sorter)
            read, failed = read + ("error" not in row), failed + ("error" in row)
            if as_json:
                shown.line(row)
            else:
                found.append(row)
        if not as_json:
            shown.rows(found, COLUMNS, as_json=False, empty="No mail there.")
        raise typer.Exit(1 if failed and not read else 0)


def _explain(paths: list[Path], sorter: Sorter, as_json: bool) -> None:
    for name, content in messages(paths):
        if isinstance(content, Letterless):
            shown.line({"file": name, "error": content.why}) if as_json else shown.console.print(f"{name}: {content.why}", markup=False)
            continue
        found = explaining.explain(sorter, parse(content))
        if as_json:
            told = asdict(found)
            del told["verdict"]
            shown.line({"file": name, "category": found.verdict.category, **told})
        else:
            shown.console.print(f"{name}\n{explaining.told(found)}\n", markup=False)


def _sorted(name: str, content: bytes | Letterless, sorter: Sorter) -> dict[str, object]:
    if isinstance(content, Letterless):
        return {"file": name, "error": content.why}
    mail = parse(content)
    if not mail.readable:
        return {"file": name, "error": "; ".join(mail.defects) or "nothing in it could be read"}
    return to_json(name, mail, sorter.sort(mail))


def _sorter() -> Sorter:
    """With the settings that are here, or with none: sorting needs no installation."""
    if not Path(FILE).exists():
        return build_sorter(None, None)
    settings = load()
    return build_sorter(settings.desk(datetime.now(UTC).date()), settings.cache_dir)


def deadline(
    queries: Annotated[str | None, typer.Argument(help="`-` reads one JSON query a line from standard input.")] = None,
    law: Annotated[str | None, typer.Option(help="A law's id, such as EU-GDPR.")] = None,
    right: Annotated[str | None, typer.Option(help="A right, or complaint, unsubscribe, appeal.")] = None,
    received: Annotated[str | None, typer.Option(help="A date, or a date-time with its offset.")] = None,
    place: Annotated[str | None, typer.Option(help="ISO 3166, such as DE, GB-SCT, US-CA.")] = None,
    event: Annotated[list[str] | None, typer.Option(help="KIND=DATE, as often as needed.")] = None,
    as_json: shown.Json = False,
) -> None:
    """The dates of a request and how they were computed."""
    laws, before = Laws.load(), _work_days()
    if queries == "-":
        for row in answers(laws, sys.stdin.buffer, work_days_before=before):
            shown.line(row)
        return
    given = {"law": law, "right": right, "received": received, "place": place}
    missing = [f"--{name}" for name, value in given.items() if value is None]
    if queries is not None or missing:
        sys.stderr.write(f"deadline: missing {', '.join(missing) or 'nothing'}; or give - to read queries from standard input\n")
        raise typer.Exit(2)
    found = answer(laws, {**given, "events": [written_event(e) for e in event or []]}, work_days_before=before)
    if "error" in found:
        sys.stderr.write(f"{found.get('field') or 'query'}: {found['error']}\n")
        raise typer.Exit(2)
    if as_json:
        shown.line(found)
        return
    for key, value in found.items():
        for one in value if isinstance(value, list) else [value]:
            shown.console.print(f"{key:20} {'–' if one is None else one}", markup=False, soft_wrap=True)


def _work_days() -> int:
    """How many working days before the safe date our own target lies: as the settings that are here say, else as usual."""
    usual = DeskTable.model_fields["work_days_before"].default
    try:
        return load().tables.desk.work_days_before
    except SettingsFault:
        return int(usual)


def laws(
    diff: Annotated[
        Path | None, typer.Option("--diff", help="A folder of law files: say what they would change, and which open cases.")
    ] = None,
    as_json: shown.Json = False,
) -> None:
    """The table of laws; with --diff what other law files would change, and which dates of open cases they would move."""
    if diff is not None:
        _diff(diff, as_json)
        return
    columns = ("law", "name", "in_force", "acknowledge", "respond", "pauses", "roll", "mark")
    narrow = tuple(c for c in columns if c not in ("name", "roll"))
    wide = shown.console.width >= WIDE
    shown.rows(table(Laws.load(), datetime.now(UTC).date()), columns if wide else narrow, as_json=as_json)


def _diff(folder: Path, as_json: bool) -> None:
    with house() as h:
        try:
            other = Laws.load(folder)
        except (BadLawFile, OSError) as fault:
            raise Refused(f"{folder}: {fault}", field="diff") from fault
        rules = changed(h.laws, other)
        cases = h.store.look(lambda tx: [(c.ref, q) for c in tx.cases.listed(limit=100_000) for q in h.dates.clocks.queries(tx, c)])
        moves = moved(h.laws, other, cases)
    if as_json:
        for rule in rules:
            shown.line({"kind": "rule", **asdict(rule)})
        for move in moves:
            shown.line({"kind": "date", **asdict(move)})
        return
    shown.rows([asdict(r) for r in rules], ("law", "key", "before", "after"), as_json=False, empty="No rule differs.")
    shown.rows([asdict(m) for m in moves], ("case", "law", "right", "what", "before", "after"), as_json=False, empty="No open case moves.")


def import_(
    paths: Paths,
    mailbox: Annotated[str | None, typer.Option(help="The mailbox that this archive was; the first one without.")] = None,
    live: Annotated[bool, typer.Option("--live", help="Post to Slack and write letters, as for new mail.")] = False,
) -> None:
    """Feed an archive through the real path; sends and posts nothing without --live."""
    with house() as h:
        names = [m.id for m in h.desk.mailboxes]
        box = mailbox or names[0]
        if box not in names:
            raise Refused(f"There is no mailbox {box!r}; the settings know {', '.join(names)}.", field="mailbox")
        counts = _import(h, paths, box, live=live)
    shown.console.print(", ".join(f"{n} {fate.replace('_', ' ')}" for fate, n in sorted(counts.items())) or "No mail there.")
    raise typer.Exit(1 if counts and set(counts) == {"unreadable"} else 0)


def _import(h: House, paths: list[Path], box: str, *, live: bool) -> dict[str, int]:
    """One mail at a time: an archive may be larger than the memory, so it is read once to be counted and once to be taken."""
    keeping = Keeping(h.store, h.incoming, h.sorters(), lambda: None)
    table = next(m for m in h.settings.tables.mailboxes if m.id == box)
    ours = (table.host.casefold(), *(t.casefold() for t in table.trusted_authserv))
    counts: dict[str, int] = {}
    with Progress(console=shown.console, disable=not sys.stderr.isatty()) as progress:
        for _, content in progress.track(messages(paths), total=sum(1 for _ in messages(paths)), description="Importing"):
            if isinstance(content, Letterless):
                fates = ["unreadable"]
            else:
                arrived, confirmed = arrival_of(parse(content), ours, datetime.now(UTC))
                place = Place(box, f"import:{h.store.vault.look_up('bytes', content)[:32]}", 0, 0)
                fates = [
                    str(f) for f in keeping.keep(content, place, arrived, Manner(confirmed=confirmed, quiet=not live)) or {Fate.REPEATED}
                ]
            for fate in fates:
                counts[fate] = counts.get(fate, 0) + 1
    return counts


def arrival_of(mail: Mail, ours: tuple[str, ...], now: datetime) -> tuple[datetime, bool]:
    """When an archived mail reached us, and whether that is our own server's word: its topmost Received, else the sender's Date."""
    for hop in _hops(mail, ours):
        if hop <= now:
            return hop, True
    if mail.date is not None and mail.date <= now:
        return mail.date.astimezone(UTC), False
    return now, False


def _hops(mail: Mail, ours: tuple[str, ...]) -> Iterator[datetime]:
    for hop in mail.received:
        by = hop.by.casefold()
        if hop.at is not None and any(by == o or by.endswith("." + o) for o in ours):
            yield hop.at.astimezone(UTC)
