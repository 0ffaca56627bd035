"""A mail as numbers: character n-grams hashed into a fixed space, beside the ideas that the phrases found."""

import zlib

import numpy as np
from numpy.typing import NDArray

from handlers.sorting.signals import Reading

BUCKETS = 1 << 18
_GRAMS = (2, 3, 4, 5)
_MOST = 4_000
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)

Vector = tuple[NDArray[np.int64], NDArray[np.float32]]


def vector(reading: Reading, flags: tuple[str, ...] = ()) -> Vector:
    """The places (below BUCKETS * 2) and values of a mail, n-grams and ideas each of length one."""
    text = " " + " | ".join(s.normal for s in reading.sentences)[:_MOST] + " "
    grams, weights = _grams(text)
    ideas, idea_weights = _ideas(reading, flags)
    return np.concatenate((grams, ideas)), np.concatenate((weights, idea_weights))


def _grams(text: str) -> Vector:
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    places = []
    for size in _GRAMS:
        if len(codes) < size:
            continue
        rolled = np.full(len(codes) - size + 1, size, dtype=np.uint64)
        for offset in range(size):
            rolled = (rolled ^ codes[offset : len(codes) - size + 1 + offset]) * _PRIME
            rolled ^= rolled >> np.uint64(29)
        rolled *= _MIX
        places.append((rolled >> np.uint64(64 - 18)).astype(np.int64))
    found, counts = np.unique(np.concatenate(places), return_counts=True)
    values = np.log1p(counts).astype(np.float32)
    return found, values / np.float32(np.sqrt(np.square(values).sum()) or 1.0)


def _ideas(reading: Reading, flags: tuple[str, ...]) -> Vector:
    names = named(reading, flags)
    places = np.array(sorted({BUCKETS + zlib.crc32(name.encode()) % BUCKETS for name in names}), dtype=np.int64)
    return places, np.full(len(places), 1.0 / max(1.0, len(places)) ** 0.5, dtype=np.float32)


def named(reading: Reading, flags: tuple[str, ...]) -> tuple[str, ...]:
    """The ideas of a mail by name: what was found, with what in one sentence, and how long the mail is."""
    names = {f"idea {idea}" for idea in reading.ideas}
    names |= {f"signal {s.means}" for s in reading.signals}
    names |= {f"strong {s.means}" for s in reading.signals if s.strength >= 0.9}
    names |= {f"together {a} {b}" for together in reading.together for a in together for b in together if a < b}
    names |= {f"flag {flag}" for flag in flags}
    length = sum(len(s.normal) for s in reading.sentences)
    names.add(f"length {min(6, length.bit_length() - 4)}")
    return tuple(names)
