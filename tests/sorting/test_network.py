"""The network learns what its rows show, the same each time; several are one in the middle of them; an explanation adds up."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from handlers.sorting import features, model, network, training
from handlers.sorting.perusal import peruse
from tests.sorting.shared import example
from tests.sorting.test_model import FEW

ROWS = csr_matrix(np.tile(np.eye(4, dtype=np.float32), (200, 1)))
ANSWERS = np.tile(np.array([[1, 0], [0, 1], [1, 1], [0, 0]], dtype=np.float32), (200, 1))
ASKED = np.ones_like(ANSWERS)


def said(layers: network.Layers, rows: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(np.maximum(rows @ layers.inner + layers.inner_bias, 0) @ layers.outer + layers.outer_bias)


def test_it_learns_what_the_rows_show() -> None:
    """Four kinds of mail, two questions."""
    layers = network.taught(ROWS, ANSWERS, ASKED, 1)
    assert ((said(layers, np.eye(4)) > 0) == (ANSWERS[:4] > 0)).all()


def test_a_question_that_is_not_asked_of_a_mail_teaches_nothing() -> None:
    """Whatever stands as its answer there."""
    asked = ASKED.copy()
    asked[:, 1] = 0
    one, other = network.taught(ROWS, ANSWERS, asked, 1), network.taught(ROWS, np.stack([ANSWERS[:, 0], 1 - ANSWERS[:, 1]], 1), asked, 1)
    assert np.array_equal(said(one, np.eye(4)), said(other, np.eye(4)))


def test_several_networks_answer_in_the_middle() -> None:
    """Side by side they are one network."""
    several = [network.taught(ROWS, ANSWERS, ASKED, seed) for seed in (1, 2)]
    middle = (said(several[0], np.eye(4)) + said(several[1], np.eye(4))) / 2
    assert np.allclose(said(network.together(several), np.eye(4)), middle, atol=1e-5)


@pytest.mark.parametrize("question", ["category rights_request", "right erasure", "unsubscribe"])
def test_the_shares_of_an_explanation_add_up_to_the_answer(question: str) -> None:
    """All features together, with what the layers add by themselves, are the logit."""
    learned = training.train(FEW)
    seen = features.vector(peruse(example("9", "Delete my data and stop the newsletter").mail()).reading)
    column = model.QUESTIONS.index(question)
    places, values = features.weighed(seen, learned.rarity)
    before = values @ learned.layers.inner[places] + learned.layers.inner_bias
    constant = np.where(before > 0, learned.layers.inner_bias, 0) @ learned.layers.outer[:, column] + learned.layers.outer_bias[column]
    logit = np.maximum(before, 0) @ learned.layers.outer[:, column] + learned.layers.outer_bias[column]
    assert learned.shares(seen, question).sum() + constant == pytest.approx(logit, abs=1e-3)
