"""A folder into which signed CSV files are dropped, for systems that only take files."""

import asyncio
import csv
import hashlib
import io
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.carriers import Later
from bot.systems.system import Opting
from bot.transport import Checked
from handlers.heard import Heard
from storage.kinds import SystemState

MOST = 1000
COLUMNS = ("id", "controller", "address", "scope", "change", "asked")


class CsvDrop:
    """One folder. A file appears whole or not at all; its `.sig` stands there before it."""

    most = MOST

    def __init__(self, name: str, folder: Path, sign: Callable[[bytes], bytes]) -> None:
        self._name, self._folder, self._sign = name, folder, sign

    async def tell(self, changes: Sequence[Opting], now: datetime) -> list[Heard]:
        """Write them as one file, named by time and content."""
        raw = _written(changes)
        stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        path = self._folder / f"{stamp}-{hashlib.sha256(raw).hexdigest()[:12]}.csv"
        try:
            await asyncio.to_thread(self._drop, path, raw)
        except OSError as error:
            raise Later(300.0, f"{self._name}: the folder can't be written ({error.strerror or type(error).__name__})") from error
        return [Heard(c.outgoing_id, SystemState.DONE, 1) for c in changes]

    async def check(self) -> Checked:
        """Whether the folder is there and may be written."""
        if not self._folder.is_dir() or not os.access(self._folder, os.W_OK | os.X_OK):
            return Checked(False, f"{self._name}: {self._folder} is no folder that we may write to")
        return Checked(True, f"{self._name}: {self._folder} can be written")

    async def close(self) -> None:
        """Nothing to let go of."""

    def _drop(self, path: Path, raw: bytes) -> None:
        for target, content in ((path.with_name(path.name + ".sig"), self._sign(raw)), (path, raw)):
            part = target.with_name(f".{target.name}.part")
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)


def _written(changes: Sequence[Opting]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for c in changes:
        asked = c.asked.astimezone(UTC).isoformat(timespec="seconds")
        writer.writerow((c.reference, c.controller, _cell(c.address), c.scope, "stop" if c.stop else "allow", asked))
    return text.getvalue().encode()


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text
