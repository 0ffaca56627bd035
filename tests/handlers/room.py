"""A desk for tests of the handlers: real tables, laws and letters; mails and verdicts are made up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.actions import Actions
from handlers.arrival import Arrival, Place
from handlers.carried import Carried, Settling
from handlers.caseview import CaseViews
from handlers.correspondence import Correspondence
from handlers.dates import DateKeeper
from handlers.deeds import Deed, Pressed
from handlers.desk import Controller, Desk, Mailbox, Person, Rules
from handlers.incoming import Incoming
from handlers.law import Laws
from handlers.letters import Letters
from handlers.mail import parse
from handlers.posts import Post, from_json
from handlers.ticks import Ticks
from handlers.unsubscribes import Unsubscribes
from handlers.verdict import LawCandidate, Verdict
from handlers.views import CaseView
from storage.kinds import Carrier, Category, OutgoingKind, OutgoingState, Right
from storage.models import Case, Fingerprint, Outgoing
from storage.store import Store
from storage.vault import Vault

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Monday noon in Tokyo."""

ACCESS = Verdict(
    Category.RIGHTS_REQUEST,
    rights=(Right.ACCESS,),
    law="EU-GDPR",
    law_candidates=(LawCandidate("EU-GDPR", "names Art. 15 GDPR", 0.9),),
    place="DE",
    language="en",
    confidence=0.95,
    words="Please send me a copy of my data.",
)
STOP = Verdict(
    Category.UNSUBSCRIBE,
    language="en",
    confidence=0.97,
    auto_unsubscribe=True,
    unsubscribe_address="nora@example.org",
    words="Please stop these mails.",
)
ORDINARY = Verdict(Category.OTHER, language="en", confidence=0.95, words="May we show you our product?")

DESK = Desk(
    controllers=(
        Controller("nproc", "Nproc", "nproc-support@ghs.tokyo", "JP"),
        Controller("primenumber", "primeNumber Inc.", "secretary@primenumber.co.jp", "JP", default_language="ja"),
    ),
    mailboxes=(
        Mailbox("nproc", ("nproc",), live_from=date(2026, 11, 1), read_from=date(2026, 8, 1)),
        Mailbox("shared", ("primenumber", "nproc"), live_from=date(2026, 11, 1), read_from=date(2026, 8, 1)),
    ),
    people=(Person("U1", "Aoi"), Person("U2", "Ren"), Person("U9", "Mio", "mio@example.com", manager=True)),
    rules=Rules(channel="C1", zone=ZoneInfo("Asia/Tokyo")),
)


def written(
    subject: str = "My data",
    body: str = "Please send me a copy of my data.",
    sender: str = "Nora Quist <nora@example.org>",
    to: str = "nproc-support@ghs.tokyo",
    name: str = "one",
    more: str = "",
) -> bytes:
    """A plain mail."""
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{name}@example.org>\r\nDate: Mon, 23 Nov 2026 03:00:00 +0000\r\n"
    )
    return (head + more + "\r\n" + body + "\r\n").encode()


class Room:
    """The handlers of a desk on one database."""

    def __init__(self, url: str, desk: Desk = DESK, store: Store | None = None) -> None:
        self.store = store or Store(url, Vault({1: b"k" * 32}))
        self.desk = desk
        laws = Laws.load()
        letters = Letters(desk)
        self.dates = DateKeeper(desk, laws)
        self.correspondence = Correspondence(desk, letters, laws)
        self.unsubscribes = Unsubscribes(desk, letters, self.dates)
        self.incoming = Incoming(desk, self.dates, self.correspondence, self.unsubscribes)
        self.actions = Actions(desk, self.dates, self.correspondence, self.unsubscribes)
        self.ticks = Ticks(desk, self.dates, letters)
        self.settling = Settling(desk, self.dates)
        self.views = CaseViews(desk, self.dates.clocks)
        self._uid = 0

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def arrival(
        self, verdict: Verdict = ACCESS, raw: bytes | None = None, mailbox: str = "nproc", arrived: datetime = NOW, junk: bool = False
    ) -> Arrival:
        """A mail at the next place of a mailbox."""
        self._uid += 1
        content = raw if raw is not None else written()
        return Arrival(content, parse(content), verdict, Place(mailbox, "Junk" if junk else "INBOX", 7, self._uid, junk), arrived)

    def receive(self, arrival: Arrival, now: datetime = NOW) -> Fingerprint:
        """Let the mail in, and give its record."""
        self.store.run(lambda tx: self.incoming.receive(tx, arrival, now))
        place = arrival.place
        return self.store.run(lambda tx: tx.mails.delivery(place.mailbox, place.folder, place.uidvalidity, place.uid)[0])

    def case(self, ref_or_id: int | None = None) -> Case:
        """The case of that number; the only one without."""
        if ref_or_id is not None:
            found = self.store.run(lambda tx: tx.cases.get(ref_or_id))
            assert found is not None
            return found
        (only,) = self.cases()
        return only

    def cases(self) -> list[Case]:
        """All cases."""
        return self.store.run(lambda tx: list(tx.cases.listed(open_only=False)))

    def view(self, now: datetime = NOW, case_id: int | None = None) -> CaseView:
        """A case as staff see it; the only one without a number."""
        return self.store.run(lambda tx: self.views.view(tx, case_id or self.case().id, self.dates.today(now)))

    def press(self, deed: Deed, actor: str = "U1", version: int | None = None, now: datetime = NOW, case_id: int | None = None) -> None:
        """Somebody presses something on a case; on the only one without a number."""
        case = self.case(case_id)
        pressed = Pressed(actor, case.id, case.version if version is None else version, deed)
        self.store.run(lambda tx: self.actions.act(tx, pressed, now))

    def rows(self, carrier: Carrier | None = None, kind: OutgoingKind | None = None) -> list[Outgoing]:
        """What is queued."""
        every = self.store.run(lambda tx: list(tx.outgoing.in_state(*OutgoingState)))
        return [r for r in every if carrier in (None, r.carrier) and kind in (None, r.kind)]

    def letters(self) -> list[dict[str, str]]:
        """The letters that are queued."""
        return [self.store.run(lambda tx, row=r: tx.outgoing.payload(row)) for r in self.rows(Carrier.SMTP)]

    def posts(self, kind: OutgoingKind = OutgoingKind.POST) -> list[Post]:
        """The posts that are queued."""
        return [from_json(self.store.run(lambda tx, row=r: tx.outgoing.payload(row))) for r in self.rows(Carrier.SLACK, kind)]

    def settle(self, row: Outgoing, state: OutgoingState = OutgoingState.SENT, result: str = "1.0", now: datetime = NOW) -> None:
        """The carrier reports."""
        channel = "C1" if row.carrier is Carrier.SLACK else None
        self.store.run(lambda tx: self.settling.settle(tx, Carried(row.id, state, channel, result), now))

    def tick(self, now: datetime) -> int:
        """Do all that is due then, and say how much that was."""
        due = self.store.run(lambda tx: self.ticks.due(tx, now))
        for one in due:
            self.store.run(lambda tx, tick=one: self.ticks.tick(tx, tick, now))
        return len(due)

    def history(self, case_id: int | None = None) -> list[str]:
        """What happened to the case, in order."""
        number = case_id or self.case().id
        return self.store.run(lambda tx: [str(e.kind) for e in tx.events.of(number)])


def later(**more: float) -> datetime:
    """NOW and so much."""
    return NOW + timedelta(**more)


__all__ = ["ACCESS", "DESK", "NOW", "ORDINARY", "STOP", "Room", "later", "replace", "written"]
