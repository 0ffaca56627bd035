"""Letters of a case: fills one with the case's facts for a draft or a preview, and queues it."""

from datetime import datetime

from handlers import effects
from handlers.casebook import secrets_of
from handlers.casefacts import CaseFacts
from handlers.clocks import Clocks
from handlers.desk import Desk
from handlers.law import Laws
from handlers.lettering import Wanted
from handlers.letters import Letter, Letters
from handlers.refused import Refused
from handlers.views import Draft
from storage.kinds import EventKind, LetterName
from storage.models import Case
from storage.store import Tx

__all__ = ["Correspondence", "Wanted"]

MIDDLE = 3000


class Correspondence:
    """Writes the letters of cases."""

    def __init__(self, desk: Desk, letters: Letters, laws: Laws) -> None:
        self._desk = desk
        self._letters = letters
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

    def wanted(self, case: Case, letter: LetterName) -> Wanted:
        """That letter as its template says it, in the person's language."""
        return Wanted(letter, self.language(case))

    def send(self, tx: Tx, case: Case, wanted: Wanted, name: str, now: datetime, actor: str | None = None) -> bool:
        """Queue the letter, once under that name; Refused where this case may not be written to. `actor` None: the desk by itself."""
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
            automatic=actor is None,
            actor=actor,
        )
        queued = effects.letter(tx, self._desk.controller(case.controller), out, name, now, case)
        if queued:
            private = {"to": secrets.address, "subject": written.subject}
            tx.events.add(
                case,
                EventKind.LETTER_QUEUED,
                actor or "desk",
                now,
                facts={"letter": str(wanted.letter), "language": written.language},
                private=private,
            )
        return queued
