"""The shape of a law file: what each key means and what it may hold."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict

from handlers.law.period import Period, parse
from handlers.law.working_days import Off
from storage.kinds import Right

COMPLAINT, UNSUBSCRIBE, APPEAL = "complaint", "unsubscribe", "appeal"
RIGHTS = (*(r.value for r in Right), COMPLAINT, UNSUBSCRIBE, APPEAL)
"""Everything a clock can run for."""

BY_PLACE = "place"
"""What a law file writes for its authority where that is the one of the person's place."""

_STRICT = ConfigDict(extra="forbid")
Written = Annotated[Period, BeforeValidator(parse)]


_LANGUAGES = frozenset({"en", "ja", "de", "fr", "es", "it", "nl", "pt"})


class Mark(StrEnum):
    """How well a source was read."""

    READ = "read"
    SECOND_HAND = "second-hand"
    MEMORY = "from memory"


class Effect(StrEnum):
    """What a question to the person does to a period."""

    NONE = "none"
    SUSPEND = "suspend"
    """The days from asking to the answer are added, day for day."""
    RESTART = "restart"
    """The period begins anew on the day of the answer."""
    EXCLUDE = "exclude"
    """The days from asking to the answer do not count, both ends included."""


class IdentityRule(StrEnum):
    """Whether proof of identity may be asked for."""

    NEVER = "never"
    DOUBT = "doubt"
    """Only on reasonable doubt, and only what is needed."""
    VERIFY = "verify"
    """The law has the request verified, in proportion to what is asked for."""
    PROCEDURE = "procedure"
    """The controller may fix and publish how identity is shown."""


class Refusing(StrEnum):
    """What is being refused or answered, where a duty is for one of them only."""

    REQUEST = "request"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    """The answer to a complaint: it names who decides over us, not the ways back to us that were just gone."""


class DutyKind(StrEnum):
    """A thing that a refusal must contain, or that is good practice to say."""

    REASONS = "reasons"
    AUTHORITY = "authority"
    COURT = "court"
    CONTROLLER = "controller"
    APPEAL = "appeal"
    OTHER = "other"


@dataclass(frozen=True)
class Text:
    """A sentence in English and Japanese; other languages where the law file has them."""

    __pydantic_config__ = _STRICT
    en: str
    ja: str
    de: str = ""
    fr: str = ""
    es: str = ""
    it: str = ""
    nl: str = ""
    pt: str = ""

    def said(self, language: str) -> str:
        """The sentence in that language, else in English."""
        return str(getattr(self, self.spoken(language)))

    def spoken(self, language: str) -> str:
        """That language where the sentence exists in it, else English."""
        return language if language in _LANGUAGES and getattr(self, language) else "en"


@dataclass(frozen=True)
class Counting:
    """How a law counts: what is cited for the day of receipt and the missing day number, what a period may not end on."""

    __pydantic_config__ = _STRICT
    day_cite: str
    clamp_cite: str = ""
    roll: tuple[Off, ...] = ()
    roll_cite: str = ""
    note: Text | None = None


@dataclass(frozen=True)
class Business:
    """Whose business days a law counts."""

    __pydantic_config__ = _STRICT
    country: str
    cite: str
    closed: tuple[tuple[str, str], ...] = ()
    makeup: bool = False


@dataclass(frozen=True)
class Pause:
    """What one kind of question does; `rights` empty means all; `at_most` caps how long after asking a restart may lie."""

    __pydantic_config__ = _STRICT
    effect: Effect = Effect.NONE
    cite: str = ""
    rights: tuple[str, ...] = ()
    at_most: Written | None = None
    note: Text | None = None


@dataclass(frozen=True)
class Pauses:
    """The three kinds of question; what is not named stops nothing."""

    __pydantic_config__ = _STRICT
    identity: Pause = Pause()
    clarification: Pause = Pause()
    fee: Pause = Pause()


@dataclass(frozen=True)
class Rule:
    """What a law gives for one right. Without `respond` there is no period and `reason` says why.

    `safe` and `acknowledge_safe` are the cautious readings where they differ; `extend` is counted on from the end of the first period,
    `open_extension` means that the law allows more time and sets no maximum; `target` is the company's own, where the law has no number.
    """

    __pydantic_config__ = _STRICT
    cite: str = ""
    respond: Written | None = None
    safe: Written | None = None
    safe_reason: Text | None = None
    acknowledge: Written | None = None
    acknowledge_safe: Written | None = None
    acknowledge_cite: str = ""
    extend: Written | None = None
    extend_cite: str = ""
    open_extension: bool = False
    immediate: bool = False
    immediate_cite: str = ""
    target: Written | None = None
    reason: Text | None = None
    note: Text | None = None
    since: date | None = None
    identity: IdentityRule = IdentityRule.NEVER
    mark: Mark | None = None


@dataclass(frozen=True)
class Duty:
    """One thing that a refusal says: by duty, or (`must` false) by good practice; `sentence` is the letter's, with {authority} open."""

    __pydantic_config__ = _STRICT
    kind: DutyKind
    what: Text
    cite: str
    must: bool = True
    when: Refusing | None = None
    sentence: Text | None = None


@dataclass(frozen=True)
class Version:
    """A law as it stands from one day on."""

    __pydantic_config__ = _STRICT
    in_force: date
    act: str
    cite: str
    counting: Counting
    rights: dict[str, Rule]
    refusal: tuple[Duty, ...]
    fee: Text
    source: str
    mark: Mark
    pauses: Pauses = Pauses()
    business: Business | None = None
    counsel: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The version's name: the day it came into force."""
        return self.in_force.isoformat()


@dataclass(frozen=True)
class Law:
    """A law with all its versions, oldest first; `authority` names a row of authorities.toml, or "place" for that of the place."""

    __pydantic_config__ = _STRICT
    id: str
    name: Text
    territory: tuple[str, ...]
    authority: str
    version: tuple[Version, ...]
    starts: Text
    also: tuple[str, ...] = field(default=())

    def on(self, day: date) -> Version:
        """The version in force on that day; the oldest where none was yet."""
        return next((v for v in reversed(self.version) if v.in_force <= day), self.version[0])
