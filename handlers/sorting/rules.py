"""The ordered rules: the first that holds says what a mail is, and the last always holds."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.sorting.model import Opinion
from handlers.sorting.signals import RIGHTS, Reading
from handlers.sorting.thresholds import Thresholds
from storage.kinds import Category, Machine, Right

BESIDE = (
    "account", "billing", "jobs", "sales", "support", "visit", "general", "data", "about_me", "field", "sell", "consent", "inform", "use",
    "restrict", "port", "keep", "until", "object", "complain", "unanswered", "request_before", "authority", "court", "lawyer", "breach",
    "child", "agent",
)  # fmt: skip
"""Ideas of other matters: beside them a wish for no more mail is not carried out without a human."""
WELL_READ = frozenset({"en", "ja", "de", "fr", "es", "it", "nl", "pt"})
"""Languages whose phrases know what only looks like a wish for no more mail."""


LONG = 900
"""From how many characters on a mail is likely a letter made from a form."""
_ACCUSING = ("authority_asks", "court", "lawyer", "breach", "appeal")
_WITHOUT_PHRASE = 3
"""How many times likelier a request must be to raise a doubt where no phrase speaks for it."""
_GREETING = 30
_ABOUT_MAIL = frozenset({"unsubscribe", "newsletter", "enough", "alone", "marketing", "thanks"})
_CASES = (Category.RIGHTS_REQUEST, Category.COMPLAINT)


@dataclass(frozen=True)
class Facts:
    """What the rules look at: the phrases read, what the model says, which machine wrote, whether nothing can be read."""

    reading: Reading
    opinion: Opinion
    machine: Machine | None
    unreadable: bool
    thresholds: Thresholds
    language: str = "en"

    @property
    def best(self) -> Category:
        """What the model takes the mail for; the likeness of a machine's mail that no other sign confirms makes it ordinary mail."""
        best = self.opinion.category
        return Category.OTHER if best is Category.MACHINE and self.machine is None else best

    @property
    def sure(self) -> bool:
        """Whether it is as sure as cross-validation wants it."""
        return self.chance(self.best) >= self.thresholds.sure

    def chance(self, category: Category) -> float:
        """How likely a category is."""
        chance = self.opinion.categories[category]
        return chance + self.opinion.categories[Category.MACHINE] if category is Category.OTHER else chance

    def idea(self, *names: str) -> bool:
        """Whether any of the ideas was found."""
        return any(self.reading.ideas.get(name) for name in names)

    @property
    def long(self) -> bool:
        """Whether the mail is as long as letters made from forms, news and advertising are."""
        return sum(len(s.normal) for s in self.reading.sentences) > LONG

    @property
    def plain_right(self) -> bool:
        """Whether the phrases alone say that a right is asked for."""
        return any(self.reading.strength(r) >= 0.9 for r in RIGHTS) and self.idea("demand")

    @property
    def plain_stop(self) -> bool:
        """Whether the phrases alone say that no more mail is wanted."""
        return self.reading.strength("unsubscribe") >= 0.9


