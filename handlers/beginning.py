"""How every case begins: its row, its rights, its dates, its checklist and its first event."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.casebook import CaseSecrets
from handlers.checklist import Checklist
from handlers.dates import DateKeeper
from handlers.desk import Desk
from storage.kinds import Category, EventKind, Right, Source, Status
from storage.models import Case
from storage.store import Tx


@dataclass(frozen=True)
class Beginning:
    """What a case begins with. `received` is the instant from which its clocks run, `day` the bare day where only that is known."""

    controller: str
    mailbox: str
    category: Category
    rights: tuple[Right, ...]
    secrets: CaseSecrets
    received: datetime
    language: str
    law: str | None = None
    place: str | None = None
    day: date | None = None
    confirmed: bool = True
    needs_look: bool = False
    urgent: bool = False
    live: bool = True
    reply_allowed: bool = True
    appeal: bool = False
    source: Source | None = None
    split_from: str | None = None
    actor: str = "desk"


class Beginnings:
    """Makes new cases."""

    def __init__(self, desk: Desk, dates: DateKeeper) -> None:
        self._desk = desk
        self._dates = dates
        self._checklist = Checklist(desk)

    def begin(self, tx: Tx, new: Beginning, now: datetime) -> Case:
        """The case, its clock running since it was received."""
        key_id = tx.new_key(now)
        secrets = new.secrets
        domain = secrets.address.rpartition("@")[2].casefold()
        case = Case(
            ref=tx.cases.next_ref((new.day or new.received.astimezone(self._desk.rules.zone)).year),
            version=1,
            controller=new.controller,
            mailbox=new.mailbox,
            key_id=key_id,
            category=new.category,
            status=Status.NEEDS_LOOK if new.needs_look else Status.NEW,
            urgent=new.urgent,
            needs_look=new.needs_look,
            live=new.live,
            reply_allowed=new.reply_allowed,
            appeal=new.appeal,
            law=new.law,
            place=self._dates.known_place(new.place),
            language=new.language,
            received=new.received,
            clock_from=new.received,
            clock_day=new.day,
            received_confirmed=new.confirmed,
            opened=now,
            requester_hash=tx.hash_address(secrets.address) if secrets.address else None,
            domain_hash=tx.vault.look_up("domain", domain) if domain else None,
            sealed=tx.seal(key_id, secrets.to_json()),
            source=str(new.source) if new.source else "",
            split_from=new.split_from,
            candidates="",
        )
        tx.cases.add(case, new.rights)
        facts = {
            "category": str(case.category),
            "rights": [str(r) for r in new.rights],
            "law": case.law,
            "received": (new.day or new.received).isoformat(),
            "folder": secrets.folder,
            "needs_look": new.needs_look,
        }
        more = {"source": case.source, "split_from": new.split_from}
        facts |= {k: v for k, v in more.items() if v}
        tx.events.add(case, EventKind.OPENED, new.actor, now, facts=facts, private={"subject": secrets.subject})
        self._dates.set(tx, case, secrets.law_candidates, "desk", now)
        self._checklist.sync(tx, case, now)
        return case
