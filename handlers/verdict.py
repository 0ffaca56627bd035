"""What sorting says of a mail, as frozen values."""

from dataclasses import dataclass

from storage.kinds import Category, Machine, Right


@dataclass(frozen=True)
class Evidence:
    """One reason behind a verdict: `what` names the rule or feature, `text` is the wording that staff can read."""

    what: str
    text: str


@dataclass(frozen=True)
class LawCandidate:
    """A law that may apply, and why we think so."""

    law: str
    reason: str
    weight: float


@dataclass(frozen=True)
class Verdict:
    """What a mail is.

    `law` is set only where one law is clear; `law_candidates` are ordered, best first. `confidence` is 0..1. `words` are the
    person's own words, quotes and signature stripped. `requester` is the address of the person concerned where it is not the
    sender (agents, forwarded mail), else None. `unsubscribe_address` is whose address is to be suppressed, where that is certain.
    `authentication` is "pass", "fail" or "none", from the trusted Authentication-Results only. `privacy` says that the mail is
    about personal data, whatever its category: an inquiry with it goes to the desk, one without it is ordinary mail.
    """

    category: Category
    also: tuple[Category, ...] = ()
    rights: tuple[Right, ...] = ()
    law: str | None = None
    law_candidates: tuple[LawCandidate, ...] = ()
    place: str | None = None
    language: str = "und"
    confidence: float = 0.0
    needs_human: bool = False
    machine: Machine | None = None
    reply_allowed: bool = True
    auto_unsubscribe: bool = False
    urgent: bool = False
    evidence: tuple[Evidence, ...] = ()
    words: str = ""
    requester: str | None = None
    unsubscribe_address: str | None = None
    authentication: str = "none"
    appeal: bool = False
    privacy: bool = False

    @property
    def categories(self) -> tuple[Category, ...]:
        """Every category of the mail, the first one leading."""
        return (self.category, *self.also)
