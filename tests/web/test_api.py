"""The API for the company's own site and senders."""

from typing import Any

import httpx
import pytest

from handlers import tokens
from handlers.tokens import Named
from storage.kinds import SuppressionChange
from tests.web.conftest import CHECKER_TOKEN, SITE_TOKEN, Served
from tests.web.test_one_click import ONE_CLICK, suppressed


def call(served: Served, path: str, body: Any, token: str = SITE_TOKEN) -> httpx.Response:
    """One call."""
    return httpx.post(f"{served.url}{path}", json=body, headers={"Authorization": f"Bearer {token}"})


def test_a_sender_asks_before_it_mails(served: Served) -> None:
    """In order, without an address in a URL or in the answer."""
    call(served, "/unsubscribe", {"controller": "nproc", "address": "Nora@example.org"})
    body = {"controller": "nproc", "addresses": ["tom@example.net", "nora@example.org", "nora+shop@example.org"]}
    answer = call(served, "/suppressions/check", body)
    assert answer.json() == {"suppressed": [False, True, True]}


def test_the_site_hands_on_a_wish(served: Served) -> None:
    """Done when it is answered; whether the address was known is not said."""
    first = call(served, "/unsubscribe", {"controller": "nproc", "address": "nora@example.org", "source": "footer"})
    second = call(served, "/unsubscribe", {"controller": "nproc", "address": "nora@example.org"})
    assert first.json() == second.json() == {"done": True}
    (entry,) = served.room.store.run(lambda tx: list(tx.suppressions.listed()))
    assert entry.source == "site: footer"


def test_links_for_a_mailing_are_minted_in_bulk(served: Served) -> None:
    """Each works at once; with `short` the mail form is one that fits into an address."""
    body = {"controller": "nproc", "addresses": ["nora@example.org", "tom@example.net"], "list": "news", "short": True}
    links = call(served, "/links", body).json()["links"]
    assert len(links) == 2
    assert "mailto:nproc-support+" in links[0]["headers"]["List-Unsubscribe"]
    assert links[0]["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    httpx.post(links[1]["url"], data=ONE_CLICK)
    assert suppressed(served, "tom@example.net", "news")
    assert tokens.read(served.room.store.vault, links[0]["url"].rpartition("/")[2]) == Named("nproc", "nora@example.org", "news")


def test_a_resubscription_brings_its_proof(served: Served) -> None:
    """Refused without, an entry of the history with it."""
    call(served, "/unsubscribe", {"controller": "nproc", "address": "nora@example.org"})
    body: dict[str, Any] = {"controller": "nproc", "address": "nora@example.org"}
    assert call(served, "/resubscribe", body).json()["field"] == "proof"
    (entry,) = served.room.store.run(lambda tx: list(tx.suppressions.listed()))
    body["proof"] = {"how": "double opt-in", "at": entry.at.isoformat(), "shown": "record 7"}
    assert call(served, "/resubscribe", body).json() == {"done": True}
    assert not suppressed(served)
    (event,) = served.room.store.run(lambda tx: list(tx.suppressions.history(entry.id)))
    assert (event.kind, event.actor) == (SuppressionChange.RELEASED, "api:site")
    assert "record 7" not in event.facts


@pytest.mark.parametrize(
    ("token", "path", "body", "status"),
    [
        ("wrong-token-of-some-length", "/suppressions/check", {}, 401),
        ("-", "/unsubscribe", {}, 401),
        (CHECKER_TOKEN, "/unsubscribe", {"controller": "primenumber", "address": "a@example.org"}, 403),
        (CHECKER_TOKEN, "/suppressions/check", {"controller": "nproc", "addresses": ["a@example.org"]}, 400),
        (SITE_TOKEN, "/suppressions/check", {"controller": "nproc", "addresses": []}, 400),
        (SITE_TOKEN, "/suppressions/check", {"controller": "nproc", "addresses": ["no address"]}, 400),
        (SITE_TOKEN, "/suppressions/check", {"controller": "nproc", "addresses": ["a@example.org"], "list": "none"}, 400),
        (SITE_TOKEN, "/unsubscribe", {"controller": "nproc", "address": "a@example.org", "asked": "2999-01-01T00:00:00Z"}, 400),
        (SITE_TOKEN, "/unsubscribe", {"controller": "nproc", "address": "a@example.org", "asked": "2026-01-01T00:00:00"}, 400),
        (SITE_TOKEN, "/unsubscribe", ["nproc"], 400),
    ],
)
def test_what_is_wrong_is_refused(served: Served, token: str, path: str, body: Any, status: int) -> None:
    """With a sentence and the field, and nothing done."""
    answer = call(served, path, body, token)
    assert answer.status_code == status
    assert "error" in answer.json()
    assert served.room.store.run(lambda tx: tx.suppressions.listed()) == []


def test_a_body_that_is_no_json_is_refused(served: Served) -> None:
    """400, not 500."""
    headers = {"Authorization": f"Bearer {SITE_TOKEN}"}
    assert httpx.post(f"{served.url}/unsubscribe", content=b"{", headers=headers).status_code == 400


def test_guessing_bearer_tokens_ends_soon(sqlite_url: str) -> None:
    """A wrong one costs as much as many requests."""
    served = Served(sqlite_url, per_minute=3000)
    statuses = [call(served, "/unsubscribe", {}, f"guess-number-{n}").status_code for n in range(12)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    served.end()
