"""Performs the demo: starts everything, delivers the sample mails, waits until each has its place, and shows it."""

import contextlib
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.demo import show
from bot.demo.child import STOPS, DidNotStart
from bot.demo.fetch import CannotFetch
from bot.demo.findings import Finding, Outbound, findings, handled, outbound
from bot.demo.samples import Sample, samples
from bot.demo.stage import Stage
from storage.store import Store
from storage.vault import Vault

COLUMNS = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
WIDE = 170
"""Characters a line where there is no terminal to ask."""
PATIENCE = 120.0
"""Seconds that the mails may take, all together."""


class TookTooLong(RuntimeError):
    """The mails were not all handled in time."""


def perform(*, once: bool, folder: Path, tools: Path) -> int:
    """The exit status: 0 when every sample mail is in its place. Without `once` it stays until Ctrl-C."""
    out = Console()
    if not out.is_terminal:
        out = Console(width=WIDE)
    for number in STOPS:
        signal.signal(number, signal.default_int_handler)
    try:
        with Progress(*COLUMNS, console=out) as progress:
            started = progress.add_task("starting", total=None)
            with Stage(folder, tools, lambda what: progress.update(started, description=what)) as stage:
                progress.update(started, completed=1, total=1, description="all servers and the bot run")
                status = play(stage, progress, out)
                if not once:
                    show.invitation(out, stage)
                    stay()
        return status
    except (CannotFetch, DidNotStart) as error:
        out.print(f"[red]{error}[/]", highlight=False)
        return 1
    except KeyboardInterrupt:
        return 130


def play(stage: Stage, progress: Progress, out: Console) -> int:
    """Deliver the mails, wait, print where they ended; 1 if one is missing or misplaced."""
    store = Store(stage.papers.database_url, Vault.parse(stage.papers.secrets["RIGHTSDESK_MASTER_KEY"]))
    mails = samples(datetime.now(UTC))
    late = ""
    try:
        for name, group in (("mails", [m for m in mails if not m.late]), ("follow-ups", [m for m in mails if m.late])):
            handle(stage, store, group, Bars(progress, name, len(group)))
    except TookTooLong as error:
        late = str(error)
    progress.stop()
    found, queue = findings(store, stage.slack, stage.smtp, mails), outbound(store)
    store.close()
    return report(out, found, queue, late)


class Bars:
    """What moves on the screen while some mails are handled."""

    def __init__(self, progress: Progress, name: str, total: int) -> None:
        self._progress = progress
        self._handled = progress.add_task(f"{name} handled", total=total)
        self._effects = progress.add_task("posts and letters delivered", total=None)

    def show(self, handled: int, queue: Outbound) -> None:
        """How far it has come."""
        self._progress.update(self._handled, completed=handled)
        self._progress.update(self._effects, completed=queue.done, total=queue.done + queue.waiting)


def handle(stage: Stage, store: Store, mails: list[Sample], bars: Bars) -> None:
    """Deliver some mails and wait until each has its fate and all that follows from it is done."""
    stage.deliver(mails)
    deadline = time.monotonic() + PATIENCE
    while True:
        have, queue = handled(store, mails), outbound(store)
        bars.show(have, queue)
        if have == len(mails) and not queue.waiting:
            return
        if not stage.bot.running:
            raise TookTooLong(f"the bot ended:\n{stage.bot.last_words()}")
        if time.monotonic() > deadline:
            raise TookTooLong(f"after {PATIENCE:.0f} s {len(mails) - have} mails and {queue.waiting} posts or letters are still under way")
        time.sleep(0.2)


def report(out: Console, found: tuple[Finding, ...], queue: Outbound, late: str) -> int:
    """Print the table and what is wrong; 0 if nothing is."""
    out.print(show.table(found))
    show.faults(out, found, queue.lost)
    if late:
        out.print(f"[red]{late}[/]", highlight=False)
    right = sum(not f.faults for f in found)
    out.print(f"{right} of {len(found)} mails are in their place, {queue.done} posts and letters were delivered.", highlight=False)
    return 1 if right < len(found) or queue.lost or late else 0


def stay() -> None:
    """Return at Ctrl-C or SIGTERM."""
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
