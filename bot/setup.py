"""Writes a settings file and a master key by asking."""

from datetime import date
from pathlib import Path

import typer

from handlers.refused import Refused
from storage.vault import Vault

KEY_FILE = "rightsdesk.key"


def write_settings(path: Path) -> None:
    """Ask for what must be known, write it to `path`, and make a master key beside it unless one is there. Nothing is overwritten."""
    if path.exists():
        raise Refused(f"{path} exists already: edit it, or give another path.")
    ask = typer.prompt
    controller = {
        "id": ask("Short id of the company (lower-case letters, digits, hyphens)"),
        "name": ask("Name of the company"),
        "email": ask("Its privacy address"),
        "country": ask("Its country (two letters, such as JP)").upper(),
    }
    mailbox: dict[str, object] = {"id": controller["id"], "controllers": [controller["id"]], "host": ask("IMAP host")}
    mailbox |= {"username": ask("IMAP user", default=controller["email"]), "live_from": date.fromisoformat(_today())}
    smtp = {"host": ask("SMTP host", default=mailbox["host"]), "username": ask("SMTP user", default=mailbox["username"])}
    channel = ask("Id of the Slack channel of the desk (C…)")
    manager = {"slack_id": ask("Slack id of a manager (U…)"), "name": ask("Their name"), "email": ask("Their mail address for the digest")}
    path.write_text(
        "# Written by `rightsdesk init`. rightsdesk.example.toml explains every key.\n\n"
        + _table("desk", {"channel": channel, "time_zone": ask("Time zone of the desk", default="Asia/Tokyo")})
        + _table("[controllers]", controller)
        + _table("[mailboxes]", mailbox)
        + _table("smtp", smtp)
        + _table("[people]", {**manager, "manager": True}),
        encoding="utf-8",
    )
    typer.echo(f"{path} is written. More companies, people and mailboxes: see rightsdesk.example.toml.")
    key = path.parent / KEY_FILE
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(Vault.new_master() + "\n", encoding="utf-8")
        typer.echo(f"{key} holds a new master key. Keep a copy away from the database: without it nothing can be read again.")
    typer.echo("\nSet these in the environment, then run `rightsdesk check`:")
    for line in (
        f"RIGHTSDESK_MASTER_KEY_FILE={key}",
        "RIGHTSDESK_SLACK_BOT_TOKEN=xoxb-…",
        "RIGHTSDESK_SLACK_APP_TOKEN=xapp-…",
        f"RIGHTSDESK_MAILBOX_PASSWORD__{str(controller['id']).upper().replace('-', '_')}=…",
        "RIGHTSDESK_SMTP_PASSWORD=…",
    ):
        typer.echo("  " + line)


def _today() -> str:
    answer: str = typer.prompt("Go-live day: mail from before it opens cases without letters", default=date.today().isoformat())  # noqa: DTZ011 -- a suggestion on a screen
    return answer


def _table(name: str, values: dict[str, object]) -> str:
    return f"[{name}]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in values.items()) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
