"""The largest mails: 50 MB of text, of HTML and of attachment, each in a process of its own, with the time and the memory it took."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from handlers.mail import parse
from handlers.sorting import Sorter

SIZE = 50_000_000
HEAD = b"From: a@sender.example\r\nTo: b@desk.example\r\nSubject: large\r\nMIME-Version: 1.0\r\n"


def text() -> bytes:
    """Nothing but words."""
    said = b"Please delete my data and send me a copy of it.\r\n"
    return HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + said * (SIZE // len(said))


def html() -> bytes:
    """Nothing but markup."""
    said = b"<p>Please <b>delete</b> my data</p>\r\n"
    return HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + said * (SIZE // len(said))


def attached() -> bytes:
    """A short request with a large file."""
    start = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nPlease delete my data.\r\n--x\r\n'
    file = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (b"QUJD" * 19 + b"\r\n") * (SIZE // 78)
    return HEAD + start + file + b"\r\n--x--\r\n"


KINDS: dict[str, Callable[[], bytes]] = {"text": text, "html": html, "attached": attached}


def figures() -> dict[str, dict[str, float]]:
    """Seconds and megabytes (the sorter and the mail's own bytes included) of each."""
    found = {}
    for kind in KINDS:
        command = [sys.executable, "-m", "tests.bench.large", kind]
        done = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2])
        found[f"large {kind}"] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    raw = KINDS[sys.argv[1]]()
    sorter = Sorter(own_addresses=frozenset(), homes={}, fallback_laws=())
    begun = time.perf_counter()
    sorter.sort(parse(raw))
    took = round(time.perf_counter() - begun, 2)
    sys.stdout.write(json.dumps({"seconds": took, "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))
