"""Waits for a thing instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = 15.0) -> T:
    """What `look` returns once it is true; AssertionError when that never happens."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain, the last look gave {found!r}")
        time.sleep(0.02)
