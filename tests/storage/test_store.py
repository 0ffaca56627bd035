"""One transaction at a time per thing; nothing half-done; steps lead exactly to the models."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage import schema
from storage.kinds import Carrier, OutgoingKind, OutgoingState
from storage.models import Counter
from storage.outgoing import Effect
from storage.store import Store, StoreDown, Tx
from storage.vault import Vault

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = Store(store_url, Vault({1: b"k" * 32}))
    yield made
    made.close()


def queue(store: Store, lane: str, name: str, carrier: Carrier = Carrier.SLACK) -> None:
    """One effect more."""

    def work(tx: Tx) -> None:
        tx.outgoing.queue(Effect(carrier, lane, OutgoingKind.POST, name, {"say": name}, tx.new_key(NOW)), NOW)

    store.run(work)


def claimed(store: Store, now: datetime = NOW, limit: int = 10, who: str = "me") -> list[str]:
    """The names of what is claimed now."""

    def work(tx: Tx) -> list[str]:
        return [tx.outgoing.payload(r)["say"] for r in tx.outgoing.claim(Carrier.SLACK, who, now, lease=LEASE, limit=limit)]

    return store.run(work)


def test_case_numbers_are_given_once_however_many_ask_at_once(store: Store) -> None:
    refs: list[str] = []

    def ask() -> None:
        refs.extend(store.run(lambda tx: tx.cases.next_ref(2026)) for _ in range(25))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refs) == [f"PR-2026-{n:05d}" for n in range(1, 101)]


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    def work(tx: Tx) -> None:
        tx.cases.next_ref(2026)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.run(work)
    assert store.run(lambda tx: tx.session.get(Counter, "case-2026")) is None


def test_a_naive_time_is_refused_at_the_door(store: Store) -> None:
    with pytest.raises(Exception, match="naive"):
        store.run(lambda tx: tx.new_key(datetime(2026, 1, 1)))  # noqa: DTZ001 -- the point of the test


def test_what_stands_behind_another_is_not_looked_for_before_that_one(store: Store) -> None:
    """Else the outbox would ask again and again as long as the first one waits or is carried."""
    for name in ("a1", "a2"):
        queue(store, "a", name)
    first = store.run(lambda tx: tx.outgoing.in_state(OutgoingState.QUEUED)[0])
    store.run(lambda tx: setattr(tx.outgoing.get(first.id), "due", NOW + LEASE))
    assert store.run(lambda tx: tx.outgoing.next_due(Carrier.SLACK)) == NOW + LEASE
    assert claimed(store, NOW + LEASE) == ["a1"]
    assert store.run(lambda tx: tx.outgoing.next_due(Carrier.SLACK)) is None


def test_a_lane_is_carried_in_order_and_lanes_do_not_wait_for_each_other(store: Store) -> None:
    for lane, name in (("a", "a1"), ("a", "a2"), ("b", "b1")):
        queue(store, lane, name)
    assert claimed(store) == ["a1", "b1"]
    assert claimed(store) == []


def test_the_same_effect_is_queued_once_ever(store: Store) -> None:
    queue(store, "a", "once")
    queue(store, "a", "once")
    assert store.run(lambda tx: tx.outgoing.counts()) == {OutgoingState.QUEUED: 1}


def test_a_lease_that_ran_out_is_found_and_so_is_one_of_a_dead_process(store: Store) -> None:
    queue(store, "a", "one")
    claimed(store, who="dead")
    assert store.run(lambda tx: len(tx.outgoing.expired(NOW))) == 0
    assert store.run(lambda tx: len(tx.outgoing.expired(NOW, not_by="me"))) == 1
    assert store.run(lambda tx: len(tx.outgoing.expired(NOW + LEASE))) == 1


def test_two_claimers_never_get_the_same_row(store: Store) -> None:
    for n in range(40):
        queue(store, f"lane {n}", f"row {n}")
    found: list[str] = []

    def take() -> None:
        while names := claimed(store, limit=3):
            found.extend(names)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 40


def test_the_steps_lead_exactly_to_the_models_and_back(empty_url: str) -> None:
    store = Store(empty_url, Vault({1: b"k" * 32}))
    assert schema.current(store) is None
    schema.upgrade(store)
    schema.upgrade(store)
    assert schema.current(store) == schema.newest()
    assert schema.drift(store) == []
    store.close()


def test_a_database_that_does_not_answer_is_said_to_be_down() -> None:
    store = Store("postgresql+psycopg://desk@127.0.0.1:1/none", Vault({1: b"k" * 32}))
    with pytest.raises(StoreDown):
        store.run(lambda tx: tx.cases.by_ref("PR-2026-00001"))
    store.close()


def test_a_mailbox_is_read_by_one_process_at_a_time(postgres_url: str) -> None:
    one, other = (Store(postgres_url, Vault({1: b"k" * 32})) for _ in range(2))
    with one.mailbox_lock("nproc") as mine, other.mailbox_lock("nproc") as theirs, other.mailbox_lock("second") as second:
        assert (mine, theirs, second) == (True, False, True)
    with other.mailbox_lock("nproc") as theirs:
        assert theirs
    one.close()
    other.close()


def test_a_queued_row_wakes_another_process(postgres_url: str) -> None:
    worker, web = (Store(postgres_url, Vault({1: b"k" * 32})) for _ in range(2))
    rung, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=worker.listen, args=(rung.set, stop))
    thread.start()
    while not rung.wait(0.05):
        web.run(web.wake)
    stop.set()
    thread.join()
    worker.close()
    web.close()
