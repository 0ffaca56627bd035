"""Time passed: each rung once, missed nights caught up, nothing twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.audit import Audit
from handlers.deeds import Close
from handlers.posts import ManagersDigest, Reminder
from handlers.rungs import nearest_rung
from storage.kinds import Carrier, EventKind, Fate, LetterName, Outcome, OutgoingKind, Right
from storage.store import Tx
from tests.handlers.room import ACCESS, NOW, STOP, Room, later

RUNGS = (14, 7, 3, 1, 0)
DUE = date(2026, 12, 23)


def at(day: date, hour: int = 10) -> datetime:
    """That hour in Tokyo."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=9)


def reminders(room: Room) -> list[Reminder]:
    return [p for p in room.posts() if isinstance(p, Reminder)]


def test_every_rung_is_posted_once_and_then_daily_with_the_managers(room: Room) -> None:
    room.receive(room.arrival())
    for offset in range(40):
        day = date(2026, 11, 23) + timedelta(days=offset)
        for hour in (10, 11, 20):
            room.tick(at(day, hour))
    left = [r.days_left for r in reminders(room)]
    assert left == [14, 7, 3, 1, 0, *range(-1, -10, -1)]
    assert all(r.managers == ("U9",) for r in reminders(room) if r.days_left < 0)
    assert not any(r.managers for r in reminders(room) if r.days_left >= 0)


def test_after_downtime_only_the_nearest_missed_rung_is_posted(room: Room) -> None:
    room.receive(room.arrival())
    room.tick(at(DUE - timedelta(days=2)))
    assert [r.days_left for r in reminders(room)] == [2]
    room.tick(at(DUE - timedelta(days=2), 15))
    room.tick(at(DUE - timedelta(days=1)))
    assert [r.days_left for r in reminders(room)] == [2, 1]


def test_no_reminder_comes_before_the_hour_or_for_a_closed_case(room: Room) -> None:
    room.receive(room.arrival())
    room.tick(at(DUE - timedelta(days=3), 8))
    assert reminders(room) == []
    room.press(Close(Outcome.FULFILLED))
    room.tick(at(DUE))
    assert reminders(room) == []


def test_two_rights_with_one_date_are_reminded_of_once(room: Room) -> None:
    room.receive(room.arrival(replace(ACCESS, rights=(Right.ACCESS, Right.ERASURE))))
    room.tick(at(DUE))
    assert len(reminders(room)) == 1


@given(born=st.integers(0, 60), period=st.integers(0, 60), late=st.integers(0, 20))
def test_a_rung_is_used_at_most_once_and_one_past_at_birth_never(born: int, period: int, late: int) -> None:
    """Over every day from birth to well after the date, for any birth and period."""
    birth = date(2026, 1, 1) + timedelta(days=born)
    safe = birth + timedelta(days=period)
    used: list[int] = []
    for offset in range(period + late + 1):
        rung = nearest_rung(safe, birth, birth + timedelta(days=offset), RUNGS, used)
        if rung is not None:
            assert rung not in used
            assert rung < 0 or safe - timedelta(days=rung) >= birth
            used.append(rung)
    assert used == sorted(used, reverse=True)
    assert [r for r in used if r >= 0] == [r for r in RUNGS if r <= period]


def test_the_digest_goes_to_each_manager_once_a_day_in_slack_and_by_letter_also_when_nothing_is_due(room: Room) -> None:
    room.tick(at(date(2026, 11, 24)))
    room.tick(at(date(2026, 11, 24), 18))
    digests = [p for p in room.posts(OutgoingKind.NOTICE) if isinstance(p, ManagersDigest)]
    assert [d.open for d in digests] == [0]
    assert [x["to"] for x in room.letters()] == ["mio@example.com"]
    assert room.letters()[0]["letter"] == LetterName.DIGEST
    room.tick(at(date(2026, 11, 25)))
    assert len([p for p in room.posts(OutgoingKind.NOTICE) if isinstance(p, ManagersDigest)]) == 2


