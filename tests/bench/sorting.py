"""How well and how fast mail is sorted, on this machine: tables over the golden set, mails a second a core, start with a cached model."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from handlers.mail import parse
from handlers.sorting import Sorter
from handlers.sorting.examples import GOLDEN, Example, load
from handlers.sorting.scoring import score, tables

OWN = {"nproc-support@ghs.tokyo": "JP", "secretary@primenumber.co.jp": "JP"}
LAWS = ("EU-GDPR", "UK-GDPR", "JP-APPI", "US-CA-CCPA")
_START = (
    "import sys; from pathlib import Path; from handlers.sorting import Sorter; "
    "Sorter(own_addresses=frozenset(), homes={}, fallback_laws=(), cache_dir=Path(sys.argv[1]))"
)


def raw(example: Example) -> bytes:
    """An example as the bytes of a mail."""
    head = [f"From: {example.sender}", "To: secretary@primenumber.co.jp", f"Subject: {example.subject}".replace("\n", " ")]
    head += [f"Message-ID: <{example.id}@mail.example>", "Date: Fri, 20 Nov 2026 09:00:00 +0000", "MIME-Version: 1.0"]
    head += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join(head) + "\r\n\r\n" + example.text.replace("\n", "\r\n")).encode()


def speed(sorter: Sorter, raws: list[bytes]) -> float:
    """Mails a second, parsed and sorted on one core, counted in processor time since others share the machine."""
    begun = time.process_time()
    for one in raws:
        sorter.sort(parse(one))
    return len(raws) / (time.process_time() - begun)


def start(cache: Path) -> float:
    """Seconds from nothing to a sorter that can sort, the model being cached."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", _START, str(cache)], check=True, cwd=Path(__file__).parents[2])
    return time.perf_counter() - begun


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory(prefix="rightsdesk-sorting-") as folder:
        begun = time.perf_counter()
        sorter = Sorter(own_addresses=frozenset(OWN), homes=OWN, fallback_laws=LAWS, cache_dir=Path(folder))
        trained = time.perf_counter() - begun
        golden = load(GOLDEN)
        print(tables(score([(e, sorter.sort(e.mail())) for e in golden])))  # noqa: T201 -- the bench prints its tables
        raws = [raw(e) for e in golden]
        speed(sorter, raws[:50])
        ready, rate = start(Path(folder)), speed(sorter, raws)
        print(f"\ntraining {trained:.1f} s; start with the cached model {ready:.2f} s; {rate:.0f} mails a second a core")  # noqa: T201 -- as above


if __name__ == "__main__":
    main()
