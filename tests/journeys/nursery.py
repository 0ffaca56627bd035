"""Where bots are born quickly: a process that has loaded everything already and forks one for each life that a test asks for.

A life is the bot's own command line, unchanged; only the loading of modules is not done again each time.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Life:
    """One running bot, a process group of its own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    @property
    def running(self) -> bool:
        """Whether it lives."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """As a power cut."""
        self._signal(signal.SIGKILL)
        self._gone(10)

    def end(self, seconds: float = 40) -> None:
        """Kindly; unkindly where that takes too long."""
        self._signal(signal.SIGTERM)
        if not self._gone(seconds):
            self.kill()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _gone(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.running:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True


class Nursery:
    """The parent of all lives; they end with it."""

    def __init__(self) -> None:
        argv = [sys.executable, "-m", "tests.journeys.nursery"]
        self._parent = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lives: list[Life] = []

    def bear(self, words: list[str], environment: Mapping[str, str], log: Path, point: int | None = None) -> Life:
        """`rightsdesk WORDS` in that environment; with `point`, one that dies at that point of `tests.journeys.dying`."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps([words, dict(environment), str(log), point]) + "\n")
        self._parent.stdin.flush()
        life = Life(int(self._parent.stdout.readline()))
        self._lives.append(life)
        return life

    def close(self) -> None:
        """End every life and the parent."""
        for life in self._lives:
            if life.running:
                life.kill()
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait(20)


def main() -> None:
    """Read what is wanted, one life a line, and answer with its pid."""
    from bot.__main__ import main as rightsdesk
    from handlers.sorting.phrases import lexicon
    from tests.journeys.dying import die_at

    lexicon()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        words, environment, log, point = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.environ.clear()
            os.environ.update(environment)
            file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(file, 1)
            os.dup2(file, 2)
            if point is not None:
                die_at(point)
            sys.argv = ["rightsdesk", *words]
            rightsdesk()
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
