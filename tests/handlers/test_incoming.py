"""Every mail ends as at least one of the fates, once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.arrival import Broken
from handlers.incoming import ROUTES, Route, mask_subject, route
from handlers.posts import FollowUp, LetterBounced, OtherMailLine, UnsubscribeLine
from handlers.verdict import Evidence, Verdict
from storage.kinds import Carrier, Category, DeadlineKind, Fate, LetterName, Machine, OutgoingKind, Right, Status
from tests.handlers.room import ACCESS, DESK, NOW, ORDINARY, STOP, Room, later, written

AUTHORITY = replace(ACCESS, category=Category.COMPLAINT, rights=(), urgent=True)
COMPLAINT = replace(ACCESS, category=Category.COMPLAINT, rights=(), words="You never answered me.")


def test_a_rights_request_opens_a_case_with_its_date_a_card_and_an_acknowledgement(room: Room) -> None:
    record = room.receive(room.arrival())
    view = room.view()
    assert record.fate is Fate.CASE_OPENED
    assert view.ref == "PR-2026-00001"
    assert view.status is Status.NEW
    assert [(d.law, d.kind, d.statutory.isoformat() if d.statutory else None) for d in view.dates] == [
        ("EU-GDPR", DeadlineKind.RESPOND, "2026-12-23")
    ]
    assert [r.kind for r in room.rows()] == [OutgoingKind.CARD, OutgoingKind.LETTER]
    letter = room.letters()[0]
    assert letter["to"] == "nora@example.org"
    assert letter["letter"] == LetterName.ACKNOWLEDGEMENT
    assert letter["auto"] is True
    assert letter["in_reply_to"] == "<one@example.org>"
    assert "PR-2026-00001" in letter["text"]


def test_receiving_twice_equals_once(room: Room) -> None:
    """The same place again, the same bytes at another place, and a copy that took another way: one case, one card, one letter."""
    first = room.arrival()
    room.receive(first)
    before = len(room.rows())
    room.receive(first)
    assert room.receive(room.arrival()).fate is Fate.REPEATED
    copy = b"Received: from relay.example.net by mx.example.net; Mon, 23 Nov 2026 03:00:05 +0000\r\n" + written()
    assert room.receive(room.arrival(raw=copy)).fate is Fate.REPEATED
    assert room.receive(room.arrival(mailbox="shared")).case_id == room.case().id
    assert len(room.rows()) == before


def test_one_mail_to_both_companies_opens_one_case_each(room: Room) -> None:
    raw = written(to="secretary@primenumber.co.jp, nproc-support@ghs.tokyo")
    room.receive(room.arrival(raw=raw, mailbox="shared"))
    room.receive(room.arrival(raw=raw, mailbox="nproc"))
    assert sorted(c.controller for c in room.cases()) == ["nproc", "primenumber"]


def test_two_mails_with_one_message_id_are_two_mails(room: Room) -> None:
    room.receive(room.arrival())
    room.receive(room.arrival(raw=written(body="And now delete it.")))
    assert len(room.cases()) == 2


def test_the_clock_starts_when_the_mail_arrived_in_the_zone_of_the_law(room: Room) -> None:
    arrived = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday in Tokyo and in Berlin
    room.receive(room.arrival(arrived=arrived), now=later(hours=50))
    assert room.view().dates[0].statutory is not None
    assert room.view().dates[0].statutory.isoformat() == "2026-12-23"


@pytest.mark.parametrize(
    ("why", "verdict", "more"),
    [
        ("urgent", replace(ACCESS, urgent=True), {}),
        ("doubtful", replace(ACCESS, needs_human=True), {}),
        ("not sure enough", replace(ACCESS, confidence=0.5), {}),
        ("a machine wrote it", replace(ACCESS, machine=Machine.AUTO_REPLY, reply_allowed=False), {}),
        ("DMARC failed", replace(ACCESS, authentication="fail"), {}),
        ("an agent wrote it", replace(ACCESS, requester="person@example.com"), {}),
        ("it lay in Junk", ACCESS, {"junk": True}),
        ("it is old", ACCESS, {"arrived": later(days=-4)}),
        ("it is from before go-live", ACCESS, {"arrived": datetime(2026, 10, 31, 3, tzinfo=UTC)}),
    ],
)
def test_the_acknowledgement_waits_for_the_button_where_anything_speaks_against_it(
    room: Room, why: str, verdict: Verdict, more: dict[str, object]
) -> None:
    room.receive(room.arrival(verdict, **more))  # type: ignore[arg-type]  # the keywords of `arrival`
    assert len(room.cases()) == 1
    assert room.letters() == [], why


def test_one_sender_gets_one_automatic_letter_a_day(room: Room) -> None:
    room.receive(room.arrival())
    room.receive(room.arrival(raw=written(body="A second request.", name="two")))
    room.receive(room.arrival(STOP, raw=written(body="Stop the newsletter.", name="three")))
    assert len(room.letters()) == 1
    room.receive(room.arrival(raw=written(body="A third request.", name="four"), arrived=later(days=1)), now=later(days=1))
    assert len(room.letters()) == 2


def test_an_unsubscribe_takes_effect_in_its_transaction_and_is_confirmed_once(room: Room) -> None:
    record = room.receive(room.arrival(STOP))
    room.receive(room.arrival(STOP, raw=written(name="two", body="Please stop these mails now.")))
    assert record.fate is Fate.UNSUBSCRIBED
    assert room.store.run(lambda tx: tx.suppressions.find("nproc", tx.hash_address("Nora@Example.org"))) is not None
    assert room.store.run(lambda tx: tx.suppressions.find("primenumber", tx.hash_address("nora@example.org"))) is None
    assert [x["letter"] for x in room.letters()] == [LetterName.UNSUBSCRIBE_CONFIRMED]
    lines = [p for p in room.posts(OutgoingKind.DAILY_LINE) if isinstance(p, UnsubscribeLine)]
    assert [(x.address, x.already) for x in lines] == [("n…@example.org", False), ("n…@example.org", True)]
    assert len(room.rows(Carrier.SLACK, OutgoingKind.DAILY_ROOT)) == 1
    assert room.cases() == []


def test_stop_mailing_and_delete_my_account_is_both(room: Room) -> None:
    both = replace(ACCESS, rights=(Right.ERASURE,), also=(Category.UNSUBSCRIBE,), unsubscribe_address="nora@example.org")
    record = room.receive(room.arrival(both))
    assert record.fate is Fate.CASE_OPENED
    assert record.suppressed
    assert room.store.run(lambda tx: tx.suppressions.find("nproc", tx.hash_address("nora@example.org"))) is not None
    assert [x["letter"] for x in room.letters()] == [LetterName.ACKNOWLEDGEMENT]


def test_a_doubtful_unsubscribe_goes_to_a_human(room: Room) -> None:
    room.receive(room.arrival(replace(STOP, auto_unsubscribe=False, needs_human=True, unsubscribe_address=None)))
    assert room.case().needs_look
    assert room.store.run(lambda tx: tx.suppressions.listed()) == []


def test_ordinary_mail_leaves_a_line_and_nothing_else(room: Room) -> None:
    raw = written(subject="Offer 4711 for eva@example.com", sender="Sales <eva@sales.example.com>")
    record = room.receive(room.arrival(ORDINARY, raw=raw))
    assert record.fate is Fate.ORDINARY
    assert record.message_id is None
    (line,) = [p for p in room.posts(OutgoingKind.DAILY_LINE) if isinstance(p, OtherMailLine)]
    assert line.domain == "sales.example.com"
    assert "4711" not in line.subject
    assert "eva@" not in line.subject
    assert room.cases() == []
    assert room.letters() == []


def test_ordinary_mail_becomes_a_case_where_a_human_says_so(room: Room) -> None:
    arrival = room.arrival(ORDINARY)
    room.receive(arrival)
    record = room.receive(replace(arrival, insisted="U1"), now=later(days=3))
    assert record.fate is Fate.CASE_OPENED
    assert room.view().dates[0].days_left is not None
    assert room.case().received == NOW
    assert room.history()[0] == "opened"
    assert room.letters() == []


def test_machine_mail_is_recorded_and_rights_wording_in_it_reaches_a_human(room: Room) -> None:
    machine = Verdict(Category.MACHINE, machine=Machine.AUTO_REPLY, reply_allowed=False, confidence=0.99)
    assert room.receive(room.arrival(machine)).fate is Fate.MACHINE_RECORDED
    worded = replace(ACCESS, machine=Machine.AUTO_REPLY, reply_allowed=False)
    assert room.receive(room.arrival(worded, raw=written(name="two", body="Auto: I want my data."))).fate is Fate.CASE_OPENED


def test_a_complaint_without_a_statutory_period_has_our_own_date(room: Room) -> None:
    room.receive(room.arrival(replace(COMPLAINT, law="JP-APPI", place="JP", law_candidates=())))
    (date,) = room.view().dates
    assert date.law == "HOUSE"
    assert date.safe is not None
    assert (date.safe - room.dates.today(NOW)).days == DESK.rules.house_days


def test_where_the_law_is_open_the_strictest_date_governs_and_all_are_kept(room: Room) -> None:
    room.receive(room.arrival(replace(ACCESS, law=None, law_candidates=(), place=None)))
    rows = room.store.run(lambda tx: tx.cases.deadlines(room.case().id))
    assert {r.law for r in rows} == set(DESK.rules.fallback_laws)
    (governing,) = [r for r in rows if r.governs and r.kind is DeadlineKind.RESPOND]
    assert governing.law == "JP-APPI"
    assert governing.safe == min(r.safe for r in rows if r.safe is not None and r.kind is DeadlineKind.RESPOND)


def test_mail_from_before_go_live_opens_a_quiet_case_and_older_mail_leaves_only_a_fingerprint(room: Room) -> None:
    assert room.receive(room.arrival(arrived=datetime(2026, 10, 1, tzinfo=UTC))).fate is Fate.CASE_OPENED
    assert not room.case().live
    old = room.arrival(raw=written(name="old", body="Long ago."), arrived=datetime(2026, 7, 1, tzinfo=UTC))
    assert room.receive(old).fate is Fate.FINGERPRINTED
    assert len(room.cases()) == 1


def answered(room: Room) -> str:
    """Open a case, let its letter leave, and give the Message-ID of that letter."""
    room.receive(room.arrival())
    for row in room.rows(Carrier.SMTP):
        room.settle(row)
    return room.letters()[0]["message_id"]


def reply(ours: str, sender: str = "Nora Quist <nora@example.org>", body: str = "Here is what you asked.", name: str = "reply") -> bytes:
    return written(subject="Re: My data", sender=sender, body=body, name=name, more=f"In-Reply-To: {ours}\r\n")


def test_an_answer_to_our_letter_joins_the_case(room: Room) -> None:
    record = room.receive(room.arrival(ORDINARY, raw=reply(answered(room))))
    assert record.fate is Fate.CASE_JOINED
    assert [p.sender for p in room.posts() if isinstance(p, FollowUp)] == ["nora@example.org"]
    assert len(room.cases()) == 1


def test_a_stranger_who_knows_the_number_or_forges_an_id_does_not_join(room: Room) -> None:
    ours = answered(room)
    stranger = reply(ours, sender="Mallory <mallory@example.net>", name="a")
    forged = reply("<rd.00000000000000000000000000000000.00000000000000000000@ghs.tokyo>", name="b")
    tagged = written(subject="Re: [PR-2026-00001]", body="Tell me all.", name="c")
    for raw in (stranger, forged, tagged):
        assert room.receive(room.arrival(raw=raw)).fate is Fate.CASE_OPENED
    assert len(room.cases()) == 4


def test_a_bounce_of_our_letter_raises_the_case(room: Room) -> None:
    ours = answered(room)
    bounce = Verdict(Category.MACHINE, machine=Machine.BOUNCE, reply_allowed=False, words="550 no such user")
    raw = written(
        sender="Mailer <mailer-daemon@example.org>", subject="Undelivered", body=f"Your mail:\r\nMessage-ID: {ours}\r\n550", name="dsn"
    )
    assert room.receive(room.arrival(bounce, raw=raw)).fate is Fate.CASE_JOINED
    assert any(isinstance(p, LetterBounced) for p in room.posts())
    assert "bounced" in room.history()


def test_a_further_right_on_the_way_widens_the_case(room: Room) -> None:
    more = replace(ACCESS, rights=(Right.ERASURE,), evidence=(Evidence("erasure", "Delete it as well."),))
    room.receive(room.arrival(more, raw=reply(answered(room), body="Delete it as well.")))
    assert room.view().rights == (Right.ACCESS, Right.ERASURE)
    assert room.case().needs_look


def test_a_right_that_no_wording_speaks_for_widens_nothing_and_a_human_looks(room: Room) -> None:
    room.receive(room.arrival(replace(ACCESS, rights=(Right.ERASURE,)), raw=reply(answered(room))))
    assert room.view().rights == (Right.ACCESS,)
    assert room.case().needs_look


def test_urgent_beats_machine_and_the_last_route_always_holds() -> None:
    assert route(AUTHORITY)[1] is Route.CASE
    assert route(replace(ORDINARY, urgent=True))[1] is Route.CASE
    assert ROUTES[-1][1](Verdict(Category.OTHER))
    assert route(Verdict(Category.INQUIRY, privacy=True))[1] is Route.CASE
    assert route(Verdict(Category.INQUIRY))[1] is Route.ORDINARY
    assert route(Verdict(Category.INQUIRY, needs_human=True))[1] is Route.CASE


def test_a_masked_subject_names_and_numbers_nobody() -> None:
    assert mask_subject("Invoice 2024-17 for tom@example.com") == "Invoice ••••-•• for …@…"
    assert len(mask_subject("x" * 500)) == 60


def test_a_mail_that_broke_something_is_kept_and_said(room: Room) -> None:
    arrival = room.arrival()
    room.store.run(lambda tx: room.incoming.quarantine(tx, Broken(arrival.raw, arrival.place, NOW, "ValueError while it was handled"), NOW))
    (row,) = room.store.run(lambda tx: tx.mails.quarantined())
    kept = room.store.run(lambda tx: tx.mails.quarantined_raw(row.id))
    assert kept is not None
    assert room.store.run(lambda tx: tx.unseal_bytes(kept.key_id, kept.raw)) == arrival.raw
    assert len(room.posts(OutgoingKind.NOTICE)) == 1
    assert room.receive(arrival).fate is Fate.CASE_OPENED


def test_a_second_press_on_this_is_a_request_opens_no_second_case(room: Room) -> None:
    arrival = room.arrival(ORDINARY)
    room.receive(arrival)
    room.receive(replace(arrival, insisted="U1"))
    room.receive(replace(arrival, insisted="U2"))
    assert len(room.cases()) == 1


def test_one_sender_gets_one_automatic_letter_a_day_whatever_address_an_answer_should_go_to(room: Room) -> None:
    for number in range(3):
        raw = written(name=f"r{number}", body=f"Request {number}.", more=f"Reply-To: other{number}@example.net\r\n")
        room.receive(room.arrival(raw=raw))
    assert len(room.letters()) == 1


def test_a_strangers_answer_to_our_letter_goes_to_a_human(room: Room) -> None:
    """A passport sent from another address than the person wrote from must not end as ordinary mail."""
    raw = reply(answered(room), sender="Work <n.quist@work.example.com>", body="Here it is.", name="work")
    assert room.receive(room.arrival(ORDINARY, raw=raw)).fate is Fate.CASE_OPENED
    assert room.cases()[1].needs_look


def test_a_quiet_import_says_nothing_of_a_mail_that_broke(room: Room) -> None:
    arrival = room.arrival()
    broken = Broken(arrival.raw, arrival.place, NOW, "nothing in it could be read", confirmed=False, quiet=True)
    room.store.run(lambda tx: room.incoming.quarantine(tx, broken, NOW))
    assert room.rows() == []
    assert [q.confirmed for q in room.store.run(lambda tx: tx.mails.quarantined())] == [False]


def test_rights_wording_in_a_feedback_report_reaches_a_human_and_the_address_is_suppressed_all_the_same() -> None:
    report = replace(ACCESS, machine=Machine.FEEDBACK_REPORT, reply_allowed=False, unsubscribe_address="nora@example.org")
    assert route(report)[1] is Route.UNSUBSCRIBE_AND_CASE
