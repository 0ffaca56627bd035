"""A room with a desk in it, on each database."""

from collections.abc import Iterator

import pytest

from tests.handlers.room import Room


@pytest.fixture
def room(store_url: str) -> Iterator[Room]:
    """The handlers on a fresh database."""
    made = Room(store_url)
    yield made
    made.close()
