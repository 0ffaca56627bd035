"""Measures unsubscribes: mails to suppressed, one-click posts, look-ups in a million entries, a million entries imported."""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.demo.ports import LOOPBACK, free_port
from bot.demo.stage import answers
from bot.keeping import Keeping
from handlers import tokens
from handlers.arrival import Place
from handlers.sorting import Sorter
from handlers.tokens import Named
from storage.enlisting import Listed, enlist
from storage.store import Store
from storage.vault import Vault
from tests.handlers.room import DESK, Room, replace
from tests.servers.database import Postgres, Sqlite
from tests.servers.until import until

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32
CONNECTIONS = 64
BODY = b"List-Unsubscribe=One-Click"
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n" + f"Content-Length: {len(BODY)}\r\n\r\n"
)
WORDS = ("Please unsubscribe me from your newsletter.", "Stop sending me marketing emails, please.", "メルマガの配信を停止してください。")


def mail(number: int) -> bytes:
    """A person who wants no more mail."""
    head = f"From: Person {number} <person{number}@mail.example>\r\nTo: nproc-support@ghs.tokyo\r\nSubject: unsubscribe\r\n"
    kind = "Content-Type: text/plain; charset=utf-8\r\nDate: Mon, 23 Nov 2026 03:00:00 +0000\r\n"
    return f"{head}Message-ID: <stop-{number}@mail.example>\r\n{kind}\r\n{WORDS[number % 3]}\r\n".encode()


def mails(url: str, count: int = 10_000) -> dict[str, float]:
    """Mails a second from their bytes to the committed suppression: parsed, sorted, suppressed, one transaction each."""
    with ExitStack() as ends:
        room = Room(url, replace(DESK, rules=replace(DESK.rules, confirm_unsubscribe=True)))
        ends.callback(room.close)
        sorter = Sorter(own_addresses=room.desk.own_addresses, homes={}, fallback_laws=(), cache_dir=ROOT / ".tools" / "sorting")
        keeping = Keeping(room.store, room.incoming, lambda _: sorter, lambda: None)
        now = datetime.now(UTC)
        keeping.keep(mail(count), Place("nproc", "INBOX", 7, count + 1), now)
        begun, busy = time.perf_counter(), time.process_time()
        for number in range(count):
            keeping.keep(mail(number), Place("nproc", "INBOX", 7, number + 1), now)
        took, busy = time.perf_counter() - begun, time.process_time() - busy
        held = room.store.look(lambda tx: tx.suppressions.count("nproc"))
    spent = round(busy / count * 1000, 2)
    return {"mails": count, "suppressed": held - 1, "seconds": round(took, 2), "a_second": round(count / took, 1), "processor_ms": spent}


def one_click(url: str, rate: int = 200, seconds: int = 15) -> dict[str, float]:
    """Milliseconds of a one-click POST at that rate, each for another address, on a server of its own process."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.oneclick", url, str(port)], cwd=ROOT)
    try:
        until(lambda: answers(f"http://{LOOPBACK}:{port}/health"), 60)
        vault = Vault({1: KEY})
        named = [Named("nproc", f"person{n}@mail.example") for n in range(rate * seconds + rate)]
        links = [f"http://{LOOPBACK}:{port}/u/{tokens.mint(vault, one)}" for one in named]
        took = asyncio.run(_at_rate(links, rate))[rate:]
    finally:
        server.terminate()
        server.wait(20)
    cut = statistics.quantiles(took, n=100)
    found = {"median_ms": cut[49], "p99_ms": cut[98], "slowest_ms": max(took)}
    return {"posts": len(took), "a_second": rate, **{name: round(value, 2) for name, value in found.items()}}


async def _at_rate(links: list[str], rate: int) -> list[float]:
    """From the moment each was due, at that rate, to its whole answer. Plain sockets: the client must not be what is measured."""
    took = [0.0] * len(links)
    host, _, port = urlsplit(links[0]).netloc.partition(":")
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection(host, int(port)))

    async def one(number: int, due: float) -> None:
        reader, writer = connection = await idle.get()
        writer.write(HEAD.format(path=urlsplit(links[number]).path, host=host).encode() + BODY)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        took[number] = (time.perf_counter() - due) * 1000
        idle.put_nowait(connection)
        if not head.startswith(b"HTTP/1.1 200"):
            raise AssertionError(head)

    async with asyncio.TaskGroup() as group:
        begun = time.perf_counter()
        for number in range(len(links)):
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(number, due))
    while not idle.empty():
        idle.get_nowait()[1].close()
    return took


def million(url: str, count: int = 1_000_000) -> dict[str, float]:
    """Seconds in which so many addresses are on the list, and milliseconds of a look-up in it afterwards."""
    store = Store(url, Vault({1: KEY}))
    now = datetime.now(UTC)
    begun = time.perf_counter()
    for start in range(0, count, 20_000):
        some = [Listed(f"person{n}@mail{n % 97}.example", "all", now) for n in range(start, min(count, start + 20_000))]
        store.run(lambda tx, rows=some: enlist(tx, "nproc", "bench", rows, now))  # type: ignore[misc]  # a default binds the loop's value
    took = time.perf_counter() - begun
    looked = []
    for n in range(2000):
        known = n * 499 % count
        address = f"person{known}@mail{known % 97}.example" if n % 2 else f"stranger{n}@mail.example"
        begun = time.perf_counter()
        found = store.look(lambda tx, one=address: bool(tx.suppressions.holding("nproc", tx.hashes_of(one))))  # type: ignore[misc]  # the same
        looked.append((time.perf_counter() - begun) * 1000)
        if found is not bool(n % 2):
            raise AssertionError(address)
    store.close()
    cut = statistics.quantiles(looked, n=100)
    return {"entries": count, "seconds": round(took, 1), "check_median_ms": round(cut[49], 3), "check_p99_ms": round(cut[98], 3)}


def figures() -> dict[str, dict[str, float]]:
    """All of them, on both databases."""
    found = {}
    for kind in (Sqlite, Postgres):
        with tempfile.TemporaryDirectory(prefix="rightsdesk-bench-"):
            server = kind()
            for name, measure in (("mails", mails), ("one_click", one_click), ("million", million)):
                url = server.fresh()
                found[f"unsubscribe {name} ({kind.__name__})"] = measure(url)
                server.drop(url)
            server.end()
    return found
