"""The inbox hands over every mail, marks only what was kept, and changes nothing else; on pymap, and on Dovecot where it is installed."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.folder import KEYWORD
from bot.mailbox import CONNECTED, FAILING
from tests.inbox.keeping import MemoryKeep, access, mail, reading
from tests.inbox.wire import Wire
from tests.servers.imap import Account, ImapServer
from tests.servers.until import until


@pytest.fixture
def wire(imap: Account) -> Iterator[Wire]:
    """A wire to the account's server."""
    wire = Wire(imap.port)
    yield wire
    wire.end()


def test_three_hundred_mails_put_at_once_are_each_received_once(imap: Account) -> None:
    """None is lost or doubled, they come in their order, and one that arrives afterwards comes within two seconds."""
    imap.append(*(mail(f"m{n}") for n in range(300)))
    keep = MemoryKeep()
    with reading(access(imap), keep):
        keep.wait(300, seconds=60)
        imap.append(mail("late"))
        put = time.monotonic()
        keep.wait(301)
        waited = time.monotonic() - put
    assert keep.subjects == [f"m{n}" for n in range(300)] + ["late"]
    assert waited < 2, f"seen after {waited:.1f} s"


def test_mail_that_arrives_while_others_are_handled_is_not_missed(imap: Account) -> None:
    """No poll is due: what came during the work is found by the news that came with it."""

    def one_more(keep: MemoryKeep, _mail: object) -> None:
        if len(keep.mails) < 8:
            imap.append(mail(f"during{len(keep.mails)}"))

    keep = MemoryKeep(while_receiving=one_more)
    with reading(access(imap, poll_seconds=3600), keep):
        keep.wait_state(CONNECTED)
        imap.append(mail("first"))
        keep.wait(9)
    assert set(keep.counts.values()) == {1}


