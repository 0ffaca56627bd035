"""From the wish to every system: states, lines, cases, taking back, holds."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.carriers import Later
from bot.systems.system import Opting
from bot.transport import Checked
from handlers import lines
from handlers.guarding import Answered, Guard
from handlers.heard import Heard
from handlers.posts import HoldSettled, UnsubscribeLine, UnsubscribesHeld, UnsubscribesOfWeek
from handlers.refused import Refused
from handlers.resubscribing import Proof, Resubscribing
from storage.kinds import Carrier, Category, OutgoingKind, OutgoingState, SystemState
from tests.handlers.room import NOW
from tests.systems.desk import Systems, with_systems

NORA = "nora@example.org"


class Told:
    """A system that remembers what it was told and answers as the test says."""

    most = 50

    def __init__(self, answer: SystemState = SystemState.DONE) -> None:
        self.answer = answer
        self.down = False
        self.heard: list[tuple[str, bool]] = []

    async def tell(self, changes: Sequence[Opting], now: datetime) -> list[Heard]:
        """All alike."""
        if self.down:
            raise Later(60, "it does not answer")
        self.heard += [(c.address, c.stop) for c in changes]
        return [Heard(c.outgoing_id, self.answer, 1, "it says no (7)" if self.answer is SystemState.REFUSED else "") for c in changes]

    async def check(self) -> Checked:
        """Fine."""
        return Checked(True, "fine")

    async def close(self) -> None:
        """Nothing."""


class Two:
    """Two systems and their desk."""

    def __init__(self, url: str, first: SystemState = SystemState.DONE, second: SystemState = SystemState.DONE, **rules: object) -> None:
        self.marketo, self.salesforce = Told(first), Told(second)
        self.desk = Systems(url, {"marketo": self.marketo, "salesforce": self.salesforce}, with_systems(**rules))
        self.room = self.desk.room


def line(two: Two) -> UnsubscribeLine:
    """The last line of the day, as it would be written now."""
    post = two.room.posts(OutgoingKind.DAILY_LINE)[-1]
    shown = two.room.store.run(lambda tx: lines.as_it_stands(tx, two.room.desk, post))
    assert isinstance(shown, UnsubscribeLine)
    return shown


def test_every_system_hears_and_the_line_says_so(store_url: str) -> None:
    """Waiting first, done afterwards; when it was heard is kept."""
    two = Two(store_url)
    two.desk.wish(NORA)
    assert line(two).waiting == ("Marketo", "Salesforce")
    two.desk.later(minutes=1)
    two.desk.turn()
    assert line(two).done == ("Marketo", "Salesforce")
    assert {t.done for t in two.desk.told(NORA).values()} == {NOW + timedelta(minutes=1)}
    two.desk.close()


def test_a_line_that_was_posted_is_written_anew_in_place_once(store_url: str) -> None:
    """When the last system has heard; what was posted before keeps its place."""
    two = Two(store_url)
    two.desk.wish(NORA)
    for row in two.room.rows(Carrier.SLACK):
        two.room.settle(row, result=f"{row.id}.0")
    two.desk.turn()
    first, again = two.room.rows(kind=OutgoingKind.DAILY_LINE)
    payload = two.room.store.run(lambda tx: tx.outgoing.payload(again))
    assert two.room.store.run(lambda tx: lines.redrawn(tx, payload)) == f"{first.id}.0"
    two.desk.turn()
    assert len(two.room.rows(kind=OutgoingKind.DAILY_LINE)) == 2
    two.desk.close()


def test_one_system_that_is_away_keeps_no_other_waiting(store_url: str) -> None:
    """Each has its own lane."""
    two = Two(store_url)
    two.marketo.down = True
    two.desk.wish(NORA)
    two.desk.turn()
    assert {n: t.state for n, t in two.desk.told(NORA).items()} == {"marketo": SystemState.WAITING, "salesforce": SystemState.DONE}
    assert (line(two).waiting, line(two).done) == (("Marketo",), ("Salesforce",))
    two.desk.close()


def test_a_system_that_refuses_a_record_becomes_a_case(store_url: str) -> None:
    """One case, with what the system said; a second refusal of the same person adds none."""
    two = Two(store_url, SystemState.REFUSED, SystemState.REFUSED)
    two.desk.wish(NORA)
    two.desk.turn()
    assert two.room.case().category is Category.UNSUBSCRIBE
    assert "it says no (7)" in two.room.view().excerpt
    assert line(two).troubled == ("Marketo", "Salesforce")
    two.desk.close()


def test_an_address_found_nowhere_becomes_a_case_when_a_person_wrote(store_url: str) -> None:
    """They are subscribed under another address, perhaps."""
    two = Two(store_url, SystemState.NOT_FOUND, SystemState.NOT_FOUND)
    two.desk.wish(NORA)
    two.desk.wish("tom@example.net", by_person=False)
    two.desk.turn()
    assert "found nowhere" in two.room.view().subject
    two.desk.close()


def test_an_address_that_one_system_knows_is_no_case(store_url: str) -> None:
    """It is stopped there."""
    two = Two(store_url, SystemState.NOT_FOUND, SystemState.DONE)
    two.desk.wish(NORA)
    two.desk.turn()
    assert two.room.cases() == []
    two.desk.close()


def test_a_list_is_told_only_to_systems_that_know_it(store_url: str) -> None:
    """Salesforce has no field for the news."""
    two = Two(store_url)
    two.desk.wish(NORA, scope="news")
    two.desk.turn()
    assert (two.marketo.heard, two.salesforce.heard) == ([(NORA, True)], [])
    two.desk.close()


def test_a_click_undone_before_a_system_heard_is_never_told(store_url: str) -> None:
    """Stop and allow fall out together; a system that had heard hears of both."""
    two = Two(store_url)
    two.marketo.down = True
    two.desk.wish(NORA)
    two.desk.turn()
    (entry,) = two.room.store.run(lambda tx: list(tx.suppressions.listed()))
    assert two.room.store.run(lambda tx: Resubscribing(two.room.desk).undo(tx, (entry.id, 0), two.desk.later(minutes=5)))
    two.marketo.down = False
    two.desk.later(hours=1)
    two.desk.turn()
    assert two.marketo.heard == []
    assert two.salesforce.heard == [(NORA, True), (NORA, False)]
    two.desk.close()


def test_a_resubscription_needs_proof_and_is_kept(store_url: str) -> None:
    """Refused without; with it every system hears, and the history holds."""
    two = Two(store_url)
    two.desk.wish(NORA)
    two.desk.turn()
    door = Resubscribing(two.room.desk)
    later = two.desk.later(days=3)

    def release(proof: Proof) -> None:
        two.room.store.run(lambda tx: door.release(tx, "nproc", NORA, "all", proof, later))

    with pytest.raises(Refused, match="proof"):
        release(Proof("", later, "", "U1"))
    with pytest.raises(Refused, match="after the day"):
        release(Proof("form", NOW - timedelta(days=9), "record 7", "U1"))
    release(Proof("double opt-in form", later, "record 7", "U1"))
    two.desk.turn()
    assert two.marketo.heard == [(NORA, True), (NORA, False)]
    assert two.room.store.look(lambda tx: tx.suppressions.holding("nproc", tx.hashes_of(NORA))) == frozenset()
    assert two.room.store.look(lambda tx: tx.suppressions.broken()) == []
    two.desk.close()


def test_a_mass_is_suppressed_at_once_and_everything_else_is_held(store_url: str) -> None:
    """Above the rate: letters and calls wait, a manager is asked once, the list holds."""
    two = Two(store_url, guard_per_hour=5)
    for n in range(12):
        two.desk.wish(f"person{n}@example.org", confirm=True)
    two.desk.turn()
    assert len(two.marketo.heard) == 5
    asked = [p for p in two.room.posts(OutgoingKind.NOTICE) if isinstance(p, UnsubscribesHeld)]
    assert [(a.per_hour, a.managers) for a in asked] == [(5, ("U9",))]
    assert asked[0].until - asked[0].since == timedelta(hours=12)
    assert len(two.room.store.look(lambda tx: tx.suppressions.listed(holding=True))) == 12
    letters = two.room.rows(Carrier.SMTP)
    assert [r.held is None for r in letters] == [True] * 5 + [False] * 7
    two.desk.close()


def test_what_is_held_goes_by_itself_after_twelve_hours(store_url: str) -> None:
    """Nobody answered: real people's wishes don't wait for ever."""
    two = Two(store_url, guard_per_hour=5)
    for n in range(8):
        two.desk.wish(f"person{n}@example.org")
    two.desk.later(hours=11, minutes=59)
    two.desk.turn()
    assert len(two.marketo.heard) == 5
    two.desk.later(minutes=2)
    two.desk.turn()
    assert len(two.marketo.heard) == 8
    two.desk.close()


@pytest.mark.parametrize("release", [True, False])
def test_a_managers_word_lets_go_or_drops(store_url: str, release: bool) -> None:
    """Nobody else's; and only once."""
    two = Two(store_url, guard_per_hour=5)
    for n in range(8):
        two.desk.wish(f"person{n}@example.org")
    (asked,) = [p for p in two.room.posts(OutgoingKind.NOTICE) if isinstance(p, UnsubscribesHeld)]

    def answer(who: str) -> None:
        word = Answered(who, asked.hold_id, release)
        two.room.store.run(lambda tx: Guard(two.room.desk).answer(tx, word, two.desk.now))

    with pytest.raises(Refused, match="managers"):
        answer("U1")
    answer("U9")
    with pytest.raises(Refused, match="over already"):
        answer("U9")
    two.desk.later(hours=13)
    two.desk.turn()
    assert len(two.marketo.heard) == (8 if release else 5)
    assert two.desk.told("person7@example.org")["marketo"].state is (SystemState.DONE if release else SystemState.DROPPED)
    assert any(isinstance(p, HoldSettled) and p.count == 6 for p in two.room.posts(OutgoingKind.NOTICE))
    assert two.room.store.look(lambda tx: tx.suppressions.holding("nproc", tx.hashes_of("person7@example.org")))
    two.desk.close()


