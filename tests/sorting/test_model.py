"""The learned model: plain arrays, the same from the same examples, chosen thresholds, corrections that can be undone."""

from pathlib import Path

import numpy as np
import pytest

from handlers.sorting import examples, features, model, retraining, scoring, thresholds, training
from handlers.sorting.perusal import peruse
from handlers.verdict import Verdict
from storage.kinds import Category, Right
from tests.sorting.shared import example, sorter

FEW = [
    example("1", "Delete my data please", Category.RIGHTS_REQUEST, rights=(Right.ERASURE,)),
    example("2", "Remove all data about me", Category.RIGHTS_REQUEST, rights=(Right.ERASURE,)),
    example("3", "Send me a copy of my data", Category.RIGHTS_REQUEST, rights=(Right.ACCESS,)),
    example("4", "What do you know about me?", Category.RIGHTS_REQUEST, rights=(Right.ACCESS,)),
    example("5", "Stop the newsletter", Category.UNSUBSCRIBE),
    example("6", "No more mails from you", Category.UNSUBSCRIBE),
    example("7", "The invoice is wrong", Category.OTHER),
    example("8", "Can we meet on Monday", Category.OTHER),
]


def test_the_same_examples_give_the_same_model() -> None:
    """Training draws by a fixed seed."""
    one, two = training.train(FEW), training.train(FEW)
    assert np.array_equal(one.layers.inner, two.layers.inner)
    assert np.array_equal(one.layers.outer, two.layers.outer)
    assert np.array_equal(one.rarity, two.rarity)


def test_a_model_is_kept_as_plain_arrays_and_read_back(tmp_path: Path) -> None:
    """Never a pickle; another digest, a broken file or none is no model."""
    path = tmp_path / "kept" / "model.npz"
    learned = training.train(FEW, "a digest")
    model.save(learned, path)
    back = model.read(path, "a digest")
    assert back is not None
    seen = features.vector(peruse(FEW[0].mail()).reading)
    assert back.opinion(seen).category is learned.opinion(seen).category is Category.RIGHTS_REQUEST
    assert model.read(path, "another digest") is None
    path.write_bytes(b"PK broken")
    assert model.read(path, "a digest") is None
    assert model.read(tmp_path / "none.npz", "a digest") is None
    assert [p.name for p in path.parent.iterdir()] == ["model.npz"]


def test_an_array_of_objects_is_refused(tmp_path: Path) -> None:
    """What would need a pickle to be read is not read."""
    path = tmp_path / "evil.npz"
    np.savez(path, inner=np.array([object()], dtype=object), digest=np.array("d"))
    assert model.read(path, "d") is None


def test_the_chances_of_the_categories_sum_to_one() -> None:
    """A category is one of several."""
    opinion = training.train(FEW).opinion(features.vector(peruse(FEW[4].mail()).reading))
    assert sum(opinion.categories.values()) == pytest.approx(1.0)


def test_what_was_adopted_can_be_undone(tmp_path: Path) -> None:
    """Back to the one before, then to none."""
    first, second = training.train(FEW[:6], "d"), training.train(FEW, "d")
    retraining.adopt(first, tmp_path)
    retraining.adopt(second, tmp_path)
    assert retraining.undo(tmp_path)
    kept = model.read(tmp_path / training.ADOPTED, "d")
    assert kept is not None
    assert np.allclose(kept.layers.outer_bias, first.layers.outer_bias)
    assert retraining.undo(tmp_path)
    assert not retraining.undo(tmp_path)


def test_thresholds_are_written_as_they_are_read() -> None:
    """The shipped file is what `written` makes of it."""
    shipped = thresholds.shipped()
    assert all(f"{value:.2f}" in thresholds.written(shipped) for value in (shipped.sure, shipped.right))


def test_a_score_counts_what_was_found_and_what_was_taken_for_what() -> None:
    """One right, one wrong."""
    said = [(FEW[0], Verdict(Category.RIGHTS_REQUEST, rights=(Right.ERASURE,))), (FEW[2], Verdict(Category.OTHER))]
    scored = scoring.score(said)
    assert scored.groups["all"].category == 0.5
    assert scored.rights[Right.ACCESS].recall == 0.0
    assert scored.confusion[(Category.RIGHTS_REQUEST, Category.OTHER)] == 1
    assert "rights_request" in scoring.tables(scored)


def test_every_example_can_be_read() -> None:
    """The shipped examples and the golden set keep their form."""
    assert len(examples.load(examples.TRAINING)) >= 3000
    assert len(examples.load(examples.GOLDEN)) >= 1200


def test_the_golden_set_wrongly_unsubscribes_nobody_and_stays_good() -> None:
    """The floor under the figures of the bench: what falls below it is a change for the worse."""
    golden = examples.load(examples.GOLDEN)
    figures = scoring.score([(e, sorter().sort(e.mail())) for e in golden]).groups["all"]
    assert figures.wrong_unsubscribes == 0
    assert figures.category >= 0.90
    assert figures.found >= 0.95
    assert figures.law >= 0.95
