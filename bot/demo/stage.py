"""Everything the demo runs: three servers and the bot, started in order and ended in reverse, and nothing else."""

import fcntl
import os
import shutil
import smtplib
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.child import Child
from bot.demo.fetch import fetch
from bot.demo.localslack import LocalSlack
from bot.demo.mailserver import MailServer
from bot.demo.papers import MAILBOXES, PASSWORD, Papers, Ports, write_papers
from bot.demo.ports import LOOPBACK, free_port
from bot.demo.samples import Sample
from bot.demo.smtpsink import SmtpSink
from handlers.refused import Refused

Tell = Callable[[str], None]
"""Called with what is being done."""

WANTED_PORTS = {"slack": 3000, "imap": 1143, "smtp": 1025, "web": 8080}


class Stage:
    """A context: inside it all runs. `folder` is made anew, so what an earlier demo left there is gone."""

    def __init__(self, folder: Path, tools: Path, tell: Tell) -> None:
        self.folder = folder.absolute()
        self.tools = tools.absolute()
        self._tell = tell
        self._ends = ExitStack()
        self.papers: Papers
        self.mail: MailServer
        self.smtp: SmtpSink
        self.slack: LocalSlack
        self.bot: Child

    def __enter__(self) -> "Stage":
        with ExitStack() as ends:
            self._ends = ends
            self._start(ends)
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _start(self, ends: ExitStack) -> None:
        ends.enter_context(sole_demo(self.folder))
        self._tell("fetching local-slack")
        binary = fetch(self.tools)
        self._tell("starting the IMAP server, the SMTP server and Slack")
        accounts = dict.fromkeys(MAILBOXES.values(), PASSWORD)
        self.mail = MailServer(self.folder / "imap", accounts, port=WANTED_PORTS["imap"])
        ends.callback(self.mail.end)
        self.slack = LocalSlack(binary, self.folder / "slack", port=WANTED_PORTS["slack"])
        ends.callback(self.slack.end)
        self.mail.wait()
        self.slack.wait()
        mailboxes = dict.fromkeys(MAILBOXES.values(), self.mail.append)
        self.smtp = SmtpSink(self.folder / "letters", port=WANTED_PORTS["smtp"], mailboxes=mailboxes).start()
        ends.callback(self.smtp.end)
        ports = Ports(self.mail.port, self.smtp.port, free_port(WANTED_PORTS["web"]), self.slack.api)
        self.papers = write_papers(self.folder, ports, self.tools / "sorting", datetime.now(UTC).date())
        self._tell("starting the bot (its first start also trains the sorting)")
        self._start_bot(ends, ports.web)

    def _start_bot(self, ends: ExitStack, web: int) -> None:
        argv = [sys.executable, "-m", "bot", "run"]
        self.bot = Child("the bot", argv, self.folder / "bot.log", env={**os.environ, **self.papers.secrets})
        ends.callback(self.bot.end)
        self.bot.wait_until(lambda: answers(f"http://{LOOPBACK}:{web}/health"), seconds=90)

    def deliver(self, mails: Iterable[Sample]) -> None:
        """Send mails over SMTP, as the world does."""
        with smtplib.SMTP(self.smtp.host, self.smtp.port, timeout=30) as client:
            for mail in mails:
                client.sendmail(mail.sender, [mail.to], mail.raw)


def answers(url: str) -> bool:
    """Whether something answers there that all is well."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 -- http on loopback
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def sole_demo(folder: Path) -> ExitStack:
    """Hold the folder for this demo alone and empty it; Refused where another demo runs in it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "lock"
    held = ExitStack()
    file = held.enter_context(lock.open("a"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise Refused(f"A demo runs in {folder} already. End it first, or start this one in another folder.") from error
    for entry in folder.iterdir():
        if entry == lock:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    return held
