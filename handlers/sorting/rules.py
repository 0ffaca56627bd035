"""The ordered rules: the first that holds says what a mail is, and the last always holds."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.sorting.signals import RIGHTS, Reading
from storage.kinds import Category, Machine

SURE, LIKELY, DOUBT = 0.95, 0.8, 0.4


@dataclass(frozen=True)
class Facts:
    """What the rules look at: the phrases read, which machine wrote, and whether the words are encrypted or missing."""

    reading: Reading
    machine: Machine | None
    unreadable: bool
    short: bool

    def rights(self, least: float) -> tuple[str, ...]:
        """The rights that are asked for at least that strongly."""
        return tuple(r for r in RIGHTS if self.reading.strength(r) >= least)

    def has(self, means: str, least: float = 0.6) -> bool:
        """Whether a meaning was found at least that strongly."""
        return self.reading.strength(means) >= least

    def idea(self, *names: str) -> bool:
        """Whether any of the ideas was found."""
        return any(self.reading.ideas.get(name) for name in names)


@dataclass(frozen=True)
class Finding:
    """What a rule makes of a mail."""

    category: Category
    confidence: float
    needs_human: bool = False
    rights: tuple[str, ...] = ()
    also: tuple[Category, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule: its name, when it holds, what follows."""

    name: str
    holds: Callable[[Facts], bool]
    finds: Callable[[Facts], Finding]


def _asks(f: Facts) -> bool:
    """Wants something done, rather than asks how or sells something."""
    return f.idea("demand", "question") or f.short


def _strong_right(f: Facts) -> bool:
    return bool(f.rights(0.9)) or (bool(f.rights(0.7)) and _asks(f))


def _grievance(f: Facts) -> bool:
    return (f.has("complaint", 0.9) and f.idea("privacy", "data", "unanswered", "request_before")) or (
        f.has("appeal") and f.idea("request_before", "unanswered")
    )


def _chases(f: Facts) -> bool:
    return f.has("complaint", 0.7) and f.idea("privacy", "data", "request_before") and f.idea("unanswered", "complain")


def _rights_finding(f: Facts) -> Finding:
    strong = f.rights(0.7)
    also = (Category.UNSUBSCRIBE,) if f.has("unsubscribe", 0.9) else ()
    doubtful = f.idea("howto") or f.idea("ordinary") or not f.rights(0.9)
    return Finding(Category.RIGHTS_REQUEST, LIKELY if doubtful else SURE, doubtful, strong, also)


def _complaint_finding(f: Facts) -> Finding:
    also = (Category.UNSUBSCRIBE,) if f.has("unsubscribe", 0.9) else ()
    return Finding(Category.COMPLAINT, LIKELY, False, (), also)


RULES: tuple[Rule, ...] = (
    Rule(
        "a machine wrote it, but it holds rights wording",
        lambda f: f.machine is not None and f.machine is not Machine.FEEDBACK_REPORT and bool(f.rights(0.9)) and f.idea("demand"),
        lambda f: Finding(Category.RIGHTS_REQUEST, DOUBT, True, f.rights(0.9)),
    ),
    Rule("a machine wrote it", lambda f: f.machine is not None, lambda f: Finding(Category.MACHINE, SURE)),  # noqa: ARG005 -- the fact is enough
    Rule("nothing can be read", lambda f: f.unreadable, lambda f: Finding(Category.OTHER, 0.0, True)),  # noqa: ARG005 -- the fact is enough
    Rule("a grievance about personal data or a request", _grievance, _complaint_finding),
    Rule("a request that was not answered", _chases, _complaint_finding),
    Rule("a right is asked for", _strong_right, _rights_finding),
    Rule(
        "wants no more mail",
        lambda f: f.has("unsubscribe", 0.7),
        lambda f: Finding(Category.UNSUBSCRIBE, SURE if f.has("unsubscribe", 0.9) else LIKELY, not f.has("unsubscribe", 0.9)),
    ),
    Rule(
        "may ask for a right",
        lambda f: bool(f.rights(0.6)) and not f.idea("ordinary"),
        lambda f: Finding(Category.RIGHTS_REQUEST, DOUBT, True, f.rights(0.6)),
    ),
    Rule("a question on privacy", lambda f: f.idea("privacy") and f.idea("question"), lambda f: Finding(Category.INQUIRY, LIKELY)),  # noqa: ARG005
    Rule("speaks of privacy", lambda f: f.idea("privacy"), lambda f: Finding(Category.INQUIRY, DOUBT, True)),  # noqa: ARG005
    Rule("a question", lambda f: f.idea("question", "howto"), lambda f: Finding(Category.INQUIRY, LIKELY)),  # noqa: ARG005
    Rule("ordinary business", lambda f: f.idea("ordinary"), lambda f: Finding(Category.OTHER, LIKELY)),  # noqa: ARG005
    Rule("a human must look", lambda f: True, lambda f: Finding(Category.OTHER, DOUBT, True)),  # noqa: ARG005 -- the last rule always holds
)


def decide(facts: Facts) -> tuple[str, Finding]:
    """The name of the first rule that holds, and what it finds."""
    return next((rule.name, rule.finds(facts)) for rule in RULES if rule.holds(facts))
