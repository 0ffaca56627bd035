"""Mail to verdict: reads it, asks rules and model, finds the law, and says whether a machine may answer or unsubscribe."""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from pathlib import Path

from handlers.mail import Mail, authentication
from handlers.sorting import authorities, features, jurisdiction, machine, people, rules, training
from handlers.sorting.model import Model, Opinion
from handlers.sorting.perusal import Perusal, peruse
from handlers.sorting.phrases import Hit, lexicon
from handlers.sorting.thresholds import Thresholds, shipped
from handlers.verdict import Evidence, Verdict
from storage.kinds import Category, Machine, Right

_MOST_EVIDENCE = 14
_URGENT = (
    ("authority_asks", "an authority writes"),
    ("court", "a court or a lawsuit"),
    ("lawyer", "a lawyer"),
    ("breach", "a breach of data"),
    ("child", "a child"),
)
_TEND_TO_BE_CASES = frozenset({Category.RIGHTS_REQUEST, Category.COMPLAINT})


class Sorter:
    """Sorts mail. Built once; `sort` is pure and never raises."""

    def __init__(
        self,
        *,
        own_addresses: frozenset[str],
        homes: Mapping[str, str],
        fallback_laws: tuple[str, ...],
        trusted_authserv: tuple[str, ...] = (),
        cache_dir: Path | None = None,
    ) -> None:
        """`homes` are ISO countries by controller address; `cache_dir` keeps the trained model between starts (else the user's cache)."""
        self.own = frozenset(a.lower() for a in own_addresses)
        self._homes = {address.lower(): country for address, country in homes.items()}
        self._fallback = fallback_laws
        self._trusted = trusted_authserv
        self.thresholds: Thresholds = shipped()
        self.model: Model = training.ready(cache_dir)

    def with_model(self, model: Model) -> "Sorter":
        """The same sorter with another model; this one stays as it is."""
        other = copy(self)
        other.model = model
        return other

    def sort(self, mail: Mail) -> Verdict:
        """What the mail is. A mail that the sorting stumbles over goes to a human."""
        try:
            return self._sort(mail)
        except Exception as fault:  # noqa: BLE001 -- rule 1 of the house: no mail is lost, a human gets what the sorting cannot read
            why = Evidence("sorting failed", type(fault).__name__)
            return Verdict(Category.OTHER, needs_human=True, reply_allowed=False, words=mail.words, evidence=(why,))

    def facts(self, mail: Mail) -> tuple[Perusal, machine.Detection | None, rules.Facts]:
        """What the rules look at."""
        perusal = peruse(mail)
        detected = machine.detect(mail, self.own)
        opinion = self.model.opinion(features.vector(perusal.reading))
        if detected is None and opinion.categories[Category.MACHINE] >= self.thresholds.machine:
            detected = machine.Detection(machine.resembled(mail), "reads like machine mail, though no header says so")
        unreadable = mail.encrypted or not mail.readable or not _letters(perusal)
        return (
            perusal,
            detected,
            rules.Facts(perusal.reading, opinion, detected.machine if detected else None, unreadable, self.thresholds, perusal.language),
        )

    def _sort(self, mail: Mail) -> Verdict:
        perusal, detected, facts = self.facts(mail)
        rule, finding = rules.decide(facts)
        also = _also(facts, finding)
        leading = (finding.category, *also)
        law = self._law(mail, perusal, finding.category)
        urgent = self._urgent(mail, facts, finding)
        report = facts.machine is Machine.FEEDBACK_REPORT
        wants_no_mail = Category.UNSUBSCRIBE in leading and facts.machine is None
        address = machine.complained_about(mail) if report else people.to_suppress(mail, perusal, self.own) if wants_no_mail else None
        alone = report or (not also and rules.stops_alone(facts, finding))
        requester = people.requester(mail, perusal, self.own) if finding.category is not Category.MACHINE else None
        return Verdict(
            category=finding.category,
            also=also,
            rights=rules.rights(facts) if Category.RIGHTS_REQUEST in leading and _rights_wanted(facts, finding) else (),
            law=law.law,
            law_candidates=law.candidates,
            place=law.place,
            language=perusal.language,
            confidence=round(finding.confidence, 3),
            needs_human=finding.needs_human
            or (mail.forward is not None and finding.category is not Category.MACHINE)
            or (wants_no_mail and finding.category not in _TEND_TO_BE_CASES and not (alone and address)),
            machine=facts.machine,
            reply_allowed=machine.reply_allowed(mail, facts.machine, self.own),
            auto_unsubscribe=alone and address is not None,
            urgent=bool(urgent),
            evidence=_evidence(rule, detected, facts, urgent),
            words=perusal.words,
            requester=requester,
            unsubscribe_address=address,
            authentication=authentication(mail, self._trusted),
            appeal=finding.category is Category.COMPLAINT and facts.reading.strength("appeal") > 0,
            privacy=facts.machine is None and (bool(_TEND_TO_BE_CASES & set(leading)) or facts.opinion.privacy >= self.thresholds.privacy),
        )

    def _law(self, mail: Mail, perusal: Perusal, category: Category) -> jurisdiction.Jurisdiction:
        lives: dict[int, list[Hit]] = defaultdict(list)
        for number, sentence in enumerate(perusal.reading.sentences):
            for hit in lexicon().find(sentence.normal):
                if hit.idea == "lives":
                    lives[number].append(hit)
        homes = tuple(dict.fromkeys(self._homes[a] for a in sorted(mail.recipients) if a in self._homes)) or tuple(
            dict.fromkeys(self._homes.values())
        )
        domain = perusal.author.address.rpartition("@")[2] if perusal.author else ""
        setting = jurisdiction.Setting(domain, homes, self._fallback, perusal.language, category)
        return jurisdiction.judge(perusal.reading.sentences, lives, setting)

    def _urgent(self, mail: Mail, facts: rules.Facts, finding: rules.Finding) -> tuple[str, ...]:
        if finding.category is Category.MACHINE:
            return ()
        if authorities.writes(mail.sender):
            return ("sent from the domain of an authority",)
        found = tuple(why for idea, why in _URGENT if facts.reading.strength(idea) > 0)
        if facts.opinion.urgent >= self.thresholds.urgent:
            return found or ("reads like an urgent matter",)
        return found if found and facts.opinion.urgent >= self.thresholds.urgent_with_phrase else ()


