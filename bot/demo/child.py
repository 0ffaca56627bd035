"""A process that we started: it has a group of its own, writes to a log file, and ends when we say so."""

import atexit
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put off being stopped until the end of the block, so that nothing is started that nobody knows of."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda got, _: came.append(got)) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            os.kill(os.getpid(), came[0])


class DidNotStart(RuntimeError):
    """A process ended or kept silent before it answered; the message ends with the last lines of its log."""


class Child:
    """Starts `argv` at once. Signals go to its process group only, so nothing that others started is touched."""

    def __init__(self, name: str, argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out, undisturbed():
            self._process = subprocess.Popen(  # noqa: S603 -- argv is ours, no shell
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(env) if env is not None else None,
                start_new_session=True,
            )
            atexit.register(self.end)

    @property
    def pid(self) -> int:
        """The process id, which is its group's id as well."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it still lives."""
        return self._process.poll() is None

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def wait_until(self, answers: Callable[[], bool], seconds: float = 30.0) -> None:
        """Return when `answers()` is true; DidNotStart when the process ends or the time is up first."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running:
                raise DidNotStart(f"{self.name} ended with status {self._process.returncode} before it answered:\n{self.last_words()}")
            if answers():
                return
            time.sleep(0.05)
        self.end()
        raise DidNotStart(f"{self.name} did not answer within {seconds:.0f} s:\n{self.last_words()}")

    def end(self, seconds: float = 5.0) -> None:
        """Ask its group to stop, insist after `seconds`. Does nothing if it has ended. Called at exit as well."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.running:
                break
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                break
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue

    def kill(self) -> None:
        """End it as a power cut would: no goodbye."""
        if self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(5)
