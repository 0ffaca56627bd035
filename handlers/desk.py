"""The desk as configured: companies, mailboxes, people and house rules, as frozen values that the handlers are built with."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Shown(StrEnum):
    """How much of a mail Slack may show."""

    FULL = "full"
    EXCERPT = "excerpt"
    NONE = "none"


@dataclass(frozen=True)
class Controller:
    """A company that we answer for. What its policy does not state stays empty; letters do without it."""

    id: str
    name: str
    email: str
    country: str
    address: str = ""
    department: str = ""
    policy_url: str = ""
    languages: tuple[str, ...] = ("en", "ja")
    default_language: str = "en"
    names: dict[str, str] = field(default_factory=dict)
    shown: Shown = Shown.EXCERPT
    marketing_name: str = ""

    def called(self, language: str) -> str:
        """The company's name as a letter in `language` writes it."""
        return self.names.get(language, self.name)


@dataclass(frozen=True)
class Mailbox:
    """An IMAP account that we read, and the controllers it serves (told apart by the recipient address)."""

    id: str
    controllers: tuple[str, ...]
    live_from: date
    """Mail that arrived before this day opens cases without letters."""
    read_from: date
    """Mail that arrived before this day is only fingerprinted."""


@dataclass(frozen=True)
class Person:
    """Somebody on the desk."""

    slack_id: str
    name: str
    email: str = ""
    manager: bool = False


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
    confirm_unsubscribe: bool = True
    retention_days: int = 1096
    house_days: int = 30
    """The answer that we promise where no statute gives a period."""
    guard_per_hour: int = 500
    """From so many unsubscribes an hour on, letters and calls to systems are held while a manager is asked."""
    hold_hours: int = 12
    confirm_again_days: int = 30
    """Who was suppressed within so many days gets no second letter."""
    case_when_not_found: bool = True


@dataclass(frozen=True)
class Desk:
    """All of it."""

    controllers: tuple[Controller, ...]
    mailboxes: tuple[Mailbox, ...]
    people: tuple[Person, ...]
    rules: Rules
    lists: tuple[MailingList, ...] = ()
    systems: tuple[SendingSystem, ...] = ()

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
        return next((p for p in self.people if p.slack_id == slack_id), None)

    @property
    def managers(self) -> tuple[Person, ...]:
        """Those who read the digest and are named when a date is missed."""
        return tuple(p for p in self.people if p.manager)

    @property
    def own_addresses(self) -> frozenset[str]:
        """Addresses that are ours: never answered, never a requester."""
        return frozenset(c.email.casefold() for c in self.controllers)
