"""One-click unsubscribe (RFC 8058) and List-Unsubscribe (RFC 2369) over real HTTP."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import httpx
import pytest

from handlers import tokens
from handlers.tokens import Named
from storage.kinds import OutgoingKind
from tests.handlers.room import NOW
from tests.web.conftest import Served

NORA = Named("nproc", "nora@example.org")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(served: Served, named: Named = NORA) -> str:
    """A one-click address as a mailing carries it."""
    return f"{served.url}/u/{tokens.mint(served.room.store.vault, named)}"


def suppressed(served: Served, address: str = "nora@example.org", scope: str = "all") -> bool:
    """Whether that address is on the list."""
    return served.room.store.look(lambda tx: bool(tx.suppressions.holding("nproc", tx.hashes_of(address), scope)))


def test_a_post_with_the_one_click_body_unsubscribes(served: Served) -> None:
    """RFC 8058 s. 3.2: urlencoded, no cookie, no login, no redirect, answered with success."""
    answer = httpx.post(link(served), data=ONE_CLICK, follow_redirects=False)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert suppressed(served)


def test_a_multipart_body_does_as_well(served: Served) -> None:
    """RFC 8058 s. 3.2 allows multipart/form-data too."""
    answer = httpx.post(link(served), files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert suppressed(served)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_only_a_post_unsubscribes(served: Served, method: str) -> None:
    """RFC 8058 s. 3.1: scanners that follow a link change nothing."""
    httpx.request(method, link(served))
    assert not suppressed(served)


def test_the_headers_of_a_mailing_are_those_of_the_rfcs(served: Served) -> None:
    """RFC 2369: each address in angle brackets, divided by commas; RFC 8058: exactly one web address, and the second header."""
    made = tokens.links(served.room.store.vault, NORA, "https://privacy.example.com/", served.room.desk.controller("nproc"))
    found = re.findall(r"<([^<>\s]+)>", made.list_unsubscribe)
    assert [f.partition(":")[0] for f in found] == ["https", "mailto"]
    assert made.list_unsubscribe == ", ".join(f"<{f}>" for f in found)
    assert made.list_unsubscribe_post == "List-Unsubscribe=One-Click"
    assert tokens.read(served.room.store.vault, found[0].rpartition("/")[2]) == NORA
    assert unquote(found[1]).startswith("mailto:nproc-support@ghs.tokyo?subject=unsubscribe rd1")


def test_ten_thousand_posts_of_one_token_change_nothing_twice(sqlite_url: str) -> None:
    """A mail scanner that tries again and again: one entry, one line in Slack, no letter."""
    served = Served(sqlite_url)
    address = link(served)
    with ThreadPoolExecutor(8) as pool, httpx.Client(limits=httpx.Limits(max_connections=8)) as client:
        statuses = set(pool.map(lambda _: client.post(address, data=ONE_CLICK).status_code, range(10_000)))
    assert statuses == {200}
    entries = served.room.store.run(lambda tx: list(tx.suppressions.listed()))
    assert [(e.changes, e.released) for e in entries] == [(0, None)]
    assert len(served.room.rows(kind=OutgoingKind.DAILY_LINE)) == 1
    assert served.room.letters() == []
    served.end()


def test_posts_at_the_same_moment_are_one_wish(served: Served) -> None:
    """On both databases, through one transaction or several."""
    address = link(served)
    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(lambda _: httpx.post(address, data=ONE_CLICK).status_code, range(40)))
    assert statuses == {200}
    assert len(served.room.store.run(lambda tx: tx.suppressions.listed())) == 1


def test_every_token_gets_the_same_answer(served: Served) -> None:
    """Valid, known, unknown, damaged, of another key: nothing in the answer tells one from another."""
    valid = link(served)
    other = tokens.mint(type(served.room.store.vault)({1: b"x" * 32}), NORA)
    wrong = [f"{served.url}/u/{t}" for t in ("rd1", "rd1" + "A" * 120, other, "%00", valid.rpartition("/")[2][:-3])]
    answers = [httpx.post(address, data=ONE_CLICK) for address in (valid, valid, *wrong)]
    assert {(a.status_code, a.text, a.headers["content-type"], a.headers["content-length"]) for a in answers} == {
        (200, "Unsubscribed.\n", "text/plain; charset=utf-8", "14")
    }
    assert len(served.room.store.run(lambda tx: tx.suppressions.listed())) == 1


def test_a_token_does_not_show_the_address_nor_its_length(served: Served) -> None:
    """Two tokens of one address differ, tokens of addresses of unlike length are alike in length."""
    vault = served.room.store.vault
    made = [tokens.mint(vault, Named("nproc", a)) for a in ("nora@example.org", "nora@example.org", "an@example.org")]
    assert len(set(made)) == 3
    assert len({len(t) for t in made}) == 1
    assert all("nora" not in t for t in made)


def test_tokens_outlive_a_new_master_key_until_the_old_one_goes(served: Served) -> None:
    """Rotation: the newest key makes tokens, every key that is given still reads its own."""
    vault_type = type(served.room.store.vault)
    old, both, new = vault_type({1: b"k" * 32}), vault_type({1: b"k" * 32, 2: b"n" * 32}), vault_type({2: b"n" * 32})
    before, after = tokens.mint(old, NORA), tokens.mint(both, NORA)
    assert tokens.read(both, before) == tokens.read(both, after) == tokens.read(new, after) == NORA
    assert tokens.read(new, before) is None


def test_a_token_of_one_list_stops_that_list_only(served: Served) -> None:
    """One-click leaves the list that the mailing was of."""
    httpx.post(link(served, Named("nproc", "nora@example.org", "news")), data=ONE_CLICK)
    assert suppressed(served, scope="news")
    assert not suppressed(served, scope="all")


def test_a_remote_that_asks_too_often_is_told_to_wait(sqlite_url: str) -> None:
    """429 with Retry-After; mailbox providers come back."""
    served = Served(sqlite_url, per_minute=3)
    answers = [httpx.get(f"{served.url}/u/rd1") for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "60"
    served.end()


def test_a_body_without_end_is_not_read(served: Served) -> None:
    """Too long is refused and changes nothing."""
    assert httpx.post(link(served), content=b"x" * 50_000).status_code == 413
    assert not suppressed(served)


def test_the_moment_of_the_click_is_kept(served: Served) -> None:
    """Source and time are the proof."""
    httpx.post(link(served), data=ONE_CLICK)
    (entry,) = served.room.store.run(lambda tx: list(tx.suppressions.listed()))
    assert entry.source == "one-click"
    assert entry.asked <= entry.at
    assert entry.asked > NOW.replace(year=2020)
