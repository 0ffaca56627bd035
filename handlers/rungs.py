"""The reminder ladder: which rung of a date is to be posted today, if any. Pure, so that missed nights need no memory."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta


def nearest_rung(safe: date, born: date, today: date, rungs: Iterable[int], used: Collection[int]) -> int | None:
    """The rung to post today: the nearest that has come, unless it was used; -n is the n-th day overdue.

    A rung whose day was already past when the date was born is skipped. Rungs missed in between are passed over: only the nearest counts.
    """
    left = (safe - today).days
    if left < 0:
        return left if left not in used else None
    come = [r for r in rungs if r >= left and safe - timedelta(days=r) >= born]
    if not come:
        return None
    nearest = min(come)
    return None if any(u <= nearest for u in used) else nearest
