"""The register: cases as plain rows for lists, exports and audits."""

import json
from datetime import date, datetime
from typing import Any

from handlers.casebook import secrets_of
from handlers.desk import Desk
from handlers.law import Step
from handlers.purging import Purging
from handlers.refused import Refused
from storage.kinds import EventKind, Right
from storage.models import Case, Deadline
from storage.store import Tx


class Register:
    """Reads cases for the command line."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def listed(self, tx: Tx, *, open_only: bool) -> list[dict[str, Any]]:
        """A row a case, the earliest safe date first."""
        first, rights = tx.cases.next_dates(), tx.cases.all_rights()
        cases = tx.cases.listed(open_only=open_only, limit=100_000)
        rows = [(first.get(c.id), self._row(c, rights.get(c.id, ()), first.get(c.id))) for c in cases]
        return [row for _, row in sorted(rows, key=lambda pair: (pair[0].safe or date.max if pair[0] else date.max, pair[1]["ref"]))]

    def of_person(self, tx: Tx, address: str) -> list[dict[str, Any]]:
        """Every case of a mail address, newest first."""
        first = tx.cases.next_dates()
        return [self._row(c, tx.cases.rights(c.id), first.get(c.id)) for c in tx.cases.of_requester(None, tx.hash_address(address))]

    def whole(self, tx: Tx, ref: str) -> dict[str, Any]:
        """All that is kept of a case."""
        case = self.case(tx, ref)
        secret = secrets_of(tx, case)
        return {
            **self._row(case, tx.cases.rights(case.id), tx.cases.next_dates().get(case.id)),
            "requester": {"name": secret.name, "address": secret.address},
            "subject": secret.subject,
            "words": secret.words,
            "law_candidates": list(secret.law_candidates),
            "thread": {"channel": case.channel, "ts": case.thread},
            "rights_settled": [
                {"right": str(r.right), "state": str(r.state), "ground": str(r.ground) if r.ground else None, "by": r.settled_by}
                for r in tx.cases.right_rows(case.id)
            ],
            "occurrences": [{"kind": str(o.kind), "on": o.at or o.day, "who": o.actor} for o in tx.course.occurrences(case.id)],
            "checklist": [
                {"kind": str(t.kind), "place": t.place, "state": str(t.state), "by": t.settled_by, "at": t.settled}
                for t in tx.course.tasks(case.id)
            ],
            "dates": [_date(d) for d in tx.cases.deadlines(case.id)],
            "history": [
                {
                    "number": e.number,
                    "at": e.at,
                    "who": e.actor,
                    "what": str(e.kind),
                    **json.loads(e.facts),
                    **(tx.unseal(case.key_id, e.sealed) or {}),
                }
                for e in tx.events.of(case.id)
            ],
            "mails": [
                {"direction": str(m.direction), "at": m.at, "size": m.size, **(tx.unseal(m.key_id, m.sealed) or {})}
                for m in tx.mails.of_case(case.id)
            ],
            "evidence": [{"what": e.what, "text": e.text} for e in secret.evidence],
        }

    def erase(self, tx: Tx, ref: str, kind: EventKind, now: datetime) -> None:
        """Destroy what a case holds of a person."""
        Purging().purge(tx, self.case(tx, ref).id, "command line", kind, now)

    def case(self, tx: Tx, ref: str) -> Case:
        """The case of that number; Refused where there is none."""
        case = tx.cases.by_ref(ref)
        if case is None:
            raise Refused(f"There is no case {ref}.", field="ref")
        return case

    def _row(self, case: Case, rights: tuple[Right, ...], deadline: Deadline | None) -> dict[str, Any]:
        person = self._desk.person(case.owner) if case.owner else None
        return {
            "ref": case.ref,
            "controller": case.controller,
            "category": str(case.category),
            "rights": [str(r) for r in rights],
            "law": case.law,
            "place": case.place,
            "due": deadline.safe if deadline else None,
            "status": str(case.status),
            "outcome": str(case.outcome) if case.outcome else None,
            "owner": person.name if person else case.owner,
            "received": case.received.astimezone(self._desk.rules.zone).isoformat(timespec="minutes"),
            "urgent": case.urgent,
            "needs_look": case.needs_look,
            "live": case.live,
        }


def _date(row: Deadline) -> dict[str, Any]:
    steps = [Step(**step) for step in json.loads(row.trace)]
    return {
        "law": row.law,
        "subject": row.subject,
        "kind": str(row.kind),
        "state": str(row.state),
        "statutory": row.statutory,
        "safe": row.safe,
        "work": row.work,
        "done": row.done,
        "cite": row.cite,
        "version": row.version,
        "trace": [step.said("en") for step in steps],
        "trace_ja": [step.said("ja") for step in steps],
    }
