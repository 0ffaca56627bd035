"""Letters of a case: fills one with the case's facts for a draft or a preview, and queues it."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers import effects
from handlers.casebook import secrets_of
from handlers.desk import Desk
from handlers.law import Laws
from handlers.law.authorities import authority
from handlers.law.remedies import Refusal, sentences
from handlers.law.schema import Refusing
from handlers.letters import Letter, LetterFacts, Letters
from handlers.refused import Refused
from handlers.views import Draft
from storage.kinds import Category, DeadlineKind, EventKind, Ground, LetterName
from storage.models import Case, Deadline
from storage.store import Tx

MIDDLE = 3000


@dataclass(frozen=True)
class Wanted:
    """Which letter somebody wants to write: `middle` is what staff made of its middle part, None for what the template says."""

    letter: LetterName
    language: str
    middle: str | None = None
    ground: Ground | None = None
    reason: str = ""


class Correspondence:
    """Writes the letters of cases."""

    def __init__(self, desk: Desk, letters: Letters, laws: Laws) -> None:
        self._desk = desk
        self._letters = letters
        self._laws = laws

    def language(self, case: Case) -> str:
        """The language in which we write to this person: theirs, where the controller writes it."""
        controller = self._desk.controller(case.controller)
        return case.language if case.language in controller.languages else controller.default_language

    def draft(self, tx: Tx, case: Case, wanted: Wanted, now: datetime) -> Draft:
        """The letter filled from the case, for a person to read and edit."""
        facts = self._facts(tx, case, wanted, now)
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
        facts = self._facts(tx, case, wanted, now)
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

    def _facts(self, tx: Tx, case: Case, wanted: Wanted, now: datetime) -> LetterFacts:
        language = wanted.language
        governing = self._governing(tx, case)
        known = governing is not None and governing.law in self._laws.ids and case.law is not None
        named = self._authority(case, governing, language)
        return LetterFacts(
            controller=self._desk.controller(case.controller),
            ref=case.ref,
            name=secrets_of(tx, case).name,
            rights=tx.cases.rights(case.id) if case.category is not Category.COMPLAINT else (),
            received=case.received.astimezone(self._desk.rules.zone).date(),
            due=governing.statutory if governing is not None and known else None,
            law=case.law,
            law_cite=governing.cite if governing is not None and known else "",
            authority_name=named[0],
            authority_site=named[1],
            ground=wanted.ground or case.ground,
            reason=wanted.reason,
            remedies=self._remedies(case, governing, language, now.astimezone(self._desk.rules.zone).date()),
        )

    def _law_and_place(self, case: Case, governing: Deadline | None) -> tuple[str, str] | None:
        law = case.law or (governing.law if governing is not None and governing.law in self._laws.ids else None)
        if law is None:
            return None
        territory = self._laws.named(law).territory
        return law, case.place or (territory[0] if len(territory) == 1 else self._desk.controller(case.controller).country)

    def _authority(self, case: Case, governing: Deadline | None, language: str) -> tuple[str, str]:
        found = self._law_and_place(case, governing)
        if found is None:
            return "", ""
        named = authority(self._laws, *found)
        return named.called(language), named.site

    def _remedies(self, case: Case, governing: Deadline | None, language: str, today: date) -> tuple[str, ...]:
        """What a refusal must tell the person under this law; where the law is open, under the one whose date comes first."""
        found = self._law_and_place(case, governing)
        if found is None:
            return ()
        return sentences(self._laws, Refusal(*found, language, today, Refusing.APPEAL if case.appeal else Refusing.REQUEST))

    def _governing(self, tx: Tx, case: Case) -> Deadline | None:
        rows = [d for d in tx.cases.deadlines(case.id) if d.kind is DeadlineKind.RESPOND and d.governs]
        return rows[0] if rows else None
