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
from bot.demo.child import DidNotStart
from bot.demo.fetch import CannotFetch
from bot.demo.findings import Finding, Outbound, arrived, findings, outbound
from bot.demo.samples import Sample, samples
from bot.demo.stage import Stage
from storage.store import Store
from storage.vault import Vault

PATIENCE = 120.0
"""Seconds that the mails may take, all together."""


class TookTooLong(RuntimeError):
    """The mails were not all handled in time."""


def perform(*, once: bool, folder: Path, tools: Path) -> int:
    """The exit status: 0 when every sample mail is in its place. Without `once` it stays until Ctrl-C."""
    out = Console()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=out) as progress:
            started = progress.add_task("starting", total=1)
            with Stage(folder, tools, lambda what: progress.update(started, description=what)) as stage:
                progress.update(started, completed=1, description="everything runs")
                status = play(stage, progress, out)
                progress.stop()
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
        for group in ([m for m in mails if not m.late], [m for m in mails if m.late]):
            if group:
                handle(stage, store, group, progress)
    except TookTooLong as error:
        late = str(error)
    found, queue = findings(store, stage.slack, stage.smtp, mails), outbound(store)
    store.close()
    return report(out, found, queue, late)


def handle(stage: Stage, store: Store, mails: list[Sample], progress: Progress) -> None:
    """Deliver some mails and wait until each has its fate and all that follows from it is done."""
    handled = progress.add_task("mails handled", total=len(mails))
    effects = progress.add_task("posts and letters delivered", total=None)
    stage.deliver(mails)
    deadline = time.monotonic() + PATIENCE
    while True:
        have, queue = arrived(store, tuple(mails)), outbound(store)
        progress.update(handled, completed=have)
        progress.update(effects, completed=queue.done, total=queue.done + queue.waiting)
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
