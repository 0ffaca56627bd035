"""The learned model as plain arrays: one row of weights a feature, one column a question (a category, a right)."""

import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handlers.sorting.features import GRAMS, Rarity, Vector, weighed
from storage.kinds import Category, Right

CATEGORIES = (Category.RIGHTS_REQUEST, Category.UNSUBSCRIBE, Category.COMPLAINT, Category.INQUIRY, Category.OTHER, Category.MACHINE)
QUESTIONS = (*(f"category {c}" for c in CATEGORIES), *(f"right {r}" for r in Right), "unsubscribe", "urgent", "privacy")
"""A right's question is asked of mails that hold requests: how likely that right is, given that some right is asked for."""


@dataclass(frozen=True)
class Opinion:
    """How likely each answer is, 0..1: the categories sum to one."""

    categories: dict[Category, float]
    rights: dict[Right, float]
    unsubscribe: float
    urgent: float
    privacy: float

    @property
    def category(self) -> Category:
        """The likeliest category."""
        return max(self.categories, key=lambda c: self.categories[c])


@dataclass(frozen=True)
class Model:
    """Weights (features x questions), one bias a question, how rare n-grams are, and the digest of what it was trained on."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    rarity: Rarity
    digest: str

    def opinion(self, features: Vector) -> Opinion:
        """What the model says of a mail."""
        places, values = weighed(features, self.rarity)
        logits = values @ self.weights[places] + self.bias
        answers = 1.0 / (1.0 + np.exp(-np.clip(logits.astype(np.float64), -40, 40)))
        chances = answers[: len(CATEGORIES)] + 1e-6
        chances = chances / chances.sum()
        rest = answers[len(CATEGORIES) :]
        return Opinion(
            {c: float(p) for c, p in zip(CATEGORIES, chances, strict=True)},
            {r: float(p) for r, p in zip(Right, rest[: len(Right)], strict=True)},
            float(rest[len(Right)]),
            float(rest[len(Right) + 1]),
            float(rest[len(Right) + 2]),
        )

    def shares(self, features: Vector, question: str) -> NDArray[np.float32]:
        """How much each feature of a mail adds to the answer of a question."""
        places, values = weighed(features, self.rarity)
        share: NDArray[np.float32] = values * self.weights[places, QUESTIONS.index(question)]
        return share


def save(model: Model, path: Path) -> None:
    """Write the arrays beside their place and rename them into it: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = io.BytesIO()
    np.savez(
        held,
        weights=model.weights.astype(np.float16),
        bias=model.bias,
        rarity=model.rarity.astype(np.float16),
        digest=np.array(model.digest),
    )
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(held.getvalue())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read(path: Path, digest: str) -> Model | None:
    """The model in a file, or None where there is none, it cannot be read, or it was trained on something else. Never a pickle."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            weights, bias, rarity = (arrays[name].astype(np.float32) for name in ("weights", "bias", "rarity"))
            model = Model(weights, bias, rarity, str(arrays["digest"]))
    except (OSError, ValueError, KeyError, EOFError):
        return None
    fits = model.weights.ndim == 2 and model.weights.shape[1] == len(QUESTIONS) == len(model.bias) and model.rarity.shape == (GRAMS,)
    return model if fits and model.digest == digest else None
