"""Mutates our own sample mails and parses what comes out: nothing may raise, nothing may take over a second.

    python -m tests.fuzz.mutate_mail --count 200000

Writes one line a finding (its number gives the same mail again with --only) and exits 1 if there is any.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

from handlers.mail import authentication, fingerprints, parse

MAILS = Path(__file__).resolve().parents[1] / "mails"
SECONDS = 1.0  # of processor time that one mail may take
MAX_BYTES = 300_000
# What breaks parsers, put anywhere.
TOKENS = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00", b"\xff", b"\x1b$B", b"\x1b(B", b"\x1b$(D", b"\x8f\xa1", b"=?", b"?=",
    b"=?utf-8?b?", b"=?utf-8?q?=E5", b"--", b"\r\n--", b"\r\n-- \r\n", b">", b"> > ", b"<", b"</", b"<div>", b"<table><tr><td>",
    b"<style>", b"<!--", b"&#", b"]]>", b'"', b"(", b")", b";", b"=", b"=\r\n", b"=3D", b"*0*=", b"*=utf-8''%", b"boundary=",
    b"charset=", b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n", b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n", b"Content-Type: text/html\r\n",
    b"Content-Type: application/ms-tnef\r\n", b"\x78\x9f\x3e\x22", b"From: ", b"On 5 Jan 2026 at 10:00, a <a@b.test> wrote:\r\n",
    b"---------- Forwarded message ---------\r\n", b"-----Original Message-----\r\n", "差出人: ".encode(), "　".encode(),
    "\u202e".encode(), b"\xed\xa0\x80", b"+AGE-", b"~{", b"\x0e", b"\x0f", b"BEGIN:VCALENDAR\r\n", b"begin 644 x\r\n", b"utf-8",
    b"iso-2022-jp", b"utf-7", b"hz", b"gb18030", b"idna", b"x" * 70,
]  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A mutated mail that broke a promise."""

    number: int
    seed: str
    what: str


def seeds() -> dict[str, bytes]:
    """Our sample mails by name."""
    return {path.stem: path.read_bytes() for path in sorted(MAILS.glob("*.eml"))}


def _cut(data: bytes, dice: random.Random) -> tuple[int, int]:
    start = dice.randrange(len(data) + 1)
    return start, min(len(data), start + int(dice.expovariate(1 / 40)))


def flip(data: bytes, other: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def delete(data: bytes, other: bytes, dice: random.Random) -> bytes:
    start, end = _cut(data, dice)
    return data[:start] + data[end:]


def repeat(data: bytes, other: bytes, dice: random.Random) -> bytes:
    start, end = _cut(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 2, 5, 50, 400)) + data[end:]


def insert(data: bytes, other: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data) + 1)
    return data[:start] + dice.choice(TOKENS) * dice.choice((1, 1, 1, 2, 30, 500)) + data[start:]


def splice(data: bytes, other: bytes, dice: random.Random) -> bytes:
    start, end = _cut(data, dice)
    from_, until = _cut(other, dice)
    return data[:start] + other[from_ : max(until, from_ + dice.randrange(2000))] + data[end:]


def truncate(data: bytes, other: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def shuffle(data: bytes, other: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    first, second = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def replace(data: bytes, other: bytes, dice: random.Random) -> bytes:
    """One word of the mail becomes another word of it, everywhere."""
    words = data.split()
    return data.replace(dice.choice(words), dice.choice(words)) if words else data


MUTATIONS: list[Callable[[bytes, bytes, random.Random], bytes]] = [flip, delete, repeat, insert, insert, splice, truncate, shuffle, replace]


def mutated(samples: list[tuple[str, bytes]], number: int) -> tuple[str, bytes]:
    """The mutated mail of that number: always the same for the same samples."""
    dice = random.Random(number)
    name, data = dice.choice(samples)
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        data = dice.choice(MUTATIONS)(data, dice.choice(samples)[1], dice)[:MAX_BYTES]
    return name, data


def broken_promise(data: bytes) -> str | None:
    """What a mail broke: it raised, was too slow, lost its words; None where all is well."""
    started = time.process_time()
    try:
        mail = parse(data)
        fingerprints(data)
        authentication(mail, ("imap.ghs.example", "mx.example"))
    except Exception as raised:  # noqa: BLE001 -- to find these is what a fuzzer is for
        return f"raised {raised!r}"
    spent = time.process_time() - started
    if spent > SECONDS:
        return f"took {spent:.2f} s"
    if any(defect.startswith("unreadable") for defect in mail.defects):
        return f"unreadable inside: {mail.defects}"
    if mail.text and not mail.words:
        return "has text but no words"
    return None


def run(first: int, count: int) -> Iterator[Finding]:
    """Tries the mails of the numbers from `first` on."""
    samples = sorted(seeds().items())
    for number in range(first, first + count):
        name, data = mutated(samples, number)
        if what := broken_promise(data):
            yield Finding(number, name, what)


def _chunk(span: tuple[int, int]) -> list[Finding]:
    return list(run(*span))


def campaign(first: int, count: int, jobs: int) -> Iterator[Finding]:
    """The same over several processes."""
    step = 1_000
    spans = [(start, min(step, first + count - start)) for start in range(first, first + count, step)]
    with Pool(jobs) as pool:
        for findings in pool.imap_unordered(_chunk, spans):
            yield from findings


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--count", type=int, default=200_000, help="how many mutated mails")
    options.add_argument("--first", type=int, default=0, help="number of the first one")
    options.add_argument("--jobs", type=int, default=2, help="processes")
    options.add_argument("--only", type=int, help="write the mail of this number to standard output and stop")
    chosen = options.parse_args()
    if chosen.only is not None:
        sys.stdout.buffer.write(mutated(sorted(seeds().items()), chosen.only)[1])
        return 0
    found, started = 0, time.monotonic()
    for finding in campaign(chosen.first, chosen.count, chosen.jobs):
        found += 1
        sys.stdout.write(f"{finding.number} ({finding.seed}): {finding.what}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{chosen.count} mutated mails in {time.monotonic() - started:.0f} s, {found} findings\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
