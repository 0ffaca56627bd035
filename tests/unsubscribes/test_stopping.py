"""Staff stop an address from Slack: what they type, and what is refused."""

import pytest

from handlers.desk import MailingList
from handlers.letters import Letters
from handlers.refused import Refused
from handlers.stopping import StopOrder, Stopped, Stopping
from handlers.unsubscribes import Unsubscribes
from storage.kinds import OutgoingKind
from tests.handlers.room import DESK, NOW, Room, replace

LISTS = (MailingList("news", "primenumber", {"en": "Monthly news", "ja": "月刊ニュース"}),)


def stop(room: Room, text: str) -> Stopped:
    """Somebody typed that, on a desk with a list."""
    desk = replace(DESK, lists=LISTS)
    stopping = Stopping(desk, Unsubscribes(desk, Letters(desk), room.dates))
    return room.store.run(lambda tx: stopping.stop(tx, StopOrder("U1", text), NOW))


def scopes(room: Room) -> set[tuple[str, str]]:
    """Company and scope of every entry; there is only one address."""
    rows = room.store.run(lambda tx: tx.suppressions.listed())
    assert {r.address_hash for r in rows} == {room.store.vault.look_up("address", "nora@example.org")}
    return {(r.controller, r.scope) for r in rows}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nora@example.org", {("nproc", "all"), ("primenumber", "all")}),
        ("<mailto:nora@example.org|nora@example.org> NPROC", {("nproc", "all")}),
        ("nora@example.org\u3000primeNumber Inc.", {("primenumber", "all")}),
        ("nora@example.org primenumber news", {("primenumber", "news")}),
        ("nora@example.org primeNumber Inc. monthly NEWS", {("primenumber", "news")}),
        ("nora@example.org primenumber 月刊ニュース", {("primenumber", "news")}),
    ],
)
def test_company_and_list_are_understood_as_people_type_them(room: Room, text: str, expected: set[tuple[str, str]]) -> None:
    """By id or by name; without a company every one stops."""
    assert stop(room, text).new
    assert scopes(room) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Which mail address"),
        ("nora", "Which mail address"),
        ("nora@example.org acme", "no company “acme”"),
        ("nora@example.org nproc news", "Nproc has no list “news”"),
        ("nora@example.org nprocnews", "no company"),
        ("nproc-support@ghs.tokyo", "address of the desk itself"),
    ],
)
def test_what_is_not_understood_stops_nobody_and_is_explained(room: Room, text: str, said: str) -> None:
    """A list of the wrong company must not stop everything in silence."""
    with pytest.raises(Refused, match=said):
        stop(room, text)
    assert room.store.run(lambda tx: tx.suppressions.listed()) == []


def test_the_answer_covers_the_address_and_the_list_says_who_asked(room: Room) -> None:
    """Twice is once: the second order only says so. No letter goes out, and the day's thread gets its line."""
    first, second = stop(room, "nora@example.org nproc"), stop(room, "nora@example.org nproc")
    assert (first.new, second.new, first.companies) == (True, False, ("Nproc",))
    assert "nora" not in first.address
    (row,) = room.store.run(lambda tx: tx.suppressions.listed())
    assert row.source == "staff U1"
    assert room.letters() == []
    assert room.rows(kind=OutgoingKind.DAILY_LINE)
