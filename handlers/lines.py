"""The line of one unsubscribe in the day's thread: which systems have heard, as it stands when the line is written."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.desk import Desk
from handlers.posts import Post, UnsubscribeLine
from storage.kinds import Carrier, OutgoingKind, OutgoingState, SystemState
from storage.outgoing import Effect
from storage.store import Tx

TROUBLE = (SystemState.REFUSED, SystemState.NOT_FOUND, SystemState.DROPPED)


def as_it_stands(tx: Tx, desk: Desk, post: Post) -> Post:
    """The post with the systems as they are now, where it is about a suppression."""
    if not isinstance(post, UnsubscribeLine) or post.suppression is None:
        return post
    told = tx.telling.of(post.suppression)
    return replace(
        post,
        done=tuple(system_name(desk, t.system) for t in told if t.state is SystemState.DONE),
        waiting=tuple(system_name(desk, t.system) for t in told if t.state is SystemState.WAITING),
        troubled=tuple(system_name(desk, t.system) for t in told if t.state in TROUBLE),
    )


def redraw(tx: Tx, suppression_id: int, number: int, now: datetime) -> None:
    """Have the line written anew in place; one that nobody has written yet will show the newest state anyway."""
    first = tx.outgoing.named(f"line:unsubscribe:{suppression_id}:{number}")
    if first is None or first.state is OutgoingState.QUEUED:
        return
    payload = tx.outgoing.payload(first)
    if payload is not None:
        again = Effect(
            Carrier.SLACK,
            first.lane,
            OutgoingKind.DAILY_LINE,
            f"{first.dedupe}:{now.timestamp():.6f}",
            {**payload, "redraws": first.id},
            first.key_id,
        )
        tx.outgoing.queue(again, now)


def redrawn(tx: Tx, payload: dict[str, Any]) -> str | None:
    """Where the line stands that is to be written anew; None for one that is new."""
    first = tx.outgoing.get(payload["redraws"]) if "redraws" in payload else None
    return first.result if first is not None else None


def system_name(desk: Desk, system: str) -> str:
    """What a system is called in front of people."""
    return next((s.name for s in desk.systems if s.id == system), system)


def soon(now: datetime) -> datetime:
    """When something that was locked for a moment is tried again."""
    return now + timedelta(minutes=1)


