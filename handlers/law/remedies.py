"""What a refusal must say under each law, as duties and as finished sentences."""

from dataclasses import dataclass
from datetime import date

from handlers.law.authorities import authority
from handlers.law.laws import Laws
from handlers.law.schema import Duty, DutyKind


@dataclass(frozen=True)
class Remedy:
    """One thing a refusal says: what it is, the letter's sentence ('' where staff must write it, as with the reasons), its source."""

    kind: DutyKind
    what: str
    sentence: str
    cite: str
    must: bool


def duties(laws: Laws, law: str, place: str, language: str, on: date) -> tuple[Remedy, ...]:
    """Everything that a refusal says to a person at a place, as the law stands on a day; Refused for an unknown law or place."""
    named = authority(laws, law, place).written(language)
    return tuple(_remedy(d, named, language) for d in laws.law(law, on).refusal)


def remedies(laws: Laws, law: str, place: str, language: str, on: date) -> tuple[str, ...]:
    """The sentences on remedies that a refusal must contain; in English where the law file has none in that language."""
    return tuple(d.sentence for d in duties(laws, law, place, language, on) if d.sentence)


def missing(laws: Laws, law: str, place: str, language: str, on: date, letter: str) -> tuple[Remedy, ...]:
    """The sentences that a letter lacks of those it must contain, white space aside."""
    said = " ".join(letter.split())
    return tuple(d for d in duties(laws, law, place, language, on) if d.must and d.sentence and " ".join(d.sentence.split()) not in said)


def _remedy(duty: Duty, named: str, language: str) -> Remedy:
    sentence = duty.sentence.said(language).replace("{authority}", named) if duty.sentence else ""
    return Remedy(duty.kind, duty.what.said(language), sentence, duty.cite, duty.must)
