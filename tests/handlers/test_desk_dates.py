"""The dates of cases over time: holidays and laws that change, steps taken back, the desk's own clock, the register."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers.dates import DateKeeper
from handlers.deeds import (
    CorrectReceipt,
    Deed,
    RecordClarification,
    RecordIdentity,
    RecordPayment,
    RecordTold,
    Resort,
    Resume,
    SendLetter,
    Undo,
)
from handlers.law import Laws, reckoning
from handlers.posts import DatesMoved, Reminder
from handlers.register import Register
from handlers.verdict import Verdict
from storage.kinds import Category, ClockState, EventKind, IdentityMethod, LetterName, OccurrenceKind, Right
from tests.handlers.desks import with_places
from tests.handlers.room import ACCESS, DESK, Room, later, written

FOLDER = Path(__file__).parents[2] / "handlers" / "law"
WAITING = replace(ACCESS, confidence=0.5)
JAPANESE = Verdict(
    Category.RIGHTS_REQUEST, rights=(Right.ACCESS,), law="JP-APPI", place="JP", language="ja", confidence=0.5, words="開示してください。"
)
DUE = date(2026, 12, 23)
K = OccurrenceKind


@pytest.fixture
def desk(store_url: str) -> Iterator[Room]:
    """A desk that may ask a fee."""
    made = Room(store_url, with_places())
    yield made
    made.close()


def every_date(room: Room) -> object:
    """All that is kept of the dates of the only case, its traces too."""
    kept = ("law", "subject", "kind", "state", "statutory", "safe", "work", "extension_notice_by", "governs", "done", "version", "trace")
    return room.store.run(lambda tx: [[getattr(d, k) for k in kept] for d in tx.cases.deadlines(room.case().id)])


def test_a_holiday_that_is_proclaimed_moves_an_open_case_with_an_event(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.receive(room.arrival(WAITING))
    known = reckoning.why_off

    def proclaimed(day: date, *where: object) -> str | None:
        return "Day of mourning" if day == DUE else known(day, *where)  # type: ignore[arg-type] -- handed on as it came

    monkeypatch.setattr(reckoning, "why_off", proclaimed)
    room.tick(later(days=1))
    (one,) = room.view().dates
    assert (one.statutory, one.safe) == (date(2026, 12, 24), DUE)
    assert any("Day of mourning" in s.en for s in one.trace)
    assert room.history()[-1] == EventKind.DATES_MOVED
    facts = room.store.run(lambda tx: json.loads(tx.events.last_of(room.case().id, EventKind.DATES_MOVED).facts))
    assert facts["moved"] == [["EU-GDPR", "access", "respond", "2026-12-23", "2026-12-24"]]
    assert [p.moves[0].after for p in room.posts() if isinstance(p, DatesMoved)] == [date(2026, 12, 24)]


def laws_with(tmp_path: Path, before: str, after: str) -> Laws:
    """The shipped laws with another GDPR."""
    for file in FOLDER.glob("[A-Z]*.toml"):
        shutil.copy(file, tmp_path / file.name)
    text = (FOLDER / "EU-GDPR.toml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "EU-GDPR.toml").write_text(text.replace(before, after), encoding="utf-8")
    return Laws.load(tmp_path)


def test_an_open_case_keeps_the_version_of_the_law_that_it_began_with(room: Room, tmp_path: Path) -> None:
    """A new version is for what arrives from its day on; a mended one moves what it governs, with an event."""
    room.receive(room.arrival(WAITING))
    before = every_date(room)
    cite = '[version.rights.access]\ncite = "GDPR Art. 12(3), 15"\n'
    newer = laws_with(tmp_path, cite, cite)
    path = tmp_path / "EU-GDPR.toml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + '\n[[version]]\nin_force = 2026-12-01\nact = "Digital Omnibus"\n\n[version.usual]\nrespond = "2 months"\n',
        encoding="utf-8",
    )
    newer = Laws.load(tmp_path)
    keeper = DateKeeper(room.desk, newer)
    assert room.store.run(lambda tx: keeper.recompute(tx, tx.cases.get(room.case().id), later(days=10))) == ()
    assert every_date(room) == before
    mended = DateKeeper(room.desk, laws_with(tmp_path, 'respond = "1 month"', 'respond = "2 months"'))
    (move,) = room.store.run(lambda tx: mended.recompute(tx, tx.cases.get(room.case().id), later(days=10)))
    assert (move.before, move.after) == (DUE, date(2027, 1, 25))
    assert room.history()[-1] == EventKind.DATES_MOVED


TOLD = tuple(RecordTold(kind, date(2026, 11, 24), "By phone.") for kind in (K.IDENTITY_ASKED, K.CLARIFICATION_ASKED, K.EXTENDED))


@pytest.mark.parametrize(
    ("first", "deed", "event"),
    [
        *(
            (None, deed, k)
            for deed, k in zip(TOLD, (EventKind.IDENTITY_ASKED, EventKind.CLARIFICATION_ASKED, EventKind.EXTENDED), strict=True)
        ),
        (TOLD[0], RecordIdentity(IdentityMethod.ACCOUNT, shown=True), EventKind.IDENTITY_CHECKED),
        (TOLD[1], RecordClarification(), EventKind.CLARIFICATION_RECEIVED),
        (TOLD[0], Resume("We know them."), EventKind.RESUMED),
        (None, CorrectReceipt(date(2026, 11, 20), "The reception had it."), EventKind.RECEIPT_CORRECTED),
        (None, CorrectReceipt(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "The server says so."), EventKind.RECEIPT_CORRECTED),
        (None, Resort(Category.RIGHTS_REQUEST, (Right.ACCESS,), "UK-GDPR", "GB-SCT"), EventKind.SORTED),
        (None, Resort(Category.RIGHTS_REQUEST, (Right.ERASURE, Right.PORTABILITY), "JP-APPI", "JP"), EventKind.SORTED),
    ],
)
def test_each_thing_that_moves_dates_is_an_event_and_taking_it_back_restores_them_to_the_letter(
    room: Room, first: Deed | None, deed: Deed, event: EventKind
) -> None:
    room.receive(room.arrival(WAITING))
    if first is not None:
        room.press(first, now=later(days=2))
    before = every_date(room)
    room.press(deed, now=later(days=4))
    assert every_date(room) != before
    assert event in room.history()
    room.press(Undo(room.view(later(days=4)).undo.step), now=later(days=9))  # type: ignore[union-attr] -- the deed was a step
    assert every_date(room) == before
    assert {EventKind.UNDONE, EventKind.DATES_SET} <= set(room.history()[-3:])


def test_the_fee_stops_nothing_in_japan_and_taking_its_payment_back_is_exact(desk: Room) -> None:
    desk.receive(desk.arrival(JAPANESE, raw=written(to="secretary@primenumber.co.jp"), mailbox="shared"))
    due = desk.view().dates[0].statutory
    desk.press(SendLetter(LetterName.FEE_NOTICE, "ja", "お支払いください。", reason="銀行振込"))
    before = every_date(desk)
    desk.press(RecordPayment(yen=1100), now=later(days=3))
    assert (desk.view().dates[0].statutory, desk.view().dates[0].state) == (due, ClockState.RUNNING)
    desk.press(Undo(desk.view(later(days=3)).undo.step), now=later(days=3))  # type: ignore[union-attr] -- the payment was a step
    assert every_date(desk) == before


@pytest.mark.parametrize(
    ("zone", "law", "place", "ends", "said"),
    [
        ("Asia/Tokyo", "EU-GDPR", "DE", (date(2026, 12, 24), "08:00"), "in our own time zone that day ends Thu 24 Dec 2026 08:00 JST"),
        ("Asia/Tokyo", "NZ-PRIVACY", "NZ", (date(2026, 12, 21), "19:15"), "in our own time zone that day ends Mon 21 Dec 2026 19:15 JST"),
        ("America/New_York", "JP-APPI", "JP", (date(2026, 12, 7), "10:00"), "in our own time zone that day ends Mon 7 Dec 2026 10:00 EST"),
        ("Asia/Tokyo", "JP-APPI", "JP", (date(2026, 12, 8), "00:00"), ""),
    ],
)
def test_a_date_is_shown_with_its_end_by_the_clock_of_the_desk(
    store_url: str, zone: str, law: str, place: str, ends: tuple[date, str], said: str
) -> None:
    room = Room(store_url, replace(DESK, rules=replace(DESK.rules, zone=ZoneInfo(zone))))
    room.receive(room.arrival(replace(WAITING, law=law, place=place)))
    (one,) = room.view().dates
    assert one.ends is not None
    assert (one.ends.date(), f"{one.ends:%H:%M}") == ends
    assert [s.en for s in one.trace if "our own time zone" in s.en] == ([said] if said else [])
    room.close()


def test_the_register_tells_how_each_date_came_about_in_both_languages_with_its_law(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    kept = room.store.run(lambda tx: Register(room.desk).whole(tx, room.case().ref))
    (one,) = kept["dates"]
    assert one["version"] == "2018-05-25"
    assert "+ 1 month -> Wed 23 Dec 2026 [GDPR Art. 12(3), 15]" in one["trace"]
    assert "+1か月 → 2026年12月23日(水) [GDPR Art. 12(3), 15]" in one["trace_ja"]


def test_after_a_month_of_silence_each_open_date_speaks_once_and_daily_from_then_on(room: Room) -> None:
    """However long the desk stood still: one post, the nearest, and no flood of the rungs that were missed."""
    room.receive(room.arrival(WAITING))
    back = datetime(2027, 1, 28, 1, 0, tzinfo=UTC)
    for _ in range(3):
        room.tick(back)
    said = [p for p in room.posts() if isinstance(p, Reminder)]
    assert [(p.days_left, p.managers) for p in said] == [(-36, ("U9",))]


def test_our_own_promise_has_the_target_of_the_law_without_a_number(room: Room) -> None:
    room.receive(room.arrival(replace(JAPANESE, rights=(Right.PORTABILITY,))))
    (one,) = room.view().dates
    assert (one.law, one.safe, one.work) == ("HOUSE", DUE, date(2026, 12, 7))
