"""What Slack's listeners ask of the house about cases: each question or deed in one transaction of its own."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from bot.house import House
from bot.slack.office import Written
from handlers.absences import set_absence
from handlers.attached import Attached, attached
from handlers.byhand import ByHandDoor
from handlers.correspondence import Reread, Wanted
from handlers.deeds import ByHand, Deed, Pressed, SetAbsence
from handlers.desk import Desk
from handlers.lists import Lists
from handlers.looking import Looking
from handlers.refused import Refused
from handlers.stopping import StopOrder, Stopped, Stopping
from handlers.views import BulkOutcome, CaseLine, CasePage, CaseView, Draft, Flood, HistoryLine, HomeView
from storage.kinds import LetterName
from storage.models import Case
from storage.store import Tx

T = TypeVar("T")


class Counter(ABC):
    """The part of the office that is about cases."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lists = Lists(house.desk)
        self._looking = Looking(house.desk)
        self._by_hand = ByHandDoor(house.desk, house.dates)

    @property
    def desk(self) -> Desk:
        """The desk as configured."""
        return self._house.desk

    @abstractmethod
    async def in_transaction(self, work: Callable[[Tx], T]) -> T:
        """`work` in one transaction in a thread, then ring the outbox where something was queued."""

    async def look(self, work: Callable[[Tx], T]) -> T:
        """`work` that only reads, in a thread."""
        return await asyncio.to_thread(self._house.store.look, work)

    async def act(self, pressed: Pressed) -> None:
        """Carry out what somebody pressed."""
        await self.in_transaction(lambda tx: self._house.actions.act(tx, pressed, datetime.now(UTC)))

    async def stop_mail(self, actor: str, text: str) -> Stopped:
        """An address gets no more marketing, at once; what was typed names it."""
        self._house.actions.person(actor)
        stopping = Stopping(self._house.desk, self._house.unsubscribes)
        return await self.in_transaction(lambda tx: stopping.stop(tx, StopOrder(actor, text), datetime.now(UTC)))

    async def act_on_all(self, actor: str, case_ids: tuple[int, ...], deed: Deed) -> BulkOutcome:
        """The same deed on many cases, each as it now stands and in a transaction of its own; what is refused stays as it is."""
        self._house.actions.person(actor)
        done: list[str] = []
        refused: list[tuple[str, str]] = []
        for case_id in case_ids:
            view = await self.look(partial(_case, case_id=case_id))
            try:
                await self.act(Pressed(actor, case_id, view.version, deed))
            except Refused as why:
                refused.append((view.ref, why.sentence))
            else:
                done.append(view.ref)
        return BulkOutcome(tuple(done), tuple(refused))

    async def view(self, case_id: int) -> CaseView:
        """The case as it now stands."""
        today = self._house.dates.today(datetime.now(UTC))
        return await self.look(lambda tx: self._house.views.view(tx, _case(tx, case_id).id, today))

    async def draft(self, case_id: int, wanted: Wanted) -> Draft:
        """That letter filled for the case, nothing sent."""
        return await self.look(lambda tx: self._house.correspondence.draft(tx, _case(tx, case_id), wanted, datetime.now(UTC)))

    async def preview(self, case_id: int, wanted: Wanted) -> Reread:
        """That letter as it would be mailed, and what to look at before; nothing sent."""
        return await self.look(lambda tx: self._house.correspondence.reread(tx, _case(tx, case_id), wanted, datetime.now(UTC)))

    async def letters(self, case_id: int) -> tuple[LetterName, ...]:
        """The letters that suit the case as it stands, the likeliest first."""
        today = self._house.dates.today(datetime.now(UTC))
        return await self.look(lambda tx: self._house.views.letters(tx, case_id, today))

    async def laws(self) -> tuple[tuple[str, str], ...]:
        """Every law that a case can fall under."""
        return tuple((id_, self._house.laws.named(id_).name.en) for id_ in self._house.laws.ids)

    async def reveal(self, actor: str, case_id: int) -> Written:
        """Subject and words of the mail without covering numbers; that this person looked is an event of the case."""
        return await self.in_transaction(lambda tx: self._looking.reveal(tx, actor, _case(tx, case_id).id, datetime.now(UTC)))

    async def attached(self, case_id: int) -> tuple[Attached, ...]:
        """What came with the mails of the case."""
        return await self.look(lambda tx: attached(tx, self.desk, _case(tx, case_id)))

    async def history(self, case_id: int) -> tuple[HistoryLine, ...]:
        """What happened to the case, the newest first."""
        return await self.look(lambda tx: self._looking.history(tx, _case(tx, case_id)))

    async def home(self, actor: str, page: int) -> HomeView:
        """What that person's home shows; `page` (from 0) of their cases, and for managers of all."""
        return await self.look(lambda tx: self._lists.home(tx, actor, page, datetime.now(UTC)))

    async def listed(self, actor: str, page: int) -> CasePage:
        """All open cases, the most urgent first."""
        self._house.actions.person(actor)
        return await self.look(lambda tx: self._lists.listed(tx, page, datetime.now(UTC)))

    async def find(self, actor: str, text: str) -> CasePage:
        """Cases by ref, mail address, Message-ID or the link of a thread; open and closed."""
        self._house.actions.person(actor)
        return await self.look(lambda tx: self._lists.find(tx, text, datetime.now(UTC)))

    async def floods(self, actor: str) -> tuple[Flood, ...]:
        """Masses of open cases from one domain."""
        self._house.actions.person(actor)
        return await self.look(lambda tx: self._lists.floods(tx, datetime.now(UTC)))

    async def open_by_hand(self, actor: str, fact: ByHand) -> CaseLine:
        """A request that came by phone or letter: open its case."""
        now = datetime.now(UTC)
        return await self.in_transaction(lambda tx: self._lists.line(tx, self._by_hand.open(tx, actor, fact, now), now))

    async def digest(self, actor: str) -> None:
        """Send that person the digest as of now."""
        person, now = self._house.actions.person(actor), datetime.now(UTC)
        name = f"asked:{actor}:{now.isoformat()}"
        day = self._house.dates.today(now)
        await self.in_transaction(lambda tx: self._house.ticks.show_digest(tx, person, day, name, now))

    async def set_absence(self, actor: str, absence: SetAbsence) -> None:
        """Somebody is away, and who acts for them."""
        await self.in_transaction(lambda tx: set_absence(tx, self.desk, actor, absence, datetime.now(UTC)))


def _case(tx: Tx, case_id: int) -> Case:
    case = tx.cases.get(case_id)
    if case is None:
        raise Refused("There is no such case.")
    return case
