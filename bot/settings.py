"""rightsdesk.toml and the environment as typed values, checked at start; secrets come from the environment and are never printed."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.desk import (
    LANGUAGES,
    Controller,
    Desk,
    Holding,
    Mailbox,
    MailingList,
    Person,
    Recipient,
    Rules,
    Safeguard,
    SendingSystem,
    Shown,
)
from storage.kinds import Guarded

PREFIX = "RIGHTSDESK_"
FILE = "rightsdesk.toml"


class SettingsFault(Exception):
    """A setting is missing or wrong; the text is one line that names the key, the file and what is expected."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("an IANA time zone such as Asia/Tokyo")
    return name


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


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
    language: Literal["en", "ja"] = "en"
    staff_group: str = Field(default="", pattern=r"^(S[A-Z0-9]+)?$")
    work_days_before: int = Field(default=5, ge=0, le=60)
    house_days: int = Field(default=30, ge=1, le=365)
    fallback_laws: list[str] = Field(default=["EU-GDPR", "UK-GDPR", "JP-APPI", "US-CA-CCPA"], min_length=1)
    confirm_unsubscribe: bool = True
    retention_days: int = Field(default=1096, ge=30)
    pause_rungs: list[int] = Field(default=[14, 30])
    weekend: list[Weekday] = Field(default_factory=list)
    quiet_from: time | None = None
    quiet_until: time | None = None
    escalate_after_hours: int = Field(default=24, ge=1, le=720)
    escalate_within_days: int = Field(default=7, ge=0, le=90)
    task_days: int = Field(default=3, ge=0, le=60)
    second_pair: list[Guarded] = Field(default_factory=list)
    second_pair_of_managers: bool = True
    consumption_tax: Decimal = Field(default=Decimal("0.10"), ge=0, lt=1)
    flood_cases: int = Field(default=20, ge=2)


class LadderTable(_Table):
    """The reminder ladder of one law."""

    days_before: list[int] = Field(min_length=1)


class HoldingTable(_Table):
    """A place where a company keeps personal data: who looks after it, and what is to be found there."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,80}$")
    controllers: list[str] = Field(min_length=1)
    name: str = Field(min_length=1)
    names: dict[str, str] = Field(default_factory=dict)
    holds: dict[str, str] = Field(default_factory=dict)
    owner: str = ""
    marketing: bool = True


class RecipientTable(_Table):
    """A service that stores a company's personal data, as its policy names it."""

    name: str = Field(min_length=1)
    operator: str = ""
    countries: list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list)