def test_the_time_of_arrival_is_the_servers_in_utc(imap: Account) -> None:
    """INTERNALDATE starts the clock, in whatever zone the server tells it."""
    imap.append(mail("old"), arrived=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    keep = MemoryKeep()
    with reading(access(imap), keep):
        (got,) = keep.wait(1)
    assert got.arrived == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert got.arrived.tzinfo is UTC
    assert got.raw == mail("old")


def test_junk_is_found_by_its_special_use_and_told_apart(imap: Account) -> None:
    """The law counts it; the desk never answers it by itself."""
    imap.append(mail("good"))
    imap.append(mail("junk"), folder="Junk")
    keep = MemoryKeep()
    with reading(access(imap), keep):
        keep.wait(2)
    assert {(m.folder, m.junk) for m in keep.mails} == {("INBOX", False), ("Junk", True)}


def test_junk_that_arrives_later_is_polled(imap: Account) -> None:
    """IDLE watches the inbox alone."""
    keep = MemoryKeep()
    with reading(access(imap, poll_seconds=0.5), keep):
        keep.wait_state(CONNECTED)
        imap.append(mail("later"), folder="Junk")
        (got,) = keep.wait(1)
    assert got.junk


def test_ordinary_mail_stays_exactly_as_it_was(imap: Account) -> None:
    """Not even the unread flag changes."""
    imap.append(mail("lunch"))
    keep = MemoryKeep(mark=False)
    with reading(access(imap, done="keyword"), keep):
        keep.wait(1)
        keep.wait_state(CONNECTED)
    assert list(imap.flags().values()) == [set()]


def test_taken_mail_gets_the_keyword_where_the_server_keeps_keywords(imap: Account) -> None:
    """And stays unread; pymap keeps none, and nothing goes wrong."""
    imap.append(mail("request"))
    keep = MemoryKeep()
    with reading(access(imap, done="keyword"), keep):
        keep.wait(1)
        keep.wait_state(CONNECTED)
    assert list(imap.flags().values()) == [{KEYWORD} if imap.keywords else set()]


def test_taken_mail_moves_to_the_folder_and_is_not_received_again(imap: Account) -> None:
    """The folder is not one that is read."""
    imap.create("Desk")
    imap.append(mail("request"), mail("another"))
    keep = MemoryKeep()
    with reading(access(imap, done="move:Desk"), keep):
        keep.wait(2)
        until(lambda: len(imap.flags("Desk")) == 2)
    assert imap.flags() == {}
    assert keep.counts == {"request": 1, "another": 1}


def test_a_folder_that_is_missing_leaves_taken_mail_where_it_is(imap: Account) -> None:
    """The mail is kept all the same, and health says what to do."""
    imap.append(mail("request"))
    keep = MemoryKeep()
    with reading(access(imap, done="move:Nowhere", poll_seconds=0.3), keep):
        keep.wait(1)
        until(lambda: any("marked" in detail for _, detail in keep.told))
    assert len(imap.flags()) == 1


def test_a_mail_that_cannot_be_kept_is_tried_again_and_none_is_skipped(imap: Account) -> None:
    """The store fails twice at the second mail: it comes until it is kept, in its place, and is marked only then."""
    imap.append(mail("one"), mail("two"), mail("three"))
    keep = MemoryKeep(refuse=["two", "two"])
    with reading(access(imap, done="keyword"), keep):
        keep.wait(3)
        keep.wait_state(CONNECTED)
    assert keep.subjects == ["one", "two", "three"]
    assert "The store did not keep a mail (RuntimeError)" in keep.wait_state(FAILING)


def test_mail_is_marked_only_after_it_was_kept(imap: Account) -> None:
    """While a mail is being received its flags are untouched."""
    seen: list[set[str]] = []

    def look(_keep: MemoryKeep, _mail: object) -> None:
        seen.extend(imap.flags().values())

    imap.append(mail("request"))
    keep = MemoryKeep(while_receiving=look)
    with reading(access(imap, done="keyword"), keep):
        keep.wait(1)
    assert seen == [set()]


def test_a_second_start_goes_on_where_the_first_ended(imap: Account) -> None:
    """`UID n:*` returns the last mail even where nothing is new; it is not received again."""
    imap.append(mail("one"), mail("two"))
    keep = MemoryKeep()
    with reading(access(imap), keep):
        keep.wait(2)
        until(lambda: keep.positions.get(("desk", "INBOX"), (0, 0))[1] > 0)
    keep.told.clear()
    with reading(access(imap), keep):
        keep.wait_state(CONNECTED)
        assert keep.counts == {"one": 1, "two": 1}
        imap.append(mail("three"))
        keep.wait(3)
    assert keep.subjects == ["one", "two", "three"]


def test_the_folder_is_read_from_the_beginning_when_its_uidvalidity_changed(imap: Account) -> None:
    """UIDs of before mean nothing then; who keeps the mail knows it again by its fingerprint."""
    imap.append(mail("one"), mail("two"))
    keep = MemoryKeep(positions={("desk", "INBOX"): (1, 5000)})
    with reading(access(imap), keep):
        keep.wait(2)
        until(lambda: keep.positions[("desk", "INBOX")][0] != 1 and keep.positions[("desk", "INBOX")][1] > 0)
    assert keep.subjects == ["one", "two"]


def test_uids_that_start_anew_under_an_old_uidvalidity_are_read_too(imap: Account) -> None:
    """A server restored from a backup may forget to change it; our last UID then lies beyond its next."""
    imap.append(mail("one"))
    keep = MemoryKeep()
    with reading(access(imap), keep):
        keep.wait(1)
        validity, _ = until(lambda: keep.positions.get(("desk", "INBOX")))
    keep.positions[("desk", "INBOX")] = (validity, 5000)
    with reading(access(imap), keep):
        keep.wait(2)
    assert keep.subjects == ["one", "one"]


def test_a_connection_that_is_cut_midway_loses_and_doubles_nothing(imap: Account, wire: Wire) -> None:
    """Four times within the reading of 120 mails; only what was under way comes again, for the ledger had not seen it."""
    imap.append(*(mail(f"m{n}", size=2000) for n in range(120)))
    wire.cut_after = [30_000, 60_000, 100_000, 3_000]
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port, batch=10), keep):
        keep.wait(120, seconds=40)
        keep.wait_state(CONNECTED)
    assert set(keep.subjects) == {f"m{n}" for n in range(120)}
    assert max(keep.counts.values()) == 1
    assert wire.connections >= 5


def test_a_connection_that_is_cut_while_it_waits_is_made_anew(imap: Account, wire: Wire) -> None:
    """Within IDLE, where nothing is said."""
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port), keep):
        keep.wait_state(CONNECTED)
        until(lambda: b"IDLE\r\n" in bytes(wire.said))
        wire.cut()
        keep.wait_state(FAILING)
        imap.append(mail("after"))
        keep.wait(1)
    assert keep.subjects == ["after"]


def test_a_server_without_idle_is_polled(imap: Account) -> None:
    """New mail comes with the next poll."""
    wire = Wire(imap.port, lambda data: data.replace(b" IDLE", b""))
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port, poll_seconds=0.3), keep):
        keep.wait_state(CONNECTED)
        imap.append(mail("polled"))
        keep.wait(1)
    wire.end()
    assert b"IDLE" not in bytes(wire.said)


def test_idle_is_renewed_before_the_server_ends_it(imap: Account, wire: Wire) -> None:
    """Every renewal is a DONE and a new IDLE on the same connection."""
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port, idle_seconds=0.2, poll_seconds=3600), keep):
        until(lambda: bytes(wire.said).count(b"DONE\r\n") >= 3)
        imap.append(mail("renewed"))
        keep.wait(1)
    assert wire.connections == 1


