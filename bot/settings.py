"""rightsdesk.toml and the environment as typed values, checked at start; secrets come from the environment and are never printed."""

import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.desks import desk_of
from bot.tables import DeskTable, FileTables, MailboxTable, PersonTable, SmtpTable, SystemTable
from handlers.desk import Desk

__all__ = ["FILE", "PREFIX", "MailboxTable", "Secrets", "Settings", "SettingsFault", "SmtpTable", "SystemTable", "load", "secrets"]

PREFIX = "RIGHTSDESK_"
FILE = "rightsdesk.toml"


class SettingsFault(Exception):
    """A setting is missing or wrong; the text is one line that names the key, the file and what is expected."""


class Secrets(BaseSettings):
    """What must never lie in the settings file. Each `RIGHTSDESK_X` may also be given as `RIGHTSDESK_X_FILE`, the path of a file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore")

    master_key: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    smtp_password: SecretStr | None = None
    mailbox_password: dict[str, SecretStr] = Field(default_factory=dict)
    system_secret: dict[str, SecretStr] = Field(default_factory=dict)
    api_token: dict[str, SecretStr] = Field(default_factory=dict)
    database_url: SecretStr | None = None


class Settings:
    """Everything that was configured, checked as a whole."""

    def __init__(self, path: Path, tables: FileTables, secrets: Secrets) -> None:
        self.path = path
        self.tables = tables
        self.secrets = secrets
        self._check()

    @property
    def database_url(self) -> str:
        """Where rows are kept; a relative SQLite path lies beside the settings file."""
        secret = self.secrets.database_url
        url = secret.get_secret_value() if secret is not None else self.tables.database.url
        if url.startswith("postgres://"):
            url = "postgresql://" + url.removeprefix("postgres://")
        if url.startswith("postgresql://"):
            url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
        relative = url.removeprefix("sqlite:///")
        if relative != url and not relative.startswith("/"):
            url = f"sqlite:///{(self.path.parent / relative).resolve()}"
        return url

    @property
    def cache_dir(self) -> Path:
        """Where the learned model is kept between starts."""
        if self.tables.sorting.cache_dir:
            return self.path.parent / self.tables.sorting.cache_dir
        return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "rightsdesk"

    def need(self, name: str, why: str) -> str:
        """A secret's value; SettingsFault naming its variable where it is missing."""
        value = getattr(self.secrets, name)
        if value is None or not value.get_secret_value():
            raise SettingsFault(f"{PREFIX}{name.upper()} (environment): missing; expected {why}")
        secret: str = value.get_secret_value()
        return secret

    def mailbox_secret(self, mailbox: str) -> str:
        """A mailbox's password or client secret."""
        return self._named_secret("mailbox_password", mailbox, f"the password or client secret of mailbox {mailbox}")

    def system_secret(self, system: str) -> str:
        """A system's client secret, or the secret that signs what we send it."""
        return self._named_secret("system_secret", system, f"the secret of system {system}")

    def api_token(self, client: str) -> str:
        """The bearer token of an API client."""
        token = self._named_secret("api_token", client, f"the bearer token of API client {client}, at least 24 characters")
        if len(token) < 24:
            variable = f"{PREFIX}API_TOKEN__{client.upper().replace('-', '_')}"
            raise SettingsFault(f"{variable} (environment): wrong; expected at least 24 characters")
        return token

    def _named_secret(self, kind: str, name: str, expected: str) -> str:
        value = getattr(self.secrets, kind).get(name.replace("-", "_"))
        if value is None or not value.get_secret_value():
            variable = f"{PREFIX}{kind.upper()}__{name.upper().replace('-', '_')}"
            raise SettingsFault(f"{variable} (environment): missing; expected {expected}")
        secret: str = value.get_secret_value()
        return secret

    def desk(self, today: date) -> Desk:
        """The desk as handlers know it. Mailboxes without `read_from` are read from 92 days before go-live, at most."""
        return desk_of(self.tables, today)

    def gaps(self) -> list[str]:
        """What the policies left open and somebody might fill in."""
        empty = [(c.id, key) for c in self.tables.controllers for key in ("address", "policy_url", "department") if not getattr(c, key)]
        return [f"controllers.{name}.{key} is empty: letters do without it" for name, key in empty]

    def _check(self) -> None:
        t, known = self.tables, {c.id for c in self.tables.controllers}
        for mailbox in t.mailboxes:
            strangers = [c for c in mailbox.controllers if c not in known]
            if strangers:
                self._fault(f"mailboxes.{mailbox.id}.controllers", f"ids of [[controllers]]; {strangers[0]!r} is none")
        named: list[tuple[str, list[str]]] = [
            ("controllers", [c.id for c in t.controllers]),
            ("mailboxes", [m.id for m in t.mailboxes]),
            ("systems", [s.id for s in t.systems]),
            ("api_clients", [a.id for a in t.api_clients]),
            ("holdings", [h.id for h in t.holdings]),
        ]
        for name, ids in named:
            if len(set(ids)) != len(ids):
                self._fault(name, "every id once")
        self._check_systems(known)
        for holding in t.holdings:
            if strangers := [c for c in holding.controllers if c not in known]:
                self._fault(f"holdings.{holding.id}.controllers", f"ids of [[controllers]]; {strangers[0]!r} is none")
        resting: list[DeskTable | PersonTable] = [t.desk, *t.people]
        for one in resting:
            if (one.quiet_from is None) is not (one.quiet_until is None):
                self._fault("quiet_until", "both quiet_from and quiet_until, or neither")
        wires: list[tuple[str, MailboxTable | SmtpTable]] = [(f"mailboxes.{m.id}", m) for m in t.mailboxes]
        for name, access in (*wires, ("smtp", t.smtp)):
            if access.security == "plain" and not _loopback(access.host):
                self._fault(f"{name}.security", '"tls" or "starttls"; plain text only to this machine')
        if not any(p.manager for p in t.people):
            self._fault("people", "at least one with manager = true: somebody must read the digest")

    def _check_systems(self, known: set[str]) -> None:
        lists = {(one.controller, one.id) for one in self.tables.lists}
        for one in self.tables.lists:
            if one.id == "all":
                self._fault("lists.all.id", "another id: `all` means all marketing")
            if one.controller not in known:
                self._fault(f"lists.{one.id}.controller", f"an id of [[controllers]]; {one.controller!r} is none")
        for client in self.tables.api_clients:
            if strangers := [c for c in client.controllers if c not in known]:
                self._fault(f"api_clients.{client.id}.controllers", f"ids of [[controllers]]; {strangers[0]!r} is none")
        for system in self.tables.systems:
            if strangers := [c for c in system.controllers if c not in known]:
                self._fault(f"systems.{system.id}.controllers", f"ids of [[controllers]]; {strangers[0]!r} is none")
            if system.kind == "csv" and not system.folder:
                self._fault(f"systems.{system.id}.folder", "the folder into which files are dropped")
            if system.kind != "csv" and not _safe_url(system.url):
                self._fault(f"systems.{system.id}.url", "an https address; http only to this machine")
            if system.kind in ("marketo", "salesforce") and (bare := [s for s in system.scopes if s != "all" and s not in system.fields]):
                self._fault(f"systems.{system.id}.fields", f"the name of the field in which the opt-out of {bare[0]!r} stands")
            for scope in (*system.scopes, *system.fields):
                if scope != "all" and not any((c, scope) in lists for c in system.controllers):
                    self._fault(f"systems.{system.id}", f'"all" or ids of [[lists]]; {scope!r} is none')
        site = self.tables.web.public_url
        if site and not _safe_url(site):
            self._fault("web.public_url", "an https address; http only on this machine")

    def _fault(self, key: str, expected: str) -> None:
        raise SettingsFault(f"{key} ({self.path}): wrong; expected {expected}")


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the file (`RIGHTSDESK_SETTINGS`, else rightsdesk.toml here) and the environment; or SettingsFault."""
    variables = dict(os.environ if environment is None else environment)
    where = path or Path(variables.get(f"{PREFIX}SETTINGS", FILE))
    try:
        data = tomllib.loads(where.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsFault(f"{where}: missing; expected a settings file (`rightsdesk init` writes one)") from error
    except OSError as error:
        raise SettingsFault(f"{where}: can't be read ({error.strerror}); expected a settings file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsFault(f"{where}: not TOML; {error}") from error
    try:
        tables = FileTables.model_validate(data)
    except ValidationError as error:
        raise SettingsFault(_one_line(error, where)) from error
    return Settings(where, tables, secrets(variables))


def secrets(variables: Mapping[str, str]) -> Secrets:
    """The secrets of an environment; those given as files are read."""
    found: dict[str, Any] = {"mailbox_password": {}}
    for name, value in variables.items():
        if not name.startswith(PREFIX):
            continue
        key, text = name.removeprefix(PREFIX).lower(), value
        if key.endswith("_file"):
            try:
                key, text = key.removesuffix("_file"), Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsFault(f"{name} (environment): {value} can't be read; expected the path of a file") from error
        kind, divided, name_of = key.partition("__")
        if divided and kind in NAMED:
            found.setdefault(kind, {})[name_of] = text
        elif key in Secrets.model_fields:
            found[key] = text
    return Secrets(**found)


def _one_line(error: ValidationError, where: Path) -> str:
    first = error.errors()[0]
    key = ".".join(str(p) for p in first["loc"])
    wrong = "missing" if first["type"] == "missing" else "not a setting" if first["type"] == "extra_forbidden" else "wrong"
    hint = first["msg"].removeprefix("Value error, ")
    expected = {"missing": "a value", "not a setting": "one of the keys of rightsdesk.example.toml"}.get(wrong, hint)
    return f"{key} ({where}): {wrong}; expected {expected}"


NAMED = ("mailbox_password", "system_secret", "api_token")
"""Secrets of which there is one for each mailbox, system or API client: `RIGHTSDESK_KIND__ID`."""


def _safe_url(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname or "")))


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
