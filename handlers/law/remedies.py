"""What a refusal must say under each law, as duties and as finished sentences."""

from dataclasses import dataclass
from datetime import date

from handlers.law.authorities import authority
from handlers.law.laws import Laws
from handlers.law.offices import Authority
from handlers.law.period import Period
from handlers.law.schema import APPEAL, Duty, DutyKind, Refusing


@dataclass(frozen=True)
class Refusal:
    """A refusal to be written: under which law, to whom (their place), in which language, on which day; of a request or of an appeal.

    Or the answer to a complaint, which names the same remedies but those that lead back to us.
    """

    law: str
    place: str
    language: str
    on: date
    refusing: Refusing = Refusing.REQUEST


@dataclass(frozen=True)
class Remedy:
    """One thing a refusal says: what it is, the letter's sentence ('' where staff must write it, as with the reasons), its source."""

    kind: DutyKind
    what: str
    sentence: str
    cite: str
    must: bool


def duties(laws: Laws, refusal: Refusal) -> tuple[Remedy, ...]:
    """Everything that a refusal says, as the law stands on its day; Refused for an unknown law or place."""
    version = laws.law(refusal.law, refusal.on)
    office = authority(laws, refusal.law, refusal.place)
    appeal = version.rights.get(APPEAL)
    period = appeal.respond if appeal is not None else None
    return tuple(_remedy(d, refusal.language, office, period) for d in version.refusal if _belongs(d, refusal.refusing))


def sentences(laws: Laws, refusal: Refusal) -> tuple[str, ...]:
    """The sentences on remedies that a refusal contains; in English where the law file has none in its language."""
    return tuple(d.sentence for d in duties(laws, refusal) if d.sentence)


def remedies(laws: Laws, law: str, place: str, language: str, on: date) -> tuple[str, ...]:
    """The sentences on remedies for the refusal of a request that is written on a day."""
    return sentences(laws, Refusal(law, place, language, on))


def missing(laws: Laws, refusal: Refusal, letter: str) -> tuple[Remedy, ...]:
    """What a letter lacks of the sentences that it must contain, white space aside."""
    said = " ".join(letter.split())
    return tuple(d for d in duties(laws, refusal) if d.must and d.sentence and " ".join(d.sentence.split()) not in said)


def _belongs(duty: Duty, refusing: Refusing) -> bool:
    """A complaint is answered like an appeal: what it says last is who else can be turned to."""
    if refusing is Refusing.COMPLAINT:
        return duty.kind not in (DutyKind.CONTROLLER, DutyKind.APPEAL) and duty.when is not Refusing.REQUEST
    return duty.when in (None, refusing)


def _remedy(duty: Duty, language: str, office: Authority, appeal: Period | None) -> Remedy:
    if duty.sentence is None:
        return Remedy(duty.kind, duty.what.said(language), "", duty.cite, duty.must)
    spoken = duty.sentence.spoken(language)
    within = "" if appeal is None else appeal.ja if spoken == "ja" else str(appeal)
    sentence = duty.sentence.said(spoken).replace("{authority}", office.written(spoken)).replace("{appeal}", within)
    return Remedy(duty.kind, duty.what.said(language), sentence, duty.cite, duty.must)
