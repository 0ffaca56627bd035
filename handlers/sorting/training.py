"""Training the model on this machine from the examples that ship, and keeping it between starts."""

import fcntl
import hashlib
import os
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, reduce
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from handlers.sorting import examples, features, model, network
from handlers.sorting.examples import TRAINING, Example
from handlers.sorting.perusal import peruse
from handlers.sorting.signals import Reading, joined
from storage.kinds import Category, Right

_NETWORKS = 2
_JOINED = 0.5
_SEED = 20230915
ADOPTED = "sorting-adopted.npz"
"""A model that a manager adopted after corrections; it counts as long as the shipped examples stay the same."""
VERSION = 13
"""Raise it when the way of training changes, so that cached models are made anew."""

Labelled = tuple[Reading, Example]


def ready(cache_dir: Path | None) -> model.Model:
    """The model that a manager adopted, else that of the shipped examples: from the cache where it fits, else trained and kept there.

    One process trains, others wait. Without `cache_dir` it is kept in the user's cache.
    """
    return _ready(cache_dir or _own_cache())


@lru_cache(maxsize=2)
def _ready(folder: Path) -> model.Model:
    wanted = digest()
    adopted = model.read(folder / ADOPTED, wanted)
    if adopted is not None:
        return adopted
    path = folder / f"sorting-{wanted[:20]}.npz"
    found = model.read(path, wanted)
    if found is not None:
        return found
    try:
        with _alone(folder):
            found = model.read(path, wanted)
            if found is None:
                found = train(examples.load(TRAINING), wanted)
                model.save(found, path)
    except OSError:
        found = train(examples.load(TRAINING), wanted)
    return found


def _own_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rightsdesk"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "sorting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@lru_cache(maxsize=1)
def digest() -> str:
    """What a model depends on: the examples, the phrases, and the way of training."""
    sha = hashlib.sha256(f"{VERSION} {features.SIZE} {model.QUESTIONS} {network.HIDDEN} {_NETWORKS}".encode())
    sha.update(examples.digest(TRAINING).encode())
    for file in sorted(resources.files("handlers.sorting").joinpath("phrases").iterdir(), key=lambda f: f.name):
        sha.update(file.read_bytes())
    return sha.hexdigest()


def train(taught: Sequence[Example], name: str = "") -> model.Model:
    """A model of these examples; the same examples give the same model. Mail with headers of a machine is not the model's to judge."""
    return fit([(peruse(e.mail()).reading, e) for e in taught if not e.headers], name)


def fit(labelled: Sequence[Labelled], name: str = "") -> model.Model:
    """A model of readings and what they are: several networks taught from other beginnings, as one."""
    mixed = [*labelled, *_together(labelled)]
    vectors = [features.vector(reading) for reading, _ in mixed]
    rare = features.rarity(vectors)
    table = matrix([features.weighed(v, rare) for v in vectors])
    answers = np.array([[answer(question, e) for question in model.QUESTIONS] for _, e in mixed], dtype=np.float32)
    counts = np.array([[not q.startswith("right ") or bool(e.rights) for q in model.QUESTIONS] for _, e in mixed], dtype=np.float32)
    layers = [network.taught(table, answers, counts, _SEED + n) for n in range(_NETWORKS)]
    return model.Model(network.together(layers), rare, name)


def matrix(vectors: Sequence[features.Vector]) -> Any:
    """Mails as rows of features."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no stubs

    ends = np.cumsum([0, *(len(places) for places, _ in vectors)])
    table = csr_matrix(
        (np.concatenate([v for _, v in vectors]).astype(np.float32), np.concatenate([p for p, _ in vectors]), ends),
        shape=(len(vectors), features.SIZE),
    )
    table.eliminate_zeros()
    return table


def answer(question: str, example: Example) -> bool:
    """The right answer to one of the model's questions."""
    kind, _, name = question.partition(" ")
    match kind:
        case "category":
            return example.category == name
        case "right":
            return Right(name) in example.rights
        case "unsubscribe":
            return Category.UNSUBSCRIBE in (example.category, *example.also)
        case "urgent":
            return example.urgent
        case _:
            return example.privacy or example.category in (Category.RIGHTS_REQUEST, Category.COMPLAINT)


def _together(labelled: Sequence[Labelled]) -> list[Labelled]:
    """Mails joined to one: pairs of short requests, since people do ask for two things at once and examples of each pair are rare; and
    rows of ordinary mails, since real ones run long and speak of many things."""
    by_language: dict[str, list[Labelled]] = defaultdict(list)
    plain: dict[str, list[Labelled]] = defaultdict(list)
    for reading, example in labelled:
        if example.category is Category.RIGHTS_REQUEST and len(example.text) < 400:
            by_language[example.language].append((reading, example))
        elif example.category in (Category.OTHER, Category.MACHINE) and not example.also:
            plain[example.language].append((reading, example))
    chance = random.Random(_SEED)  # noqa: S311 -- which examples are joined is no secret, and must be the same each time
    return [*_pairs(by_language, chance), *_rows(plain, chance)]


def _pairs(by_language: dict[str, list[Labelled]], chance: random.Random) -> list[Labelled]:
    spoken = sorted(name for name, held in by_language.items() if len(held) > 10)
    made = []
    for _ in range(int(_JOINED * sum(len(by_language[name]) for name in spoken))):
        (one, first), (other, second) = chance.sample(by_language[chance.choice(spoken)], 2)
        rights = tuple(dict.fromkeys((*first.rights, *second.rights)))
        also = tuple(dict.fromkeys((*first.also, *second.also)))
        made.append((joined(one, other), Example("", first.language, "", "", Category.RIGHTS_REQUEST, also, rights)))
    return made


def _rows(plain: dict[str, list[Labelled]], chance: random.Random) -> list[Labelled]:
    made = []
    for name, held in sorted(plain.items()):
        for _ in range(len(held) // 2 if len(held) > 10 else 0):
            row = chance.sample(held, min(len(held), chance.randint(3, 20)))
            made.append((reduce(joined, (reading for reading, _ in row)), Example("", name, "", "", Category.OTHER)))
    return made


def unseen(labelled: Sequence[Labelled], folds: int = 5) -> list[model.Opinion]:
    """What models that never saw it say of each example: cross-validation, the folds drawn by a fixed seed."""
    order = list(range(len(labelled)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 -- the same folds each time
    found: dict[int, model.Opinion] = {}
    for fold in range(folds):
        held = set(order[fold::folds])
        learned = fit([pair for n, pair in enumerate(labelled) if n not in held])
        for n in held:
            found[n] = learned.opinion(features.vector(labelled[n][0]))
    return [found[n] for n in range(len(labelled))]
