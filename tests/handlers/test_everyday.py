"""Everyday life: absences, weekends, silence, long waits, holidays, requests by phone, finding, mail sent from the mailbox itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers.absences import set_absence
from handlers.byhand import ByHandDoor
from handlers.deeds import AddNote, Assign, ByHand, Close, Pause, SendLetter, SetAbsence, Take
from handlers.lists import Lists
from handlers.looking import Looking
from handlers.posts import DatesMoved, Escalated, Reminder, SentElsewhere, TasksDue, Waiting
from handlers.refused import Refused
from handlers.verdict import Verdict
from storage.kinds import Category, EventKind, Fate, LetterName, Outcome, OutgoingKind, Right, Source, Status
from tests.handlers.desks import with_places
from tests.handlers.room import ACCESS, DESK, NOW, Room, later, written

WAITING = replace(ACCESS, confidence=0.5)
DUE = date(2026, 12, 23)


@pytest.fixture
def desk(store_url: str) -> Iterator[Room]:
    """A desk that knows places, rests on weekends and at night, and reads the folder of sent mail."""
    rules = replace(DESK.rules, weekend=frozenset({5, 6}), quiet=(time(19), time(8)), remind_at=time(0))
    boxes = (replace(DESK.mailboxes[0], sent="Sent"), *DESK.mailboxes[1:])
    made = Room(store_url, replace(with_places(), rules=rules, mailboxes=boxes))
    yield made
    made.close()


def at(day: date, hour: int = 10) -> datetime:
    """That hour in Tokyo."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=9)


def said(room: Room, kind: type) -> list:  # type: ignore[type-arg] -- any kind of post
    return [p for p in room.posts() if isinstance(p, kind)]


