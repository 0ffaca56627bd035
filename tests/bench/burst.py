"""Three hundred mails at once into Dovecot, through the bot as it runs in production, until Slack shows every one."""

import os
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.child import Child
from bot.demo.fetch import fetch
from bot.demo.localslack import LocalSlack
from bot.demo.papers import MAILBOXES, NPROC, Papers, Ports, write_papers
from bot.demo.ports import LOOPBACK, free_port
from bot.demo.smtpsink import SmtpSink
from bot.demo.stage import answers
from tests.servers.imap import PASSWORD, Account, Dovecot, Pymap
from tests.servers.until import until

ROOT = Path(__file__).parents[2]


def request(number: int) -> bytes:
    """A rights request of somebody who has not written before."""
    return (
        f"From: Person {number} <person{number}@mail.example>\r\nTo: {NPROC}\r\nSubject: Erasure request {number}\r\n"
        f"Message-ID: <burst-{number}@mail.example>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n\r\n"
        f"Please delete all personal data that you hold about me (Article 17 GDPR). I live in Germany. My number is {number}.\r\n"
    ).encode()


def burst(folder: Path, count: int = 300) -> dict[str, float]:
    """Seconds until all were announced, and until one that arrived then was; the number of threads, which must be the number of mails."""
    with ExitStack() as ends:
        server = Dovecot() if Dovecot.installed() else Pymap(pool=0, names=tuple(MAILBOXES.values()))
        ends.callback(server.end)
        accounts = {address: Account(server, address) for address in MAILBOXES.values()}
        for account in accounts.values():
            account.append()
        slack = LocalSlack(fetch(ROOT / ".tools"), folder / "slack")
        ends.callback(slack.end)
        slack.wait()
        smtp = SmtpSink(folder / "letters").start()
        ends.callback(smtp.end)
        ports = Ports(server.port, smtp.port, free_port(), slack.api)
        papers = write_papers(folder, ports, ROOT / ".tools" / "sorting", datetime.now(UTC).date(), password=PASSWORD)
        ends.callback(run_bot(folder, papers, ports.web).end)
        accounts[NPROC].append(*map(request, range(count)))
        begun = time.monotonic()
        until(lambda: threads(slack) >= count, 300)
        all_shown = time.monotonic() - begun
        until(lambda: len(smtp.letters) >= count, 300)
        accounts[NPROC].append(request(count))
        begun = time.monotonic()
        until(lambda: threads(slack) >= count + 1, 60)
        next_one = time.monotonic() - begun
        return {"mails": count, "seconds": round(all_shown, 2), "next_one_seconds": round(next_one, 2), "threads": threads(slack)}


def run_bot(folder: Path, papers: Papers, web: int) -> Child:
    """The bot, once it is well."""
    bot = Child("the bot", [sys.executable, "-m", "bot", "run"], folder / "bot.log", env={**os.environ, **papers.secrets})
    bot.wait_until(lambda: answers(f"http://{LOOPBACK}:{web}/health"), seconds=90)
    return bot


def threads(slack: LocalSlack) -> int:
    """How many cases stand in the channel."""
    return sum("PR-" in str(message["text"]) for message in slack.messages() if not message.get("thread_ts"))
