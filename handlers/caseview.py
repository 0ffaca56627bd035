"""Reads a case as staff see it: gathers its rows, opens what is sealed, and shows no more of it than the controller's setting allows."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from handlers import approving, steps
from handlers.absences import deputies
from handlers.casebook import heard, masked, named, secrets_of, shown
from handlers.checklist import Checklist
from handlers.clocks import Clocks
from handlers.dates import HOUSE
from handlers.desk import Desk, Shown
from handlers.law import Step
from handlers.lettering import suitable
from handlers.lifecycle import WAITING, permitted
from handlers.masking import mask
from handlers.nextstep import Standing, next_step
from handlers.permits import Permits
from handlers.refused import Refused
from handlers.views import CaseView, DateView, IdentityView, OtherCase, Pausing, RightView, TaskView, UndoView
from storage.kinds import (
    Action,
    Category,
    ClockState,
    EventKind,
    IdentityMethod,
    LetterName,
    OccurrenceKind,
    Right,
    RightState,
    Status,
    TaskState,
)
from storage.models import Case, CaseRight, Deadline, Occurrence
from storage.store import Tx

OTHERS = 5
_WRITES = (Action.ACKNOWLEDGE, Action.REPLY)


class CaseViews:
    """Makes views of cases."""

    def __init__(self, desk: Desk, clocks: Clocks) -> None:
        self.desk = desk
        self._clocks = clocks
        self._permits = Permits(desk, clocks)
        self._checklist = Checklist(desk)

    def view(self, tx: Tx, case_id: int, today: date) -> CaseView:
        """The case as it now stands; `today` is the desk's date."""
        case = tx.cases.get(case_id)
        if case is None:
            raise KeyError(case_id)
        controller = self.desk.controller(case.controller)
        secret = secrets_of(tx, case)
        open_ = controller.shown is not Shown.NONE
        acting = deputies(tx, today)
        tasks = self._checklist.view(tx, case, acting)
        rights = tx.cases.right_rows(case.id)
        happened = {o.kind: o for o in tx.course.occurrences(case.id)}
        approvals = approving.views(tx, self.desk, case)
        undo = self._undo(tx, case)
        allowed, barred, fee = self._may(tx, case, rights, undo, today, bool(approvals))
        return CaseView(
            id=case.id,
            ref=case.ref,
            version=case.version,
            controller=case.controller,
            controller_name=controller.name,
            category=case.category,
            rights=tuple(r.right for r in rights),
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
            requester=named(secret) if open_ else masked(secret.address),
            subject=mask(secret.subject) if open_ else "",
            excerpt=shown(secret.words, controller.shown),
            received=case.received.astimezone(self.desk.rules.zone),
            received_confirmed=case.received_confirmed,
            folder=secret.folder,
            owner=case.owner,
            dates=tuple(self._ending(case, one) for one in _dates(tx, case, today)),
            evidence=secret.evidence if open_ else (),
            authentication=secret.authentication,
            attachments=len(tx.mails.attachments(case.id)),
            channel=case.channel,
            thread=case.thread,
            next_step=next_step(_standing(case, tasks, rights, len(approvals))),
            allowed=allowed,
            barred=barred,
            settled=tuple(RightView(r.right, r.state, r.ground, r.settled_by) for r in rights),
            tasks=tasks,
            approvals=approvals,
            pausing=self._pausing(tx, case, today),
            identity=self._identity(tx, case, happened),
            fee_yen=fee,
            fee_asked=self._day(happened.get(OccurrenceKind.FEE_ASKED)),
            fee_paid=self._day(happened.get(OccurrenceKind.FEE_PAID)),
            extended=self._day(happened.get(OccurrenceKind.EXTENDED)),
            others=_others(tx, case),
            linked=case.linked,
            split_from=case.split_from,
            deputy=acting.get(case.owner) if case.owner else None,
            masked=open_ and any(one.covered for one in heard(tx, case)),
            with_managers=case.with_managers,
            unread=case.unread,
            bounced=case.bounced,
            notes=case.notes,
            undo=undo,
            by_hand=case.source,
            erased=case.erased is not None,
        )

    def letters(self, tx: Tx, case_id: int, today: date) -> tuple[LetterName, ...]:
        """The letters that suit the case as it stands, the likeliest first."""
        case = tx.cases.get(case_id)
        if case is None:
            raise Refused("There is no such case.")
        rights = tx.cases.right_rows(case.id)
        allowed, _, _ = self._may(tx, case, rights, None, today, decisions=False)
        open_ = tuple(r.right for r in rights if r.state is RightState.OPEN)
        return suitable(case.category, open_, case.status, allowed)

    def _may(
        self, tx: Tx, case: Case, rights: Sequence[CaseRight], undo: UndoView | None, today: date, decisions: bool
    ) -> tuple[tuple[Action, ...], tuple[tuple[Action, str], ...], int | None]:
        """What may be done, what the law, the policy or the facts bar and why, and the fee where there is one."""
        barred: dict[Action, str] = {}
        gone = self._pointless(tx, case, rights, decisions)
        noon = datetime.combine(today, time(12), self.desk.rules.zone)
        fee: int | None = None
        for action, ask in (
            (Action.ASK_IDENTITY, lambda: self._permits.identity(tx, case, noon)),
            (Action.EXTEND, lambda: self._permits.extension(tx, case, today)),
        ):
            _try(action, ask, barred)
        try:
            fee = self._permits.fee(tx, case)
        except Refused as refused:
            barred[Action.ASK_FEE] = refused.sentence
        if not case.reply_allowed or not case.requester_hash:
            barred |= dict.fromkeys(_WRITES, "This case has no address that a letter could reach.")
        if undo is None:
            gone.add(Action.UNDO)
        elif undo.barred:
            barred[Action.UNDO] = undo.barred
        by_life = [a for a in permitted(case.status) if a not in gone]
        return tuple(a for a in by_life if a not in barred), tuple((a, barred[a]) for a in by_life if a in barred), fee

    def _pointless(self, tx: Tx, case: Case, rights: Sequence[CaseRight], decisions: bool) -> set[Action]:
        """What the life of the case allows and nothing in it calls for."""
        gone: set[Action] = set()
        if not decisions:
            gone |= {Action.APPROVE, Action.REJECT}
        if rights and all(r.state is not RightState.OPEN for r in rights) and case.category is not Category.COMPLAINT:
            gone |= {Action.FULFIL, Action.REFUSE}
        if tx.course.last(case.id, OccurrenceKind.FEE_ASKED) is None:
            gone.add(Action.RECORD_PAYMENT)
        if case.with_managers:
            gone.add(Action.HAND_OVER)
        if not any(o.status is not Status.CLOSED for o in _others(tx, case)):
            gone.add(Action.JOIN)
        return gone

    def _ending(self, case: Case, one: DateView) -> DateView:
        return one if one.safe is None else replace(one, ends=self._clocks.ends(case, one.law, one.safe))

    def _undo(self, tx: Tx, case: Case) -> UndoView | None:
        step = tx.course.last_step(case.id)
        return None if step is None else UndoView(step.number, step.deed, step.actor, step.at, steps.barred(tx, case, step))

    def _pausing(self, tx: Tx, case: Case, today: date) -> Pausing | None:
        if case.status not in WAITING or case.waiting_since is None:
            return None
        stands = any(d.state is ClockState.PAUSED for d in tx.cases.deadlines(case.id))
        event = tx.events.last_of(case.id, EventKind.PAUSED) if case.status is Status.WAITING_REQUESTER else None
        words = (tx.unseal(case.key_id, event.sealed) or {}) if event is not None else {}
        since = case.waiting_since.astimezone(self.desk.rules.zone)
        return Pausing(case.status, since, (today - since.date()).days, stands, words.get("reason", ""))

    def _identity(self, tx: Tx, case: Case, happened: dict[OccurrenceKind, Occurrence]) -> IdentityView | None:
        asked = self._day(happened.get(OccurrenceKind.IDENTITY_ASKED))
        checked = tx.events.last_of(case.id, EventKind.IDENTITY_CHECKED)
        if checked is None:
            return IdentityView(asked) if asked is not None else None
        facts = json.loads(checked.facts)
        return IdentityView(asked, IdentityMethod(facts["method"]), facts["shown"], date.fromisoformat(facts["on"]), checked.actor)

    def _day(self, row: Occurrence | None) -> date | None:
        if row is None:
            return None
        return row.day or (row.at.astimezone(self.desk.rules.zone).date() if row.at is not None else None)


