"""Looks into a case that are themselves kept: its history, and its words without covered numbers."""

import json
from dataclasses import dataclass
from datetime import datetime

from handlers.casebook import Heard, cut, heard
from handlers.desk import Desk, Shown
from handlers.masking import mask
from handlers.refused import Refused
from handlers.views import HistoryLine
from storage.kinds import EventKind
from storage.models import Case, Event
from storage.store import Tx

_SAID = ("reason", "note", "title", "subject")
_LONGEST = 200


@dataclass(frozen=True)
class Revealed:
    """Subject and words of a mail, nothing covered."""

    subject: str
    text: str


class Looking:
    """Opens cases for those who look."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reveal(self, tx: Tx, actor: str, case_id: int, now: datetime) -> Revealed:
        """What the person wrote, mail by mail, as much as the setting allows; that this person looked is an event."""
        if self._desk.person(actor) is None:
            raise Refused("Only the people of the privacy desk can do this.")
        case = tx.cases.lock(case_id)
        how = self._desk.controller(case.controller).shown
        if how is Shown.NONE:
            raise Refused("The settings show nothing of this company's mails in Slack.")
        mails = heard(tx, case)
        tx.events.add(case, EventKind.REVEALED, actor, now)
        first, *later = mails or (Heard(case.received, "", ""),)
        zone = self._desk.rules.zone
        more = [f"— {one.at.astimezone(zone):%Y-%m-%d %H:%M} · {one.subject}\n{cut(one.words, how)}" for one in later]
        return Revealed(first.subject, "\n\n".join([cut(first.words, how), *more]))

    def history(self, tx: Tx, case: Case, limit: int = 100) -> tuple[HistoryLine, ...]:
        """What happened, the newest first."""
        events = list(tx.events.of(case.id))[-limit:]
        return tuple(self._line(tx, case, e) for e in reversed(events))

    def _line(self, tx: Tx, case: Case, event: Event) -> HistoryLine:
        facts = json.loads(event.facts)
        plain = tuple((k, _flat(v)) for k, v in facts.items() if v not in (None, "", []) and not isinstance(v, dict) and k != "dates")
        hidden = self._desk.controller(case.controller).shown is Shown.NONE
        words = tx.unseal(case.key_id, event.sealed) or {}
        said = next((str(words[k]) for k in _SAID if words.get(k) and not (hidden and k == "subject")), "")
        return HistoryLine(event.number, event.at.astimezone(self._desk.rules.zone), event.actor, event.kind, plain, mask(said))


def _flat(value: object) -> str:
    text = ", ".join(_flat(v) for v in value) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
