"""Files with addresses, as others write them: CSV, JSON lines, or one JSON list; read as a stream."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from handlers.refused import Refused
from storage.addresses import is_address
from storage.enlisting import Listed

COLUMNS = ("address", "controller", "scope", "source", "asked", "at", "released")


class Source:
    """An open file, how far it has been read, and how many rows were of use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.taken = 0
        self.passed_over = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "Source":
        self._file = self.path.open("rb")
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def lines(self) -> Iterator[str]:
        """Its lines as text; what is no UTF-8 is refused, naming the line."""
        if self._file is None:
            raise ValueError("not opened")
        for number, raw in enumerate(self._file, start=1):
            try:
                yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise Refused(f"{self.path}, line {number}: not UTF-8.", field="file") from error

    def place(self) -> int:
        """How many bytes have been read."""
        return self._file.tell() if self._file is not None else 0


def read_list(source: Source, scope: str, now: datetime, known: set[str]) -> Iterator[Listed]:
    """Every address of the file; a row without one is counted and passed over. Refused for a column or scope that is wrong."""
    for row in _rows(source):
        address = str(row.get("address") or "").strip()
        if not is_address(address):
            source.passed_over += 1
            continue
        wanted = str(row.get("scope") or scope)
        if wanted not in known:
            raise Refused(f"{source.path}: there is no list {wanted!r}; leave `scope` empty for all marketing.", field="scope")
        source.taken += 1
        given = row.get("asked")
        yield Listed(address, wanted, _moment(str(given), source.path) if given else now)


def _rows(source: Source) -> Iterable[dict[str, Any]]:
    if source.path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        return _json(source)
    reader = csv.DictReader(source.lines())
    if "address" not in (reader.fieldnames or ()):
        raise Refused(f"{source.path} has no column `address`.", field="file")
    return reader


def _json(source: Source) -> Iterator[dict[str, Any]]:
    lines = (one for one in source.lines() if one.strip())
    first = next(lines, "")
    if first.lstrip().startswith("["):
        found = _parsed(first + "".join(lines), source.path)
        yield from ({"address": one} if isinstance(one, str) else one for one in found)
        return
    for text in (first, *lines) if first else ():
        one = _parsed(text, source.path)
        yield {"address": one} if isinstance(one, str) else one


def _parsed(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refused(f"{path}: not JSON ({error}).", field="file") from error


def _moment(text: str, path: Path) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{path}: {text!r} is no time such as 2026-11-22T09:30:00+09:00.", field="asked") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
