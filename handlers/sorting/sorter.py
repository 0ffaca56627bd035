"""Mail to verdict: reads it, asks the rules, finds the law, and says whether a machine may answer or unsubscribe."""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from handlers.mail import Mail, authentication
from handlers.sorting import jurisdiction, language, machine, reading, rules, signals
from handlers.sorting.phrases import Hit, lexicon
from handlers.verdict import Evidence, Verdict
from storage.kinds import Category, Machine, Right

_MOST = 12_000
_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|tr|rv|sv|vs|vb|antw|odp|i|r|enc|res|転送|返信|回复|转发)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_REPLY = re.compile(r"^\s*(?:re|aw|sv|vs|antw|odp|r|res|返信|回复)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'=/%&~#!$-]+@[\w-]+(?:\.[\w-]+)+")
_URGENT = (
    ("authority_asks", "an authority writes"),
    ("court", "a court or a lawsuit"),
    ("lawyer", "a lawyer"),
    ("breach", "a breach of data"),
    ("child", "a child"),
)


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
        """`homes` are ISO countries by controller address; `cache_dir` keeps the trained model between starts."""
        self._own = frozenset(a.lower() for a in own_addresses)
        self._homes = {address.lower(): country for address, country in homes.items()}
        self._fallback = fallback_laws
        self._trusted = trusted_authserv
        self._cache_dir = cache_dir
        self._lexicon = lexicon()

    def sort(self, mail: Mail) -> Verdict:
        """What the mail is. A mail that the sorting stumbles over goes to a human."""
        try:
            return self._sort(mail)
        except Exception as fault:  # noqa: BLE001 -- rule 1 of the house: no mail is lost, a human gets what the sorting cannot read
            return Verdict(
                Category.OTHER,
                needs_human=True,
                reply_allowed=False,
                words=mail.words,
                evidence=(Evidence("sorting failed", type(fault).__name__),),
            )

    def _sort(self, mail: Mail) -> Verdict:
        subject, words = _words(mail)
        found = reading.sentences(f"{subject}\n\n{words[:_MOST]}")
        may_be = language.spoken(f"{words[:1500]} {subject}")
        seen = signals.read(found, self._lexicon, frozenset((*may_be, "en")))
        detected = machine.detect(mail, self._own)
        kind = detected.machine if detected else None
        facts = rules.Facts(seen, kind, mail.encrypted or not mail.readable or not found, len(words) < 120)
        rule, finding = rules.decide(facts)
        tongue = language.detect(f"{words[:1500]} {subject}", may_be, seen.languages)
        law = self._law(mail, found, tongue, finding.category)
        urgent = self._urgent(seen, finding)
        target = machine.complained_about(mail) if kind is Machine.FEEDBACK_REPORT else self._unsubscribes(mail, words, finding)
        requester = self._requester(mail)
        evidence = [Evidence("rule", rule)]
        if detected:
            evidence.append(Evidence("machine", detected.reason))
        evidence += [Evidence(s.means, seen.sentences[s.sentence].written[:160]) for s in seen.signals][:12]
        evidence += [Evidence("urgent", why) for why in urgent]
        return Verdict(
            category=finding.category,
            also=finding.also,
            rights=tuple(Right(r) for r in finding.rights),
            law=law.law,
            law_candidates=law.candidates,
            place=law.place,
            language=tongue,
            confidence=finding.confidence,
            needs_human=finding.needs_human
            or (requester is not None and mail.forward is not None and finding.category is not Category.MACHINE),
            machine=kind,
            reply_allowed=machine.reply_allowed(mail, kind, self._own),
            auto_unsubscribe=bool(target) and (kind is Machine.FEEDBACK_REPORT or _alone(finding, seen)) and mail.forward is None,
            urgent=bool(urgent),
            evidence=tuple(evidence),
            words=words,
            requester=requester,
            unsubscribe_address=target,
            authentication=authentication(mail, self._trusted),
            appeal=finding.category is Category.COMPLAINT and seen.strength("appeal") > 0,
            privacy=finding.category in (Category.RIGHTS_REQUEST, Category.COMPLAINT) or bool(seen.ideas.get("privacy")),
        )

    def _law(self, mail: Mail, found: tuple[reading.Sentence, ...], tongue: str, category: Category) -> jurisdiction.Jurisdiction:
        lives: dict[int, list[Hit]] = defaultdict(list)
        for number, sentence in enumerate(found):
            for hit in self._lexicon.find(sentence.normal):
                if hit.idea == "lives":
                    lives[number].append(hit)
        sender = mail.forward.sender if mail.forward and mail.forward.sender else mail.sender
        homes = tuple(dict.fromkeys(self._homes[a] for a in sorted(mail.recipients) if a in self._homes)) or tuple(
            dict.fromkeys(self._homes.values())
        )
        domain = sender.address.rpartition("@")[2] if sender else ""
        return jurisdiction.judge(found, lives, jurisdiction.Setting(domain, homes, self._fallback, tongue, category))

    def _urgent(self, seen: signals.Reading, finding: rules.Finding) -> tuple[str, ...]:
        if finding.category is Category.MACHINE:
            return ()
        return tuple(why for idea, why in _URGENT if seen.strength(idea) > 0)

    def _unsubscribes(self, mail: Mail, words: str, finding: rules.Finding) -> str | None:
        """Whose address is to get no more mail, where that is certain: the sender's own, and no other is named."""
        if (
            Category.UNSUBSCRIBE not in (finding.category, *finding.also)
            or mail.forward is not None
            or not mail.sender
            or "@" not in mail.sender.address
        ):
            return None
        sender = mail.sender.address.lower()
        if sender in self._own or len(mail.from_) > 1:
            return None
        named = {a.lower() for a in _ADDRESS.findall(words)} - self._own
        return None if named - {sender} else sender

    def _requester(self, mail: Mail) -> str | None:
        """The address of the person concerned, where it is not the sender's."""
        if mail.forward is not None and mail.forward.sender is not None:
            return mail.forward.sender.address.lower() or None
        return None


def _words(mail: Mail) -> tuple[str, str]:
    """Subject and words of whoever wants something: of a forward, those passed on; the subject of a reply is ours, not theirs."""
    if mail.forward is not None and mail.forward.text.strip():
        return _PREFIX.sub("", mail.forward.subject or mail.subject), f"{mail.words}\n\n{mail.forward.text}".strip()
    words = mail.words.strip() or mail.text.strip()
    subject = "" if _REPLY.match(mail.subject) and len(words) > 3 else _PREFIX.sub("", mail.subject)
    return subject, words


def _alone(finding: rules.Finding, seen: signals.Reading) -> bool:
    """Nothing but the wish to get no more mail: no right, complaint or question beside it."""
    beside = (
        any(seen.strength(r) >= 0.6 for r in signals.RIGHTS) or seen.strength("complaint") > 0 or any(s.question for s in seen.sentences)
    )
    return finding.category is Category.UNSUBSCRIBE and not finding.also and not finding.needs_human and not beside
