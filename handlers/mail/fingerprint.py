"""The two fingerprints of a mail (rule 1 of the design): of its bytes, and of its content whatever way it came."""

import hashlib

from handlers.mail.header import read_block

CHUNK = 1 << 20
# What the servers on the way wrote: copies of one mail differ in these.
TRACE = frozenset({"received", "received-spf", "return-path", "delivered-to", "original-recipient", "envelope-to", "delivery-date",
                   "authentication-results", "dkim-filter", "errors-to", "status", "lines", "content-length"})  # fmt: skip
TRACE_PREFIXES = ("x-", "arc-")


def fingerprints(raw: bytes) -> tuple[bytes, bytes]:
    """SHA-256 of the bytes as they are, and of the content: headers but the trace, spaces and line ends levelled, then the body.

    The caller feeds both to the vault's keyed hash; neither is to be stored as it is. Never raises.
    """
    block = read_block(raw, 0, len(raw), top=True)
    content = hashlib.sha256()
    for name, value in block.fields:
        if name not in TRACE and not name.startswith(TRACE_PREFIXES):
            content.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    content.update(b"\n")
    _update_levelled(content, raw, block.body)
    return hashlib.sha256(raw).digest(), content.digest()


def _update_levelled(digest: "hashlib._Hash", raw: bytes, start: int) -> None:
    end = len(raw)
    while end > start:
        tail = raw[max(start, end - 65536) : end]
        kept = tail.rstrip(b"\r\n \t")
        end -= len(tail) - len(kept)
        if kept:
            break
    while start < end:
        stop = min(start + CHUNK, end)
        if stop < end and raw[stop - 1] == 0x0D:
            stop += 1
        digest.update(raw[start:stop].replace(b"\r\n", b"\n"))
        start = stop
