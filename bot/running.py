"""On SQLite one `run` at a time: a lock file beside the database, held as long as the process lives."""

import fcntl
import os
from pathlib import Path
from typing import IO

from handlers.refused import Refused


class SoleRun:
    """Holds the lock while inside; Refused where another `run` has it. On PostgreSQL any number may run."""

    def __init__(self, database_url: str) -> None:
        self._path = Path(database_url.removeprefix("sqlite:///") + ".lock") if database_url.startswith("sqlite:///") else None
        self._file: IO[str] | None = None

    def __enter__(self) -> "SoleRun":
        if self._path is None:
            return self
        self._file = self._path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "another process"
            self._file.close()
            raise Refused(f"A desk runs on this database already (pid {holder}). SQLite serves one; use PostgreSQL for more.") from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