def test_a_rung_waits_for_the_morning_and_is_not_burnt(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    desk.press(Take())
    day = DUE - timedelta(days=7)
    desk.tick(at(day, 3))
    assert said(desk, Reminder) == []
    desk.tick(at(day, 9))
    assert [r.days_left for r in said(desk, Reminder)] == [7]


def test_what_falls_due_on_a_weekend_is_said_on_friday(desk: Room) -> None:
    """Received on Thursday 26 November, due on Saturday 26 December by the cautious reading."""
    desk.receive(desk.arrival(WAITING, arrived=at(date(2026, 11, 26))), now=at(date(2026, 11, 26)))
    assert desk.view().dates[0].safe == date(2026, 12, 26)
    for day in (24, 25, 26, 27, 28):
        desk.tick(at(date(2026, 12, day)))
    assert [r.days_left for r in said(desk, Reminder)] == [2, 1, -2]


def test_a_person_may_have_a_weekend_of_their_own(store_url: str) -> None:
    people = (replace(DESK.people[0], weekend=frozenset({2})), *DESK.people[1:])
    room = Room(store_url, replace(DESK, people=people))
    room.receive(room.arrival(WAITING))
    room.press(Take())
    room.tick(at(DUE))
    assert said(room, Reminder) == []
    room.tick(at(DUE - timedelta(days=1)))
    assert [r.days_left for r in said(room, Reminder)] == [1]
    room.close()


def test_the_deputy_is_reminded_of_those_who_are_away(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Take())
    away = SetAbsence("U1", date(2026, 12, 1), date(2026, 12, 31), "U2")
    room.store.run(lambda tx: set_absence(tx, room.desk, "U1", away, NOW))
    room.tick(at(DUE))
    assert [r.owner for r in said(room, Reminder)] == ["U2"]
    assert room.view(at(DUE)).deputy == "U2"
    home = room.store.run(lambda tx: Lists(room.desk).home(tx, "U2", 0, at(DUE)))
    assert (home.covering, home.mine.total) == (("U1",), 1)


@pytest.mark.parametrize(
    ("actor", "fact", "why"),
    [
        ("U2", SetAbsence("U1", date(2026, 12, 1), date(2026, 12, 2)), "manager"),
        ("U1", SetAbsence("U1", date(2026, 12, 1), date(2026, 12, 2), "U1"), "another person"),
        ("U1", SetAbsence("U1", date(2026, 1, 1), date(2026, 1, 2)), "over already"),
        ("U404", SetAbsence("U1", date(2026, 12, 1), date(2026, 12, 2)), "people of the privacy desk"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(room: Room, actor: str, fact: SetAbsence, why: str) -> None:
    with pytest.raises(Refused, match=why):
        room.store.run(lambda tx: set_absence(tx, room.desk, actor, fact, NOW))


def test_silence_after_a_reminder_reaches_all_staff_and_then_the_managers(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Take())
    for day in range(8):
        room.tick(at(DUE - timedelta(days=7 - day)))
    assert [(e.level, e.named) for e in said(room, Escalated)] == [(1, ("U2", "U9")), (2, ("U9",))]


def test_whoever_reacts_ends_the_escalation(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Take())
    room.tick(at(DUE - timedelta(days=7)))
    room.press(AddNote("On it."), now=at(DUE - timedelta(days=7), 15))
    room.tick(at(DUE - timedelta(days=6)))
    room.tick(at(DUE - timedelta(days=5)))
    assert said(room, Escalated) == []


def test_a_weekend_is_no_silence(desk: Room) -> None:
    """Reminded of on Friday 18 December: the owner has Monday until ten, then all staff, on Tuesday the managers."""
    start = at(date(2026, 11, 25))
    desk.receive(desk.arrival(WAITING, arrived=start), now=start)
    desk.press(Take(), now=start)
    for day, hour in ((18, 10), (19, 11), (20, 11), (21, 8), (21, 9)):
        desk.tick(at(date(2026, 12, day), hour))
    assert [r.days_left for r in said(desk, Reminder)] == [7]
    assert said(desk, Escalated) == []
    for day, hour in ((21, 10), (21, 18), (22, 10)):
        desk.tick(at(date(2026, 12, day), hour))
    assert [e.level for e in said(desk, Escalated)] == [1, 2]


def test_the_weekend_of_the_owner_counts_before_that_of_the_desk(store_url: str) -> None:
    """Off on Wednesdays: what was said on Tuesday reaches all staff on Thursday."""
    people = (replace(DESK.people[0], weekend=frozenset({2})), *DESK.people[1:])
    room = Room(store_url, replace(DESK, people=people))
    room.receive(room.arrival(WAITING, arrived=at(date(2026, 11, 22))), now=at(date(2026, 11, 22)))
    room.press(Take(), now=at(date(2026, 11, 22)))
    for day in (15, 16, 17):
        room.tick(at(date(2026, 12, day), 11))
        assert [e.level for e in said(room, Escalated)] == ([] if day < 17 else [1])
    room.close()


def test_a_law_may_have_a_ladder_of_its_own(store_url: str) -> None:
    room = Room(store_url, replace(DESK, rules=replace(DESK.rules, ladders={"EU-GDPR": (20, 2)})))
    room.receive(room.arrival(WAITING))
    for left in (21, 20, 14, 7, 2, 1, 0):
        room.tick(at(DUE - timedelta(days=left)))
    assert [r.days_left for r in said(room, Reminder)] == [20, 2]
    room.close()


def test_a_long_wait_is_reminded_of_at_14_and_30_days_and_a_missed_one_once(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(SendLetter(LetterName.IDENTITY_REQUEST, "en", "Please."))
    for days in (13, 14, 15, 29, 30, 31):
        room.tick(at(NOW.date() + timedelta(days=days), 13))
    assert [w.days for w in said(room, Waiting)] == [14, 30]
    assert said(room, Reminder) == []
    room.press(Close(Outcome.WITHDRAWN, reason="They never answered."), now=later(days=40))


def test_a_wait_that_was_slept_over_is_reminded_of_once(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(Pause("They will write."))
    room.tick(at(NOW.date() + timedelta(days=45)))
    assert [w.days for w in said(room, Waiting)] == [44]


def test_owners_of_places_are_reminded_of_their_tasks_once_a_working_day(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    for day in range(1, 9):
        desk.tick(at(NOW.date() + timedelta(days=day)))
        desk.tick(at(NOW.date() + timedelta(days=day), 15))
    told = [p for p in desk.posts(OutgoingKind.NOTICE) if isinstance(p, TasksDue)]
    assert [(t.owner, t.total, t.tasks[0].place) for t in told] == [("U2", 1, "Salesforce")] * 4


def test_a_date_that_the_law_now_gives_otherwise_moves_with_an_event_and_is_said(room: Room) -> None:
    """As if a holiday had been proclaimed: the kept date is another than today's laws give."""
    room.receive(room.arrival(WAITING))

    def other(tx) -> None:  # type: ignore[no-untyped-def]
        for row in tx.cases.deadlines(room.case().id):
            row.statutory = row.safe = date(2026, 12, 22)

    room.store.run(other)
    room.tick(at(date(2026, 11, 24)))
    assert room.view().dates[0].statutory == DUE
    assert EventKind.DATES_MOVED in room.history()
    (move,) = said(room, DatesMoved)[0].moves
    assert (move.before, move.after) == (date(2026, 12, 22), DUE)
    room.tick(at(date(2026, 11, 25)))
    assert len(said(room, DatesMoved)) == 1


CALL = ByHand(
    "nproc", Source.PHONE, date(2026, 11, 20), Category.RIGHTS_REQUEST, (Right.ACCESS,), "Wants a copy.", "Ida", "ida@example.org"
)


def test_a_request_by_phone_opens_a_case_that_counts_from_its_day(room: Room) -> None:
    fact = replace(CALL, law="EU-GDPR", place="DE")
    room.store.run(lambda tx: ByHandDoor(room.desk, room.dates).open(tx, "U1", fact, NOW))
    view = room.view()
    assert view.dates[0].statutory == date(2026, 12, 21)
    assert (view.by_hand, view.requester) == ("phone", "Ida <ida@example.org>")
    room.press(SendLetter(LetterName.ACKNOWLEDGEMENT, "en", "We have it."))
    assert room.letters()[0]["to"] == "ida@example.org"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"words": " "}, "what the person asked"),
        ({"rights": ()}, "which rights"),
        ({"address": "nobody"}, "no mail address"),
        ({"address": "nproc-support@ghs.tokyo"}, "our own"),
        ({"place": "XX"}, "ISO 3166"),
        ({"received": date(2026, 12, 1)}, "not come yet"),
        ({"received": date(2020, 12, 1)}, "more than a year"),
        ({"controller": "other"}, "which company"),
    ],
)
def test_a_request_by_hand_that_lacks_something_is_refused(room: Room, change: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        room.store.run(lambda tx: ByHandDoor(room.desk, room.dates).open(tx, "U1", replace(CALL, **change), NOW))  # type: ignore[arg-type]
    assert room.cases() == []


def test_a_person_without_an_address_has_a_case_and_gets_no_letters(room: Room) -> None:
    room.store.run(lambda tx: ByHandDoor(room.desk, room.dates).open(tx, "U1", replace(CALL, address=""), NOW))
    with pytest.raises(Refused, match="nobody"):
        room.press(SendLetter(LetterName.REPLY, "en", "Dear Ida"))


def test_a_case_is_found_by_number_person_letter_and_thread(room: Room) -> None:
    room.receive(room.arrival(WAITING))
    room.press(SendLetter(LetterName.REPLY, "en", "Dear Nora"))
    room.settle(room.rows(kind=OutgoingKind.CARD)[0], result="1772000000.000100")
    ref, lists = room.case().ref, Lists(room.desk)
    links = (
        "https://desk.slack.example/archives/C1/p1772000000000100",
        "https://x.example/archives/C1/p1772000001000200?thread_ts=1772000000.000100&cid=C1",
    )
    for text in (
        ref,
        ref.lower(),
        "nora@example.org",
        "<mailto:NORA@example.org|nora>",
        room.letters()[0]["message_id"],
        "<one@example.org>",
        *links,
    ):
        page = room.store.run(lambda tx, text=text: lists.find(tx, text, NOW))
        assert [line.ref for line in page.lines] == [ref], text
    assert room.store.run(lambda tx: lists.find(tx, "ida@example.org", NOW)).lines == ()
    for text, why in (("", "what to find"), ("PR-2026-09999", "no case"), ("hello", "neither")):
        with pytest.raises(Refused, match=why):
            room.store.run(lambda tx, text=text: lists.find(tx, text, NOW))


def test_a_home_shows_ones_own_by_urgency_what_is_nobodys_and_the_figures(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    desk.receive(desk.arrival(replace(WAITING, law="JP-APPI", place="JP"), raw=written(name="two", sender="ida@example.org")))
    desk.receive(desk.arrival(WAITING, raw=written(name="three", sender="leo@example.org")))
    first, second, third = (c.id for c in desk.cases())
    for case_id in (first, second):
        desk.press(Assign("U1"), actor="U9", case_id=case_id)
    home = desk.store.run(lambda tx: Lists(desk.desk).home(tx, "U1", 0, NOW))
    assert [line.id for line in home.mine.lines] == [second, first]
    assert [line.id for line in home.unassigned.lines] == [third]
    assert (home.figures.open, home.figures.unassigned, home.everything) == (3, 1, None)
    assert desk.store.run(lambda tx: Lists(desk.desk).home(tx, "U9", 0, NOW)).everything is not None
    assert [t.task.called("en") for t in desk.store.run(lambda tx: Lists(desk.desk).home(tx, "U2", 0, NOW)).tasks] == ["Salesforce"] * 3


def test_many_cases_from_one_domain_are_a_flood(store_url: str) -> None:
    room = Room(store_url, replace(DESK, rules=replace(DESK.rules, flood_cases=3)))
    for n in range(3):
        room.receive(room.arrival(WAITING, raw=written(name=f"m{n}", sender=f"p{n}@requests.example")))
    (flood,) = room.store.run(lambda tx: Lists(room.desk).floods(tx, NOW))
    assert (flood.domain, len(flood.case_ids)) == ("requests.example", 3)
    room.close()


def test_numbers_are_covered_until_somebody_looks_and_that_is_kept(room: Room) -> None:
    words = "My card is 4111 1111 1111 1111, call 090-1234-5678."
    room.receive(room.arrival(replace(WAITING, words=words)))
    view = room.view()
    assert view.masked
    assert "4111" not in view.excerpt
    seen = room.store.run(lambda tx: Looking(room.desk).reveal(tx, "U1", room.case().id, NOW))
    assert seen.text == words
    assert room.history()[-1] == EventKind.REVEALED
    lines = room.store.run(lambda tx: Looking(room.desk).history(tx, room.case()))
    assert (lines[0].kind, lines[0].actor) == (EventKind.REVEALED, "U1")


def test_numbers_of_a_later_mail_are_covered_and_shown_too(room: Room) -> None:
    room.receive(room.arrival(ACCESS))
    assert not room.view().masked
    ours = room.letters()[0]["message_id"]
    answer = written("Re: My data", "Call me.", name="two", more=f"In-Reply-To: {ours}\r\n")
    room.receive(room.arrival(replace(ACCESS, words="Call me: 090-1234-5678."), raw=answer, arrived=later(hours=1)))
    assert room.view().masked
    seen = room.store.run(lambda tx: Looking(room.desk).reveal(tx, "U1", room.case().id, NOW))
    assert seen.text.startswith(ACCESS.words)
    assert "2026-11-23 13:00 · Re: My data\nCall me: 090-1234-5678." in seen.text


def test_an_answer_sent_from_the_mailbox_itself_joins_its_case(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    mine = written("Re: My data", "Dear Nora", "nproc-support@ghs.tokyo", "nora@example.org", "s1", "In-Reply-To: <one@example.org>\r\n")
    record = desk.receive(in_sent(desk, mine))
    assert record.fate is Fate.CASE_JOINED
    assert [s.to for s in said(desk, SentElsewhere)] == ["nora@example.org"]
    assert EventKind.ANSWERED_ELSEWHERE in desk.history()
    assert desk.case().status is Status.NEW


def test_a_copy_of_our_own_letter_or_a_mail_to_a_stranger_changes_nothing(desk: Room) -> None:
    desk.receive(desk.arrival(WAITING))
    desk.press(SendLetter(LetterName.REPLY, "en", "Dear Nora"))
    ours = desk.letters()[0]["message_id"].strip("<>").encode()
    copy = written("Re", "Dear Nora", "nproc-support@ghs.tokyo", "nora@example.org", "s1").replace(b"s1@example.org", ours)
    assert desk.receive(in_sent(desk, copy)).fate is Fate.REPEATED
    other = written("Lunch", "At noon?", "nproc-support@ghs.tokyo", "friend@example.org", "s2")
    assert desk.receive(in_sent(desk, other)).fate is Fate.ORDINARY
    assert said(desk, SentElsewhere) == []
    assert len(desk.cases()) == 1


def in_sent(room: Room, raw: bytes):  # type: ignore[no-untyped-def]
    """A mail in the folder of sent mail, however it was sorted."""
    came = room.arrival(Verdict(Category.RIGHTS_REQUEST, rights=(Right.ACCESS,), words="Dear Nora"), raw=raw)
    return replace(came, place=replace(came.place, folder="Sent"))