def _try(action: Action, ask: Any, barred: dict[Action, str]) -> None:
    try:
        ask()
    except Refused as refused:
        barred[action] = refused.sentence


def _standing(case: Case, tasks: tuple[TaskView, ...], rights: Sequence[CaseRight], decisions: int) -> Standing:
    return Standing(
        status=case.status,
        category=case.category,
        needs_look=case.needs_look,
        confirmed=case.received_confirmed,
        owned=case.owner is not None,
        unread=case.unread,
        answerable=case.reply_allowed and case.requester_hash is not None,
        acknowledged=case.acknowledged is not None,
        decisions=decisions,
        tasks_left=sum(t.state is TaskState.OPEN for t in tasks),
        rights_left=sum(r.state is RightState.OPEN for r in rights),
    )


def _others(tx: Tx, case: Case) -> tuple[OtherCase, ...]:
    """Other cases of this person at this company, open ones first."""
    if case.requester_hash is None:
        return ()
    rows = [c for c in tx.cases.of_requester(case.controller, case.requester_hash, limit=50) if c.id != case.id and c.erased is None]
    rows.sort(key=lambda c: c.status is Status.CLOSED)
    rights = tx.cases.rights_of([c.id for c in rows[:OTHERS]])
    return tuple(OtherCase(c.id, c.ref, c.status, rights.get(c.id, ()), c.received, c.channel, c.thread) for c in rows[:OTHERS])


def _dates(tx: Tx, case: Case, today: date) -> tuple[DateView, ...]:
    """One line for each law, kind and date, with all the rights that share it."""
    groups: dict[tuple[Any, ...], list[Deadline]] = {}
    for row in tx.cases.deadlines(case.id):
        key = (row.law, row.kind, row.state, row.statutory, row.safe, row.done is not None, row.extension_notice_by)
        groups.setdefault(key, []).append(row)
    known = {str(r) for r in Right}
    return tuple(
        date_view(rows[0], tuple(Right(r.subject) for r in rows if r.subject in known and r.law != HOUSE), today)
        for rows in groups.values()
    )


def date_view(row: Deadline, rights: tuple[Right, ...], today: date) -> DateView:
    """One date of a case."""
    by = row.extension_notice_by
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
        governs=row.governs,
        immediate=row.immediate,
        extension_notice_by=by if by is not None and by >= today else None,
        version=row.version,
        trace=tuple(Step(s["en"], s["ja"], s["cite"]) for s in json.loads(row.trace)),
    )
