"""How long it took: from a wish's arrival to its effect here, and to each system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from handlers.desk import Desk
from storage.kinds import SystemState
from storage.store import Tx

HERE = "suppressed here"
LONG = timedelta(hours=48)


@dataclass(frozen=True)
class Times:
    """One place: how many wishes have taken effect, how many wait or are stuck, and the seconds it took."""

    where: str
    done: int
    waiting: int = 0
    refused: int = 0
    not_found: int = 0
    median_seconds: float | None = None
    p95_seconds: float | None = None
    slowest_seconds: float | None = None
    over_48_hours: int = 0


class Proofs:
    """Reports on times."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def times(self, tx: Tx, since: datetime) -> list[Times]:
        """The desk's own list first, then each system."""
        here = [max(0.0, (at - asked).total_seconds()) for asked, at in tx.telling.effect_times(since)]
        counts = tx.telling.counts(since)
        taken: dict[str, list[float]] = {}
        for name, asked, done in tx.telling.times(since):
            taken.setdefault(name, []).append(max(0.0, (done - asked).total_seconds()))
        found = [Times(HERE, len(here), **_figures(here))]
        for system in self._desk.systems:
            seconds = taken.get(system.id, [])
            found.append(
                Times(
                    system.name,
                    len(seconds),
                    waiting=counts.get((system.id, SystemState.WAITING), 0),
                    refused=counts.get((system.id, SystemState.REFUSED), 0),
                    not_found=counts.get((system.id, SystemState.NOT_FOUND), 0),
                    **_figures(seconds),
                )
            )
        return found


def _figures(seconds: Sequence[float]) -> dict[str, Any]:
    if not seconds:
        return {}
    return {
        "median_seconds": round(median(seconds), 3),
        "p95_seconds": round(quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0], 3),
        "slowest_seconds": round(max(seconds), 3),
        "over_48_hours": sum(s > LONG.total_seconds() for s in seconds),
    }
