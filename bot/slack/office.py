"""What Slack needs of the rest of the house, as one small protocol."""

from typing import Protocol

from handlers.correspondence import Wanted
from handlers.deeds import Pressed
from handlers.desk import Desk
from handlers.views import CaseView, Draft


class Written(Protocol):
    """A letter as it would be mailed."""

    @property
    def subject(self) -> str:
        """Its subject."""

    @property
    def text(self) -> str:
        """Its text part, whole."""


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

    async def preview(self, case_id: int, wanted: Wanted) -> Written:
        """That letter as it would be mailed, nothing sent."""

    async def request_from_ordinary(self, actor: str, fingerprint_id: int) -> None:
        """An ordinary mail is a request after all: fetch it again and open a case."""

    async def laws(self) -> tuple[tuple[str, str], ...]:
        """Every law that a case can fall under: id and name."""
