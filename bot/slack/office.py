"""What Slack needs of the rest of the house, as one small protocol."""

from typing import Protocol

from handlers.attached import Attached
from handlers.deeds import ByHand, Deed, Pressed, SetAbsence
from handlers.desk import Desk
from handlers.letter_checks import Warned
from handlers.lettering import Wanted
from handlers.stopping import Stopped
from handlers.views import BulkOutcome, CaseLine, CasePage, CaseView, Draft, Flood, HistoryLine, HomeView
from storage.kinds import LetterName


class Written(Protocol):
    """A letter as it would be mailed."""

    @property
    def subject(self) -> str:
        """Its subject."""

    @property
    def text(self) -> str:
        """Its text part, whole."""


class Reread(Written, Protocol):
    """A letter as it would be mailed, read once more."""

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """What to look at before."""


class Office(Protocol):
    """The door from Slack into the house; every method raises `Refused` with a sentence for the person who asked."""

    @property
    def desk(self) -> Desk:
        """The desk as configured."""

    async def act(self, pressed: Pressed) -> None:
        """Carry out what somebody pressed, in one transaction."""

    async def view(self, case_id: int) -> CaseView:
        """The case as it now stands."""

    async def draft(self, case_id: int, wanted: Wanted) -> Draft:
        """That letter filled for the case, nothing sent."""

    async def preview(self, case_id: int, wanted: Wanted) -> Reread:
        """That letter as it would be mailed, and what to look at before; nothing sent."""

    async def request_from_ordinary(self, actor: str, fingerprint_id: int) -> None:
        """An ordinary mail is a request after all: fetch it again and open a case."""

    async def letters(self, case_id: int) -> tuple[LetterName, ...]:
        """The letters that suit the case as it stands, the likeliest first."""

    async def reveal(self, actor: str, case_id: int) -> Written:
        """Subject and words of the mail without covering numbers; that this person looked is an event of the case."""

    async def attached(self, case_id: int) -> tuple[Attached, ...]:
        """What came with the mails of the case."""

    async def history(self, case_id: int) -> tuple[HistoryLine, ...]:
        """What happened to the case, the newest first."""

    async def home(self, actor: str, page: int) -> HomeView:
        """What that person's home shows; `page` (from 0) of their cases, and for managers of all."""

    async def listed(self, actor: str, page: int) -> CasePage:
        """All open cases, the most urgent first."""

    async def find(self, actor: str, text: str) -> CasePage:
        """Cases by ref, mail address, or the link of a thread; open and closed."""

    async def floods(self, actor: str) -> tuple[Flood, ...]:
        """Masses of open cases from one domain."""

    async def act_on_all(self, actor: str, case_ids: tuple[int, ...], deed: Deed) -> BulkOutcome:
        """The same deed on many cases, each as it now stands; what is refused stays as it is."""

    async def open_by_hand(self, actor: str, fact: ByHand) -> CaseLine:
        """A request that came by phone or letter: open its case."""

    async def stop_mail(self, actor: str, text: str) -> Stopped:
        """An address gets no more marketing, at once: `text` is the address, then perhaps a company, then perhaps one of its lists."""

    async def digest(self, actor: str) -> None:
        """Send that person the digest as of now."""

    async def set_absence(self, actor: str, absence: SetAbsence) -> None:
        """Somebody is away, and who acts for them."""

    async def settle_hold(self, actor: str, hold_id: int, *, release: bool) -> None:
        """A manager's word on held letters and calls: let them go, or drop them."""

    async def laws(self) -> tuple[tuple[str, str], ...]:
        """Every law that a case can fall under: id and name."""
