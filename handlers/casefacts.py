"""What a letter may say of its case, also of what it is about to change: the new date of an extension, a clock that will stand."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from handlers.casebook import secrets_of
from handlers.clocks import COMPLAINT, COMPLAINT_LAW, Clocks, occurrences
from handlers.desk import Desk
from handlers.law import Occurrence
from handlers.law.authorities import authority
from handlers.law.remedies import Refusal, sentences
from handlers.law.schema import Refusing
from handlers.letter_facts import LetterFacts
from handlers.lettering import EFFECTS, Wanted
from handlers.permits import Permits
from handlers.wording import yen
from storage.kinds import Category, ClockState, DeadlineKind, LetterName, OccurrenceKind, Right, RightState, TaskKind, TaskState
from storage.models import Case, Deadline
from storage.store import Tx

_STAFF_WROTE = {
    LetterName.FEE_NOTICE: "payment",
    LetterName.COMPLAINT_OUTCOME: "outcome",
    LetterName.TRANSFER_SAFEGUARDS: "transfers",
    LetterName.RECTIFICATION_DONE: "done",
    LetterName.ERASURE_DONE: "done",
    LetterName.RESTRICTION_DONE: "done",
    LetterName.OBJECTION_UPHELD: "done",
    LetterName.CONSENT_WITHDRAWN: "done",
    LetterName.CHILD_DATA_DELETED: "done",
}
"""Which fact the `reason` of a wanted letter is; `reason` itself where the letter is not named."""


class CaseFacts:
    """Gathers the facts of letters."""

    def __init__(self, desk: Desk, clocks: Clocks) -> None:
        self._desk = desk
        self._clocks = clocks
        self._permits = Permits(desk, clocks)

    def of(self, tx: Tx, case: Case, wanted: Wanted, now: datetime) -> LetterFacts:
        """The facts of one letter, as it would leave now."""
        governing = _governing(tx, case)
        known = governing is not None and governing.law in self._clocks.laws.ids and case.law is not None
        named = self._authority(case, governing, wanted.language)
        today = now.astimezone(self._desk.rules.zone).date()
        facts = LetterFacts(
            controller=self._desk.controller(case.controller),
            ref=case.ref,
            name=secrets_of(tx, case).name,
            rights=self._rights(tx, case, wanted),
            received=case.clock_day or case.received.astimezone(self._desk.rules.zone).date(),
            due=governing.statutory if governing is not None and known else None,
            law=case.law,
            law_cite=governing.cite if governing is not None and known else "",
            authority_name=named[0],
            authority_site=named[1],
            ground=wanted.ground or case.ground,
            address=secrets_of(tx, case).address,
            remedies=self._remedies(case, governing, wanted, today),
            partly=self._partly(tx, case, wanted),
            done_on=today,
            attachments=wanted.attachments,
            encrypted=bool(wanted.password),
        )
        said: dict[str, Any] = {_STAFF_WROTE.get(wanted.letter, "reason"): wanted.reason}
        facts = replace(facts, **said)
        return self._tasks(tx, case, self._changing(tx, case, wanted, facts, now))

    def refusal(self, tx: Tx, case: Case, language: str, now: datetime) -> Refusal | None:
        """What is refused where this case is, as the law sees it; None where no law is known."""
        return self._refusal(case, _governing(tx, case), LetterName.REFUSAL, language, now.astimezone(self._desk.rules.zone).date())

    def _changing(self, tx: Tx, case: Case, wanted: Wanted, facts: LetterFacts, now: datetime) -> LetterFacts:
        """What the letter itself will change of the dates."""
        effect = EFFECTS.get(wanted.letter)
        if effect is None or effect.happens is None:
            return facts
        if effect.happens is OccurrenceKind.IDENTITY_ASKED:
            self._permits.identity(tx, case, now)
        if effect.happens is OccurrenceKind.EXTENDED:
            self._permits.extension(tx, case, now)
        if effect.happens is OccurrenceKind.FEE_ASKED:
            facts = replace(facts, fee=yen(self._permits.fee(tx, case), wanted.language))
        events = (*occurrences(tx.course.occurrences(case.id)), Occurrence(effect.happens, now))
        found = [self._clocks.dates(replace(q, events=events)) for q in self._clocks.queries(tx, case)]
        if effect.happens is OccurrenceKind.EXTENDED:
            days = [d.respond_due for d in found if d.respond_due is not None]
            return replace(facts, new_due=max(days, default=None))
        return replace(facts, clock_stands=any(d.state is ClockState.PAUSED for d in found))

    def _tasks(self, tx: Tx, case: Case, facts: LetterFacts) -> LetterFacts:
        """Where we looked, and who was told."""
        names = {h.id: h.names for h in self._desk.holdings_of(case.controller)}
        done = [t for t in tx.course.tasks(case.id) if t.state in (TaskState.DONE, TaskState.NOTHING_FOUND)]
        places = dict.fromkeys(t.place for t in done if t.place in names)
        told = dict.fromkeys(t.place for t in done if t.kind is TaskKind.TELL_RECIPIENT and t.state is TaskState.DONE)
        return replace(facts, systems=tuple(names[p].get("en") or p for p in places), told=tuple(told))

    def _rights(self, tx: Tx, case: Case, wanted: Wanted) -> tuple[Right, ...]:
        effect = EFFECTS.get(wanted.letter)
        every = tx.cases.rights(case.id)
        if wanted.rights:
            return wanted.rights
        if effect is not None and effect.answers:
            return tuple(r for r in effect.answers if r in every) or effect.answers[:1]
        if effect is not None and effect.answers == ():
            return tuple(r.right for r in tx.cases.right_rows(case.id) if r.state is not RightState.FULFILLED)
        return every if case.category is not Category.COMPLAINT else ()

    def _partly(self, tx: Tx, case: Case, wanted: Wanted) -> bool:
        rows = tx.cases.right_rows(case.id)
        if not wanted.rights:
            return any(r.state is RightState.FULFILLED for r in rows)
        return any(r.right not in wanted.rights and r.state is not RightState.REFUSED for r in rows)

    def _law_and_place(self, case: Case, governing: Deadline | None) -> tuple[str, str] | None:
        laws = self._clocks.laws
        law = case.law or (governing.law if governing is not None and governing.law in laws.ids else None)
        return None if law is None else (law, case.place or self._clocks.place_of(law, case))

    def _authority(self, case: Case, governing: Deadline | None, language: str) -> tuple[str, str]:
        found = self._law_and_place(case, governing)
        if found is None:
            return "", ""
        named = authority(self._clocks.laws, *found)
        return named.called(language), named.site

    def _remedies(self, case: Case, governing: Deadline | None, wanted: Wanted, today: date) -> tuple[str, ...]:
        """What a refusal must tell the person under this law; where the law is open, under the one whose date comes first."""
        refusal = self._refusal(case, governing, wanted.letter, wanted.language, today)
        return sentences(self._clocks.laws, refusal) if refusal is not None else ()

    def _refusal(self, case: Case, governing: Deadline | None, letter: LetterName, language: str, today: date) -> Refusal | None:
        found = self._law_and_place(case, governing)
        if found is None:
            return None
        law, where = found
        refusing = Refusing.APPEAL if case.appeal else Refusing.REQUEST
        if letter is LetterName.COMPLAINT_OUTCOME and not case.appeal:
            law, refusing = COMPLAINT_LAW.get(law, law), Refusing.COMPLAINT
        return Refusal(law, where, language, today, refusing)


def _governing(tx: Tx, case: Case) -> Deadline | None:
    """The date to answer that counts: of a complaint its own, else that of a right that is open, else any."""
    rows = [d for d in tx.cases.deadlines(case.id) if d.kind is DeadlineKind.RESPOND and d.governs]
    rows.sort(key=lambda d: (d.subject != COMPLAINT if case.category is Category.COMPLAINT else False, d.done is not None))
    return rows[0] if rows else None
