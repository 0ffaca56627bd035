"""How commands print: rows as a table for people, or one JSON object a line."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import IO, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def line(value: Mapping[str, Any], file: IO[str] | None = None) -> None:
    """One JSON object on a line of its own, to standard output or a file."""
    out = file or sys.stdout
    try:
        out.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    except UnicodeEncodeError:  # Half of a surrogate pair, or a terminal that is not UTF-8: then escaped, as JSON may be.
        out.write(json.dumps(value, default=str) + "\n")


def rows(found: Iterable[Mapping[str, Any]], columns: Iterable[str], *, as_json: bool, empty: str = "Nothing.") -> None:
    """The rows; a table shows only the named columns."""
    if as_json:
        for row in found:
            line(row)
        return
    listed, names = list(found), list(columns)
    if not listed:
        console.print(empty)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=name == names[0])
    for row in listed:
        table.add_row(*(_cell(row.get(name)) for name in names))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(v) for v in value)
    return str(value)
