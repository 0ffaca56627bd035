"""Wishes as they come: tokens in mails, scopes, forms of an address, confirmations, the history."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import tokens
from handlers.desk import MailingList
from handlers.tokens import Named
from handlers.unsubscribes import Wish
from storage.addresses import both, canonical, is_address
from storage.enlisting import Listed, enlist
from storage.kinds import Category, Fate, Machine, OutgoingKind, Right, SuppressionChange
from tests.handlers.room import ACCESS, DESK, NOW, ORDINARY, STOP, Room, later, replace, written

NORA = Named("nproc", "nora@example.org")
WITH_LIST = replace(DESK, lists=(MailingList("news", "nproc", {"en": "Monthly news"}),))


def holds(room: Room, address: str, scope: str = "all", controller: str = "nproc") -> bool:
    """Whether that address is suppressed."""
    return room.store.look(lambda tx: bool(tx.suppressions.holding(controller, tx.hashes_of(address), scope)))


def wish(room: Room, address: str = "nora@example.org", **more: object) -> None:
    """Somebody wants no more mail."""
    one = Wish(**{"controller": "nproc", "address": address, "source": "mail", "asked": NOW, "name": f"w:{address}", **more})  # type: ignore[arg-type]
    room.store.run(lambda tx: room.unsubscribes.receive(tx, one, one.asked))


# -- tokens in mails ---------------------------------------------------------------


def test_a_mail_to_the_tokens_address_stops_its_owner_whoever_sent_it(room: Room) -> None:
    """`unsubscribe+TOKEN@`: a provider or a colleague may send it, its body may be empty; no letter goes out."""
    short = room.store.run(lambda tx: tokens.mint_short(tx, NORA, NOW))
    raw = written("", "", "Mail Provider <robot@provider.example>", to=f"unsubscribe+{short.upper()}@ghs.tokyo")
    record = room.receive(room.arrival(ORDINARY, raw))
    assert record.fate is Fate.UNSUBSCRIBED
    assert holds(room, "nora@example.org")
    assert not holds(room, "robot@provider.example")
    assert room.letters() == []


@pytest.mark.parametrize("place", ["subject", "body"])
def test_a_token_in_subject_or_body_does_as_well(room: Room, place: str) -> None:
    """As the mailto: address of List-Unsubscribe fills it in."""
    token = tokens.mint(room.store.vault, NORA)
    subject, body = (f"unsubscribe {token}", "") if place == "subject" else ("stop", f"unsubscribe {token}")
    room.receive(room.arrival(ORDINARY, written(subject, body, "Somebody Else <else@example.net>")))
    assert holds(room, "nora@example.org")
    assert not holds(room, "else@example.net")


def test_a_quoted_link_is_no_wish(room: Room) -> None:
    """A reply to a mailing holds its unsubscribe link; that is not what the person says."""
    token = tokens.mint(room.store.vault, NORA)
    body = f"Thank you, please call me.\n\n> Our news\n> Unsubscribe: https://privacy.example.com/u/{token}\n"
    room.receive(room.arrival(ORDINARY, written("Re: our news", body)))
    assert not holds(room, "nora@example.org")


def test_a_token_that_is_not_ours_stops_nobody(room: Room) -> None:
    """Forged, of another desk, or damaged: the mail goes the usual way."""
    strange = tokens.mint(type(room.store.vault)({1: b"z" * 32}), NORA)
    record = room.receive(room.arrival(ORDINARY, written(f"unsubscribe {strange}", "", to=f"unsubscribe+{'a' * 32}@ghs.tokyo")))
    assert record.fate is Fate.ORDINARY
    assert not holds(room, "nora@example.org")


def test_rights_wording_beside_a_token_reaches_a_human(room: Room) -> None:
    """Stopped at once, and a case."""
    token = tokens.mint(room.store.vault, NORA)
    verdict = replace(ACCESS, rights=(Right.ERASURE,))
    room.receive(room.arrival(verdict, written(f"unsubscribe {token}", "And delete all my data, Art. 17 GDPR.")))
    assert holds(room, "nora@example.org")
    assert room.case().category is Category.RIGHTS_REQUEST


def test_doubt_alone_makes_no_case_of_a_token(room: Room) -> None:
    """An empty mail is doubtful to the sorting; its token says all."""
    token = tokens.mint(room.store.vault, NORA)
    room.receive(room.arrival(replace(ORDINARY, needs_human=True), written(f"unsubscribe {token}", "")))
    assert room.cases() == []


def test_a_complaint_report_without_the_address_is_found_by_its_token(room: Room) -> None:
    """Providers cover the address in ARF reports; the mailing inside still bears our header."""
    token = tokens.mint(room.store.vault, NORA)
    folded = f"List-Unsubscribe: <https://privacy.example.com/u/\r\n {token}>"
    body = f"This is an abuse report.\r\n\r\n{folded}\r\nSubject: Our news\r\n"
    report = replace(ORDINARY, category=Category.MACHINE, machine=Machine.FEEDBACK_REPORT, reply_allowed=False)
    room.receive(room.arrival(report, written("Abuse report", body, "fbl@provider.example")))
    assert holds(room, "nora@example.org")
    (entry,) = room.store.run(lambda tx: list(tx.suppressions.listed()))
    assert entry.source == "feedback report"
    assert room.letters() == []


def test_a_token_of_one_list_leaves_the_others(store_url: str) -> None:
    """By mail too."""
    room = Room(store_url, WITH_LIST)
    token = tokens.mint(room.store.vault, replace(NORA, scope="news"))
    room.receive(room.arrival(ORDINARY, written(f"unsubscribe {token}", "")))
    assert (holds(room, "nora@example.org", "news"), holds(room, "nora@example.org")) == (True, False)
    room.close()


def test_a_short_token_fits_where_addresses_have_room_and_has_no_case(room: Room) -> None:
    """64 octets before the @ (RFC 5321 s. 4.5.3.1.1), and relays that write everything small."""
    short = room.store.run(lambda tx: tokens.mint_short(tx, NORA, NOW))
    assert len(f"unsubscribe+{short}") <= 64
    assert short == short.lower()
    assert room.store.run(lambda tx: tokens.mint_short(tx, NORA, NOW)) == short
    assert room.store.run(lambda tx: tokens.read_short(tx, short)) == NORA


# -- forms of an address -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written_as", "found_as"),
    [
        ("Nora@Example.ORG", "nora@example.org"),
        (" nora@example.org. ", "NORA@example.org"),
        ("nora@bücher.example", "nora@xn--bcher-kva.example"),
        ("ｎｏｒａ＠example.org", "nora@example.org"),
        ('"nora"@example.org', "nora@example.org"),
        ("nora@example.org", "nora+shop@example.org"),
    ],
)
def test_an_address_is_found_however_it_is_written(room: Room, written_as: str, found_as: str) -> None:
    """Case, final dot, IDN, full width, quotes; and the entry of an address covers its +tags."""
    wish(room, written_as)
    assert holds(room, found_as)


@pytest.mark.parametrize("other", ["nora@example.org", "nora+news@example.org", "nora@example.com", "n.ora@example.org"])
def test_an_entry_covers_no_more_than_was_asked(room: Room, other: str) -> None:
    """A +tag stops that one alone; dots and domains are never folded."""
    wish(room, "nora+shop@example.org")
    assert holds(room, "nora+shop@example.org")
    assert not holds(room, other)


@given(st.emails())
def test_the_canonical_form_is_its_own(address: str) -> None:
    """Folding twice is folding once; it is looked up under itself first."""
    assert canonical(canonical(address)) == canonical(address)
    assert both(address)[0] == canonical(address)
    assert is_address(address)


# -- confirmations ---------------------------------------------------------------------------


def test_nothing_confirms_what_was_done_within_thirty_days_and_again_after(room: Room) -> None:
    """One letter; the second wish within thirty days gets none, one after gets one."""
    room.receive(room.arrival(STOP, written("stop", "Please unsubscribe me.", name="a")))
    room.receive(room.arrival(STOP, written("stop", "Unsubscribe me now.", name="b"), arrived=later(days=9)), later(days=9))
    assert len(room.letters()) == 1
    room.receive(room.arrival(STOP, written("stop", "I said unsubscribe.", name="c"), arrived=later(days=45)), later(days=45))
    assert len(room.letters()) == 2


@pytest.mark.parametrize(("scope", "letters"), [("news", 0), ("all", 1)])
def test_no_letter_promises_the_end_of_all_marketing_to_who_left_one_list(store_url: str, scope: str, letters: int) -> None:
    """The company's own site asked for a confirmation; its words are true only where everything stops."""
    room = Room(store_url, WITH_LIST)
    wish(room, scope=scope, confirm=True)
    assert len(room.letters()) == letters
    room.close()


