"""What somebody on the desk did, as frozen facts: the one thing that `actions.act` takes."""

from dataclasses import dataclass

from storage.kinds import Category, Ground, LetterName, Outcome, Right


@dataclass(frozen=True)
class Take:
    """Make the case mine."""


@dataclass(frozen=True)
class Release:
    """Nobody's case again."""


@dataclass(frozen=True)
class Acknowledge:
    """Send the acknowledgement letter."""


@dataclass(frozen=True)
class SendLetter:
    """Send the letter that was previewed; `middle` is what staff edited, plain text. A refusal says its ground."""

    letter: LetterName
    language: str
    middle: str
    ground: Ground | None = None
    reason: str = ""


@dataclass(frozen=True)
class Resort:
    """Change what the mail was taken for. `law` None leaves the law open."""

    category: Category
    rights: tuple[Right, ...]
    law: str | None
    place: str | None = None


@dataclass(frozen=True)
class Close:
    """End the case; a refusal needs its ground."""

    outcome: Outcome
    ground: Ground | None = None
    reason: str = ""


@dataclass(frozen=True)
class Reopen:
    """The case goes on."""

    reason: str = ""


@dataclass(frozen=True)
class SettleUnknown:
    """A letter whose fate nobody knows: it was sent (True), or send it again (False)."""

    outgoing_id: int
    was_sent: bool


@dataclass(frozen=True)
class ThisIsRequest:
    """An ordinary mail that is a request after all: fetch it again and open a case. Concerns a fingerprint, not a case."""

    fingerprint_id: int


Deed = Take | Release | Acknowledge | SendLetter | Resort | Close | Reopen | SettleUnknown


@dataclass(frozen=True)
class Pressed:
    """Somebody pressed something on a card: who, which case, the version that they saw, and what they want."""

    actor: str
    case_id: int
    version: int
    deed: Deed