def test_a_held_call_keeps_no_other_waiting(store_url: str) -> None:
    """What comes at a usual rate later is told at once."""
    two = Two(store_url, guard_per_hour=5)
    for n in range(8):
        two.desk.wish(f"person{n}@example.org")
    two.desk.later(hours=2)
    two.desk.wish("late@example.org")
    two.desk.turn()
    assert ("late@example.org", True) in two.marketo.heard
    assert len(two.marketo.heard) == 6
    two.desk.close()


def test_a_process_that_died_after_claiming_is_made_good(store_url: str) -> None:
    """The lease runs out, the call goes again: a system that had heard is not harmed."""
    two = Two(store_url)
    two.desk.wish(NORA)
    lease = timedelta(minutes=15)
    rows = two.room.store.run(lambda tx: tx.outgoing.claim_run("system:marketo", "dead", two.desk.now, lease=lease, limit=9))
    assert [r.state for r in rows] == [OutgoingState.CLAIMED]
    two.desk.turn()
    assert two.marketo.heard == []

    def expire(tx):  # type: ignore[no-untyped-def]
        for row in tx.outgoing.expired(two.desk.later(minutes=20)):
            row.state, row.lease_until, row.lease_by, row.due = OutgoingState.QUEUED, None, None, two.desk.now

    two.room.store.run(expire)
    two.desk.turn()
    assert two.marketo.heard == [(NORA, True)]
    two.desk.close()


