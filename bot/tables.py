"""The tables of rightsdesk.toml as typed values: every key, its default and what it may be."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from handlers.desk import LANGUAGES, Safeguard, Shown
from storage.kinds import Guarded


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("an IANA time zone such as Asia/Tokyo")
    return name


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Rung = Annotated[int, Field(ge=0, le=365)]
"""So many days before a date, or after the beginning of a wait."""


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
    remind_days_before: list[Rung] = Field(default=[14, 7, 3, 1, 0], min_length=1)
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
    keep_posts: bool = False
    pause_rungs: list[Rung] = Field(default=[14, 30], min_length=1)
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

    days_before: list[Rung] = Field(min_length=1)


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
    folders: list[Annotated[str, Field(min_length=1)]] = Field(default=["INBOX"], min_length=1)
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
