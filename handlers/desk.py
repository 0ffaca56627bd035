"""The desk as configured: companies, mailboxes, people and house rules, as frozen values that the handlers are built with."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage.kinds import Guarded

LANGUAGES = ("en", "ja", "de", "fr", "es", "it", "nl", "pt")
"""The languages (ISO 639-1) that letters are written in."""


class Shown(StrEnum):
    """How much of a mail Slack may show."""

    FULL = "full"
    EXCERPT = "excerpt"
    NONE = "none"


class Safeguard(StrEnum):
    """What protects data that leaves the EEA or the UK (GDPR Art. 45, 46)."""

    ADEQUACY = "adequacy"
    STANDARD_CLAUSES = "standard_clauses"
    OTHER_CONTRACT = "other_contract"


@dataclass(frozen=True)
class Recipient:
    """A service that a company's policy names as storing personal data, who runs it, and in which countries (ISO 3166)."""

    name: str
    operator: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Controller:
    """A company that we answer for. What its policy does not state stays empty; letters do without it.

    `names`, `addresses` and `departments` are by language (ISO 639-1), where one differs from the usual; `kept_years` is the longest that
    data is kept after the business relationship has ended, 0 where the policy says no number.
    """

    id: str
    name: str
    email: str
    country: str
    address: str = ""
    department: str = ""
    policy_url: str = ""
    languages: tuple[str, ...] = LANGUAGES
    default_language: str = "en"
    names: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()
    kept_years: int = 0
    shown: Shown = Shown.EXCERPT
    marketing_name: str = ""
    disclosure_fee_yen: int | None = None
    """What its policy asks for a disclosure under Japanese law, before consumption tax; None where it asks nothing."""
    unsubscribe_email: str = ""
    """Where wishes with a token may be mailed to, if not to `email`."""

    def called(self, language: str) -> str:
        """The company's name as a letter in `language` writes it."""
        return self.names.get(language, self.name)

    def located(self, language: str) -> str:
        """Its postal address as a letter in `language` writes it."""
        return self.addresses.get(language, self.address)

    def section(self, language: str) -> str:
        """The department in charge as a letter in `language` writes it."""
        return self.departments.get(language, self.department)


@dataclass(frozen=True)
class Mailbox:
    """An IMAP account that we read, and the controllers it serves (told apart by the recipient address)."""

    id: str
    controllers: tuple[str, ...]
    live_from: date
    """Mail that arrived before this day opens cases without letters."""
    read_from: date
    """Mail that arrived before this day is only fingerprinted."""
    sent: str = ""
    """The folder of what colleagues sent from the mailbox itself; '' where it is not read."""


@dataclass(frozen=True)
class Person:
    """Somebody on the desk."""

    slack_id: str
    name: str
    email: str = ""
    manager: bool = False
    zone: ZoneInfo | None = None
    """Where they work; None for the desk's zone."""
    weekend: frozenset[int] | None = None
    """Days (Monday is 0) on which they are not reminded; None for the desk's."""
    quiet: tuple[time, time] | None = None
    """From when until when, by their clock, they are not reminded; None for the desk's."""


@dataclass(frozen=True)
class Holding:
    """A place where a controller keeps personal data: who looks after it, and what is to be found there, by language."""

    id: str
    controllers: tuple[str, ...]
    names: dict[str, str]
    holds: dict[str, str] = field(default_factory=dict)
    owner: str | None = None
    """Slack id."""
    marketing: bool = True
    """Whether data there is used for mailings, so that an objection or a withdrawal concerns it."""


@dataclass(frozen=True)
class MailingList:
    """A list of a controller that a person may leave while staying on the others."""

    id: str
    controller: str
    names: dict[str, str] = field(default_factory=dict)

    def called(self, language: str) -> str:
        """Its name in that language, else in English, else its id."""
        return self.names.get(language) or self.names.get("en") or self.id


@dataclass(frozen=True)
class SendingSystem:
    """A system that sends mailings and must hear of every opt-out of its controllers."""

    id: str
    name: str
    controllers: tuple[str, ...]
    scopes: tuple[str, ...] = ("all",)
    """The lists that it knows; `all` for all marketing."""
    finds: bool = True
    """Whether it says that it has no such address."""


