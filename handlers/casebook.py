"""Reads a case as staff see it: gathers its rows, opens what is sealed, and shows no more of it than the controller's setting allows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.dates import HOUSE
from handlers.desk import Desk, Shown
from handlers.verdict import Evidence
from handlers.views import CaseView, DateView
from storage.kinds import Right
from storage.models import Case, Deadline
from storage.store import Tx

EXCERPT = 600
FULL = 2800


@dataclass(frozen=True)
class CaseSecrets:
    """What is sealed of a case: who asked, in which words, and why we took it for what we did."""

    name: str
    address: str
    subject: str
    words: str
    evidence: tuple[Evidence, ...]
    law_reason: str
    law_candidates: tuple[str, ...]
    authentication: str
    message_id: str
    references: str
    folder: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, as they are sealed."""
        plain = {k: v for k, v in vars(self).items() if k != "evidence"}
        return {**plain, "evidence": [[e.what, e.text] for e in self.evidence]}

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "CaseSecrets":
        """What was sealed; empty where it has been erased."""
        if data is None:
            return cls("", "", "", "", (), "", (), "none", "", "", "")
        evidence = tuple(Evidence(what, text) for what, text in data["evidence"])
        return cls(**{**data, "evidence": evidence, "law_candidates": tuple(data["law_candidates"])})


def secrets_of(tx: Tx, case: Case) -> CaseSecrets:
    """The sealed part of a case, opened."""
    return CaseSecrets.from_json(tx.unseal(case.key_id, case.sealed))


def masked(address: str) -> str:
    """An address that Slack may show to anybody: `t…@example.org`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…{at}{domain}" if at else (f"{address[:1]}…" if address else "")


def shown(text: str, how: Shown) -> str:
    """As much of a stranger's words as Slack may show."""
    limit = {Shown.FULL: FULL, Shown.EXCERPT: EXCERPT, Shown.NONE: 0}[how]
    return text if len(text) <= limit else (text[:limit].rstrip() + "…" if limit else "")


def date_view(row: Deadline, rights: tuple[Right, ...], today: date) -> DateView:
    """One date of a case."""
    return DateView(
        law=row.law,
        kind=row.kind,
        rights=rights,
        state=row.state,
        statutory=row.statutory,
        safe=row.safe,
        work=row.work,
        done=row.done is not None,
        cite=row.cite,
        days_left=(row.safe - today).days if row.safe is not None else None,
    )


def view(tx: Tx, desk: Desk, case_id: int, today: date) -> CaseView:
    """The case as it now stands; `today` is the desk's date."""
    case = tx.cases.get(case_id)
    if case is None:
        raise KeyError(case_id)
    controller = desk.controller(case.controller)
    secret = secrets_of(tx, case)
    open_ = controller.shown is not Shown.NONE
    named = f"{secret.name} <{secret.address}>" if secret.name else secret.address
    return CaseView(
        id=case.id,
        ref=case.ref,
        version=case.version,
        controller=case.controller,
        controller_name=controller.name,
        category=case.category,
        rights=tx.cases.rights(case.id),
        status=case.status,
        outcome=case.outcome,
        ground=case.ground,
        urgent=case.urgent,
        needs_look=case.needs_look,
        live=case.live,
        law=case.law,
        law_reason=secret.law_reason,
        law_candidates=secret.law_candidates,
        place=case.place,
        language=case.language,
        requester=named if open_ else masked(secret.address),
        subject=secret.subject if open_ else "",
        excerpt=shown(secret.words, controller.shown),
        received=case.received.astimezone(desk.rules.zone),
        received_confirmed=case.received_confirmed,
        folder=secret.folder,
        owner=case.owner,
        dates=_dates(tx, case, today),
        evidence=secret.evidence,
        authentication=secret.authentication,
        attachments=len(tx.mails.attachments(case.id)),
        channel=case.channel,
        thread=case.thread,
    )


def _dates(tx: Tx, case: Case, today: date) -> tuple[DateView, ...]:
    """One line for each law, kind and date, with all the rights that share it."""
    groups: dict[tuple[Any, ...], list[Deadline]] = {}
    for row in tx.cases.deadlines(case.id):
        groups.setdefault((row.law, row.kind, row.state, row.statutory, row.safe, row.done is not None), []).append(row)
    known = {str(r) for r in Right}
    return tuple(
        date_view(rows[0], tuple(Right(r.subject) for r in rows if r.subject in known and r.law != HOUSE), today)
        for rows in groups.values()
    )
