"""The dates of a case: replayed from what is known of it each time, never added up, and kept as rows."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from handlers.clocks import Clocks
from handlers.desk import Desk
from handlers.law import Dates, Laws
from handlers.posts import DateMove
from storage.kinds import ClockState, DeadlineKind, EventKind, Right, RightState
from storage.models import Case, Deadline
from storage.store import Tx

HOUSE = "HOUSE"
"""The law id of our own promise, where no statute gives a period: no case is without a date."""

_COLUMNS = ("state", "statutory", "safe", "work", "extension_notice_by", "immediate", "governs", "cite", "version", "trace")
_DATED = ("state", "statutory", "safe", "work", "extension_notice_by")
Key = tuple[str, str, DeadlineKind]


class DateKeeper:
    """Sets the dates of cases, with the laws and the house rules that it is built with."""

    def __init__(self, desk: Desk, laws: Laws) -> None:
        self._desk = desk
        self.clocks = Clocks(desk, laws)

    def today(self, now: datetime) -> date:
        """The desk's own date."""
        return now.astimezone(self._desk.rules.zone).date()

    def known_place(self, code: str | None) -> str | None:
        """The place where it is one that the clock knows, else None."""
        return self.clocks.known_place(code)

    def set(self, tx: Tx, case: Case, candidates: Iterable[str], actor: str, now: datetime) -> None:
        """Compute every date of the case anew, keep what still applies, and record the outcome as an event.

        `candidates` are laws that may apply besides those known of the case.
        """
        known = [x for x in case.candidates.split(",") if x]
        case.candidates = ",".join(dict.fromkeys([*known, *candidates]))
        self._keep(tx, case, self._wanted(tx, case, now))
        tx.events.add(case, EventKind.DATES_SET, actor, now, facts={"dates": [_fact(d) for d in tx.cases.deadlines(case.id)]})

    def replay(self, tx: Tx, case: Case, actor: str, now: datetime) -> None:
        """The same after something happened to the case that its clocks may take into account."""
        self.set(tx, case, (), actor, now)

    def recompute(self, tx: Tx, case: Case, now: datetime) -> tuple[DateMove, ...]:
        """Set the dates anew only where laws or holidays now give others, with an event that says which moved."""
        wanted = self._wanted(tx, case, now)
        before = {_key(d): d for d in tx.cases.deadlines(case.id)}
        moved = [k for k in {**before, **wanted} if not _same(before.get(k), wanted.get(k))]
        if not moved:
            return ()
        moves = tuple(_move(before.get(k), wanted.get(k)) for k in moved)
        facts = {"moved": [[*map(str, k), _iso(m.before), _iso(m.after)] for k, m in zip(moved, moves, strict=True)]}
        self._keep(tx, case, wanted)
        tx.events.add(case, EventKind.DATES_MOVED, "desk", now, facts=facts)
        return tuple(m for m in moves if m.before != m.after)

    def _keep(self, tx: Tx, case: Case, wanted: dict[Key, Deadline]) -> None:
        fresh = dict(wanted)
        for row in tx.cases.deadlines(case.id):
            new = fresh.pop(_key(row), None)
            if new is None:
                tx.cases.drop_deadline(row)
                continue
            for column in _COLUMNS:
                setattr(row, column, getattr(new, column))
        for new in fresh.values():
            tx.cases.add_deadline(new)
        mark(tx, case)

    def _wanted(self, tx: Tx, case: Case, now: datetime) -> dict[Key, Deadline]:
        rows: list[Deadline] = []
        targets: list[date] = []
        for query in self.clocks.queries(tx, case):
            found = self.clocks.dates(query)
            rows += _rows(case, query.law, str(query.right), found, now)
            targets += [found.work_due] if found.state is ClockState.NO_PERIOD and found.work_due is not None else []
        _crown(rows)
        if not any(r.kind is DeadlineKind.RESPOND and (r.safe is not None or r.state is ClockState.PAUSED) for r in rows):
            rows.append(self._house(case, targets, now))
        return {_key(r): r for r in rows}

    def _house(self, case: Case, targets: list[date], now: datetime) -> Deadline:
        """Our own promise; its target is that of the laws without a number (in Japan two weeks), where that is earlier."""
        days = self._desk.rules.house_days
        due = (case.clock_day or self.today(case.clock_from)) + timedelta(days=days)
        step = {
            "en": f"No statute gives a period: our own promise of {days} days from receipt.",
            "ja": f"法定の期間がないため、受領日から{days}日の社内目標を適用します。",
            "cite": "house rule",
        }
        return Deadline(
            case_id=case.id,
            law=HOUSE,
            subject=str(case.category),
            kind=DeadlineKind.RESPOND,
            state=ClockState.RUNNING,
            statutory=None,
            safe=due,
            work=min((due, *targets)),
            governs=True,
            immediate=False,
            cite="house rule",
            version="1",
            trace=json.dumps([step], ensure_ascii=False),
            born=now,
        )


def mark(tx: Tx, case: Case) -> None:
    """Say of each date whether its matter is done: acknowledged, its right settled, all answered, or the case closed."""
    settled = {str(r.right): r.settled for r in tx.cases.right_rows(case.id) if r.state is not RightState.OPEN}
    rights = {str(r) for r in tx.cases.rights(case.id)}
    for row in tx.cases.deadlines(case.id):
        over = settled.get(row.subject) if row.subject in rights else case.answered
        if row.kind is DeadlineKind.ACKNOWLEDGE:
            over = case.acknowledged or over
        row.done = over or case.closed


def _crown(rows: list[Deadline]) -> None:
    """Of the laws that may apply to one subject, the one whose date comes first governs."""
    groups: dict[tuple[str, DeadlineKind], list[Deadline]] = {}
    for row in rows:
        if row.safe is not None:
            groups.setdefault((row.subject, row.kind), []).append(row)
    for same in groups.values():
        first = min(same, key=lambda r: r.safe or date.max)
        for row in same:
            row.governs = row is first


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


def _key(row: Deadline) -> Key:
    return row.law, row.subject, row.kind


def _same(before: Deadline | None, after: Deadline | None) -> bool:
    return before is not None and after is not None and all(getattr(before, c) == getattr(after, c) for c in _DATED)


def _move(before: Deadline | None, after: Deadline | None) -> DateMove:
    row = before or after
    if row is None:
        raise ValueError("a move of nothing")
    rights = (Right(row.subject),) if row.subject in set(Right) else ()
    return DateMove(row.law, row.kind, rights, _shown(before), _shown(after))


def _shown(row: Deadline | None) -> date | None:
    return (row.statutory or row.safe) if row is not None else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _fact(row: Deadline) -> dict[str, str | None]:
    return {
        "law": row.law,
        "subject": row.subject,
        "kind": str(row.kind),
        "state": str(row.state),
        "statutory": _iso(row.statutory),
        "safe": _iso(row.safe),
        "version": row.version,
    }
