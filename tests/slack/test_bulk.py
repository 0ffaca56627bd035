"""A flood of cases from one sender's domain is handled in one go, and each case that could not be is named."""

import hashlib
from typing import Any

import pytest

from bot.demo.localslack import STAFF, STRANGER
from bot.slack import bulk
from bot.slack.modals import Where
from bot.slack.windows import Given
from bot.slack.words import ENGLISH
from handlers.deeds import Acknowledge, Assign, Close, Deed, Take
from handlers.refused import Refused
from handlers.views import Flood
from storage.kinds import Outcome
from tests.servers.until import until
from tests.slack.conftest import Scene
from tests.slack.limits import view_faults
from tests.slack.samples import DESK, RECEIVED, TODAY

AIKO, BEN = (p.id for p in STAFF)
KEY = hashlib.sha256(b"nproc:requests.example").hexdigest()[:24]
FLOOD = Flood("requests.example", "nproc", tuple(range(1, 41)), tuple(f"PR-2026-{i:05}" for i in range(1, 41)), RECEIVED)


def given(**values: Any) -> Given:
    """What somebody filled in."""
    return Given({"flood": f"{KEY}:40", **values}, TODAY, ENGLISH)


@pytest.mark.parametrize(
    ("values", "deed"),
    [({"deed": "take"}, Take()), ({"deed": "assign", "who": AIKO}, Assign(AIKO)), ({"deed": "acknowledge"}, Acknowledge()),
     ({"deed": "not_a_request", "reason": "Spam."}, Close(Outcome.NOT_A_REQUEST, reason="Spam.")),
     ({"deed": "duplicate", "reason": "Twice."}, Close(Outcome.DUPLICATE, reason="Twice."))],
)  # fmt: skip
def test_what_is_chosen_is_done_to_each(values: dict[str, str], deed: Deed) -> None:
    """Closing says why."""
    assert bulk.deed(given(**values)) == deed


@pytest.mark.parametrize(("values", "field"), [({}, "deed"), ({"deed": "assign"}, "who"), ({"deed": "duplicate"}, "reason")])
def test_what_is_missing_is_said_at_its_field(values: dict[str, str], field: str) -> None:
    """Nothing is done."""
    with pytest.raises(Refused) as why:
        bulk.deed(given(**values))
    assert why.value.field == field


def test_only_cases_that_were_seen_are_touched() -> None:
    """What came in after the window was opened is left; a flood that has gone is said."""
    assert bulk.chosen([FLOOD], given(flood=f"{KEY}:3")) == (1, 2, 3)
    with pytest.raises(Refused, match="handled already"):
        bulk.chosen([], given())


@pytest.mark.parametrize("domain", ["", "x" * 300, "<!channel>.example", "例え.example"])
def test_the_window_fits_whatever_the_domain_is(domain: str) -> None:
    """And twenty floods."""
    many = [Flood(f"{domain}{n}", "nproc", FLOOD.case_ids, FLOOD.refs, RECEIVED) for n in range(25)]
    assert view_faults(bulk.window(many, DESK, Where(0, 0), ENGLISH)) == []
    assert view_faults(bulk.window([], DESK, Where(0, 0), ENGLISH)) == []


def test_a_flood_is_handled_from_the_slash_command(scene: Scene) -> None:
    """Privately told how many were done, and which were not and why."""
    scene.office.masses = (FLOOD,)
    scene.slack.slack.command(BEN, "/privacy", "floods")
    scene.modal("Many at once")
    scene.submit(BEN, deed="take", flood=f"{KEY}:40")
    until(lambda: scene.office.bulk == [(BEN, FLOOD.case_ids, Take())])
    said = scene.told()["text"]
    assert "39 cases done" in said
    assert "PR-2026-00040: This case is yours already." in said


def test_a_stranger_handles_no_flood(scene: Scene) -> None:
    """Not even sees one."""
    scene.office.masses = (FLOOD,)
    scene.slack.slack.command(STRANGER.id, "/privacy", "floods")
    assert "Only the people of the privacy desk" in str(scene.told())
    assert scene.slack.modal is None
