"""Ends what is kept of a person: destroys the key of a case and empties what it sealed; the record of what was done stays."""

from datetime import datetime

from handlers import effects
from storage.kinds import ApprovalState, EventKind, OutgoingState, Status
from storage.outgoing import BLOCKING
from storage.store import Tx


class Purging:
    """Erases cases, for a person or because their time is over, and what was kept without a case.

    With `keep_posts`, what stands in Slack of a case stays there when its time is over; what a person had erased never does.
    """

    def __init__(self, *, keep_posts: bool = False) -> None:
        self._keep_posts = keep_posts

    def purge_loose(self, tx: Tx, until: datetime, now: datetime) -> int:
        """Destroy the keys of mails and effects of no case that came by then, and say how many those were (at most a thousand a time).

        Each has a key of its own. Fingerprints stay, so that a mail that is read again is known.
        """
        mails, rows = tx.mails.kept_without_case(until), tx.outgoing.settled_without_case(until)
        for message in mails:
            message.sealed = message.raw = None
            message.sender_hash = message.message_id_hash = None
            for attachment in tx.mails.attached(message.id):
                attachment.sealed = None
            tx.destroy_key(message.key_id, now)
        for row in rows:
            row.sealed = None
            tx.destroy_key(row.key_id, now)
        return len(mails) + len(rows)

    def purge(self, tx: Tx, case_id: int, actor: str, kind: EventKind, now: datetime) -> None:
        """Destroy the case's key; the chain of its history still verifies. A case erased before stays as it is."""
        case = tx.cases.lock(case_id)
        if case.erased is not None:
            return
        for row in tx.outgoing.of_case(case_id):
            if row.state in BLOCKING or row.state is OutgoingState.UNKNOWN:
                row.state, row.done = OutgoingState.DROPPED, now
            row.sealed = None
        if case.status is not Status.CLOSED:
            case.status, case.closed = Status.CLOSED, now
        for message in tx.mails.of_case(case_id):
            message.sealed = message.raw = None
            message.sender_hash = message.message_id_hash = None
        for attachment in tx.mails.attachments(case_id):
            attachment.sealed = None
        if kind is EventKind.ERASED and case.requester_hash is not None:
            for key_id in tx.suppressions.forget(case.requester_hash, now):
                tx.destroy_key(key_id, now)
        for task in tx.course.tasks(case_id):
            task.sealed = None
        for approval in tx.course.approvals(case_id, waiting=False):
            approval.sealed = None
            approval.state = ApprovalState.LAPSED if approval.state is ApprovalState.ASKED else approval.state
        case.sealed, case.requester_hash, case.domain_hash, case.erased = None, None, None, now
        case.version += 1
        tx.events.add(case, kind, actor, now)
        tx.destroy_key(case.key_id, now)
        if kind is EventKind.ERASED or not self._keep_posts:
            effects.clear_thread(tx, case, now)
