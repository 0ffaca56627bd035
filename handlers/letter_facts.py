"""What goes into a letter and what comes out of it, and what a letter cannot be written without."""

from dataclasses import dataclass, field
from datetime import date

from handlers.desk import Controller
from handlers.refused import Refused
from storage.kinds import Ground, LetterName, Right

_EUROPEAN = frozenset({"EU-GDPR", "UK-GDPR"})
_WITH_A_FEE = "JP-APPI"


@dataclass(frozen=True)
class Disclosure:
    """What an access answer says beside the copy of the data (GDPR Art. 15(1), (2)), in the language of the letter, as staff wrote it.

    What is empty is taken from the company's policy where the settings hold it; else the draft asks for it.
    """

    data: str = ""
    purposes: str = ""
    categories: str = ""
    recipients: str = ""
    retention: str = ""
    source: str = ""
    automated: str = ""
    transfers: str = ""


@dataclass(frozen=True)
class LetterFacts:
    """What a letter may say. What is not known stays empty, and the letter does without it.

    Dates are dates in the law's zone; `due` is when we must answer, `new_due` until when an extension runs, `done_on` the day on which we
    did what was asked. `address` is the person's mail address, `remedies` are whole sentences in the language of the letter. What staff
    wrote for the middle part, of any number of lines: `reason` (grounds, what gives rise to a doubt, why more time is needed), `payment`
    (how to pay), `done` (what was corrected, erased, restricted, stopped, handed over), `kept` (what is kept, and why), `outcome` (of a
    complaint), `transfers` (which safeguard applies to what). `fee` is an amount with its currency, tax included (`handlers.wording.yen`).
    """

    controller: Controller
    ref: str = ""
    name: str = ""
    rights: tuple[Right, ...] = ()
    received: date | None = None
    due: date | None = None
    law: str | None = None
    law_cite: str = ""
    authority_name: str = ""
    authority_site: str = ""
    ground: Ground | None = None
    address: str = ""
    reason: str = ""
    remedies: tuple[str, ...] = ()
    partly: bool = False
    """A refusal of a part only: the rest was or will be granted."""
    clock_stands: bool = False
    """The period stands still until the person has answered this letter."""
    enough: tuple[str, ...] = ()
    """Each of these shows who the person is."""
    questions: tuple[str, ...] = ()
    fee: str = ""
    payment: str = ""
    new_due: date | None = None
    systems: tuple[str, ...] = ()
    """Names of the systems that were searched, or from which data was erased."""
    disclosure: Disclosure = field(default_factory=Disclosure)
    attachments: tuple[str, ...] = ()
    encrypted: bool = False
    """The attachment is an archive whose password goes another way."""
    file_format: str = ""
    done_on: date | None = None
    done: str = ""
    kept: str = ""
    told: tuple[str, ...] = ()
    """Recipients of the data who were told of its correction, erasure or restriction (GDPR Art. 19)."""
    outcome: str = ""
    transfers: str = ""
    responsible: str = ""
    """The company that decides about the data, where we do not."""
    forwarded: bool = False
    """The request was passed on to it."""

    @property
    def european(self) -> bool:
        """Whether the letter stands under the GDPR of the EU or of the UK."""
        return self.law in _EUROPEAN


@dataclass(frozen=True)
class Filled:
    """A letter filled for a person to look at: opening and closing stand as the template wrote them, `middle` may be edited."""

    subject: str
    opening: str
    middle: str
    closing: str
    language: str


@dataclass(frozen=True)
class Letter:
    """A letter as it is sent. `language` is the one it was written in."""

    subject: str
    text: str
    html: str
    language: str


def require(letter: LetterName, facts: LetterFacts) -> None:
    """Refused, naming the field, where a fact is missing that the letter must state, or where the letter has no place."""
    if letter is LetterName.DIGEST:
        raise Refused("The digest is written by `digest`, from figures.")
    if letter is LetterName.ALARM:
        raise Refused("An alarm is written by `alarm`, from what went wrong.")
    if letter is LetterName.UNSUBSCRIBE_CONFIRMED and not facts.address:
        raise Refused("The confirmation must name the address that was taken off the list.", "address")
    if letter is LetterName.FEE_NOTICE:
        _require_fee(facts)
    if letter is LetterName.EXTENSION_NOTICE:
        _require_new_date(facts)
    if letter is LetterName.REFUSAL:
        _require_refusal(facts)


def _require_fee(facts: LetterFacts) -> None:
    if facts.law != _WITH_A_FEE:
        raise Refused("Only a request for disclosure under Japanese law may cost a fee. Check the law of the case.", "law")
    if facts.rights and not {Right.ACCESS, Right.INFORMATION} & set(facts.rights):
        raise Refused("Only disclosure may cost a fee, not correction, erasure or anything else that was asked for.", "rights")
    if not facts.fee.strip():
        raise Refused("The fee notice must say the amount, tax included.", "fee")


def _require_new_date(facts: LetterFacts) -> None:
    if facts.new_due is None:
        raise Refused("An extension must say the new date.", "new_due")
    if facts.due is not None and facts.new_due < facts.due:
        raise Refused("The new date of an extension lies after the old one.", "new_due")


def _require_refusal(facts: LetterFacts) -> None:
    if facts.ground is None:
        raise Refused("A refusal must say its ground.", "ground")
    if facts.ground is Ground.OTHER and not facts.reason.strip():
        raise Refused("A refusal on another ground must say the reason in words.", "reason")
    if not any(r.strip() for r in facts.remedies):
        raise Refused("A refusal must say what the person can do against it.", "remedies")
