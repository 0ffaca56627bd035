"""Letters of a case: fills one with the case's facts for a draft or a preview, and queues it."""

from dataclasses import dataclass
from datetime import datetime

from handlers import effects, strangers
from handlers.casebook import secrets_of
from handlers.casefacts import CaseFacts
from handlers.clocks import Clocks
from handlers.desk import Desk
from handlers.enclosures import Enclosure
from handlers.law import Laws
from handlers.letter_checks import Concerned, Warned, lacking, warnings
from handlers.lettering import EFFECTS, Wanted
from handlers.letters import Letter, Letters
from handlers.refused import Refused
from handlers.views import Draft
from storage.kinds import Action, EventKind, LetterName
from storage.models import Case
from storage.store import Tx

__all__ = ["Correspondence", "Wanted"]

MIDDLE = 3000
NOTES = {"password": "The password of its archive is {}."}
"""What the history says of a letter besides."""


@dataclass(frozen=True)
class How:
    """How a letter is queued: under which name (once, ever), who sends it (None: the desk by itself), and what goes with it."""

    name: str
    actor: str | None = None
    attachments: tuple[Enclosure, ...] = ()


@dataclass(frozen=True)
class Reread:
    """A letter as it would be mailed, and what to look at before."""

    subject: str
    text: str
    warnings: tuple[Warned, ...] = ()


class Correspondence:
    """Writes the letters of cases."""

    def __init__(self, desk: Desk, letters: Letters, laws: Laws) -> None:
        self._desk = desk
        self._letters = letters
        self._laws = laws
        self._facts = CaseFacts(desk, Clocks(desk, laws))

    def language(self, case: Case) -> str:
        """The language in which we write to this person: theirs, where the controller writes it."""
        controller = self._desk.controller(case.controller)
        return case.language if case.language in controller.languages else controller.default_language

    def draft(self, tx: Tx, case: Case, wanted: Wanted, now: datetime) -> Draft:
        """The letter filled from the case, for a person to read and edit."""
        facts = self._facts.of(tx, case, wanted, now)
        filled = self._letters.draft(wanted.letter, wanted.language, facts)
        return Draft(
            case_id=case.id,
            ref=case.ref,
            version=case.version,
            letter=wanted.letter,
            language=filled.language,
            to=secrets_of(tx, case).address,
            subject=filled.subject,
            opening=filled.opening,
            middle=filled.middle,
            closing=filled.closing,
        )

    def preview(self, tx: Tx, case: Case, wanted: Wanted, now: datetime) -> Letter:
        """The letter exactly as it would leave."""
        middle = wanted.middle
        if middle is not None and not middle.strip():
            raise Refused("The letter says nothing yet: write its middle part.", field="middle")
        if middle is not None and len(middle) > MIDDLE:
            raise Refused(f"The middle part has {len(middle)} characters; {MIDDLE} is the most.", field="middle")
        facts = self._facts.of(tx, case, wanted, now)
        return self._letters.render(wanted.letter, wanted.language, facts, middle)

    def reread(self, tx: Tx, case: Case, wanted: Wanted, now: datetime) -> Reread:
        """The letter as it would leave, read once more: what waits to be filled in, who does not belong in it, what the law misses."""
        letter, own = self.preview(tx, case, wanted, now), secrets_of(tx, case)
        effect = EFFECTS.get(wanted.letter)
        refuses = effect is not None and effect.action is Action.REFUSE
        refusal = self._facts.refusal(tx, case, letter.language, now) if refuses else None
        text = f"{letter.subject}\n{letter.text}"
        found = warnings(
            text,
            case=Concerned(case.ref, own.name, own.address),
            others=strangers.others(tx, case, text, now),
            lacking=lacking(self._laws, refusal, text) if refusal is not None else (),
            password=wanted.password,
        )
        return Reread(letter.subject, letter.text, found)

    def wanted(self, case: Case, letter: LetterName) -> Wanted:
        """That letter as its template says it, in the person's language."""
        return Wanted(letter, self.language(case))

    def send(self, tx: Tx, case: Case, wanted: Wanted, how: How, now: datetime) -> bool:
        """Queue the letter, once under its name; Refused where this case may not be written to, or a file of it may not be sent."""
        secrets = secrets_of(tx, case)
        if not secrets.address:
            raise Refused("This case has no mail address to write to.", field="to")
        if secrets.address.casefold() in self._desk.own_addresses:
            raise Refused("The requester's address is our own: it gets no letter.", field="to")
        written = self.preview(tx, case, wanted, now)
        out = effects.LetterOut(
            letter=wanted.letter,
            language=written.language,
            to=secrets.address,
            subject=written.subject,
            text=written.text,
            html=written.html,
            in_reply_to=secrets.message_id,
            references=secrets.references,
            automatic=how.actor is None,
            actor=how.actor,
            attachments=how.attachments,
        )
        queued = effects.letter(tx, self._desk.controller(case.controller), out, how.name, now, case)
        if queued:
            private = {"to": secrets.address, "subject": written.subject}
            if wanted.password:
                private["note"] = NOTES["password"].format(wanted.password)
            facts = {"letter": str(wanted.letter), "language": written.language}
            if how.attachments:
                facts["attachments"] = str(len(how.attachments))
            tx.events.add(case, EventKind.LETTER_QUEUED, how.actor or "desk", now, facts=facts, private=private)
        return queued
