"""A mail that a colleague sent from the mailbox itself: it joins the case that it answers, and is never taken for a request."""

from datetime import datetime

from handlers import effects
from handlers.arrival import Arrival
from handlers.casebook import masked, shown
from handlers.desk import Controller, Desk, Shown
from handlers.masking import mask
from handlers.posts import SentElsewhere
from storage.kinds import Direction, EventKind, Fate
from storage.models import Case, Fingerprint, Message
from storage.store import Tx


class SentMail:
    """Takes what lies in a mailbox's folder of sent mail."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def is_sent(self, arrival: Arrival) -> bool:
        """Whether the mail lies there."""
        sent = self._desk.mailbox(arrival.place.mailbox).sent
        return bool(sent) and arrival.place.folder == sent

    def controller(self, arrival: Arrival) -> Controller:
        """The company in whose name it was sent."""
        served = [self._desk.controller(c) for c in self._desk.mailbox(arrival.place.mailbox).controllers]
        sender = arrival.mail.sender.address.casefold() if arrival.mail.sender is not None else ""
        return next((c for c in served if c.email.casefold() == sender), served[0])

    def take(self, tx: Tx, arrival: Arrival, controller: Controller, record: Fingerprint, now: datetime) -> None:
        """Give it its fate: a copy of our own letter, an answer that joins its case, or ordinary mail."""
        mail = arrival.mail
        if mail.message_id and tx.listing.our_own(tx.vault.look_up("message-id", mail.message_id)):
            record.fate = Fate.REPEATED
            return
        found = self._case_of(tx, arrival, controller)
        if found is None:
            record.fate = Fate.ORDINARY
            return
        case = tx.cases.lock(found)
        message = self._keep(tx, arrival, controller, case)
        record.fate, record.case_id, record.message_id = Fate.CASE_JOINED, case.id, message.id
        case.version += 1
        case.unread = False
        tx.events.add(case, EventKind.ANSWERED_ELSEWHERE, "mailbox", now, private={"subject": mail.subject})
        if not arrival.quiet:
            self._say(tx, case, arrival, now)

    def _case_of(self, tx: Tx, arrival: Arrival, controller: Controller) -> int | None:
        """By what it answers; else the newest open case of somebody to whom it went."""
        mail = arrival.mail
        ids = dict.fromkeys([*mail.in_reply_to, *mail.references])
        for message in tx.mails.by_message_id([tx.vault.look_up("message-id", i) for i in ids]):
            case = tx.cases.get(message.case_id) if message.case_id is not None else None
            if case is not None and case.controller == controller.id and case.erased is None:
                return case.id
        for address in (*mail.to, *mail.cc):
            open_ = tx.listing.answered_to(controller.id, tx.hash_address(address.address)) if address.address else ()
            if open_:
                return open_[0]
        return None

    def _keep(self, tx: Tx, arrival: Arrival, controller: Controller, case: Case) -> Message:
        mail, place = arrival.mail, arrival.place
        to = mail.to[0].address if mail.to else ""
        words = {"to": to, "subject": mail.subject, "text": arrival.verdict.words, "letter": "sent from the mailbox"}
        return tx.mails.add(
            Message(
                case_id=case.id,
                key_id=case.key_id,
                direction=Direction.OUT,
                controller=controller.id,
                mailbox=place.mailbox,
                folder=place.folder,
                at=arrival.arrived,
                size=len(arrival.raw),
                message_id_hash=tx.vault.look_up("message-id", mail.message_id) if mail.message_id else None,
                sender_hash=tx.hash_address(to) if to else None,
                sealed=tx.seal(case.key_id, words),
                raw=tx.seal_bytes(case.key_id, arrival.raw),
            )
        )

    def _say(self, tx: Tx, case: Case, arrival: Arrival, now: datetime) -> None:
        how = self._desk.controller(case.controller).shown
        to = arrival.mail.to[0].address if arrival.mail.to else ""
        hidden = how is Shown.NONE
        subject = "" if hidden else mask(arrival.mail.subject)
        said = SentElsewhere(case.ref, masked(to) if hidden else to, subject, shown(arrival.verdict.words, how), arrival.arrived)
        effects.post(tx, case, said, f"mail:{case.version}", now)
        effects.card(tx, case, now)
