"""A mail as numbers: character n-grams hashed into a fixed space, beside the ideas that the phrases found."""

import zlib

import numpy as np
from numpy.typing import NDArray

from handlers.sorting.signals import Reading

GRAMS = 1 << 17
IDEAS = 1 << 13
SIZE = GRAMS + IDEAS
_SIZES = (1, 2, 3, 4)
_LENGTH_OF_GRAMS = 2.0
_LENGTH_OF_PAIRS = 0.5
_MOST = 4_000
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)

_FUNCTION = frozenset({"mine", "ours", "yours", "negation", "please", "where", "past", "future", "conditional", "alone"})
"""Ideas of words that stand in every other sentence: the rules look at them, the model does not."""

Vector = tuple[NDArray[np.int64], NDArray[np.float32]]


def vector(reading: Reading, flags: tuple[str, ...] = ()) -> Vector:
    """The places (below SIZE) and values of a mail, n-grams and ideas."""
    text = " " + " | ".join(s.normal for s in reading.sentences)[:_MOST] + " "
    grams, weights = _grams(text)
    ideas, idea_weights = _ideas(reading, flags)
    return np.concatenate((grams, ideas)), np.concatenate((weights, idea_weights))


def _grams(text: str) -> Vector:
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    places = []
    for size in _SIZES:
        if len(codes) < size:
            continue
        rolled = np.full(len(codes) - size + 1, size, dtype=np.uint64)
        for offset in range(size):
            rolled = (rolled ^ codes[offset : len(codes) - size + 1 + offset]) * _PRIME
            rolled ^= rolled >> np.uint64(29)
        rolled *= _MIX
        places.append((rolled >> np.uint64(64 - 17)).astype(np.int64))
    found, counts = np.unique(np.concatenate(places), return_counts=True)
    values = np.log1p(counts).astype(np.float32)
    return found, values * np.float32(_LENGTH_OF_GRAMS / (np.sqrt(np.square(values).sum()) or 1.0))


def _ideas(reading: Reading, flags: tuple[str, ...]) -> Vector:
    """Single ideas, and pairs of them in one sentence; each of its own length, so that a long mail weighs no more than a short one."""
    single, pairs = named(reading, flags)
    places, values = [], []
    for names, length in ((single, 1.0), (pairs, _LENGTH_OF_PAIRS)):
        found = sorted({place(name) for name in names})
        places += found
        values += [length / max(1, len(found)) ** 0.5] * len(found)
    return np.array(places, dtype=np.int64), np.array(values, dtype=np.float32)


def place(idea: str) -> int:
    """The place of an idea."""
    return GRAMS + zlib.crc32(idea.encode()) % IDEAS


def named(reading: Reading, flags: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """The ideas of a mail by name: what was found and how the mail looks; and what stands with what in one sentence."""
    single = {f"idea {idea}" for idea in reading.ideas if idea not in _FUNCTION} | {f"flag {flag}" for flag in flags} | _looks(reading)
    single |= {f"signal {s.means}" for s in reading.signals}
    single |= {f"strong {s.means}" for s in reading.signals if s.strength >= 0.9}
    content = [together - _FUNCTION for together in reading.together]
    pairs = {f"{a} with {b}" for together in content for a in together for b in together if a < b}
    asked = [together for together, sentence in zip(content, reading.sentences, strict=True) if sentence.question]
    return single, pairs | {f"{idea} in a question" for together in asked for idea in together}


def _looks(reading: Reading) -> set[str]:
    """What n-grams of normalised text cannot show: questions, exclamation marks, shouting, money, links, length."""
    looks = set()
    sentences = reading.sentences
    length = sum(len(s.normal) for s in sentences)
    looks.add(f"length {min(8, length.bit_length() - 4)}")
    questions = sum(s.question for s in sentences)
    looks.add(f"questions {min(questions, 3)}")
    if sentences and questions >= len(sentences) - 1:
        looks.add("little but questions")
    if sentences and sentences[-1].question:
        looks.add("ends with a question")
    written = " ".join(s.written for s in sentences[:60])[:3000]
    marks = written.count("!") + written.count("！")
    looks.add(f"exclamation marks {min(marks, 3)}")
    if any(mark in written for mark in ("€", "$", "¥", "£", "円", "EUR", "USD", "%")):
        looks.add("money")
    if "http" in written or "www." in written:
        looks.add("link")
    if "#" in written or any(len(word) >= 3 and word.isdigit() for word in written.split()):
        looks.add("number")
    letters = [c for c in written if c.isalpha()]
    if len(letters) > 20 and sum(c.isupper() for c in letters) > 0.4 * len(letters):
        looks.add("shouts")
    return looks
