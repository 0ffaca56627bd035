"""From which likelihood on the desk believes the model, chosen from a cross-validated run over the training examples."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from storage.kinds import Category, Right

if TYPE_CHECKING:
    from handlers.sorting.examples import Example
    from handlers.sorting.model import Opinion

_STEPS = [n / 100 for n in range(2, 100)]
_SURE_ENOUGH = 0.94
_ONE_RIGHT = 0.75
_DOUBT = {Category.RIGHTS_REQUEST: (0.005, 0.33), Category.COMPLAINT: (0.05, 0.08)}
"""Of each: what share may be passed over, and in what share of ordinary mail a doubt may be raised for nothing."""
_ORDINARY = (Category.INQUIRY, Category.OTHER, Category.UNSUBSCRIBE)


@dataclass(frozen=True)
class Thresholds:
    """`sure`: a category so likely is nearly always right. `lean`: enough where a plain phrase agrees. `right`: asked for.
    `doubt_right`, `doubt_complaint`: too likely to pass over. `both`: a request and a complaint in one. `unsubscribe`: done without a
    human. `machine`: taken for machine mail without a mark of one. `urgent`, `urgent_with_phrase`, `privacy`: flagged."""

    sure: float
    lean: float
    right: float
    doubt_right: float
    doubt_complaint: float
    both: float
    unsubscribe: float
    machine: float
    urgent: float
    urgent_with_phrase: float
    privacy: float


@lru_cache(maxsize=1)
def shipped() -> Thresholds:
    """The thresholds that ship with the package."""
    return Thresholds(**tomllib.loads(resources.files("handlers.sorting").joinpath("thresholds.toml").read_text("utf-8")))


def choose(judged: Sequence[tuple["Example", "Opinion"]], before: Thresholds) -> Thresholds:
    """The thresholds for what models said of examples they never saw; what the run cannot tell stays as before."""
    requests = [(e, o) for e, o in judged if e.category is Category.RIGHTS_REQUEST]
    return Thresholds(
        sure=_first(lambda t: _precision(judged, t) >= _SURE_ENOUGH, before.sure),
        lean=before.lean,
        right=_middle({t: _exact(requests, t) for t in _STEPS}),
        doubt_right=_doubt(judged, Category.RIGHTS_REQUEST),
        doubt_complaint=_doubt(judged, Category.COMPLAINT),
        both=before.both,
        unsubscribe=before.unsubscribe,
        machine=_first(lambda t: _machine_precision(judged, t) >= _SURE_ENOUGH, before.machine),
        urgent=_middle({t: _f_score([(e.urgent, o.urgent >= t) for e, o in judged]) for t in _STEPS}),
        urgent_with_phrase=before.urgent_with_phrase,
        privacy=_middle({t: sum(_private(e) == (o.privacy >= t) for e, o in judged) for t in _STEPS}),
    )


def written(thresholds: Thresholds) -> str:
    """The thresholds as the file that ships."""
    lines = [f"{name} = {value:.2f}" for name, value in asdict(thresholds).items()]
    head = [
        "# Chosen by `rightsdesk sorting thresholds` from cross-validation over the training examples, not by taste.",
        "# thresholds.py says what each means.",
    ]
    return "\n".join([*head, *lines]) + "\n"


def _exact(requests: Sequence[tuple["Example", "Opinion"]], least: float) -> float:
    """The share of requests whose rights are exactly found, as many asking for one right alone as in real mail: the examples have fewer."""
    share = 0.0
    for part, alone in ((_ONE_RIGHT, True), (1 - _ONE_RIGHT, False)):
        found = [_asked(o, least) == set(e.rights) for e, o in requests if (len(e.rights) == 1) is alone]
        share += part * sum(found) / max(1, len(found))
    return share


def _middle(scores: dict[float, float]) -> float:
    """The middle of the thresholds that do as well as the best, or nearly: one peak of a few examples proves nothing."""
    good = [t for t, value in scores.items() if value >= 0.99 * max(scores.values())]
    return round(sum(good) / len(good), 2)


def _first(holds: Callable[[float], bool], otherwise: float) -> float:
    return next((t for t in _STEPS if t >= 0.5 and holds(t)), otherwise)


def _precision(judged: Sequence[tuple["Example", "Opinion"]], least: float) -> float:
    kept = [e.category is o.category for e, o in judged if o.categories[o.category] >= least]
    return sum(kept) / len(kept) if kept else 0.0


def _machine_precision(judged: Sequence[tuple["Example", "Opinion"]], least: float) -> float:
    kept = [e.category is Category.MACHINE for e, o in judged if o.categories[Category.MACHINE] >= least]
    return sum(kept) / len(kept) if kept else 0.0


def _asked(opinion: "Opinion", least: float) -> set[Right]:
    return {r for r in Right if opinion.rights[r] >= least} or {max(Right, key=lambda r: opinion.rights[r])}


def _doubt(judged: Sequence[tuple["Example", "Opinion"]], category: Category) -> float:
    """The highest threshold at which hardly any is missed; but no lower than so many false alarms allow."""
    missed, alarms = _DOUBT[category]
    truly = [o for e, o in judged if category in (e.category, *e.also)]
    others = [o for e, o in judged if e.category in _ORDINARY and category not in e.also]
    enough = [t for t in _STEPS if sum(o.category is not category and o.categories[category] < t for o in truly) <= missed * len(truly)]
    quiet = [t for t in _STEPS if sum(o.category is not category and o.categories[category] >= t for o in others) <= alarms * len(others)]
    return max(max(enough, default=_STEPS[0]), min(quiet, default=_STEPS[-1]))


def _f_score(answers: list[tuple[bool, bool]]) -> float:
    right = sum(truth and said for truth, said in answers)
    return 2 * right / max(1, sum(truth for truth, _ in answers) + sum(said for _, said in answers))


def _private(example: "Example") -> bool:
    return example.privacy or example.category in (Category.RIGHTS_REQUEST, Category.COMPLAINT)