def test_all_marketing_covers_every_list(store_url: str) -> None:
    """A wish for a list of somebody who left everything changes nothing."""
    room = Room(store_url, WITH_LIST)
    wish(room)
    wish(room, scope="news", name="w:2")
    assert holds(room, "nora@example.org", "news")
    assert len(room.store.run(lambda tx: tx.suppressions.listed())) == 1
    room.close()


def test_wishes_taken_together_are_each_as_if_alone(room: Room) -> None:
    """The same one twice in one transaction is one entry and one line."""
    some = [Wish("nproc", a, "one-click", NOW, f"w{n}") for n, a in enumerate(["a@example.org", "A@example.org", "b@example.org"])]
    taken = room.store.run(lambda tx: room.unsubscribes.receive_all(tx, some, NOW))
    assert [t.changed for t in taken] == [True, False, True]
    assert taken[0].suppression_id == taken[1].suppression_id
    assert len(room.rows(kind=OutgoingKind.DAILY_LINE)) == 2


# -- long lists and history ---------------------------------------------------------------------


def test_a_list_twice_is_a_list_once(room: Room) -> None:
    """Known entries stay as they are, with their source."""
    wish(room)
    rows = [Listed(f"person{n}@example.org", "all", NOW) for n in range(50)] + [Listed("NORA@example.org", "all", NOW)]
    assert room.store.run(lambda tx: enlist(tx, "nproc", "import old.csv", rows, later(days=1))) == 50
    assert room.store.run(lambda tx: enlist(tx, "nproc", "import old.csv", rows, later(days=2))) == 0
    assert holds(room, "person49@example.org")
    assert room.store.look(lambda tx: tx.suppressions.listed())[0].source == "mail"
    assert room.store.look(lambda tx: tx.suppressions.broken()) == []


