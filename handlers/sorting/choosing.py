"""The run that the thresholds are chosen from: cross-validation over the training examples."""

from handlers.sorting import examples, thresholds, training
from handlers.sorting.perusal import peruse


def chosen(folds: int = 4) -> thresholds.Thresholds:
    """The thresholds that the shipped examples give today; `thresholds.written` makes them the file that ships. Takes about a minute."""
    taught = [e for e in examples.load(examples.TRAINING) if not e.headers]
    labelled = [(peruse(e.mail()).reading, e) for e in taught]
    return thresholds.choose(list(zip(taught, training.unseen(labelled, folds), strict=True)), thresholds.shipped())
