"""What the demo prints: how far it has come, where each mail ended, and what to try."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from bot.demo.findings import Finding
from bot.demo.localslack import CHANNEL_NAME, MANAGER, STAFF
from bot.demo.papers import NPROC
from bot.demo.stage import Stage
from storage.kinds import Fate

FATES = {
    Fate.CASE_OPENED: "case opened",
    Fate.CASE_JOINED: "joined its case",
    Fate.UNSUBSCRIBED: "done",
    Fate.MACHINE_RECORDED: "recorded",
    Fate.ORDINARY: "left in the mailbox",
}


def table(found: Iterable[Finding]) -> Table:
    """One line a mail: mail, category, rights, law, due, thread, letter."""
    shown = Table(title="What became of the sample mails", title_justify="left")
    for heading in ("mail", "category", "rights", "law", "due", "thread"):
        shown.add_column(heading, no_wrap=heading not in {"category", "rights"})
    shown.add_column("letter", no_wrap=True, overflow="ellipsis", max_width=38)
    for f in found:
        mark = "[red]✗[/]" if f.faults else "[green]✓[/]"
        words = [] if f.category is None else [f.category.value.replace("_", " ")]
        words += ["unsubscribe"] if f.suppressed and f.fate is not Fate.UNSUBSCRIBED else []
        shown.add_row(
            f"{mark} {f.sample.name}",
            f"{' + '.join(words)} [dim]({FATES.get(f.fate, f.fate) if f.fate else 'did not arrive'})[/]",
            ", ".join(sorted(r.replace("_", " ") for r in f.rights)),
            f.law or "",
            f.due.isoformat() if f.due else "",
            f.thread,
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