def test_a_mail_as_big_as_the_batch_is_fetched_alone(imap: Account, wire: Wire) -> None:
    """Nothing big is loaded together: 6 mails of 40 kB at 100 kB a batch are three FETCHes of two."""
    imap.append(*(mail(f"m{n}", size=40_000) for n in range(6)), mail("huge", size=300_000))
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port, batch_bytes=100_000), keep):
        keep.wait(7)
    assert bytes(wire.said).count(b"BODY.PEEK[]") == 4
    assert keep.counts.total() == 7


def test_a_mail_that_the_server_withholds_is_handed_over_empty_at_last(imap: Account) -> None:
    """It is asked for three times; then it goes to quarantine by its UID, and the mails after it come."""
    imap.append(mail("one"), mail("two"), mail("three"))
    first, second, third = sorted(imap.flags())
    withheld = re.compile(rb"(\* 2 FETCH \((?:UID \d+ )?)BODY\[\]")
    wire = Wire(imap.port, lambda data: withheld.sub(rb"\1BINARY[]", data))
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port, batch=1), keep):
        keep.wait(3)
    wire.end()
    assert [(m.uid, m.raw == b"") for m in keep.mails] == [(first, False), (second, True), (third, False)]
    assert f"lists a mail and does not give it (INBOX, UID {second})" in keep.wait_state(FAILING)


def test_it_stops_within_two_seconds_while_it_waits(imap: Account) -> None:
    """Idle or not, `stop` is heard."""
    keep = MemoryKeep()
    with reading(access(imap), keep):
        keep.wait_state(CONNECTED)
        asked = time.monotonic()
    assert time.monotonic() - asked < 2.5


def test_an_outage_of_the_server_is_told_and_waited_out(own_imap: ImapServer) -> None:
    """Health says that it fails, then that it works; mail of afterwards comes."""
    account = own_imap.account()
    keep = MemoryKeep()
    with reading(access(account), keep):
        keep.wait_state(CONNECTED)
        own_imap.stop()
        assert str(account.port) in keep.wait_state(FAILING)
        own_imap.start()
        account.append(mail("after"))
        keep.wait(1)
    assert keep.subjects == ["after"]


def test_a_big_folder_is_listed_in_windows(imap: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of all its UIDs would be longer than a line may be."""
    monkeypatch.setattr("bot.folder._WINDOW", 10)
    imap.append(*(mail(f"m{n}") for n in range(35)))
    keep = MemoryKeep()
    with reading(access(imap), keep):
        keep.wait(35)
    assert keep.subjects == [f"m{n}" for n in range(35)]


def test_nothing_is_ever_deleted_and_nothing_read_is_marked_as_seen(imap: Account, wire: Wire) -> None:
    """Of all that is said to the server, nothing could destroy or hide a mail."""
    imap.append(*(mail(f"m{n}") for n in range(5)))
    imap.append(mail("junk"), folder="Junk")
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port, done="keyword", poll_seconds=0.3), keep):
        keep.wait(6)
        until(lambda: len([t for t in keep.told if t[0] == CONNECTED]) >= 2)
    said = bytes(wire.said).upper()
    for word in (b"EXPUNGE", b"DELETE", b"CLOSE", b"\\SEEN", b"RFC822 ", b" BODY[", b"-FLAGS", b" FLAGS ("):
        assert word not in said, word
    assert all("\\Seen" not in flags for flags in imap.flags().values())


def test_without_a_time_of_arrival_the_topmost_received_counts(imap: Account) -> None:
    """It is our own server's; a server that gives no INTERNALDATE is rare, and the clock must start all the same."""
    wire = Wire(imap.port, lambda data: data.replace(b"INTERNALDATE", b"X-NODATE"))
    received = b"Received: from a.example by mx.desk.example; Mon, 2 Mar 2026 10:00:00 +0900\r\n"
    imap.append(received + b"Received: from x by y; Sun, 1 Mar 2026 10:00:00 +0000\r\n" + mail("undated"))
    keep = MemoryKeep()
    with reading(access(imap, port=wire.port), keep):
        (got,) = keep.wait(1)
    wire.end()
    assert got.arrived == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_news_in_half_lines_break_no_connection(pymap_account: Account) -> None:
    """pymap writes a line in pieces; each of thirty mails comes at once over the one connection."""
    keep = MemoryKeep()
    with reading(access(pymap_account, poll_seconds=3600), keep):
        keep.wait_state(CONNECTED)
        for n in range(30):
            pymap_account.append(mail(f"m{n}"))
            keep.wait(n + 1)
    assert FAILING not in [state for state, _ in keep.told]
    assert keep.subjects == [f"m{n}" for n in range(30)]
