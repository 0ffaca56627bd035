"""When to look: rings the desk's alarms at their pace. It only ticks; what is due stands in the database."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Clock:
    """A set of alarms, each of which never overlaps itself and is caught up once after a stall."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1})

    def every(self, seconds: float, ring: Callable[[], Awaitable[None]], name: str) -> None:
        """Ring at once, and then every so many seconds."""
        self._scheduler.add_job(ring, "interval", seconds=seconds, id=name)
        self._scheduler.add_job(ring, id=f"{name} at start")

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """No more alarms."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
