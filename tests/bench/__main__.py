"""Measures, on this machine, how well and how fast mail is sorted and every other figure that we speak of (`make bench`)."""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.demo.samples import samples
from handlers.law import Laws, Query
from handlers.mail import parse
from handlers.sorting import Sorter
from tests.bench import desk, large, sorting, unsubscribes
from tests.bench.burst import burst

OWN = {"nproc-support@ghs.tokyo": "JP", "secretary@primenumber.co.jp": "JP"}
LAWS = ("EU-GDPR", "UK-GDPR", "JP-APPI", "US-CA-CCPA")


def each(work: Callable[[int], object], rounds: int) -> dict[str, float]:
    """Milliseconds of one piece of work: the middle one, and the slowest but five in a hundred."""
    took = []
    for number in range(rounds):
        begun = time.perf_counter()
        work(number)
        took.append((time.perf_counter() - begun) * 1000)
    return {"median_ms": round(statistics.median(took), 3), "p95_ms": round(statistics.quantiles(took, n=20)[-1], 3)}


def figures(wanted: Sequence[str]) -> dict[str, dict[str, float]]:
    """Every figure, or those named: parse, sort, dates, burst, large, desk, unsubscribes (and sorting: the tables)."""
    raws = [sample.raw for sample in samples(datetime.now(UTC))]
    mails = [parse(raw) for raw in raws]
    found: dict[str, dict[str, float]] = {}
    if not wanted or "parse" in wanted:
        found["parse"] = each(lambda n: parse(raws[n % len(raws)]), 600)
    if not wanted or "sort" in wanted:
        sorter = Sorter(own_addresses=frozenset(OWN), homes=OWN, fallback_laws=LAWS)
        found["sort"] = each(lambda n: sorter.sort(mails[n % len(mails)]), 600)
    if not wanted or "dates" in wanted:
        laws = Laws.load()
        places = {"EU-GDPR": "DE", "UK-GDPR": "GB", "JP-APPI": "JP", "US-CA-CCPA": "US-CA"}
        queries = [Query(law, "access", date(2026, 1, day), place) for law, place in places.items() for day in range(1, 29)]
        found["dates"] = each(lambda n: laws.dates(queries[n % len(queries)]), 600)
    if not wanted or "burst" in wanted:
        with tempfile.TemporaryDirectory(prefix="rightsdesk-burst-") as folder:
            found["burst"] = burst(Path(folder))
    if not wanted or "large" in wanted:
        found |= large.figures()
    if not wanted or "desk" in wanted:
        with tempfile.TemporaryDirectory(prefix="rightsdesk-desk-") as folder:
            found["desk"] = desk.figures(f"sqlite:///{Path(folder) / 'desk.sqlite3'}")
    if not wanted or "unsubscribes" in wanted:
        found |= unsubscribes.figures()
    return found


if __name__ == "__main__":
    if not sys.argv[1:] or "sorting" in sys.argv[1:]:
        sorting.main()
    for name, figure in figures(sys.argv[1:]).items():
        sys.stdout.write(json.dumps({"what": name, **figure}) + "\n")
