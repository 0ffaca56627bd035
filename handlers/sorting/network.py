"""Teaches a network with one small hidden layer: every question shares what the layer has learned of wordings, in every language.

Beside one linear model a question it sorts better from the same examples and is taught in a fraction of the time. Each step changes only
the rows of features that its few mails hold, which is why this is not left to a library: they change every weight at every step.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

HIDDEN = 64
ROUNDS = 3
FEW = 64
"""Mails a step."""
_LEFT_OUT = 0.3
"""What share of features and of the hidden layer a step does without, so that no single word decides."""
_INNER_PACE, _OUTER_PACE, _SLOWEST = 0.15, 3e-3, 0.1
_KEPT_SLOPE, _KEPT_SQUARE, _TINY = 0.9, 0.999, 1e-8

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Layers:
    """Features to hidden layer, hidden layer to questions, and what is added to each."""

    inner: Array
    inner_bias: Array
    outer: Array
    outer_bias: Array


@dataclass
class _Course:
    """One array as it is taught: running means of its slope and of the slope's square (Adam, Kingma and Ba 2015)."""

    held: Array
    slope: Array
    square: Array

    @classmethod
    def of(cls, held: Array) -> "_Course":
        return cls(held, np.zeros_like(held), np.zeros_like(held))

    def go(self, slope: Array, step: int, pace: float) -> None:
        self.slope += np.float32(1 - _KEPT_SLOPE) * (slope - self.slope)
        self.square += np.float32(1 - _KEPT_SQUARE) * (np.square(slope) - self.square)
        ahead = self.slope / (1 - _KEPT_SLOPE**step)
        self.held -= (pace * ahead / (np.sqrt(self.square / (1 - _KEPT_SQUARE**step)) + _TINY)).astype(np.float32)


class _Lesson:
    """The network while it is taught."""

    def __init__(self, features: int, questions: int, chance: np.random.Generator) -> None:
        self._chance = chance
        self.inner = chance.standard_normal((features, HIDDEN), dtype=np.float32) * np.float32(0.05)
        self._moved = np.full(features, _TINY, dtype=np.float32)
        self.inner_bias = _Course.of(np.zeros(HIDDEN, dtype=np.float32))
        self.outer = _Course.of(chance.standard_normal((HIDDEN, questions), dtype=np.float32) * np.float32(0.1))
        self.outer_bias = _Course.of(np.full(questions, -2.0, dtype=np.float32))

    def step(self, mails: Any, answers: Array, counts: Array, number: int, pace: float) -> None:
        """Learn from a few mails (sparse rows); `counts` is 0 where a question is not asked of a mail."""
        mails.data = mails.data * self._some(mails.data.shape)
        before = mails @ self.inner + self.inner_bias.held
        left = self._some(before.shape)
        hidden = np.maximum(before, 0) * left
        said = 1 / (1 + np.exp(-np.clip(hidden @ self.outer.held + self.outer_bias.held, -30, 30)))
        off = ((said - answers) * counts / len(answers)).astype(np.float32)
        back = (off @ self.outer.held.T) * left * (before > 0)
        self.outer.go(hidden.T @ off, number, _OUTER_PACE * pace)
        self.outer_bias.go(off.sum(0), number, _OUTER_PACE * pace)
        self.inner_bias.go(back.sum(0), number, _OUTER_PACE * pace)
        held = np.unique(mails.indices)
        slope = mails[:, held].T @ back
        self._moved[held] += np.square(slope).mean(1)
        self.inner[held] -= (_INNER_PACE * pace) * slope / np.sqrt(self._moved[held])[:, None]

    def _some(self, shape: tuple[int, ...]) -> Array:
        kept = self._chance.random(shape, dtype=np.float32) >= _LEFT_OUT
        return kept.astype(np.float32) / np.float32(1 - _LEFT_OUT)


def taught(table: Any, answers: Array, counts: Array, seed: int) -> Layers:
    """The layers learned from rows of features and the right answers (1 or 0, rows x questions); the same seed gives the same layers."""
    chance = np.random.default_rng(seed)
    lesson = _Lesson(table.shape[1], answers.shape[1], chance)
    steps = ROUNDS * -(-table.shape[0] // FEW)
    number = 0
    for _ in range(ROUNDS):
        order = chance.permutation(table.shape[0])
        for start in range(0, len(order), FEW):
            rows = order[start : start + FEW]
            number += 1
            lesson.step(table[rows], answers[rows], counts[rows], number, 1 - (1 - _SLOWEST) * number / steps)
    return Layers(lesson.inner, lesson.inner_bias.held, lesson.outer.held, lesson.outer_bias.held)


def together(several: list[Layers]) -> Layers:
    """Networks side by side as one, whose answer lies in the middle of theirs: chance in the teaching of one weighs less."""
    share = np.float32(1 / len(several))
    return Layers(
        np.concatenate([one.inner for one in several], axis=1),
        np.concatenate([one.inner_bias for one in several]),
        np.concatenate([one.outer * share for one in several]),
        np.sum([one.outer_bias * share for one in several], axis=0, dtype=np.float32),
    )
