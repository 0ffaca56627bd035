"""What a sending system can be told, and what it answers: the one interface that all kinds share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.transport import Checked
from handlers.heard import Heard


@dataclass(frozen=True)
class Opting:
    """One change to tell: stop mailing an address (or mail it again), for all marketing or one list."""

    outgoing_id: int
    reference: str
    """Names this change among all; a system that gets it twice may see that."""
    address: str
    controller: str
    scope: str
    stop: bool
    asked: datetime
    """When the person's wish reached us (UTC)."""


class System(Protocol):
    """A sending system.

    `tell` gives one answer for each change, in their order. It raises `Later` where nothing was taken and the same may be tried
    again, `Rejected(mendable=True)` where our settings or rights are at fault. Telling it the same twice must do no harm.
    """

    @property
    def most(self) -> int:
        """How many changes it takes at once."""

    async def tell(self, changes: Sequence[Opting], now: datetime) -> list[Heard]:
        """Have it know of these changes."""

    async def check(self) -> Checked:
        """Whether we can reach it and may do what we must, changing nothing."""

    async def close(self) -> None:
        """Let go of connections."""
