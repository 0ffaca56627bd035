"""A mail that belongs to a case we know: an answer to our letter, a bounce of it, a further word of the same person."""

import re
from collections.abc import Sequence
from datetime import datetime

from handlers import effects, questions
from handlers.arrival import Arrival
from handlers.casebook import masked, shown
from handlers.checklist import Checklist
from handlers.dates import DateKeeper
from handlers.desk import Controller, Desk, Shown
from handlers.masking import mask
from handlers.posts import FollowUp, LetterBounced
from handlers.returned import came_back
from storage.kinds import Category, Direction, EventKind, Machine, RightState, Status
from storage.models import Case, Message
from storage.store import Tx

OWN_ID = re.compile(rb"<rd\.([0-9a-f]{32})\.([0-9a-f]{20})@[A-Za-z0-9.-]{1,250}>")
SCANNED = 2_000_000
"""How many bytes of a mail are searched for a Message-ID of ours (a bounce carries it inside)."""


class Following:
    """Finds the case of a mail and adds the mail to it."""

    def __init__(self, desk: Desk, dates: DateKeeper) -> None:
        self._desk = desk
        self._dates = dates
        self._checklist = Checklist(desk)

    def case_of(self, tx: Tx, arrival: Arrival, controller: Controller) -> int | None:
        """The case that this mail answers: by a Message-ID that only we can make, or one the case knows, and a plausible sender.

        The subject's number alone proves nothing: anybody can write it.
        """
        mail, machine = arrival.mail, arrival.verdict.machine
        sender = tx.hash_address(mail.sender.address) if mail.sender is not None else ""
        for message in self._named(tx, arrival):
            case = tx.cases.get(message.case_id) if message.case_id is not None else None
            if case is None or case.controller != controller.id or case.erased is not None:
                continue
            if machine is Machine.BOUNCE or case.requester_hash == sender or tx.mails.wrote_in(case.id, sender):
                return case.id
        return None

    def _named(self, tx: Tx, arrival: Arrival) -> Sequence[Message]:
        """The messages of cases that the mail answers or, where it is a bounce, carries inside; newest first."""
        ids = [*arrival.mail.in_reply_to, *arrival.mail.references]
        if arrival.verdict.machine is Machine.BOUNCE:
            ids += _own_ids(tx, arrival.raw)
        return tx.mails.by_message_id([tx.vault.look_up("message-id", i) for i in dict.fromkeys(ids)])

    def answers_us(self, tx: Tx, arrival: Arrival) -> bool:
        """Whether the mail names a Message-ID that only we can have made, whoever sends it: a stranger's answer to us is for a human."""
        own = {m for i in (*arrival.mail.in_reply_to, *arrival.mail.references) for m in _own_ids(tx, i.encode())}
        return bool(own) and arrival.verdict.machine is None

    def join(self, tx: Tx, case: Case, arrival: Arrival, now: datetime) -> None:
        """Record the mail in the case, say so in its thread, and open a closed case again where a person writes on."""
        verdict = arrival.verdict
        reopens = case.status is Status.CLOSED and verdict.machine is None and not _mere_thanks(arrival)
        case.version += 1
        case.urgent = case.urgent or verdict.urgent
        if verdict.machine is None:
            case.unread = True
            self._wake(tx, case, now)
        facts = {"category": str(verdict.category), "rights": [str(r) for r in verdict.rights], "machine": verdict.machine}
        tx.events.add(case, EventKind.JOINED, "requester", now, facts=facts, private={"subject": arrival.mail.subject})
        if verdict.machine is Machine.BOUNCE:
            tx.events.add(case, EventKind.BOUNCED, "desk", now)
            ours = [m for m in self._named(tx, arrival) if m.direction is Direction.OUT]
            came_back(tx, case, ours[:1], now)  # The newest one: a letter that comes back names the earlier ones of its thread.
            self._dates.replay(tx, case, "desk", now)
        if reopens:
            self._reopen(tx, case, arrival, now)
        elif verdict.machine is None and case.status is not Status.CLOSED:
            self._widen(tx, case, arrival, now)
        if arrival.quiet:
            return
        how = self._desk.controller(case.controller).shown
        effects.post(tx, case, self._post(case, arrival, how, reopened=reopens), f"mail:{case.version}", now)
        effects.card(tx, case, now)

    def _wake(self, tx: Tx, case: Case, now: datetime) -> None:
        """Who was only waited for has written; whether a question of ours is answered, a human judges."""
        if case.status is Status.WAITING_REQUESTER:
            case.status, case.waiting_since, case.waiting_reminded = Status.IN_WORK, None, 0
            facts = {"from": str(Status.WAITING_REQUESTER), "to": str(case.status)}
            tx.events.add(case, EventKind.STATUS_CHANGED, "requester", now, facts=facts)

    def _reopen(self, tx: Tx, case: Case, arrival: Arrival, now: datetime) -> None:
        """The matter goes on, and what is asked now has a clock of its own, from the arrival of this mail."""
        verdict = arrival.verdict
        case.status, case.outcome, case.ground, case.closed = Status.IN_WORK, None, None, None
        case.needs_look, case.clock_from = True, arrival.arrived
        if verdict.category is Category.COMPLAINT:
            case.category, case.appeal = Category.COMPLAINT, verdict.appeal
        tx.cases.set_rights(case, {*tx.cases.rights(case.id), *verdict.rights})
        case.linked, case.answered, case.acknowledged = None, None, None
        questions.drop(tx, case)
        for right in tx.cases.right_rows(case.id):
            right.state, right.ground, right.settled, right.settled_by = RightState.OPEN, None, None, None
        tx.events.add(case, EventKind.REOPENED, "requester", now, facts={"clock_from": arrival.arrived.isoformat()})
        self._dates.set(tx, case, [c.law for c in verdict.law_candidates], "desk", now)

    def _widen(self, tx: Tx, case: Case, arrival: Arrival, now: datetime) -> None:
        """A further right asked for on the way: its clock is counted from the first mail, which can only be too early.

        A right that no wording speaks for (the model alone) widens nothing: a human looks.
        """
        known = tx.cases.rights(case.id)
        fresh = [r for r in arrival.verdict.rights if r not in known]
        if not fresh:
            return
        case.needs_look = True
        worded = {e.what for e in arrival.verdict.evidence}
        more = [r for r in fresh if str(r) in worded]
        if not more:
            return
        tx.cases.set_rights(case, {*known, *more})
        tx.events.add(case, EventKind.SORTED, "desk", now, facts={"added": [str(r) for r in more]})
        questions.more_was_asked(tx, case, "requester", now)
        self._dates.set(tx, case, [c.law for c in arrival.verdict.law_candidates], "desk", now)
        self._checklist.sync(tx, case, now)

    def _post(self, case: Case, arrival: Arrival, how: Shown, *, reopened: bool) -> FollowUp | LetterBounced:
        mail, verdict = arrival.mail, arrival.verdict
        sender = mail.sender.address if mail.sender is not None else ""
        if verdict.machine is Machine.BOUNCE:
            return LetterBounced(ref=case.ref, to="", reason=shown(verdict.words, how)[:300])
        return FollowUp(
            ref=case.ref,
            sender=sender if how is not Shown.NONE else masked(sender),
            subject=mask(mail.subject) if how is not Shown.NONE else "",
            excerpt=shown(verdict.words, how),
            received=arrival.arrived,
            attachments=len(mail.attachments),
            reopened=reopened,
            machine=verdict.machine is not None,
        )


def _own_ids(tx: Tx, raw: bytes) -> list[str]:
    """Message-IDs of ours, with a true mark, anywhere in the mail."""
    found = []
    for match in OWN_ID.finditer(raw[:SCANNED]):
        name, mark = match[1].decode(), match[2].decode()
        if tx.vault.mark(name) == mark:
            found.append(match[0].decode())
    return found


def _mere_thanks(arrival: Arrival) -> bool:
    verdict = arrival.verdict
    return verdict.category is Category.OTHER and not verdict.rights and not verdict.needs_human
