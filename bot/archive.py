"""Mails from files: .eml, mbox, Maildir, or a folder of these, one after the other."""

import mailbox
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from handlers.refused import Refused

SUFFIXES = frozenset({".eml", ".mbox", ".mbx", ".msg", ""})
"""What a folder is searched for; a file that is named outright is read whatever it is called."""


@dataclass(frozen=True)
class Letterless:
    """A file that gave no mail, and why."""

    why: str


def messages(paths: Iterable[Path]) -> Iterator[tuple[str, bytes | Letterless]]:
    """(name, bytes) of every mail; a file that can't be read gives its reason, and the next one follows."""
    for path in paths:
        if not path.exists():
            raise Refused(f"{path} is not there.", field="path")
        yield from _of(path)


def _of(path: Path) -> Iterator[tuple[str, bytes | Letterless]]:
    if not path.is_dir():
        yield from _file(path)
    elif (path / "cur").is_dir() or (path / "new").is_dir():
        for name in ("cur", "new"):
            for file in sorted((path / name).glob("*")):
                yield from _file(file)
    else:
        for entry in sorted(path.iterdir()):
            if entry.is_dir() or entry.suffix.lower() in SUFFIXES:
                yield from _of(entry)


def _file(path: Path) -> Iterator[tuple[str, bytes | Letterless]]:
    try:
        with path.open("rb") as file:
            start = file.read(5)
            if start != b"From ":
                yield str(path), start + file.read()
                return
    except OSError as error:
        yield str(path), Letterless(f"{error.strerror or type(error).__name__}")
        return
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.keys(), start=1):
            yield f"{path}#{number}", box.get_bytes(key)
    finally:
        box.close()
