"""How well the sorting does on labelled mail: precision and recall by category, right and language, and what is taken for what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.sorting.examples import Example
from handlers.verdict import Verdict
from storage.kinds import Category, Right

MAIN_LANGUAGES = ("en", "ja", "de", "fr", "es", "it", "nl", "pt")
_NEAR = 5
_CASES = frozenset({Category.RIGHTS_REQUEST, Category.COMPLAINT})


@dataclass(frozen=True)
class Measure:
    """Of one answer: how many were given rightly, given, and due."""

    right: int = 0
    given: int = 0
    due: int = 0

    @property
    def precision(self) -> float:
        """The share of answers given that were right; 1 where none was given."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """The share of answers due that were given; 1 where none was due."""
        return self.right / self.due if self.due else 1.0


@dataclass(frozen=True)
class Figures:
    """The figures of a group of mails. `found` is the share of rights requests that are named so, first or beside another category;
    `seen` of those that open a case at all, under whatever name. `ordinary_held` is the share of mail that is no case and yet goes
    to a human."""

    mails: int
    category: float
    found: float
    seen: float
    rights: float
    law: float
    urgent: float
    wrong_unsubscribes: int
    unsubscribed: float
    ordinary_held: float


@dataclass(frozen=True)
class Score:
    """All tables of a run."""

    groups: dict[str, Figures]
    categories: dict[Category, Measure]
    rights: dict[Right, Measure]
    confusion: dict[tuple[Category, Category], int]


def score(judged: Sequence[tuple[Example, Verdict]]) -> Score:
    """The tables for examples and what the sorting said of them."""
    groups: dict[str, list[tuple[Example, Verdict]]] = defaultdict(list)
    for pair in judged:
        groups["all"].append(pair)
        groups[pair[0].language].append(pair)
    return Score(
        {name: _figures(pairs) for name, pairs in groups.items()},
        {c: _measure([(c is e.category, c is v.category) for e, v in judged]) for c in Category},
        {r: _measure([(r in e.rights, r in v.rights) for e, v in judged if e.category is Category.RIGHTS_REQUEST]) for r in Right},
        dict(Counter((e.category, v.category) for e, v in judged)),
    )


def law_found(example: Example, verdict: Verdict) -> bool:
    """Whether the law is right, or left open with the right one among the first candidates."""
    good = {example.law, *example.laws_ok}
    return verdict.law in good if verdict.law else bool(good & {c.law for c in verdict.law_candidates[:_NEAR]})


def wrongly_unsubscribed(example: Example, verdict: Verdict) -> bool:
    """Whether somebody would have been unsubscribed whom a human should have seen first."""
    if not verdict.auto_unsubscribe:
        return False
    wanted = Category.UNSUBSCRIBE in (example.category, *example.also) or example.category is Category.MACHINE
    return not wanted if example.auto_unsubscribe is None else not example.auto_unsubscribe


def _figures(pairs: Sequence[tuple[Example, Verdict]]) -> Figures:
    requests = [(e, v) for e, v in pairs if e.category is Category.RIGHTS_REQUEST]
    plain = [v for e, v in pairs if e.category in (Category.OTHER, Category.INQUIRY) and not e.privacy and not e.also and not e.urgent]
    return Figures(
        mails=len(pairs),
        category=_share(e.category is v.category for e, v in pairs),
        found=_share(Category.RIGHTS_REQUEST in v.categories for _, v in requests),
        seen=_share(v.needs_human or v.urgent or bool(_CASES & set(v.categories)) for _, v in requests),
        rights=_share(set(e.rights) == set(v.rights) for e, v in requests),
        law=_share(law_found(e, v) for e, v in pairs if e.law),
        urgent=_share(e.urgent == v.urgent for e, v in pairs),
        wrong_unsubscribes=sum(wrongly_unsubscribed(e, v) for e, v in pairs),
        unsubscribed=_share(v.auto_unsubscribe for e, v in pairs if e.auto_unsubscribe),
        ordinary_held=_share(v.needs_human for v in plain) if plain else 0.0,
    )


def _measure(answers: Iterable[tuple[bool, bool]]) -> Measure:
    held = list(answers)
    return Measure(sum(due and given for due, given in held), sum(given for _, given in held), sum(due for due, _ in held))


def _share(answers: Iterable[bool]) -> float:
    held = list(answers)
    return sum(held) / len(held) if held else 1.0


def tables(scored: Score) -> str:
    """The score as text for a terminal."""
    order = ["all", *MAIN_LANGUAGES, *sorted(set(scored.groups) - {"all", *MAIN_LANGUAGES})]
    lines = ["group  mails  category  requests found  seen  exact rights    law  urgent  auto-unsubscribed  wrongly  ordinary held"]
    for name in order:
        if name in scored.groups:
            f = scored.groups[name]
            lines.append(
                f"{name:<6}{f.mails:>6}{f.category:>10.1%}{f.found:>16.1%}{f.seen:>6.1%}{f.rights:>14.1%}{f.law:>7.1%}{f.urgent:>8.1%}"
                f"{f.unsubscribed:>19.1%}{f.wrong_unsubscribes:>9}{f.ordinary_held:>15.1%}"
            )
    measured: list[tuple[str, Measure]] = [(str(c), m) for c, m in scored.categories.items()] + [
        (str(r), m) for r, m in scored.rights.items()
    ]
    lines += ["", f"{'':<20}{'precision':>10}{'recall':>8}{'due':>6}"]
    lines += [f"{name:<20}{m.precision:>10.1%}{m.recall:>8.1%}{m.due:>6}" for name, m in measured]
    lines += ["", f"{'truth, taken for':<16}" + "".join(f"{c:>16}" for c in Category)]
    lines += [f"{truth:<16}" + "".join(f"{scored.confusion.get((truth, said), 0):>16}" for said in Category) for truth in Category]
    return "\n".join(lines)