@dataclass(frozen=True)
class Finding:
    """What a rule makes of a mail; `doubted` are further categories that nobody may rule out."""

    category: Category
    confidence: float
    needs_human: bool = False
    doubted: tuple[Category, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule: its name, when it holds, what follows."""

    name: str
    holds: Callable[[Facts], bool]
    finds: Callable[[Facts], Finding]


def _asks_by_machine(f: Facts) -> bool:
    """Rights wording in machine mail: plainly put, and of the kind that the model takes for a request and not for talk about requests."""
    least = 0.6 if f.machine in (Machine.LIST, Machine.DMARC_REPORT, Machine.RECEIPT) else 0.3
    if f.machine is None or f.machine is Machine.FEEDBACK_REPORT:
        return False
    return f.plain_right and f.chance(Category.RIGHTS_REQUEST) >= least


def _models(f: Facts) -> Finding:
    return Finding(f.best, f.chance(f.best), doubted=_doubted(f))


def _looked_at(f: Facts) -> Finding:
    return Finding(f.best, f.chance(f.best), True, _doubted(f))


def _doubted(f: Facts) -> tuple[Category, ...]:
    """Requests and complaints that are less likely than what leads, yet too likely to pass over in silence."""
    if f.best in _CASES:
        other = Category.COMPLAINT if f.best is Category.RIGHTS_REQUEST else Category.RIGHTS_REQUEST
        return (other,) if f.chance(other) >= f.thresholds.both else ()
    borne = any(f.reading.strength(r) > 0 for r in RIGHTS) or any(name.startswith("art ") for name in f.reading.ideas)
    least = {
        Category.RIGHTS_REQUEST: f.thresholds.doubt_right * (1 if borne else _WITHOUT_PHRASE),
        Category.COMPLAINT: f.thresholds.doubt_complaint,
    }
    return tuple(c for c, chance in least.items() if f.chance(c) >= chance)


def _contradicted(f: Facts) -> bool:
    """Whether plain phrases say otherwise than the model."""
    if f.plain_right and f.best not in (Category.RIGHTS_REQUEST, Category.COMPLAINT):
        return f.chance(Category.RIGHTS_REQUEST) >= f.thresholds.doubt_right / 2
    return f.best is Category.UNSUBSCRIBE and f.plain_right


def _unfounded(f: Facts) -> bool:
    """Whether the model takes a long mail for a request, complaint or stop though no sentence of the writer's own asks.

    The model learned from short mails. In a long one (news, a discussion, advertising) any word turns up somewhere.
    """
    means = {Category.RIGHTS_REQUEST: RIGHTS, Category.COMPLAINT: ("complaint", *_ACCUSING), Category.UNSUBSCRIBE: ("unsubscribe",)}.get(
        f.best
    )
    return f.machine is None and means is not None and f.long and not any(f.reading.own(m) for m in means)


def _ordinary(f: Facts) -> Finding:
    """Whichever kind of ordinary mail is likelier; a human looks where the model was sure that it is none, or the mail is about data."""
    likelier = max((Category.INQUIRY, Category.OTHER), key=f.chance)
    doubted = (f.best,) if f.best in _CASES and f.idea("data", "about_me", "privacy", "consent") else ()
    return Finding(likelier, f.thresholds.lean, bool(doubted) or f.chance(f.best) >= f.thresholds.sure, doubted)


def _complains_formally(f: Facts) -> bool:
    """Whether a sentence near the beginning lodges a complaint under Art. 77 GDPR (to us instead of the authority)."""
    lodged = (s for s in f.reading.signals if s.means == "complaint" and s.strength >= 0.9 and not s.conditional and s.sentence < 5)
    return f.best in _CASES and any("art complaint" in f.reading.together[s.sentence] for s in lodged)


RULES: tuple[Rule, ...] = (
    Rule(
        "a machine wrote it, and it holds rights wording",
        _asks_by_machine,
        lambda f: Finding(Category.RIGHTS_REQUEST, f.thresholds.lean, True),
    ),
    Rule("a machine wrote it", lambda f: f.machine is not None, lambda f: Finding(Category.MACHINE, 0.99)),  # noqa: ARG005 -- the fact is enough
    Rule("nothing can be read", lambda f: f.unreadable, lambda f: Finding(Category.OTHER, 0.0, True)),  # noqa: ARG005 -- the fact is enough
    Rule(
        "a complaint under Art. 77",
        _complains_formally,
        lambda f: Finding(Category.COMPLAINT, max(f.chance(Category.COMPLAINT), f.thresholds.lean)),
    ),
    Rule("a long mail in which nobody asks", _unfounded, _ordinary),
    Rule("phrases and model contradict each other", _contradicted, _looked_at),
    Rule("it may hold a request or a complaint", lambda f: bool(_doubted(f)), _looked_at),
    Rule("the model is sure, and no phrase speaks against it", lambda f: f.sure, _models),
    Rule(
        "it is ordinary mail, one way or the other",
        lambda f: f.chance(Category.INQUIRY) + f.chance(Category.OTHER) >= f.thresholds.sure,
        _models,
    ),
    Rule("the model leans that way, and a phrase says the same", lambda f: _agree(f), _models),
    Rule("a human must look", lambda f: True, _looked_at),  # noqa: ARG005 -- the last rule always holds
)


def _agree(f: Facts) -> bool:
    if f.chance(f.best) < f.thresholds.lean:
        return False
    spoken = any(f.reading.strength(r) >= 0.7 for r in RIGHTS)
    return (f.best is Category.RIGHTS_REQUEST and spoken) or (f.best is Category.UNSUBSCRIBE and f.plain_stop)


def decide(facts: Facts) -> tuple[str, Finding]:
    """The name of the first rule that holds, and what it finds."""
    return next((rule.name, rule.finds(facts)) for rule in RULES if rule.holds(facts))


def rights(facts: Facts) -> tuple[Right, ...]:
    """The rights that a mail asks for, given that it asks for some: at least the likeliest.

    A long mail (a letter made from a form) speaks of rights that it does not ask for: there a plain sentence must ask, too.
    """
    if facts.reading.unread and (cited := _first_cited(facts)):
        return cited
    likely = {r for r in Right if facts.opinion.rights[r] >= facts.thresholds.right}
    if facts.long:
        likely = {r for r in likely if facts.reading.asked(r) >= 0.7} | {
            r for r in Right if facts.reading.asked(r) >= 0.9 and facts.opinion.rights[r] >= facts.thresholds.right / 2
        }
        if Right.ACCESS in likely and not facts.idea("human_review", "verdict_on_me"):
            likely.discard(Right.AUTOMATED_DECISION)
    return tuple(r for r in Right if r in likely) or (max(Right, key=lambda r: facts.opinion.rights[r]),)


def _first_cited(facts: Facts) -> tuple[Right, ...]:
    """Of a letter in a language without phrases: the right whose article it cites first, and portability wherever cited."""
    cited = [s.means for s in facts.reading.signals if s.language == "und" and s.means in RIGHTS]
    return tuple(Right(r) for r in dict.fromkeys(cited) if r == cited[0] or r == "portability")


def _says_more(facts: Facts, number: int) -> bool:
    """Whether a sentence is about something else than the wish for no more mail, and longer than a greeting."""
    return len(facts.reading.sentences[number].normal) > _GREETING and not facts.reading.together[number] & _ABOUT_MAIL


def stops_alone(facts: Facts, finding: Finding) -> bool:
    """Whether a mail wants no more mail and nothing else, so surely that no human need look."""
    least = facts.thresholds.unsubscribe
    others = 1.0 - facts.chance(Category.UNSUBSCRIBE)
    return (
        finding.category is Category.UNSUBSCRIBE
        and not finding.needs_human
        and facts.plain_stop
        and facts.chance(Category.UNSUBSCRIBE) >= least
        and facts.opinion.unsubscribe >= least
        and others <= 1.0 - least
        and not any(facts.reading.strength(r) >= 0.6 for r in RIGHTS)
        and not any(s.question for s in facts.reading.sentences)
        and not facts.idea(*BESIDE)
        and not any(_says_more(facts, number) for number in range(len(facts.reading.sentences)))
        and facts.language in WELL_READ
    )
