"""How many requests one remote address may make: a bucket each, refilled steadily."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

KEPT = 20_000
"""So many remotes are remembered, the most recent ones."""


class Rates:
    """Buckets by remote address; an IPv6 network of 64 bits is one remote."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, remote: str, cost: float = 1.0) -> bool:
        """Whether that remote may make one more request now."""
        now, name = self._clock(), _network(remote)
        left, since = self._buckets.pop(name, (self._size, now))
        left = min(self._size, left + (now - since) * self._size / 60)
        allowed = left >= cost
        self._buckets[name] = (left - cost if allowed else left, now)
        while len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return allowed


def remote_of(peer: str, forwarded: str, trusted: Iterable[str]) -> str:
    """Who really asks: the peer, or behind proxies that we trust the last address of X-Forwarded-For that is none of them."""
    known = frozenset(trusted)
    if peer not in known:
        return peer
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if hop not in known), peer)


def _network(remote: str) -> str:
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return remote[:64]
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped is not None else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