def test_a_brought_list_trips_no_guard_and_counts_for_no_week(store_url: str) -> None:
    """Only people who wish something count."""
    room = Room(store_url, replace(DESK, rules=replace(DESK.rules, guard_per_hour=5)))
    rows = [Listed(f"person{n}@example.org", "all", NOW) for n in range(50)]
    room.store.run(lambda tx: enlist(tx, "nproc", "import", rows, NOW))
    wish(room)
    assert room.store.look(lambda tx: tx.suppressions.count_since(later(days=-1))) == 1
    assert room.rows(kind=OutgoingKind.NOTICE) == []
    room.close()


def test_a_changed_entry_is_found_out(room: Room) -> None:
    """Birth, changes and head form one chain."""
    wish(room)
    wish(room, "tom@example.net", name="w:2")

    def change(tx):  # type: ignore[no-untyped-def]
        row = tx.suppressions.find("nproc", tx.hash_address("nora@example.org"))
        tx.suppressions.change(row, SuppressionChange.RELEASED, "U1", NOW, facts={"how": "form"})
        return row.id

    number = room.store.run(change)
    assert room.store.look(lambda tx: tx.suppressions.broken()) == []

    def forge(tx):  # type: ignore[no-untyped-def]
        tx.suppressions.history(number)[0].facts = '{"how":"forged"}'

    room.store.run(forge)
    assert room.store.look(lambda tx: tx.suppressions.broken()) == [number]


def test_undoing_works_for_a_day_and_only_while_nothing_else_happened(room: Room) -> None:
    """The ticket is sealed, and names one change of one entry."""
    vault = room.store.vault
    ticket = tokens.mint_undo(vault, (7, 2), NOW)
    assert tokens.read_undo(vault, ticket, NOW + timedelta(hours=23)) == (7, 2)
    assert tokens.read_undo(vault, ticket, NOW + timedelta(hours=25)) == tokens.NOTHING
    assert tokens.read_undo(vault, "nonsense", NOW) == tokens.NOTHING
    assert tokens.read(vault, "rd1" + ticket) is None