def test_an_erasure_leaves_the_hash_and_the_call_that_waits(store_url: str) -> None:
    """The address goes, the entry holds, and a system that is away still hears."""
    two = Two(store_url)
    two.marketo.down = True
    two.desk.wish(NORA)
    two.desk.turn()
    two.room.store.run(lambda tx: tx.suppressions.forget(tx.hash_address(NORA), two.desk.now))
    (entry,) = two.room.store.run(lambda tx: list(tx.suppressions.listed()))
    assert entry.sealed is None
    two.marketo.down = False
    two.desk.later(hours=1)
    two.desk.turn()
    assert two.marketo.heard == [(NORA, True)]
    assert two.room.store.look(lambda tx: tx.suppressions.holding("nproc", tx.hashes_of(NORA)))
    assert two.room.store.look(lambda tx: tx.suppressions.broken()) == []
    two.desk.close()


def test_every_week_is_counted_once(store_url: str) -> None:
    """By company, on the Monday after."""
    two = Two(store_url)
    two.desk.wish(NORA)
    two.desk.wish("tom@example.net")
    two.desk.later(days=7, hours=1)
    two.room.tick(two.desk.now)
    two.room.tick(two.desk.later(hours=1))
    weeks = [p for p in two.room.posts(OutgoingKind.NOTICE) if isinstance(p, UnsubscribesOfWeek)]
    assert [w.counts for w in weeks] == [(("Nproc", 2), ("primeNumber Inc.", 0))]
    two.desk.close()


def test_a_desk_without_systems_has_a_courier_that_waits(store_url: str) -> None:
    """It does not end by itself: the process would take that for its own end."""
    desk = Systems(store_url, {}, with_systems())

    async def run() -> bool:
        task = asyncio.create_task(desk.courier.run())
        await asyncio.sleep(0)
        done, _ = await asyncio.wait([task], timeout=0.05)
        task.cancel()
        return bool(done)

    assert not asyncio.run(run())
    desk.close()
