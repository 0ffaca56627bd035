"""Five thousand open cases on one desk: how long each list and view takes, and what a tick costs (`python -m tests.bench.desk`)."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from handlers.lettering import Wanted
from handlers.lists import Lists
from storage import schema
from storage.kinds import LetterName, Right
from storage.store import Store, Tx
from storage.vault import Vault
from tests.handlers.desks import with_places
from tests.handlers.room import ACCESS, NOW, Room, written

CASES = 5000
BATCH = 250
ANSWER = Wanted(LetterName.REPLY, "en", "We hold your name, person7@mail7.example, and nothing else.")
OPEN_LAW = replace(ACCESS, law=None, law_candidates=(), place=None, rights=(Right.ACCESS, Right.ERASURE))


def filled(room: Room, count: int) -> None:
    """So many open cases, every other one with its law open; half of them have an owner."""
    arrivals = [
        room.arrival(
            ACCESS if n % 2 else OPEN_LAW,
            raw=written(name=f"m{n}", sender=f"Person {n} <person{n}@mail{n % 50}.example>", body=f"My data, please. {n}"),
            arrived=NOW - timedelta(hours=n % 600),
        )
        for n in range(count)
    ]

    def receive(tx: Tx, start: int) -> None:
        for arrival in arrivals[start : start + BATCH]:
            room.incoming.receive(tx, arrival, NOW)

    for start in range(0, count, BATCH):
        room.store.run(lambda tx, start=start: receive(tx, start))
    owners = ("U1", "U2", "U9", None, None, None)

    def own(tx: Tx) -> None:
        for case in tx.cases.listed(limit=count):
            case.owner = owners[case.id % len(owners)]

    room.store.run(own)


def took(room: Room, work: Callable[[Tx], object], rounds: int = 5) -> float:
    """The slowest of some rounds, in milliseconds."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        room.store.look(work)
        found.append((time.perf_counter() - begun) * 1000)
    return round(max(found), 1)


def figures(url: str, count: int = CASES) -> dict[str, float]:
    """Milliseconds of each, the slowest of five."""
    store = Store(url, Vault({1: b"k" * 32}))
    schema.upgrade(store)
    room = Room(url, with_places(), store)
    begun = time.perf_counter()
    filled(room, count)
    found = {"cases": float(count), "filling_ms_a_case": round((time.perf_counter() - begun) * 1000 / count, 2)}
    lists, later = Lists(room.desk), NOW + timedelta(days=3)
    middle = count // 2
    found |= {
        "home": took(room, lambda tx: lists.home(tx, "U9", 0, later)),
        "home_last_page": took(room, lambda tx: lists.home(tx, "U9", count // 60, later)),
        "list": took(room, lambda tx: lists.listed(tx, 20, later)),
        "find_person": took(room, lambda tx: lists.find(tx, f"person{middle}@mail{middle % 50}.example", later)),
        "find_ref": took(room, lambda tx: lists.find(tx, f"PR-2026-{middle:05d}", later)),
        "reread_a_letter": took(room, lambda tx: room.correspondence.reread(tx, tx.cases.get(middle), ANSWER, later)),
        "view": took(room, lambda tx: room.views.view(tx, middle, later.date())),
        "digest": took(room, lambda tx: room.ticks.digest_of(tx, later.date(), later)),
        "floods": took(room, lambda tx: lists.floods(tx, NOW)),
    }
    begun = time.perf_counter()
    due = room.store.run(lambda tx: room.ticks.due(tx, later))
    found |= {"due": round((time.perf_counter() - begun) * 1000, 1), "ticks_due": float(len(due))}
    chunks = [t for t in due if type(t).__name__ == "RecomputeDue"]
    begun = time.perf_counter()
    for tick in chunks[:3]:
        room.store.run(lambda tx, tick=tick: room.ticks.tick(tx, tick, later))
    found["recompute_200_cases"] = round((time.perf_counter() - begun) * 1000 / max(1, len(chunks[:3])), 1)
    room.close()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="rightsdesk-desk-") as folder:
        where = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'desk.sqlite3'}"
        sys.stdout.write(json.dumps(figures(where)) + "\n")
