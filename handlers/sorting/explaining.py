"""Why a mail was sorted as it was: the phrases found where they stand, and which of them moved the model how far."""

from dataclasses import dataclass

from handlers.mail import Mail
from handlers.sorting import features, rules
from handlers.sorting.model import CATEGORIES
from handlers.sorting.phrases import lexicon
from handlers.sorting.reading import Sentence
from handlers.sorting.sorter import Sorter
from handlers.verdict import Verdict
from storage.kinds import Right


@dataclass(frozen=True)
class Phrase:
    """A phrase found: the idea it stands for, its language, and the words."""

    idea: str
    language: str
    words: str


@dataclass(frozen=True)
class Share:
    """How far an idea moved the model towards (+) or away from (-) an answer."""

    question: str
    idea: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """The verdict, the rule that decided, every rule with whether it held, phrases, chances, and the ideas that weighed most."""

    verdict: Verdict
    rule: str
    held: tuple[tuple[str, bool], ...]
    phrases: tuple[Phrase, ...]
    chances: tuple[tuple[str, float], ...]
    shares: tuple[Share, ...]
    characters: tuple[tuple[str, float], ...]


def explain(sorter: Sorter, mail: Mail, most: int = 8) -> Explanation:
    """What stands behind a verdict; `most` ideas for each answer that is at all likely."""
    perusal, _, facts = sorter.facts(mail)
    vector = features.vector(perusal.reading)
    opinion = facts.opinion
    chances = {f"category {c}": opinion.categories[c] for c in CATEGORIES} | {f"right {r}": opinion.rights[r] for r in Right}
    asked = [question for question, chance in sorted(chances.items(), key=lambda item: -item[1]) if chance >= 0.2]
    names = {features.place(name): name for group in features.named(perusal.reading, ()) for name in group}
    shares, characters = [], []
    for question in asked:
        weights = sorter.model.shares(vector, question)
        by_idea = [(names[int(p)], float(w)) for p, w in zip(vector[0], weights, strict=True) if int(p) in names]
        shares += [Share(question, name, round(w, 3)) for name, w in sorted(by_idea, key=lambda item: -abs(item[1]))[:most]]
        characters.append((question, round(float(weights[vector[0] < features.GRAMS].sum()), 3)))
    return Explanation(
        sorter.sort(mail),
        rules.decide(facts)[0],
        tuple((rule.name, rule.holds(facts)) for rule in rules.RULES),
        _phrases(perusal.reading.sentences, perusal.language),
        tuple((question, round(chance, 3)) for question, chance in chances.items()),
        tuple(shares),
        tuple(characters),
    )


def _phrases(sentences: tuple[Sentence, ...], language: str) -> tuple[Phrase, ...]:
    found: dict[Phrase, None] = {}
    for sentence in sentences:
        normal = sentence.normal
        for hit in lexicon().find(normal, frozenset({language, "en"})):
            phrase = Phrase(hit.idea, hit.language, normal[hit.start : hit.end])
            found[phrase] = None
    return tuple(found)


def told(explanation: Explanation) -> str:
    """The explanation as text for a terminal."""
    verdict = explanation.verdict
    lines = [f"{verdict.category} ({verdict.confidence:.0%}) by the rule: {explanation.rule}"]
    lines += [f"  {'held' if held else '-':<5}{name}" for name, held in explanation.held]
    lines.append("phrases")
    lines += [f"  {p.idea:<20}{p.language:<4}{p.words}" for p in explanation.phrases]
    lines.append("model")
    lines += [f"  {question:<30}{chance:>7.1%}" for question, chance in explanation.chances]
    lines.append("what moved it")
    lines += [f"  {s.question:<30}{s.weight:>+8.3f}  {s.idea}" for s in explanation.shares]
    lines += [f"  {question:<30}{weight:>+8.3f}  character n-grams together" for question, weight in explanation.characters]
    return "\n".join(lines)
