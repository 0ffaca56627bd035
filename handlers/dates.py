"""The dates of a case: asks the clock for every law and right that may apply, and keeps its answers as rows."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from handlers.desk import Desk
from handlers.law import Dates, Laws, Query
from handlers.law.places import place
from handlers.refused import Refused
from storage.kinds import Category, ClockState, DeadlineKind, EventKind, Right
from storage.models import Case, Deadline
from storage.store import Tx

HOUSE = "HOUSE"
"""The law id of our own promise, where no statute gives a period: no case is without a date."""

COMPLAINT_LAW = {"UK-GDPR": "UK-DPA-164A"}
"""Where complaints to the company have a statute of their own."""


class DateKeeper:
    """Sets the dates of cases, with the laws and the house rules that it is built with."""

    def __init__(self, desk: Desk, laws: Laws) -> None:
        self._desk = desk
        self._laws = laws

    def today(self, now: datetime) -> date:
        """The desk's own date."""
        return now.astimezone(self._desk.rules.zone).date()

    def known_place(self, code: str | None) -> str | None:
        """The place where it is one that the clock knows, else None: a guess that is no place must not stop a case from opening."""
        try:
            return place(code).code if code else None
        except Refused:
            return None

    def set(self, tx: Tx, case: Case, candidates: Iterable[str], actor: str, now: datetime) -> None:
        """Compute every date of the case anew, keep what still applies, and record the outcome as an event."""
        wanted = {(d.law, d.subject, d.kind): d for d in self._wanted(tx, case, tuple(candidates), now)}
        for row in tx.cases.deadlines(case.id):
            fresh = wanted.pop((row.law, row.subject, row.kind), None)
            if fresh is None:
                tx.cases.drop_deadline(row)
                continue
            for column in ("state", "statutory", "safe", "work", "extension_notice_by", "immediate", "governs", "cite", "version", "trace"):
                setattr(row, column, getattr(fresh, column))
        for fresh in wanted.values():
            tx.cases.add_deadline(fresh)
        tx.events.add(case, EventKind.DATES_SET, actor, now, facts={"dates": [_fact(d) for d in tx.cases.deadlines(case.id)]})

    def _wanted(self, tx: Tx, case: Case, candidates: tuple[str, ...], now: datetime) -> list[Deadline]:
        rows: list[Deadline] = []
        for subject in self._subjects(tx, case):
            rows += self._of_subject(case, subject, candidates, now)
        if not any(r.kind is DeadlineKind.RESPOND and r.safe is not None for r in rows):
            rows.append(self._house(case, now))
        return rows

    def _subjects(self, tx: Tx, case: Case) -> tuple[str, ...]:
        if case.appeal:
            return ("appeal",)
        rights = tuple(str(r) for r in tx.cases.rights(case.id))
        if case.category is Category.COMPLAINT:
            return ("complaint", *rights)
        return rights or ((str(Right.ACCESS),) if case.needs_look else ())

    def _of_subject(self, case: Case, subject: str, candidates: tuple[str, ...], now: datetime) -> list[Deadline]:
        laws = (case.law,) if case.law else candidates or self._desk.rules.fallback_laws
        rows: list[Deadline] = []
        for law in dict.fromkeys(COMPLAINT_LAW.get(x, x) if subject == "complaint" else x for x in laws):
            query = Query(law, subject, case.clock_from, case.place or self._place_of(law, case), (), self._desk.rules.work_days_before)
            rows += _rows(case, law, subject, self._laws.dates(query), now)
        for kind in DeadlineKind:
            same = [r for r in rows if r.kind is kind and r.safe is not None]
            if same:
                first = min(same, key=lambda r: r.safe or date.max)
                for row in same:
                    row.governs = row is first
        return rows

    def _place_of(self, law: str, case: Case) -> str:
        """The law's own country where it has one; else the controller's: the clock then reckons with the cautious zone and says so."""
        territory = self._laws.named(law).territory
        return territory[0] if len(territory) == 1 else self._desk.controller(case.controller).country

    def _house(self, case: Case, now: datetime) -> Deadline:
        due = case.clock_from.astimezone(self._desk.rules.zone).date() + timedelta(days=self._desk.rules.house_days)
        step = {
            "en": f"No statute gives a period: our own promise of {self._desk.rules.house_days} days from receipt.",
            "cite": "house rule",
        }
        step["ja"] = f"法定の期間がないため、受領日から{self._desk.rules.house_days}日の社内目標を適用します。"
        return Deadline(
            case_id=case.id,
            law=HOUSE,
            subject=str(case.category),
            kind=DeadlineKind.RESPOND,
            state=ClockState.RUNNING,
            statutory=None,
            safe=due,
            work=due,
            governs=True,
            immediate=False,
            cite="house rule",
            version="1",
            trace=json.dumps([step], ensure_ascii=False),
            born=now,
        )


def _rows(case: Case, law: str, subject: str, dates: Dates, now: datetime) -> list[Deadline]:
    trace = json.dumps([{"en": s.en, "ja": s.ja, "cite": s.cite} for s in dates.trace], ensure_ascii=False)
    found: list[tuple[DeadlineKind, date | None, date | None, date | None]] = []
    if dates.acknowledge_due is not None:
        found.append((DeadlineKind.ACKNOWLEDGE, dates.acknowledge_due, dates.acknowledge_safe or dates.acknowledge_due, None))
    if dates.respond_due is not None or dates.state is ClockState.PAUSED:
        found.append((DeadlineKind.RESPOND, dates.respond_due, dates.safe_due, dates.work_due))
    return [
        Deadline(
            case_id=case.id,
            law=law,
            subject=subject,
            kind=kind,
            state=dates.state,
            statutory=statutory,
            safe=safe,
            work=work,
            extension_notice_by=dates.extension_notice_by if kind is DeadlineKind.RESPOND else None,
            governs=True,
            immediate=dates.immediate,
            cite=dates.cite,
            version=dates.version,
            trace=trace,
            born=now,
        )
        for kind, statutory, safe, work in found
    ]


def _fact(row: Deadline) -> dict[str, str | None]:
    return {
        "law": row.law,
        "subject": row.subject,
        "kind": str(row.kind),
        "state": str(row.state),
        "statutory": row.statutory.isoformat() if row.statutory else None,
        "safe": row.safe.isoformat() if row.safe else None,
        "version": row.version,
    }