def test_the_digest_names_what_is_overdue_soon_unassigned_and_unclear(room: Room) -> None:
    room.receive(room.arrival(replace(ACCESS, needs_human=True)))
    digest = room.store.run(lambda tx: room.ticks.digest_of(tx, DUE + timedelta(days=1), at(DUE + timedelta(days=1))))
    assert {g.name: g.total for g in digest.groups} == {"overdue": 1, "due_soon": 0, "waiting": 0, "unassigned": 1, "needs_look": 1}
    assert digest.groups[0].cases[0].days_left == -2 or digest.groups[0].cases[0].days_left == -1


def test_a_daily_head_covers_all_histories_and_an_altered_one_is_found(room: Room) -> None:
    room.receive(room.arrival())
    room.tick(later(days=1))
    room.tick(later(days=2))
    report = room.store.run(Audit().verify)
    assert (report.cases, report.broken) == (1, ())
    assert report.heads >= 2

    def forge(tx):  # type: ignore[no-untyped-def]
        tx.cases.event_heads()[0].cases = 5
        tx.cases.event_heads()[0].hash = "0" * 64

    room.store.run(forge)
    assert room.store.run(Audit().verify).broken


def test_retention_ends_what_names_a_person_and_the_chain_still_verifies(room: Room) -> None:
    room.receive(room.arrival())
    room.press(Close(Outcome.FULFILLED))
    room.tick(later(days=1095))
    assert room.case().erased is None
    room.tick(later(days=1097))
    case = room.case()
    assert case.erased is not None
    assert case.sealed is None
    assert room.view().requester == ""
    assert room.store.run(lambda tx: {(m.raw, m.sealed) for m in tx.mails.of_case(case.id)}) == {(None, None)}
    assert room.history()[-1] == EventKind.PURGED
    assert room.store.run(Audit().verify).broken == ()
    assert all(r.sealed is None for r in room.rows(Carrier.SMTP) if r.case_id == case.id)


def test_a_purged_mail_that_is_read_again_opens_nothing(room: Room) -> None:
    first = room.arrival()
    room.receive(first)
    room.press(Close(Outcome.FULFILLED))
    room.tick(later(days=1097))
    room.receive(room.arrival(arrived=NOW), now=later(days=1098))
    assert len(room.cases()) == 1


def test_mail_of_no_case_is_kept_no_longer_than_a_case(room: Room) -> None:
    """A wish for no more mail: its words and bytes go with their key after the retention; suppression and fingerprint stay."""
    arrival = room.arrival(STOP)
    record = room.receive(arrival)

    def held() -> tuple[bytes | None, bytes | None, object]:
        def look(tx: Tx) -> tuple[bytes | None, bytes | None, object]:
            message = tx.mails.get(record.message_id or 0, raw=True)
            assert message is not None
            return message.raw, message.sealed, tx.unseal(message.key_id, message.sealed)

        return room.store.run(look)

    for row in room.rows():
        room.store.run(lambda tx, one=row.id: setattr(tx.outgoing.get(one), "done", NOW))
    room.tick(later(days=1095))
    assert all(held())
    room.tick(later(days=1097))
    assert held() == (None, None, None)
    assert {r.sealed for r in room.rows() if r.created <= NOW} == {None}
    assert room.receive(arrival, now=later(days=1098)).fate is Fate.UNSUBSCRIBED
    assert room.store.run(lambda tx: tx.suppressions.count("nproc")) == 1


@pytest.mark.parametrize("hours", [0, 1, 30])
def test_ticking_any_number_of_times_equals_once(room: Room, hours: int) -> None:
    room.receive(room.arrival())
    now = at(DUE - timedelta(days=7)) + timedelta(hours=hours)
    room.tick(now)
    before = len(room.rows())
    assert room.tick(now) == 0
    assert len(room.rows()) == before
