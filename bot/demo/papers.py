"""The settings of the demo's desk: a real rightsdesk.toml and its secrets, written fresh into the state folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.demo.localslack import APP_TOKEN, BOT_TOKEN, CHANNEL, MANAGER, STAFF
from storage.vault import Vault

NPROC = "nproc-support@ghs.tokyo"
PRIMENUMBER = "secretary@primenumber.co.jp"
PASSWORD = "demo"  # noqa: S105 -- an account in memory, reachable from this machine only
MAILBOXES = {"nproc": NPROC, "primenumber": PRIMENUMBER}

CONTROLLERS = f"""
[[controllers]]
id = "nproc"
name = "Nproc"
email = "{NPROC}"
country = "JP"

[[controllers]]
id = "primenumber"
name = "primeNumber Inc."
email = "{PRIMENUMBER}"
country = "JP"
address = "JR Tokyu Meguro Building 5F, 3-1-1 Kamiosaki, Shinagawa-ku, Tokyo"
department = "Corporate division"
"""


@dataclass(frozen=True)
class Ports:
    """Where the demo's servers listen on loopback."""

    imap: int
    smtp: int
    web: int
    slack_api: str


@dataclass(frozen=True)
class Papers:
    """Where the settings lie, and the environment that goes with them."""

    settings: Path
    secrets: Mapping[str, str]
    database_url: str


def write_papers(folder: Path, ports: Ports, cache: Path, today: date, password: str = PASSWORD) -> Papers:
    """Write `rightsdesk.toml`, and `secrets.env` that only its owner can read; the master key is a new one."""
    settings = folder / "rightsdesk.toml"
    settings.write_text(settings_text(ports, cache, today), encoding="utf-8")
    secrets = {
        "RIGHTSDESK_SETTINGS": str(settings),
        "RIGHTSDESK_MASTER_KEY": Vault.new_master(),
        "RIGHTSDESK_SLACK_BOT_TOKEN": BOT_TOKEN,
        "RIGHTSDESK_SLACK_APP_TOKEN": APP_TOKEN,
        **{f"RIGHTSDESK_MAILBOX_PASSWORD__{name.upper()}": password for name in MAILBOXES},
    }
    kept = folder / "secrets.env"
    kept.touch(mode=0o600)
    kept.write_text("".join(f"export {name}='{value}'\n" for name, value in secrets.items()), encoding="utf-8")
    return Papers(settings, secrets, f"sqlite:///{folder / 'desk.sqlite3'}")


def settings_text(ports: Ports, cache: Path, today: date) -> str:
    """The settings file: the two controllers, a mailbox each, three people, and servers on loopback."""
    quoted = json.dumps
    people = "".join(
        f"\n[[people]]\nslack_id = {quoted(p.id)}\nname = {quoted(p.real_name)}\nemail = {quoted(p.email)}\n"
        + ("manager = true\n" if p.manager else "")
        for p in (*STAFF, MANAGER)
    )
    mailboxes = "".join(
        f"""
[[mailboxes]]
id = "{name}"
controllers = ["{name}"]
host = "127.0.0.1"
port = {ports.imap}
security = "plain"
username = "{address}"
live_from = {today.isoformat()}
poll_seconds = 5
"""
        for name, address in MAILBOXES.items()
    )
    return f"""# The demo's desk. Everything here is on this machine.
[desk]
channel = "{CHANNEL}"
time_zone = "Asia/Tokyo"
{CONTROLLERS}{people}{mailboxes}
[smtp]
host = "127.0.0.1"
port = {ports.smtp}
security = "plain"
auth = "none"

[slack]
base_url = {quoted(ports.slack_api)}

[database]
url = "sqlite:///desk.sqlite3"

[web]
port = {ports.web}

[sorting]
cache_dir = {quoted(str(cache))}
"""
