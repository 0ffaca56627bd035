"""What may be marked in a mailbox once a mail is kept."""

from collections.abc import Iterator
from typing import cast

import pytest

from bot.keeping import Keeping
from bot.mailbox import Fetched
from handlers.sorting import Sorter
from tests.handlers.room import ACCESS, NOW, Room, written


class Always:
    """Sorts every mail as a request."""

    def sort(self, _mail: object) -> object:
        return ACCESS


@pytest.fixture
def room(sqlite_url: str) -> Iterator[Room]:
    made = Room(sqlite_url)
    yield made
    made.close()


@pytest.mark.parametrize(("folder", "marked"), [("INBOX", True), ("Sent", False)])
def test_nothing_is_marked_or_moved_among_what_colleagues_sent(room: Room, folder: str, marked: bool) -> None:
    """A mail that opened a case is marked, unless it lies in a folder that is only read."""
    keeping = Keeping(room.store, room.incoming, lambda _: cast("Sorter", Always()), lambda: None, unmarked=frozenset({("nproc", "Sent")}))
    kept = keeping.receive(Fetched("nproc", folder, False, 7, 1, NOW, written()))
    assert kept.mark is marked
    assert len(room.cases()) == 1
