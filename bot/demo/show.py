"""What the demo prints: how far it has come, where each mail ended, and what to try."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from bot.demo.findings import Finding
from bot.demo.localslack import CHANNEL_NAME, MANAGER, STAFF
from bot.demo.papers import NPROC
from bot.demo.stage import Stage


def table(found: Iterable[Finding]) -> Table:
    """One line a mail: mail, category, rights, law, due, thread, letter."""
    shown = Table(title="What became of the sample mails", title_justify="left")
    for heading in ("mail", "category", "rights", "law", "due", "thread", "letter"):
        shown.add_column(heading, overflow="fold")
    for f in found:
        mark = "[red]✗[/] " if f.faults else "[green]✓[/] "
        category = "" if f.category is None else f.category.value + (" + unsubscribe" if f.suppressed and f.ref else "")
        fate = "did not arrive" if f.fate is None else f.fate.value
        shown.add_row(
            mark + f.sample.name,
            f"{category} [dim]({fate})[/]",
            ", ".join(sorted(f.rights)),
            f.law or "",
            f.due.isoformat() if f.due else "",
            " ".join(p for p in (f.ref, f.thread) if p),
            f.letter,
        )
    return shown


def faults(console: Console, found: Iterable[Finding], lost: Iterable[str]) -> None:
    """Name what did not arrive or lies in a wrong place."""
    for f in found:
        for fault in f.faults:
            console.print(f"[red]{f.sample.name}[/]: {fault}", highlight=False)
    for row in lost:
        console.print(f"[red]not delivered[/]: {row}", highlight=False)


def invitation(console: Console, stage: Stage) -> None:
    """Where to look, and what to try."""
    people = ", ".join(p.name for p in STAFF)
    console.print(
        f"""
[bold]The desk is open.[/]
  Slack    [link={stage.slack.web}]{stage.slack.web}[/] – channel #{CHANNEL_NAME}; act as {people} (staff) or {MANAGER.name} (manager)
  letters  {stage.smtp.folder} – every letter as .txt to read and .eml
  log      {stage.folder / "bot.log"}
  mail     IMAP 127.0.0.1:{stage.mail.port}, SMTP 127.0.0.1:{stage.smtp.port}

[bold]Try[/]
  - open a case's thread, press [bold]Take[/], then [bold]Reply[/]: edit, preview, send, and read the letter in the folder above
  - press [bold]Close[/] with a refusal: it asks for the ground
  - write a mail of your own:
      printf 'Subject: my data\\n\\nPlease delete all data about me (Art. 17 GDPR).\\n' | \\
        curl -s smtp://127.0.0.1:{stage.smtp.port} --mail-from you@mail.example --mail-rcpt {NPROC} -T -
  - look at the cases: [bold]. {stage.folder / "secrets.env"} && .venv/bin/rightsdesk cases list[/]

Ctrl-C ends everything.""",
        highlight=False,
        soft_wrap=True,
    )
