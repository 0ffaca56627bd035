"""From phrases found to what a sentence asks for: which ideas must stand together, and how strongly that speaks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers.sorting.articles import cited
from handlers.sorting.phrases import Hit, Lexicon
from handlers.sorting.reading import Sentence

STRONG = 0.9
RIGHTS = (
    "access", "rectification", "erasure", "restriction", "objection", "portability", "withdraw_consent", "information", "opt_out_sale",
    "automated_decision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Together:
    """Ideas that, close together in one sentence, mean something."""

    means: str
    ideas: tuple[str, ...]
    within: int
    strength: float


TOGETHER: tuple[Together, ...] = (
    Together("erasure", ("delete", "data"), 70, 1.0),
    Together("erasure", ("delete", "about_me"), 60, 0.9),
    Together("erasure", ("delete", "account"), 50, 1.0),
    Together("erasure", ("closing", "account"), 40, 0.6),
    Together("access", ("copy", "data"), 70, 0.8),
    Together("access", ("copy", "about_me"), 60, 0.7),
    Together("access", ("know", "data"), 70, 0.8),
    Together("access", ("know", "about_me"), 60, 0.7),
    Together("rectification", ("correct", "data"), 70, 0.9),
    Together("rectification", ("correct", "field"), 60, 0.8),
    Together("rectification", ("wrong", "field"), 60, 0.8),
    Together("rectification", ("wrong", "data"), 60, 0.7),
    Together("restriction", ("restrict", "data"), 70, 0.9),
    Together("restriction", ("restrict", "use"), 50, 0.7),
    Together("objection", ("object", "use"), 70, 0.9),
    Together("objection", ("object", "marketing"), 80, 0.9),
    Together("objection", ("object", "data"), 80, 0.8),
    Together("objection", ("stop", "use", "data"), 80, 0.8),
    Together("portability", ("port", "data"), 90, 0.8),
    Together("withdraw_consent", ("withdraw", "consent"), 70, 1.0),
    Together("opt_out_sale", ("stop", "sell", "data"), 80, 0.9),
    Together("automated_decision", ("automated", "decision"), 70, 0.8),
    Together("automated_decision", ("human_review",), 0, 0.7),
    Together("information", ("inform", "data"), 80, 0.7),
    Together("unsubscribe", ("stop", "newsletter"), 60, 0.8),
    Together("unsubscribe", ("delete", "newsletter"), 60, 0.7),
    Together("unsubscribe", ("closing", "newsletter"), 60, 0.7),
    Together("complaint", ("complain", "privacy"), 120, 0.6),
    Together("complaint", ("complain", "data"), 100, 0.6),
    Together("complaint", ("unanswered", "request_before"), 140, 0.7),
)
"""Distances are characters of the normalised sentence between the first and the last idea; Chinese, Japanese and Korean need a third."""

WHOLE = (*RIGHTS, "unsubscribe", "complaint", "appeal", "authority", "authority_asks", "court", "lawyer", "breach", "child", "agent")
CONTEXT = (
    "privacy",
    "question",
    "howto",
    "demand",
    "ordinary",
    "unanswered",
    "request_before",
    "complain",
    "data",
    "account",
    "newsletter",
    "marketing",
)


_PERSONAL = frozenset({"mine", "about_me", "demand", "agent", "child"})


@dataclass(frozen=True, slots=True)
class Signal:
    """One meaning found in one sentence."""

    means: str
    strength: float
    sentence: int
    language: str
    conditional: bool = False


@dataclass(frozen=True)
class Reading:
    """All that the phrases say of a mail."""

    sentences: tuple[Sentence, ...]
    signals: tuple[Signal, ...]
    ideas: dict[str, int]
    languages: dict[str, int]
    together: tuple[frozenset[str], ...] = ()
    unread: bool = False

    def strength(self, means: str) -> float:
        """The strongest signal of that meaning, 0 where there is none."""
        return max((s.strength for s in self.signals if s.means == means), default=0.0)

    def asked(self, means: str) -> float:
        """The strongest signal of that meaning outside of `if ...` and `should you ...`."""
        return max((s.strength for s in self.signals if s.means == means and not s.conditional), default=0.0)

    def own(self, means: str) -> bool:
        """Whether a sentence that speaks of the writer, or demands, says so outside of `if ...`, or the article of that right is cited."""
        found = (s for s in self.signals if s.means == means and s.strength >= 0.7 and not s.conditional)
        return any(self.together[s.sentence] & _PERSONAL for s in found) or bool(self.ideas.get(f"art {means}"))

    def count(self, means: str) -> int:
        """In how many sentences it was found."""
        return len({s.sentence for s in self.signals if s.means == means})


def read(found: Iterable[Sentence], lexicon: Lexicon, spoken: frozenset[str] | None = None, *, unread: bool = False) -> Reading:
    """What the sentences of a mail say, in the languages it may be written in; of a language without phrases, by the articles cited."""
    sentences = tuple(found)
    signals: list[Signal] = []
    ideas: dict[str, int] = defaultdict(int)
    languages: dict[str, int] = defaultdict(int)
    together: list[frozenset[str]] = []
    for number, sentence in enumerate(sentences):
        hits = _unmasked(lexicon.find(sentence.normal, spoken))
        masked = any(hit.idea == "mask" for hit in hits)
        hits = [hit for hit in hits if hit.idea != "mask"]
        ideas["mask"] += masked
        for hit in hits:
            ideas[hit.idea] += 1
            languages[hit.language] += 1
        together.append(frozenset(hit.idea for hit in hits) | ({"mask"} if masked else set()))
        signals.extend(_signals(number, hits, sentence))
    for number, right in cited([s.normal for s in sentences]):
        ideas[f"art {right}"] += 1
        together[number] |= {f"art {right}"}
        if unread and right in WHOLE:
            signals.append(Signal(right, 0.9, number, "und"))
    return Reading(
        sentences, tuple(signals), {idea: count for idea, count in ideas.items() if count}, dict(languages), tuple(together), unread
    )


def joined(one: Reading, other: Reading) -> Reading:
    """Two mails as if they were one."""
    first = len(one.sentences)
    later = tuple(replace(s, sentence=s.sentence + first) for s in other.signals)
    ideas = {idea: one.ideas.get(idea, 0) + other.ideas.get(idea, 0) for idea in (*one.ideas, *other.ideas)}
    languages = {name: one.languages.get(name, 0) + other.languages.get(name, 0) for name in (*one.languages, *other.languages)}
    return Reading(one.sentences + other.sentences, one.signals + later, ideas, languages, one.together + other.together)


def _unmasked(hits: list[Hit]) -> list[Hit]:
    """The hits without those that overlap a phrase which takes their meaning away."""
    masks = [h for h in hits if h.idea == "mask"]
    if not masks:
        return hits
    return [h for h in hits if h.idea == "mask" or not any(h.start < m.end and m.start < h.end and _masked(h, m) for m in masks)]


def _masked(hit: Hit, mask: Hit) -> bool:
    inside = mask.start <= hit.start and hit.end <= mask.end
    return inside or (hit.idea not in ("data", "privacy", "demand", "about_me", "field") and hit.start >= mask.start)


def _signals(number: int, hits: list[Hit], sentence: Sentence) -> list[Signal]:
    by_idea: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_idea[hit.idea].append(hit)
    best: dict[str, tuple[float, str]] = {}
    for idea in WHOLE:
        if idea in by_idea:
            best[idea] = (1.0, by_idea[idea][0].language)
    if any(hit.start == 0 and hit.end == len(sentence.normal) for hit in by_idea.get("alone", ())):
        best["unsubscribe"] = (1.0, by_idea["alone"][0].language)
    dense = not sentence.normal.isascii() and any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in sentence.normal[:200])
    for rule in TOGETHER:
        if best.get(rule.means, (0.0, ""))[0] >= rule.strength or any(idea not in by_idea for idea in rule.ideas):
            continue
        if _close([by_idea[idea] for idea in rule.ideas], rule.within // 3 if dense else rule.within):
            best[rule.means] = (rule.strength, by_idea[rule.ideas[0]][0].language)
    conditional = "conditional" in by_idea
    return [Signal(means, strength, number, language, conditional) for means, (strength, language) in best.items()]


def _close(groups: list[list[Hit]], within: int) -> bool:
    """Whether one hit of each group stands so near the others that no more than `within` characters lie between them."""
    first, *rest = groups
    for start in first:
        low, high, used = start.start, start.end, 0
        for group in rest:
            near = min(group, key=lambda h: max(h.start - high, low - h.end))
            gap = max(near.start - high, low - near.end, 0)
            used += gap
            low, high = min(low, near.start), max(high, near.end)
        if used <= within:
            return True
    return False
