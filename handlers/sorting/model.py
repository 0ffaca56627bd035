"""The learned model as plain arrays: from features through a small hidden layer to one answer a question (a category, a right)."""

import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handlers.sorting.features import GRAMS, SIZE, Rarity, Vector, weighed
from handlers.sorting.network import Layers
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
    """Features to a small hidden layer to one answer a question; how rare n-grams are; the digest of what it was trained on."""

    layers: Layers
    rarity: Rarity
    digest: str

    def opinion(self, features: Vector) -> Opinion:
        """What the model says of a mail."""
        places, values = weighed(features, self.rarity)
        hidden = np.maximum(values @ self.layers.inner[places] + self.layers.inner_bias, 0)
        logits = hidden @ self.layers.outer + self.layers.outer_bias
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
        """How much each feature of a mail adds to the answer of a question, through those hidden units that the mail wakes."""
        places, values = weighed(features, self.rarity)
        rows = self.layers.inner[places]
        awake = values @ rows + self.layers.inner_bias > 0
        through = np.where(awake, self.layers.outer[:, QUESTIONS.index(question)], np.float32(0))
        return np.asarray(values * (rows @ through), dtype=np.float32)


def save(model: Model, path: Path) -> None:
    """Write the arrays beside their place and rename them into it: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = io.BytesIO()
    np.savez(
        held,
        inner=model.layers.inner.astype(np.float16),
        inner_bias=model.layers.inner_bias,
        outer=model.layers.outer,
        outer_bias=model.layers.outer_bias,
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
            layers = Layers(*(arrays[name].astype(np.float32) for name in ("inner", "inner_bias", "outer", "outer_bias")))
            model = Model(layers, arrays["rarity"].astype(np.float32), str(arrays["digest"]))
    except (OSError, ValueError, KeyError, EOFError):
        return None
    width = len(layers.inner_bias) if layers.inner_bias.ndim == 1 else -1
    fits = (
        layers.inner.shape == (SIZE, width)
        and layers.outer.shape == (width, len(QUESTIONS))
        and layers.outer_bias.shape == (len(QUESTIONS),)
        and model.rarity.shape == (GRAMS,)
    )
    return model if fits and model.digest == digest else None
