"""A mail as numbers: n-grams of characters and words hashed into a fixed space, beside the ideas that the phrases found."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handlers.sorting.signals import Reading

_BITS = 17
GRAMS = 1 << _BITS
IDEAS = 1 << 13
SIZE = GRAMS + IDEAS
_SIZES = (1, 2, 3, 4)
_WORDS = (1, 2)
_LENGTH_OF_GRAMS = 2.0
_LENGTH_OF_PAIRS = 0.5
_SEEN_OFTEN_ENOUGH = 2
_MOST = 4_000
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)

_FUNCTION = frozenset({"mine", "ours", "yours", "negation", "please", "where", "past", "future", "conditional", "alone"})
"""Ideas of words that stand in every other sentence: the rules look at them, the model does not."""

Vector = tuple[NDArray[np.int64], NDArray[np.float32]]
Rarity = NDArray[np.float32]
"""How much the presence of each n-gram says: little of one that stands in every mail, nothing of one that training saw only once."""


def vector(reading: Reading, flags: tuple[str, ...] = ()) -> Vector:
    """The places (below SIZE, n-grams before ideas) and values of a mail; n-grams are still to be weighed by how rare they are."""
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
        places.append((rolled >> np.uint64(64 - _BITS)).astype(np.int64))
    places.append(_words(text))
    found, counts = np.unique(np.concatenate(places), return_counts=True)
    return found, np.log1p(counts).astype(np.float32)


def _words(text: str) -> NDArray[np.int64]:
    """The places of words and of pairs of words; Japanese and Chinese part none, and their n-grams serve as such."""
    words = text.split()
    runs = [f"word {' '.join(words[n : n + size])}" for size in _WORDS for n in range(len(words) - size + 1)]
    return np.array([zlib.crc32(run.encode()) & (GRAMS - 1) for run in runs], dtype=np.int64)


def rarity(vectors: Sequence[Vector]) -> Rarity:
    """From the n-grams of many mails: the logarithm of how few of them hold each."""
    held = np.zeros(GRAMS, dtype=np.int64)
    for places, _ in vectors:
        held[places[places < GRAMS]] += 1
    found: Rarity = np.where(held < _SEEN_OFTEN_ENOUGH, 0.0, np.log((1 + len(vectors)) / (1 + held)) + 1.0).astype(np.float32)
    return found


def weighed(vector: Vector, rare: Rarity) -> Vector:
    """The same mail, its n-grams weighed and of one length together, so that a long mail weighs no more than a short one."""
    places, values = vector
    grams = int(np.searchsorted(places, GRAMS)) if len(places) else 0
    heavy = values[:grams] * rare[places[:grams]]
    heavy *= np.float32(_LENGTH_OF_GRAMS / (np.sqrt(np.square(heavy).sum()) or 1.0))
    return places, np.concatenate((heavy, values[grams:]))


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
