"""rightsdesk.toml and the environment as typed values, checked at start; secrets come from the environment and are never printed."""

import os
import tomllib
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.desk import Controller, Desk, Mailbox, Person, Rules, Shown

PREFIX = "RIGHTSDESK_"
FILE = "rightsdesk.toml"


class SettingsFault(Exception):
    """A setting is missing or wrong; the text is one line that names the key, the file and what is expected."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("an IANA time zone such as Asia/Tokyo")
    return name


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseTable(_Table):
    """Where rows are kept."""

    url: str = "sqlite:///rightsdesk.sqlite3"


class DeskTable(_Table):
    """The house rules."""

    channel: str = Field(description="the id of the desk's Slack channel, such as C0123456789")
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Tokyo"
    auto_acknowledge: bool = True
    auto_acknowledge_threshold: float = Field(default=0.8, ge=0, le=1)
    auto_acknowledge_within_days: int = Field(default=3, ge=0, le=30)
    remind_days_before: list[int] = Field(default=[14, 7, 3, 1, 0], min_length=1)
    remind_at: time = time(9, 0)
    digest_at: time = time(8, 30)
    digest_language: str = "en"
    work_days_before: int = Field(default=5, ge=0, le=60)
    house_days: int = Field(default=30, ge=1, le=365)
    fallback_laws: list[str] = Field(default=["EU-GDPR", "UK-GDPR", "JP-APPI", "US-CA-CCPA"], min_length=1)
    confirm_unsubscribe: bool = True
    retention_days: int = Field(default=1096, ge=30)


class ControllerTable(_Table):
    """A company that we answer for."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    country: str = Field(pattern=r"^[A-Z]{2}$")
    address: str = ""
    department: str = ""
    policy_url: str = ""
    languages: list[str] = Field(default=["en", "ja"], min_length=1)
    default_language: str = "en"
    names: dict[str, str] = Field(default_factory=dict)
    shown: Shown = Shown.EXCERPT
    marketing_name: str = ""


class PersonTable(_Table):
    """Somebody on the desk."""

    slack_id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    email: str = ""
    manager: bool = False


class MailboxTable(_Table):
    """An IMAP account that we read."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    controllers: list[str] = Field(min_length=1)
    host: str
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "plain"] = "tls"
    username: str
    auth: Literal["password", "google", "microsoft"] = "password"
    tenant: str = ""
    client_id: str = ""
    done: str = Field(default="keyword", pattern=r"^(keyword|none|move:.+)$")
    junk: str = ""
    trusted_authserv: list[str] = Field(default_factory=list)
    live_from: date
    read_from: date | None = None
    poll_seconds: float = Field(default=60, gt=0, le=3600)
    idle: bool = True
    ca_file: str = ""


class SmtpTable(_Table):
    """The server that takes our letters."""

    host: str
    port: int = Field(default=465, ge=1, le=65535)
    security: Literal["tls", "starttls", "plain"] = "tls"
    username: str = ""
    auth: Literal["none", "password", "google", "microsoft"] = "password"
    tenant: str = ""
    client_id: str = ""
    ca_file: str = ""


class SlackTable(_Table):
    """Only needed where Slack is not at slack.com."""

    base_url: str = "https://slack.com/api/"


class WebTable(_Table):
    """Where health and metrics are served."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)


class SortingTable(_Table):
    """Where the learned model is cached."""

    cache_dir: str = ""


class FileTables(_Table):
    """All of rightsdesk.toml."""

    desk: DeskTable
    controllers: list[ControllerTable] = Field(min_length=1)
    mailboxes: list[MailboxTable] = Field(min_length=1)
    people: list[PersonTable] = Field(min_length=1)
    smtp: SmtpTable
    database: DatabaseTable = DatabaseTable()
    slack: SlackTable = SlackTable()
    web: WebTable = WebTable()
    sorting: SortingTable = SortingTable()


class Secrets(BaseSettings):
    """What must never lie in the settings file. Each `RIGHTSDESK_X` may also be given as `RIGHTSDESK_X_FILE`, the path of a file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore")

    master_key: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    smtp_password: SecretStr | None = None
    mailbox_password: dict[str, SecretStr] = Field(default_factory=dict)
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
        value = self.secrets.mailbox_password.get(mailbox.replace("-", "_"))
        if value is None or not value.get_secret_value():
            variable = f"{PREFIX}MAILBOX_PASSWORD__{mailbox.upper().replace('-', '_')}"
            raise SettingsFault(f"{variable} (environment): missing; expected the password or client secret of mailbox {mailbox}")
        return value.get_secret_value()

    def desk(self, today: date) -> Desk:
        """The desk as handlers know it. Mailboxes without `read_from` are read from 92 days before go-live, at most."""
        t = self.tables
        return Desk(
            controllers=tuple(_controller(c) for c in t.controllers),
            mailboxes=tuple(
                Mailbox(m.id, tuple(m.controllers), m.live_from, m.read_from or min(m.live_from, today) - timedelta(days=92))
                for m in t.mailboxes
            ),
            people=tuple(Person(p.slack_id, p.name, p.email, p.manager) for p in t.people),
            rules=_rules(t.desk),
        )

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
        for name, ids in (("controllers", [c.id for c in t.controllers]), ("mailboxes", [m.id for m in t.mailboxes])):
            if len(set(ids)) != len(ids):
                self._fault(name, "every id once")
        wires: list[tuple[str, MailboxTable | SmtpTable]] = [(f"mailboxes.{m.id}", m) for m in t.mailboxes]
        for name, access in (*wires, ("smtp", t.smtp)):
            if access.security == "plain" and not _loopback(access.host):
                self._fault(f"{name}.security", '"tls" or "starttls"; plain text only to this machine')
        if not any(p.manager for p in t.people):
            self._fault("people", "at least one with manager = true: somebody must read the digest")

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
        mailbox = key.removeprefix("mailbox_password__")
        if mailbox != key:
            found["mailbox_password"][mailbox] = text
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


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _controller(table: ControllerTable) -> Controller:
    return Controller(**{**table.model_dump(), "languages": tuple(table.languages)})


def _rules(table: DeskTable) -> Rules:
    plain = table.model_dump(exclude={"time_zone", "remind_days_before", "fallback_laws"})
    return Rules(zone=ZoneInfo(table.time_zone), rungs=tuple(table.remind_days_before), fallback_laws=tuple(table.fallback_laws), **plain)
