"""Opens a case for a mail: its rights, law and dates, its card, and the acknowledgement where that may go out by itself."""

from datetime import datetime, timedelta

from handlers import effects
from handlers.arrival import Arrival
from handlers.beginning import Beginning, Beginnings
from handlers.casebook import CaseSecrets, secrets_of
from handlers.correspondence import Correspondence, How
from handlers.dates import DateKeeper
from handlers.desk import Controller, Desk
from handlers.unsubscribes import automatic_name
from handlers.verdict import Verdict
from storage.kinds import Category, LetterName
from storage.models import Case
from storage.store import Tx


class Opening:
    """Makes new cases."""

    def __init__(self, desk: Desk, correspondence: Correspondence, dates: DateKeeper) -> None:
        self._desk = desk
        self._correspondence = correspondence
        self._dates = dates
        self._beginnings = Beginnings(desk, dates)

    def open(self, tx: Tx, arrival: Arrival, controller: Controller, *, live: bool, now: datetime) -> Case:
        """A new case whose clock has been running since the mail arrived."""
        verdict = arrival.verdict
        new = Beginning(
            controller=controller.id,
            mailbox=arrival.place.mailbox,
            category=_category(verdict),
            rights=verdict.rights,
            secrets=_secrets(arrival),
            received=arrival.arrived,
            language=verdict.language,
            law=verdict.law,
            place=verdict.place,
            confirmed=arrival.confirmed,
            needs_look=verdict.needs_human or arrival.insisted is not None or _category(verdict) is not verdict.category,
            urgent=verdict.urgent,
            live=live and not arrival.quiet,
            reply_allowed=verdict.reply_allowed,
            appeal=verdict.appeal,
            actor=arrival.insisted or "desk",
        )
        return self._beginnings.begin(tx, new, now)

    def announce(self, tx: Tx, case: Case, arrival: Arrival, now: datetime) -> None:
        """The card in Slack, and the acknowledgement letter where it needs nobody."""
        if arrival.quiet:
            return
        effects.card(tx, case, now)
        if self._may_acknowledge(tx, case, arrival, now):
            day = self._dates.today(now).isoformat()
            sender = arrival.mail.sender.address if arrival.mail.sender is not None else ""
            name = automatic_name(tx, sender or secrets_of(tx, case).address, day)
            letter = LetterName.COMPLAINT_RECEIVED if case.category is Category.COMPLAINT else LetterName.ACKNOWLEDGEMENT
            self._correspondence.send(tx, case, self._correspondence.wanted(case, letter), How(name), now)

    def _may_acknowledge(self, tx: Tx, case: Case, arrival: Arrival, now: datetime) -> bool:
        """Every one of these must hold; whatever fails waits for the button."""
        rules, verdict = self._desk.rules, arrival.verdict
        address = secrets_of(tx, case).address.casefold()
        return all(
            (
                rules.auto_acknowledge,
                case.live,
                case.category in (Category.RIGHTS_REQUEST, Category.COMPLAINT),
                verdict.confidence >= rules.auto_acknowledge_threshold,
                not case.needs_look,
                not case.urgent,
                verdict.reply_allowed,
                verdict.machine is None,
                verdict.authentication != "fail",
                verdict.requester is None,
                not arrival.place.junk,
                now - arrival.arrived <= timedelta(days=rules.auto_acknowledge_within_days),
                bool(address) and address not in self._desk.own_addresses,
            )
        )


def _category(verdict: Verdict) -> Category:
    """What the case is: a mail that only doubt or urgency brought here is treated as a request until a human says otherwise."""
    if verdict.category in (Category.RIGHTS_REQUEST, Category.COMPLAINT, Category.UNSUBSCRIBE):
        return verdict.category
    if verdict.category is Category.INQUIRY and verdict.privacy and not verdict.needs_human:
        return Category.INQUIRY
    return next((c for c in verdict.also if c in (Category.RIGHTS_REQUEST, Category.COMPLAINT)), Category.RIGHTS_REQUEST)


def _secrets(arrival: Arrival) -> CaseSecrets:
    mail, verdict = arrival.mail, arrival.verdict
    writer = (mail.reply_to or (mail.sender,))[0] if mail.sender is not None else None
    if verdict.requester is not None:
        name, address = "", verdict.requester
    else:
        name, address = (writer.name, writer.address) if writer is not None else ("", "")
    top = verdict.law_candidates[0] if verdict.law_candidates else None
    return CaseSecrets(
        name=name,
        address=address,
        subject=mail.subject,
        words=verdict.words,
        evidence=verdict.evidence[:12],
        law_reason=top.reason if top is not None else "",
        law_candidates=tuple(c.law for c in verdict.law_candidates),
        authentication=verdict.authentication,
        message_id=mail.message_id or "",
        references=" ".join([*mail.references, mail.message_id or ""]).strip(),
        folder=arrival.place.folder,
    )