@dataclass(frozen=True)
class Rules:
    """The house rules that decisions depend on."""

    channel: str
    zone: ZoneInfo
    auto_acknowledge: bool = True
    auto_acknowledge_threshold: float = 0.8
    auto_acknowledge_within_days: int = 3
    rungs: tuple[int, ...] = (14, 7, 3, 1, 0)
    remind_at: time = time(9, 0)
    digest_at: time = time(8, 30)
    work_days_before: int = 5
    fallback_laws: tuple[str, ...] = ("EU-GDPR", "UK-GDPR", "JP-APPI", "US-CA-CCPA")
    digest_language: str = "en"
    language: str = "en"
    """What the desk's channel is written in; private answers are in each person's own language."""
    staff_group: str = ""
    """The id of a Slack user group whose members are staff too; '' for the list alone."""
    confirm_unsubscribe: bool = True
    retention_days: int = 1096
    keep_posts: bool = False
    """Whether our posts stay in Slack when the retention of their case is over."""
    house_days: int = 30
    """The answer that we promise where no statute gives a period."""
    guard_per_hour: int = 500
    """From so many unsubscribes an hour on, letters and calls to systems are held while a manager is asked."""
    hold_hours: int = 12
    confirm_again_days: int = 30
    """Who was suppressed within so many days gets no second letter."""
    case_when_not_found: bool = True
    ladders: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Rungs of the laws that have their own."""
    pause_rungs: tuple[int, ...] = (14, 30)
    """Days after which an open wait for the person is reminded of."""
    weekend: frozenset[int] = frozenset()
    quiet: tuple[time, time] | None = None
    escalate_after_hours: int = 24
    """After so long without anybody touching the case, a reminder goes to all staff, then to the managers."""
    escalate_within_days: int = 7
    task_days: int = 3
    """From so many days after a task was made on, its owner is reminded of it, once on each working day."""
    second_pair: frozenset[Guarded] = frozenset()
    """Steps that a second person confirms."""
    second_pair_of_managers: bool = True
    """Whether the second person must be a manager (where there is another one)."""
    consumption_tax: Decimal = Decimal("0.10")
    flood_cases: int = 20
    """So many cases from one domain within a day are a flood."""


@dataclass
class Roster:
    """Who is staff by membership of the Slack user group; Slack's side keeps it up to date."""

    people: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Desk:
    """All of it."""

    controllers: tuple[Controller, ...]
    mailboxes: tuple[Mailbox, ...]
    people: tuple[Person, ...]
    rules: Rules
    lists: tuple[MailingList, ...] = ()
    systems: tuple[SendingSystem, ...] = ()
    holdings: tuple[Holding, ...] = ()
    roster: Roster = field(default_factory=Roster, compare=False)

    def holdings_of(self, controller: str) -> tuple[Holding, ...]:
        """The places where that controller keeps personal data."""
        return tuple(h for h in self.holdings if controller in h.controllers)

    def ladder(self, law: str) -> tuple[int, ...]:
        """The rungs of a law's dates."""
        return self.rules.ladders.get(law, self.rules.rungs)

    def mailing_list(self, controller: str, id_: str) -> MailingList | None:
        """That list of that controller, or None: the scope is then all marketing."""
        return next((one for one in self.lists if one.controller == controller and one.id == id_), None)

    def systems_of(self, controller: str, scope: str) -> tuple[SendingSystem, ...]:
        """The systems that must hear when somebody leaves that list (or all) of a controller."""
        return tuple(s for s in self.systems if controller in s.controllers and scope in s.scopes)

    def controller(self, id_: str) -> Controller:
        """The controller of that id; KeyError where there is none."""
        for c in self.controllers:
            if c.id == id_:
                return c
        raise KeyError(id_)

    def mailbox(self, id_: str) -> Mailbox:
        """The mailbox of that id; KeyError where there is none."""
        for m in self.mailboxes:
            if m.id == id_:
                return m
        raise KeyError(id_)

    def person(self, slack_id: str) -> Person | None:
        """Who that Slack user is on the desk, or None for a stranger."""
        return next((p for p in self.staff if p.slack_id == slack_id), None)

    @property
    def staff(self) -> tuple[Person, ...]:
        """Everybody who may act: the list, then the members of the user group that are not on it."""
        listed = {p.slack_id for p in self.people}
        return (*self.people, *(p for p in self.roster.people if p.slack_id not in listed))

    @property
    def managers(self) -> tuple[Person, ...]:
        """Those who read the digest and are named when a date is missed."""
        return tuple(p for p in self.people if p.manager)

    @property
    def own_addresses(self) -> frozenset[str]:
        """Addresses that are ours: never answered, never a requester."""
        return frozenset(c.email.casefold() for c in self.controllers)
