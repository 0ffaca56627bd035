"""The points of the bot's path at which a process may die as by `kill -9`.

The product knows nothing of this: the points are wrapped around its own functions from outside.
"""

import asyncio
import functools
import os
import signal
from collections.abc import Callable
from typing import Any

from bot.keeping import Keeping
from bot.outbox import Outbox
from bot.slack.carrier import SlackCarrier
from bot.smtp import Post
from handlers import effects
from handlers.carried import Settling
from handlers.incoming import Incoming
from handlers.opening import Opening
from handlers.unsubscribes import Unsubscribes
from storage.mails import Mails
from storage.outgoing import Outbound

Point = tuple[Any, str, str]

POINTS: tuple[Point, ...] = (
    (Keeping, "receive", "before"),
    (Keeping, "receive", "after"),
    (Incoming, "receive", "before"),
    (Incoming, "receive", "after"),
    (Opening, "open", "after"),
    (Opening, "announce", "after"),
    (effects, "letter", "after"),
    (Unsubscribes, "receive", "after"),
    (Keeping, "advanced", "before"),
    (Keeping, "advanced", "after"),
    (Mails, "advance", "after"),
    (Outbound, "claim", "after"),
    (Outbox, "_claim", "after"),
    (SlackCarrier, "deliver", "before"),
    (SlackCarrier, "deliver", "handing"),
    (SlackCarrier, "deliver", "after"),
    (Post, "deliver", "before"),
    (Post, "deliver", "handing"),
    (Post, "deliver", "after"),
    (Settling, "settle", "before"),
    (Settling, "settle", "after"),
    (Outbox, "_settle", "after"),
)


def die(*_: Any) -> None:
    """No goodbye, no `finally`, no flush."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    """That function, deadly before it, after it, or right after what it was told to call before handing over."""

    async def fatal_handing(handing: Callable[[], Any]) -> None:
        await handing()
        die()

    @functools.wraps(function)
    async def deadly_async(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        if when == "handing":
            args = (*args[:-1], functools.partial(fatal_handing, args[-1]))
        result = await function(*args, **kwargs)
        die()
        return result

    @functools.wraps(function)
    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        result = function(*args, **kwargs)
        if result is None or result or not isinstance(result, (list, tuple)):
            die()
        return result

    return deadly_async if asyncio.iscoroutinefunction(function) else deadly


def die_at(point: int) -> None:
    """Make the function of that point deadly in this process."""
    owner, name, when = POINTS[point]
    setattr(owner, name, dying(getattr(owner, name), when))
