"""Whether the law and the company's policy allow a step in this case: Refused, with the sentence why, where they do not."""

from datetime import date, datetime

from handlers.clocks import APPEAL, COMPLAINT, Clocks, occurrences
from handlers.desk import Desk
from handlers.law import DisclosureFee, Occurrence, extension, fee_for, may_ask_identity
from handlers.refused import Refused
from storage.kinds import Category, OccurrenceKind, Right, RightState
from storage.models import Case
from storage.store import Tx


class Permits:
    """Asks what may be done."""

    def __init__(self, desk: Desk, clocks: Clocks) -> None:
        self._desk = desk
        self._clocks = clocks

    def identity(self, tx: Tx, case: Case, now: datetime) -> None:
        """Whether identity may be asked for: under every law that may apply, for one at least of the rights that are open."""
        today = now.astimezone(self._desk.rules.zone).date()
        first: Refused | None = None
        for subject in self._open_subjects(tx, case):
            try:
                for law in self._clocks.laws_of(case):
                    may_ask_identity(self._clocks.laws, law, subject, today)
            except Refused as refused:
                first = first or refused
            else:
                return
        why = first.sentence if first is not None else "nothing in it needs one"
        raise Refused(f"Identity may not be asked for in this case: {why}.", field="law")

    def fee(self, tx: Tx, case: Case) -> int:
        """The fee in yen, consumption tax included."""
        asked = self._desk.controller(case.controller).disclosure_fee_yen
        fee = DisclosureFee(asked) if asked is not None else None
        rights = [r.right for r in tx.cases.right_rows(case.id) if r.state is RightState.OPEN]
        subject = str(Right.ACCESS) if Right.ACCESS in rights else str(rights[0]) if rights else str(case.category)
        try:
            return fee_for(fee, self._clocks.laws_of(case), subject, self._desk.rules.consumption_tax)
        except Refused as refused:
            raise Refused(f"No fee may be asked for in this case: {refused.sentence}.", field="law") from refused

    def extension(self, tx: Tx, case: Case, on: date) -> None:
        """Whether the period may be extended by telling the person on that day (a date-time is the instant)."""
        if case.law is None:
            raise Refused("Decide first which law applies: each has its own rule about extensions.", field="law")
        first: Refused | None = None
        for query in self._clocks.queries(tx, case):
            try:
                extension(self._clocks.laws, query, on)
            except Refused as refused:
                first = first or refused
            else:
                return
        why = first.sentence if first is not None else "no law gives it a period"
        raise Refused(f"This case can't be extended: {why}.", field="law")

    def occurrence(self, tx: Tx, case: Case, kind: OccurrenceKind, on: date) -> None:
        """Whether something can have happened then, after all that is known to have happened before."""
        first: Refused | None = None
        queries = self._clocks.queries(tx, case)
        known = occurrences(tx.course.occurrences(case.id))
        for query in queries:
            at = self._clocks.query(case, query.law, query.right, (*known, Occurrence(kind, on)))
            try:
                self._clocks.laws.dates(at)
            except Refused as refused:
                first = first or refused
            else:
                return
        if first is not None:
            raise Refused(f"That can't be: {first.sentence}.", field="on")

    def _open_subjects(self, tx: Tx, case: Case) -> tuple[str, ...]:
        if case.appeal:
            return (APPEAL,)
        rows = tx.cases.right_rows(case.id)
        rights = tuple(str(r.right) for r in rows if r.state is RightState.OPEN)
        if rows:
            return rights
        if case.category is Category.COMPLAINT:
            return (COMPLAINT,)
        if case.category is Category.UNSUBSCRIBE:
            return ("unsubscribe",)
        return (str(Right.ACCESS),) if case.needs_look else (str(Right.INFORMATION),)
