"""Whether an authority or a court wrote, told by the domain of the sender."""

import tomllib
from functools import lru_cache
from importlib import resources

from handlers.mail import Address


@lru_cache(maxsize=1)
def _domains() -> frozenset[str]:
    return frozenset(tomllib.loads(resources.files("handlers.sorting").joinpath("authorities.toml").read_text("utf-8"))["domains"])


def writes(sender: Address | None) -> bool:
    """Whether the sender's domain is an authority's, or lies below one."""
    if sender is None:
        return False
    parts = sender.address.lower().rpartition("@")[2].split(".")
    return any(".".join(parts[n:]) in _domains() for n in range(len(parts) - 1))
