"""A mail came: join or open a case, queue letter and card. Where each kind of mail goes is the one table `ROUTES`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from handlers import effects, tokens
from handlers.arrival import Arrival, Broken, Place
from handlers.correspondence import Correspondence
from handlers.dates import DateKeeper
from handlers.desk import Controller, Desk, Mailbox, Shown
from handlers.following import Following
from handlers.mail import Mail, fingerprints
from handlers.opening import Opening
from handlers.posts import OtherMailLine, OtherMailOfDay, Quarantined
from handlers.sentmail import SentMail
from handlers.tokens import Named
from handlers.unsubscribes import Unsubscribes, Wish
from handlers.verdict import Verdict
from storage.kinds import Category, Direction, Fate, Machine
from storage.models import Attachment, Case, Fingerprint, Message, Quarantine
from storage.store import Tx
from storage.suppressions import ALL_MARKETING


class Route(Enum):
    """Where a mail goes."""

    CASE = "case"
    UNSUBSCRIBE = "unsubscribe"
    UNSUBSCRIBE_AND_CASE = "unsubscribe and case"
    MACHINE = "machine"
    ORDINARY = "ordinary"


def _has(*categories: Category) -> Callable[[Verdict], bool]:
    return lambda v: any(c in v.categories for c in categories)


ROUTES: tuple[tuple[str, Callable[[Verdict], bool], Route], ...] = (
    ("a rights request", _has(Category.RIGHTS_REQUEST), Route.CASE),
    ("a complaint", _has(Category.COMPLAINT), Route.CASE),
    ("an authority, a court, a lawyer, a breach, a child", lambda v: v.urgent, Route.CASE),
    ("a report that names whom to stop mailing", lambda v: v.machine is not None and bool(v.unsubscribe_address), Route.UNSUBSCRIBE),
    ("machine mail without rights wording", lambda v: v.category is Category.MACHINE, Route.MACHINE),
    ("stop mailing me, and nothing else", lambda v: v.auto_unsubscribe and bool(v.unsubscribe_address), Route.UNSUBSCRIBE),
    ("stop mailing me, and something besides", _has(Category.UNSUBSCRIBE), Route.CASE),
    ("a question on privacy", lambda v: v.category is Category.INQUIRY and v.privacy, Route.CASE),
    ("doubt about any of these", lambda v: v.needs_human, Route.CASE),
    ("any other mail", lambda v: True, Route.ORDINARY),  # noqa: ARG005 -- the last rule always matches
)
"""The first row that holds decides. A case whose mail also says plainly whom to stop mailing has that done at once."""


def route(verdict: Verdict) -> tuple[str, Route]:
    """Why a mail goes where."""
    for why, holds, where in ROUTES:
        if holds(verdict):
            wished = Category.UNSUBSCRIBE in verdict.categories or verdict.machine is Machine.FEEDBACK_REPORT
            stop = where is Route.CASE and wished and verdict.unsubscribe_address
            return why, Route.UNSUBSCRIBE_AND_CASE if stop else where
    raise AssertionError("the last route always holds")


def _more_than_a_stop(verdict: Verdict) -> bool:
    """Whether a mail that a token already explains asks for something that only a human can answer."""
    return verdict.urgent or any(c in (Category.RIGHTS_REQUEST, Category.COMPLAINT) for c in verdict.categories)


class Incoming:
    """The door for mail."""

    def __init__(self, desk: Desk, dates: DateKeeper, correspondence: Correspondence, unsubscribes: Unsubscribes) -> None:
        self._desk = desk
        self._dates = dates
        self._unsubscribes = unsubscribes
        self._opening = Opening(desk, correspondence, dates)
        self._following = Following(desk, dates)
        self._sent = SentMail(desk)

    def receive(self, tx: Tx, arrival: Arrival, now: datetime) -> None:
        """Give the mail its fate, once for each controller it was addressed to; a mail that was read before changes nothing."""
        mailbox = self._desk.mailbox(arrival.place.mailbox)
        whole, content = fingerprints(arrival.raw)
        bytes_hash, content_hash = tx.vault.look_up("bytes", whole), tx.vault.look_up("content", content)
        tx.hold(f"mail {content_hash}")
        rows = tuple(tx.mails.delivery(*_spot(arrival.place)))
        if arrival.insisted is None and any(f.fate is not Fate.QUARANTINED for f in rows):
            return
        blank = _Prints(bytes_hash, content_hash, rows)
        sent = self._sent.is_sent(arrival)
        for controller in (self._sent.controller(arrival),) if sent else self._addressed(mailbox, arrival.mail):
            self._receive_for(tx, arrival, mailbox, controller, blank, now)

    def _receive_for(self, tx: Tx, arrival: Arrival, mailbox: Mailbox, controller: Controller, prints: "_Prints", now: datetime) -> None:
        day = arrival.arrived.astimezone(self._desk.rules.zone).date()
        record = prints.of(tx, arrival, controller, now)
        if day < mailbox.read_from and arrival.insisted is None:
            record.fate = Fate.FINGERPRINTED
            return
        if arrival.insisted is not None and record.fate not in (Fate.ORDINARY, Fate.QUARANTINED):
            return
        before = tx.mails.same_content(controller.id, prints.content_hash)
        if before is not None and arrival.insisted is None:
            record.fate, record.case_id, record.message_id = Fate.REPEATED, before.case_id, before.message_id
            return
        if self._sent.is_sent(arrival):
            self._sent.take(tx, arrival, controller, record, now)
            return
        live = day >= mailbox.live_from
        self._decide(tx, arrival, controller, record, live, now)

    def _decide(self, tx: Tx, arrival: Arrival, controller: Controller, record: Fingerprint, live: bool, now: datetime) -> None:
        verdict = arrival.verdict
        joined = self._following.case_of(tx, arrival, controller)
        _, where = route(verdict)
        if arrival.insisted is not None and where not in (Route.CASE, Route.UNSUBSCRIBE_AND_CASE):
            where = Route.CASE
        if where is Route.ORDINARY and joined is None and self._following.answers_us(tx, arrival):
            where = Route.CASE
        named = tokens.of_mail(tx, arrival.mail, verdict, arrival.raw)
        if named is not None:
            where = Route.UNSUBSCRIBE_AND_CASE if _more_than_a_stop(verdict) or arrival.insisted is not None else Route.UNSUBSCRIBE
        if named is not None or (where in (Route.UNSUBSCRIBE, Route.UNSUBSCRIBE_AND_CASE) and verdict.unsubscribe_address):
            self._stop(tx, arrival, controller, record, named, alone=where is Route.UNSUBSCRIBE, live=live, now=now)
        if joined is not None and where is not Route.UNSUBSCRIBE:
            case = tx.cases.lock(joined)
            message = self._keep(tx, arrival, controller, case, case.key_id)
            self._following.join(tx, case, arrival, now)
            record.fate, record.case_id, record.message_id = Fate.CASE_JOINED, case.id, message.id
        elif where in (Route.CASE, Route.UNSUBSCRIBE_AND_CASE):
            case = self._opening.open(tx, arrival, controller, live=live, now=now)
            message = self._keep(tx, arrival, controller, case, case.key_id)
            self._opening.announce(tx, case, arrival, now)
            record.fate, record.case_id, record.message_id = Fate.CASE_OPENED, case.id, message.id
        elif where is Route.MACHINE:
            message = self._keep(tx, arrival, controller, None, tx.new_key(now))
            record.fate, record.message_id = Fate.MACHINE_RECORDED, message.id
        elif where is Route.ORDINARY:
            record.fate = Fate.ORDINARY
            self._note(tx, arrival, controller, record, live=live, now=now)

    def _stop(
        self,
        tx: Tx,
        arrival: Arrival,
        controller: Controller,
        record: Fingerprint,
        named: Named | None,
        *,
        alone: bool,
        live: bool,
        now: datetime,
    ) -> None:
        verdict, mail = arrival.verdict, arrival.mail
        may = alone and live and named is None and verdict.reply_allowed and not arrival.place.junk and verdict.authentication != "fail"
        recent = now - arrival.arrived <= timedelta(days=self._desk.rules.auto_acknowledge_within_days)
        wish = Wish(
            controller=named.controller if named else controller.id,
            address=named.address if named else verdict.unsubscribe_address or "",
            scope=named.scope if named else ALL_MARKETING,
            source="feedback report" if verdict.machine else "mail with a token" if named else "mail",
            asked=arrival.arrived,
            name=f"mail:{record.id}",
            language=verdict.language,
            confirm=may and recent,
            in_reply_to=mail.message_id or "",
            quiet=arrival.quiet,
            by_person=named is None and verdict.machine is None,
        )
        self._unsubscribes.receive(tx, wish, now)
        if alone:
            message = self._keep(tx, arrival, controller, None, tx.new_key(now))
            record.fate, record.message_id = Fate.UNSUBSCRIBED, message.id
        record.suppressed = True

    def _note(self, tx: Tx, arrival: Arrival, controller: Controller, record: Fingerprint, *, live: bool, now: datetime) -> None:
        if arrival.quiet or not live or arrival.place.junk:
            return
        sender = arrival.mail.sender.address if arrival.mail.sender else ""
        line = OtherMailLine(
            fingerprint_id=record.id,
            domain=sender.rpartition("@")[2],
            subject=mask_subject(arrival.mail.subject) if controller.shown is not Shown.NONE else "",
            controller_name=controller.name,
            arrived=arrival.arrived,
            category=arrival.verdict.category,
        )
        today = self._dates.today(now)
        effects.daily_line(tx, effects.OTHER_MAIL, today, OtherMailOfDay(today), line, f"other:{record.id}", tx.new_key(now), now)

    def _keep(self, tx: Tx, arrival: Arrival, controller: Controller, case: Case | None, key_id: int) -> Message:
        mail, place = arrival.mail, arrival.place
        message = Message(
            case_id=case.id if case is not None else None,
            key_id=key_id,
            direction=Direction.IN,
            controller=controller.id,
            mailbox=place.mailbox,
            folder=place.folder,
            junk=place.junk,
            at=arrival.arrived,
            size=len(arrival.raw),
            category=arrival.verdict.category,
            automatic=arrival.verdict.machine is not None,
            message_id_hash=tx.vault.look_up("message-id", mail.message_id) if mail.message_id else None,
            sender_hash=tx.hash_address(mail.sender.address) if mail.sender else None,
            sealed=tx.seal(
                key_id, {"from": mail.sender.address if mail.sender else "", "subject": mail.subject, "words": arrival.verdict.words}
            ),
            raw=tx.seal_bytes(key_id, arrival.raw),
        )
        files = [Attachment(type=a.type[:200], size=a.size, sealed=tx.seal(key_id, {"name": a.name})) for a in mail.attachments]
        return tx.mails.add(message, files)

    def _addressed(self, mailbox: Mailbox, mail: Mail) -> tuple[Controller, ...]:
        served = tuple(self._desk.controller(c) for c in mailbox.controllers)
        named = tuple(c for c in served if c.email.casefold() in mail.recipients)
        return named or served[:1]

    def quarantine(self, tx: Tx, broken: Broken, now: datetime) -> None:
        """Keep a mail that broke something, with its bytes, and say so in the channel unless an archive is being read."""
        place = broken.place
        key_id = tx.new_key(now)
        row = tx.mails.quarantine(
            Quarantine(
                key_id=key_id,
                mailbox=place.mailbox,
                folder=place.folder,
                junk=place.junk,
                uidvalidity=place.uidvalidity,
                uid=place.uid,
                arrived=broken.arrived,
                confirmed=broken.confirmed,
                raw=tx.seal_bytes(key_id, broken.raw),
                error=broken.error,
                at=now,
            )
        )
        if not broken.quiet:
            effects.notice(tx, Quarantined(row.id, place.mailbox, broken.arrived, broken.error), f"quarantine:{row.id}:{row.attempts}", now)


@dataclass(frozen=True)
class _Prints:
    """The two keyed hashes of a mail."""

    bytes_hash: str
    content_hash: str
    before: tuple[Fingerprint, ...]
    """What is known of this place on the server."""

    def of(self, tx: Tx, arrival: Arrival, controller: Controller, now: datetime) -> Fingerprint:
        """The record of this delivery to that controller, written before its fate is known; an insisted one is the old record again."""
        place = arrival.place
        for row in self.before:
            if row.controller == controller.id:
                return row
        return tx.mails.add_fingerprint(
            Fingerprint(
                mailbox=place.mailbox,
                folder=place.folder,
                uidvalidity=place.uidvalidity,
                uid=place.uid,
                controller=controller.id,
                arrived=arrival.arrived,
                read=now,
                bytes_hash=self.bytes_hash,
                content_hash=self.content_hash,
                fate=Fate.QUARANTINED,
                category=arrival.verdict.category,
            )
        )


def _spot(place: Place) -> tuple[str, str, int, int]:
    return place.mailbox, place.folder, place.uidvalidity, place.uid


def mask_subject(subject: str, limit: int = 60) -> str:
    """A subject without what could name or number somebody: addresses and digits are covered, the rest is cut short."""
    covered = re.sub(r"\d", "•", re.sub(r"\S+@\S+", "…@…", subject))
    return covered if len(covered) <= limit else covered[: limit - 1] + "…"
