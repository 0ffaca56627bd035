"""A request that did not come by mail: somebody of the desk types it in, with the day on which it reached us."""

from datetime import date, datetime, time

from handlers import effects
from handlers.beginning import Beginning, Beginnings
from handlers.casebook import CaseSecrets
from handlers.dates import DateKeeper
from handlers.deeds import ByHand
from handlers.desk import Desk
from handlers.refused import Refused
from handlers.verdict import Evidence
from storage.kinds import Category
from storage.models import Case
from storage.store import Tx

_OLDEST_DAYS = 366
_SUBJECT = 120


class ByHandDoor:
    """The door for requests by phone, letter or otherwise."""

    def __init__(self, desk: Desk, dates: DateKeeper) -> None:
        self._desk = desk
        self._dates = dates
        self._beginnings = Beginnings(desk, dates)

    def open(self, tx: Tx, actor: str, fact: ByHand, now: datetime) -> Case:
        """Its case, with card; letters go out only by hand. Refused, naming the field, for what is missing or can't be."""
        if self._desk.person(actor) is None:
            raise Refused("Only the people of the privacy desk can do this.")
        self._check(fact, now)
        instant = isinstance(fact.received, datetime)
        received = fact.received if isinstance(fact.received, datetime) else self._noon(fact.received)
        new = Beginning(
            controller=fact.controller,
            mailbox="",
            category=fact.category,
            rights=fact.rights,
            secrets=_secrets(fact),
            received=received,
            day=None if instant else fact.received,
            language=fact.language,
            law=fact.law,
            place=fact.place,
            live=fact.live,
            reply_allowed=bool(fact.address.strip()),
            source=fact.source,
            actor=actor,
        )
        case = self._beginnings.begin(tx, new, now)
        effects.card(tx, case, now)
        return case

    def _check(self, fact: ByHand, now: datetime) -> None:
        if fact.controller not in {c.id for c in self._desk.controllers}:
            raise Refused("Say which company it concerns.", field="controller")
        if not fact.words.strip():
            raise Refused("Write down what the person asked for.", field="words")
        if fact.category is Category.RIGHTS_REQUEST and not fact.rights:
            raise Refused("Say which rights the person wants to use.", field="rights")
        address = fact.address.strip()
        if address and ("@" not in address.strip("@") or any(c.isspace() for c in address)):
            raise Refused("That is no mail address. Leave it empty where there is none.", field="address")
        if address.casefold() in self._desk.own_addresses:
            raise Refused("That address is our own. Leave it empty where the person has none.", field="address")
        if fact.place is not None and self._dates.known_place(fact.place) is None:
            raise Refused("Write the place as an ISO 3166 code, such as DE, GB-SCT or US-CA.", field="place")
        today = self._dates.today(now)
        day = self._dates.today(fact.received) if isinstance(fact.received, datetime) else fact.received
        if day > today or (isinstance(fact.received, datetime) and fact.received > now):
            raise Refused("That day has not come yet.", field="received")
        if (today - day).days > _OLDEST_DAYS:
            raise Refused("That is more than a year ago. Check the year.", field="received")

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, time(12), self._desk.rules.zone)


def _secrets(fact: ByHand) -> CaseSecrets:
    words = fact.words.strip()
    subject = words.splitlines()[0][:_SUBJECT]
    evidence = (Evidence("by hand", str(fact.source)),)
    return CaseSecrets(fact.name.strip(), fact.address.strip(), subject, words, evidence, "", (), "none", "", "", str(fact.source))
