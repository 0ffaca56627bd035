"""The whole bot as a process of its own (or three, on PostgreSQL), on real servers: what journeys deliver to and look at."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from bot.demo.localslack import APP_TOKEN, BOT_TOKEN, CHANNEL, MANAGER, STAFF
from bot.demo.ports import free_port
from bot.demo.smtpsink import Letter, SmtpSink
from bot.demo.stage import answers
from bot.settings import load
from handlers.register import Register
from storage.kinds import OutgoingState
from storage.store import Store
from storage.vault import Vault
from tests.journeys.nursery import Life, Nursery
from tests.servers.imap import Account
from tests.servers.slack_proxy import SlackProxy
from tests.servers.until import until

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
NPROC = "nproc-support@ghs.tokyo"


def mail(subject: str, body: str, sender: str = "Nora Quist <nora@example.org>", name: str = "one", **headers: str) -> bytes:
    """A mail as a person sends it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, NPROC, subject
    message["Message-ID"] = f"<{name}@example.org>"
    for key, value in headers.items():
        message[key.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def access_request(name: str = "one", sender: str = "Nora Quist <nora@example.org>") -> bytes:
    """A plain request that nobody could mistake."""
    words = (
        f"Dear Nproc,\n\nunder Art. 15 GDPR I request a copy of all personal data you hold about me. I live in Berlin, Germany.\n\n{name}\n"
    )
    return mail("Access request under Art. 15 GDPR", words, sender, name)


@dataclass(frozen=True)
class Servers:
    """What a desk talks to, and where its processes come from."""

    account: Account
    smtp: SmtpSink
    slack: SlackProxy
    nursery: Nursery


class RunningDesk:
    """A bot on one mailbox, one SMTP server and one Slack. `start` and `kill` as often as a test wants."""

    def __init__(self, folder: Path, url: str, servers: Servers) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.account, self.smtp, self.slack, self.url = servers.account, servers.smtp, servers.slack, url
        self._nursery = servers.nursery
        self.folder = folder
        self.web = free_port()
        key = Vault.new_master()
        self.settings = folder / "rightsdesk.toml"
        self.environment: Mapping[str, str] = {
            **os.environ,
            "RIGHTSDESK_SETTINGS": str(self.settings),
            "RIGHTSDESK_DATABASE_URL": url,
            "RIGHTSDESK_MASTER_KEY": key,
            "RIGHTSDESK_SLACK_BOT_TOKEN": BOT_TOKEN,
            "RIGHTSDESK_SLACK_APP_TOKEN": APP_TOKEN,
            "RIGHTSDESK_MAILBOX_PASSWORD__NPROC": self.account.password,
        }
        self.settings.write_text(self._text(), encoding="utf-8")
        self.store = Store(url, Vault.parse(key))
        self.children: list[Life] = []

    def _text(self) -> str:
        people = "".join(
            f'[[people]]\nslack_id = "{p.id}"\nname = "{p.real_name}"\nemail = "{p.email}"\nmanager = {str(p.manager).lower()}\n'
            for p in (*STAFF, MANAGER)
        )
        return f"""
[desk]
channel = "{CHANNEL}"
digest_at = 23:59:00
remind_at = 23:59:00
[web]
port = {self.web}
[slack]
base_url = "{self.slack.api}"
[sorting]
cache_dir = "{ROOT / ".tools" / "sorting"}"
[smtp]
host = "127.0.0.1"
port = {self.smtp.port}
security = "plain"
auth = "none"
[[controllers]]
id = "nproc"
name = "Nproc"
email = "{NPROC}"
country = "JP"
[[mailboxes]]
id = "nproc"
controllers = ["nproc"]
host = "{self.account.host}"
port = {self.account.port}
security = "plain"
username = "{self.account.user}"
live_from = {datetime.now(UTC).date().isoformat()}
read_from = 2020-01-01
poll_seconds = 2
{people}"""

    @property
    def sqlite(self) -> bool:
        """Whether one process does everything."""
        return self.url.startswith("sqlite")

    def start(self) -> "RunningDesk":
        """Start the bot and wait until it reads its mailbox and hears Slack."""
        for role in ["all"] if self.sqlite else ["worker", "web", "clock"]:
            self.born(role)
        until(lambda: answers(f"http://127.0.0.1:{self.web}/health"), PATIENCE)
        until(lambda: self.slack.connected, PATIENCE)
        return self

    def born(self, role: str = "all", point: int | None = None) -> Life:
        """One process of the bot; with `point`, one that will die there."""
        life = self._nursery.bear(["run", "--role", role], self.environment, self.folder / f"{role}.log", point)
        self.children.append(life)
        return life

    def kill(self) -> None:
        """As a power cut."""
        for child in self.children:
            child.kill()
        self.children = []

    def end(self) -> None:
        """Stop it kindly."""
        for child in reversed(self.children):
            child.end()
        self.children = []

    def close(self) -> None:
        """Stop all and let go of the database."""
        self.end()
        self.store.close()

    def command(self, *words: str, expected: int = 0) -> str:
        """What one of the commands prints."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words], env=dict(self.environment), capture_output=True, text=True, check=False
        )
        assert done.returncode == expected, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def cases(self) -> list[dict[str, Any]]:
        """Every case, as the command line lists it."""
        desk = load(self.settings, self.environment).desk(datetime.now(UTC).date())
        return self.store.run(lambda tx: Register(desk).listed(tx, open_only=False))

    def settled(self) -> bool:
        """Whether nothing waits to be carried."""
        counts = self.store.run(lambda tx: tx.outgoing.counts())
        return not any(counts.get(s) for s in (OutgoingState.QUEUED, OutgoingState.CLAIMED, OutgoingState.HANDING))

    def handled(self, mails: int) -> bool:
        """Whether that many mails have their fate and all that follows is done."""
        known = self.store.run(lambda tx: sum(tx.mails.fates_since(datetime(2000, 1, 1, tzinfo=UTC)).values()))
        return known >= mails and self.settled()

    def wait(self, mails: int, seconds: float = PATIENCE) -> None:
        """Until so many mails were handled."""
        until(lambda: self.handled(mails), seconds)

    def roots(self) -> list[dict[str, Any]]:
        """What stands in the channel itself."""
        return [m for m in self.slack.slack.messages() if m.get("thread_ts") in (None, m["ts"]) and m.get("user") != "USLACKBOT"]

    def cards(self) -> list[dict[str, Any]]:
        """The cards of all cases."""
        return [m for m in self.roots() if "PR-" in m["text"]]

    def replies(self, card: dict[str, Any]) -> list[dict[str, Any]]:
        """What was said in a thread."""
        return [m for m in self.slack.slack.messages() if m.get("thread_ts") == card["ts"] and m["ts"] != card["ts"]]

    def letters(self) -> list[Letter]:
        """What was mailed."""
        return list(self.smtp.letters)


def button(message: dict[str, Any], label: str) -> dict[str, Any]:
    """The button of a message that bears these words."""
    for block in message["blocks"]:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if element.get("type") == "button" and label in element["text"]["text"]:
                return {**element, "block_id": block.get("block_id")}
    raise AssertionError(f"no button {label!r} in {json.dumps(message['blocks'])[:2000]}")
