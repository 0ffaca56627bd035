"""An opt-out that needs a human: a system refused it, or no system knows the address. It becomes a case, once."""

from datetime import datetime, timedelta
from typing import Any

from handlers import effects
from handlers.casebook import CaseSecrets
from handlers.dates import DateKeeper
from handlers.desk import Desk
from handlers.verdict import Evidence
from storage.kinds import Category, EventKind, Status
from storage.models import Case
from storage.store import Tx

A_DAY = 20
"""So many cases a day are opened for refusals; a system that refuses more has one trouble, not many: its alarm says so."""


class Stuck:
    """Opens cases for opt-outs that can't be finished without a human."""

    def __init__(self, desk: Desk, dates: DateKeeper) -> None:
        self._desk = desk
        self._dates = dates

    def refused(self, tx: Tx, payload: dict[str, Any], system: str, error: str, now: datetime) -> None:
        """A system took the call but not this record."""
        words = f"{system} did not take this opt-out: {error}. Mark the address there by hand, then close the case."
        self._open(tx, payload, f"Unsubscribe: {system} refused", words, now)

    def found_nowhere(self, tx: Tx, payload: dict[str, Any], now: datetime) -> None:
        """No system mails this address: the person is subscribed under another one, perhaps."""
        if self._desk.rules.case_when_not_found:
            words = "No system knows this address. Which address do our mailings reach? Ask the person, or look for a forwarding."
            self._open(tx, payload, "Unsubscribe: address found nowhere", words, now)

    def _open(self, tx: Tx, payload: dict[str, Any], subject: str, words: str, now: datetime) -> None:
        address_hash = tx.hash_address(payload["address"])
        mine = [c for c in tx.cases.of_requester(payload["controller"], address_hash) if c.category is Category.UNSUBSCRIBE]
        lately = tx.cases.opened_since(Category.UNSUBSCRIBE, now - timedelta(days=1))
        if lately >= A_DAY or any(c.status is not Status.CLOSED for c in mine):
            return
        asked = datetime.fromisoformat(payload["asked"])
        key_id = tx.new_key(now)
        secrets = CaseSecrets.from_json(None).to_json() | {
            "address": payload["address"],
            "subject": subject,
            "words": words,
            "evidence": [[Evidence("system", subject).what, subject]],
        }
        case = Case(
            ref=tx.cases.next_ref(asked.astimezone(self._desk.rules.zone).year),
            version=1,
            controller=payload["controller"],
            mailbox=next((m.id for m in self._desk.mailboxes if payload["controller"] in m.controllers), ""),
            key_id=key_id,
            category=Category.UNSUBSCRIBE,
            status=Status.NEEDS_LOOK,
            needs_look=True,
            language=payload.get("language") or self._desk.controller(payload["controller"]).default_language,
            received=asked,
            clock_from=asked,
            opened=now,
            requester_hash=address_hash,
            sealed=tx.seal(key_id, secrets),
        )
        tx.cases.add(case, ())
        facts = {"category": str(case.category), "received": asked.isoformat(), "why": subject, "needs_look": True}
        tx.events.add(case, EventKind.OPENED, "desk", now, facts=facts)
        self._dates.set(tx, case, [], "desk", now)
        effects.card(tx, case, now)