class ControllerTable(_Table):
    """A company that we answer for."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    country: str = Field(pattern=r"^[A-Z]{2}$")
    address: str = ""
    department: str = ""
    policy_url: str = ""
    languages: list[str] = Field(default=list(LANGUAGES), min_length=1)
    default_language: str = "en"
    names: dict[str, str] = Field(default_factory=dict)
    addresses: dict[str, str] = Field(default_factory=dict)
    departments: dict[str, str] = Field(default_factory=dict)
    recipients: list[RecipientTable] = Field(default_factory=list)
    safeguards: list[Safeguard] = Field(default_factory=list)
    kept_years: int = Field(default=0, ge=0, le=100)
    shown: Shown = Shown.EXCERPT
    marketing_name: str = ""
    disclosure_fee_yen: int | None = Field(default=None, ge=0, le=100_000)
    unsubscribe_email: str = Field(default="", pattern=r"^([^@\s]+@[^@\s]+)?$")


class PersonTable(_Table):
    """Somebody on the desk."""

    slack_id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    email: str = ""
    manager: bool = False
    time_zone: Annotated[str, AfterValidator(_zone)] | None = None
    weekend: list[Weekday] | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None


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
    sent: str = ""
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
    """Where health, metrics, the unsubscribe page and the API are served."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = Field(default="", pattern=r"^(https?://[^\s/]+[^\s]*)?$")
    requests_per_minute: int = Field(default=6000, ge=60)
    trusted_proxies: list[str] = Field(default_factory=list)


class UnsubscribesTable(_Table):
    """How unsubscribes are handled."""

    guard_per_hour: int = Field(default=500, ge=0)
    hold_hours: int = Field(default=12, ge=1, le=12)
    confirm_again_days: int = Field(default=30, ge=1)
    case_when_not_found: bool = True


class ListTable(_Table):
    """A mailing list that a person may leave while staying on others."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    controller: str
    names: dict[str, str] = Field(default_factory=dict)


class SystemTable(_Table):
    """A system that sends mailings and must hear of every opt-out."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    kind: Literal["marketo", "salesforce", "webhook", "csv"]
    name: str = ""
    controllers: list[str] = Field(min_length=1)
    url: str = ""
    client_id: str = ""
    api_version: str = Field(default="v62.0", pattern=r"^v\d+\.0$")
    folder: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    scopes: list[str] = Field(default=["all"])


class ApiClientTable(_Table):
    """Who may call the HTTP API, for which controllers."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    controllers: list[str] = Field(min_length=1)
    may: list[Literal["check", "links", "unsubscribe", "resubscribe"]] = Field(default=["check", "links", "unsubscribe"])


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
    unsubscribes: UnsubscribesTable = UnsubscribesTable()
    lists: list[ListTable] = Field(default_factory=list)
    systems: list[SystemTable] = Field(default_factory=list)
    holdings: list[HoldingTable] = Field(default_factory=list)
    reminders: dict[str, LadderTable] = Field(default_factory=dict)
    api_clients: list[ApiClientTable] = Field(default_factory=list)


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
        t = self.tables
        return Desk(
            controllers=tuple(_controller(c) for c in t.controllers),
            mailboxes=tuple(
                Mailbox(m.id, tuple(m.controllers), m.live_from, m.read_from or min(m.live_from, today) - timedelta(days=92), m.sent)
                for m in t.mailboxes
            ),
            people=tuple(_person(p) for p in t.people),
            rules=replace(_rules(t.desk, t.unsubscribes), ladders={law: tuple(one.days_before) for law, one in t.reminders.items()}),
            holdings=tuple(_holding(one) for one in t.holdings),
            lists=tuple(MailingList(one.id, one.controller, one.names) for one in t.lists),
            systems=tuple(_system(one) for one in t.systems),
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


def _controller(table: ControllerTable) -> Controller:
    recipients = tuple(Recipient(r.name, r.operator, tuple(r.countries)) for r in table.recipients)
    lists = {"languages": tuple(table.languages), "safeguards": tuple(table.safeguards), "recipients": recipients}
    return Controller(**{**table.model_dump(), **lists})


KINDS = {"marketo": "Marketo", "salesforce": "Salesforce", "webhook": "Webhook", "csv": "CSV file"}


def _system(table: SystemTable) -> SendingSystem:
    scopes = tuple(dict.fromkeys([*table.scopes, *table.fields]))
    finds = table.kind in ("marketo", "salesforce")
    return SendingSystem(table.id, table.name or KINDS[table.kind], tuple(table.controllers), scopes, finds)


def _rules(table: DeskTable, unsubscribes: UnsubscribesTable) -> Rules:
    listed = {"time_zone", "remind_days_before", "fallback_laws", "pause_rungs", "weekend", "quiet_from", "quiet_until", "second_pair"}
    plain = table.model_dump(exclude=listed)
    plain |= {"pause_rungs": tuple(table.pause_rungs), "second_pair": frozenset(table.second_pair)}
    plain |= {"weekend": _weekend(table.weekend), "quiet": _quiet(table)}
    plain |= unsubscribes.model_dump()
    return Rules(zone=ZoneInfo(table.time_zone), rungs=tuple(table.remind_days_before), fallback_laws=tuple(table.fallback_laws), **plain)


def _person(table: PersonTable) -> Person:
    zone = ZoneInfo(table.time_zone) if table.time_zone else None
    weekend = _weekend(table.weekend) if table.weekend is not None else None
    return Person(table.slack_id, table.name, table.email, table.manager, zone, weekend, _quiet(table))


def _holding(table: HoldingTable) -> Holding:
    names = {"en": table.name, **table.names}
    return Holding(table.id, tuple(table.controllers), names, table.holds, table.owner or None, table.marketing)


def _weekend(days: Sequence[str]) -> frozenset[int]:
    return frozenset(_DAYS.index(d) for d in days)


def _quiet(table: DeskTable | PersonTable) -> tuple[time, time] | None:
    return (table.quiet_from, table.quiet_until) if table.quiet_from is not None and table.quiet_until is not None else None
