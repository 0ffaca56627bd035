"""What staff corrected, taken into the model: shown before it counts, adopted by a manager, undone when wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.mail import Mail
from handlers.sorting import examples, model, scoring, training
from handlers.sorting.examples import GOLDEN, Example
from handlers.sorting.sorter import Sorter
from handlers.verdict import Verdict
from storage.kinds import Category, Right

_BEFORE = "sorting-adopted-before.npz"


@dataclass(frozen=True)
class Change:
    """A mail that would be sorted differently: which (an example's id or the place of a recent mail), and both verdicts."""

    what: str
    before: Verdict
    after: Verdict
    better: bool | None
    """Whether the new verdict is the right one; None where nobody has said what is right."""


@dataclass(frozen=True)
class Preview:
    """What taking the corrections in would change: the scores on the golden set, and the mails sorted differently."""

    corrections: int
    before: scoring.Score
    after: scoring.Score
    golden: tuple[Change, ...]
    recent: tuple[Change, ...]
    model: model.Model


def preview(sorter: Sorter, corrections: Sequence[Example], recent: Sequence[tuple[str, Mail]]) -> Preview:
    """Train with the corrections (each counts as three examples) and compare; nothing is changed. `recent` are mails by name."""
    taught = [*examples.load(examples.TRAINING), *(c for c in corrections for _ in range(3))]
    learned = training.train(taught, training.digest())
    other = sorter.with_model(learned)
    golden = [(e, e.mail()) for e in examples.load(GOLDEN)]
    before = [(e, sorter.sort(mail)) for e, mail in golden]
    after = [(e, other.sort(mail)) for e, mail in golden]
    return Preview(
        len(corrections),
        scoring.score(before),
        scoring.score(after),
        tuple(Change(e.id, one, two, _right(e, two)) for (e, one), (_, two) in zip(before, after, strict=True) if _differ(one, two)),
        tuple(Change(name, one, two, None) for name, mail in recent if _differ(one := sorter.sort(mail), two := other.sort(mail))),
        learned,
    )


def correction(number: int, mail: Mail, category: Category, before: Verdict, rights: Sequence[str]) -> Example:
    """What staff said of a mail, as an example to learn from."""
    return Example(f"correction-{number}", before.language, mail.subject, before.words, category, rights=tuple(_rights(rights)))


def adopt(learned: model.Model, folder: Path) -> None:
    """Let the model of a preview sort from the next start on; the one adopted before it is kept for `undo`."""
    current = folder / training.ADOPTED
    if current.exists():
        current.replace(folder / _BEFORE)
    model.save(learned, current)


def undo(folder: Path) -> bool:
    """Back to what sorted before the last `adopt`; whether there was anything to undo."""
    current, before = folder / training.ADOPTED, folder / _BEFORE
    if not current.exists():
        return False
    if before.exists():
        before.replace(current)
    else:
        current.unlink()
    return True


def _differ(one: Verdict, two: Verdict) -> bool:
    return (one.categories, set(one.rights), one.auto_unsubscribe) != (two.categories, set(two.rights), two.auto_unsubscribe)


def _right(example: Example, verdict: Verdict) -> bool:
    return verdict.category is example.category and (not example.rights or set(verdict.rights) == set(example.rights))


def _rights(names: Sequence[str]) -> list[Right]:
    return [Right(name) for name in names]