def _letters(perusal: Perusal) -> bool:
    """Whether there is a word at all."""
    return any(len(s.normal) > 2 or not s.normal.isascii() for s in perusal.reading.sentences)


def _also(facts: rules.Facts, finding: rules.Finding) -> tuple[Category, ...]:
    """Further categories in the same mail: those nobody may rule out, and the wish for no more mail."""
    also = list(finding.doubted)
    if facts.machine is None and finding.category is not Category.UNSUBSCRIBE and facts.opinion.unsubscribe >= 0.5:
        also.append(Category.UNSUBSCRIBE)
    return tuple(also)


def _rights_wanted(facts: rules.Facts, finding: rules.Finding) -> bool:
    """Whether rights are to be named: of a request always; where a request is only doubted, if a phrase or the model says so."""
    return finding.category is Category.RIGHTS_REQUEST or facts.plain_right or facts.chance(Category.RIGHTS_REQUEST) >= 0.25


def _evidence(rule: str, detected: machine.Detection | None, facts: rules.Facts, urgent: tuple[str, ...]) -> tuple[Evidence, ...]:
    """The reasons, in words that staff can read: the rule, the machine, the phrases where they stand, the model's leaning."""
    opinion: Opinion = facts.opinion
    found = [Evidence("rule", rule)]
    if detected:
        found.append(Evidence("machine", detected.reason))
    found += [Evidence("urgent", why) for why in urgent]
    said = {(s.means, s.sentence): s for s in sorted(facts.reading.signals, key=lambda s: -s.strength)}
    found += [Evidence(s.means, facts.reading.sentences[s.sentence].written[:160]) for s in said.values()][:_MOST_EVIDENCE]
    leaning = ", ".join(f"{c} {chance:.0%}" for c, chance in sorted(opinion.categories.items(), key=lambda item: -item[1])[:2])
    likely = ", ".join(f"{r} {opinion.rights[r]:.0%}" for r in Right if opinion.rights[r] >= 0.2)
    found.append(Evidence("model", f"{leaning}; rights if any: {likely}" if likely else leaning))
    return tuple(found)
