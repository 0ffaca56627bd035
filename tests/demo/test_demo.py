"""The demo, as `make demo` runs it: a process of its own, on ports of its own, that leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from bot.demo.ports import LOOPBACK
from bot.demo.stage import WANTED_PORTS
from tests.servers.until import until

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("slack_binary")


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """`rightsdesk demo`, its output in a file beside the folder."""
    argv = [sys.executable, "-m", "bot", "demo", "--folder", str(folder), *words]
    with folder.with_suffix(".out").open("wb") as out:
        return subprocess.Popen(argv, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)


def said(folder: Path) -> str:
    """What it has printed so far."""
    return folder.with_suffix(".out").read_text(encoding="utf-8", errors="replace")


def left(folder: Path) -> list[str]:
    """Processes that have anything to do with the folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        words = [*(process.info["cmdline"] or []), *(process.info["environ"] or {}).values()]
        if any(str(folder) in word for word in words) and process.pid != os.getpid():
            found.append(" ".join(process.info["cmdline"] or [process.name()]))
    return found


@pytest.fixture
def busy_ports() -> Iterator[None]:
    """Somebody else listens on every port that the demo would like."""
    with ExitStack() as held:
        for port in WANTED_PORTS.values():
            taken = held.enter_context(socket.socket())
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taken.bind((LOOPBACK, port))
                taken.listen()
            except OSError:
                continue  # another program has it already, which is as good
        yield


def test_every_sample_mail_ends_in_its_place(tmp_path: Path) -> None:
    """`demo --once` exits 0, and no process of it stays."""
    folder = tmp_path / "desk"
    status = start(folder, "--once").wait(200)
    assert status == 0, said(folder)[-3000:]
    assert "31 of 31 mails are in their place" in said(folder)
    assert len(list((folder / "letters").glob("*.txt"))) > 15
    assert left(folder) == []


def test_the_demo_goes_around_busy_ports_stays_until_ctrl_c_and_ends_all_it_started(tmp_path: Path, busy_ports: None) -> None:
    """And a second demo in the same folder is refused, the first one untouched."""
    folder = tmp_path / "desk"
    running = start(folder)
    until(lambda: "Ctrl-C ends everything" in said(folder) or running.poll() is not None, 120)
    assert running.poll() is None, said(folder)[-3000:]
    second = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--folder", str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 1
    assert second.stderr == f"A demo runs in {folder} already. End it first, or start this one in another folder.\n"
    assert running.poll() is None
    assert len(left(folder)) >= 4
    os.kill(running.pid, signal.SIGINT)
    running.wait(60)
    assert left(folder) == []
    assert "Traceback" not in said(folder)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_demo_that_is_stopped_while_it_starts_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    """Whoever asks it to: the system, or a terminal that was closed."""
    folder = tmp_path / "desk"
    starting = start(folder, "--once")
    until((folder / "bot.log").exists, 60)
    os.kill(starting.pid, number)
    assert starting.wait(60) == 130
    assert left(folder) == []
