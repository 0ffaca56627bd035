"""What is sealed of a case, and how much of it Slack may show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.desk import Shown
from handlers.masking import mask
from handlers.verdict import Evidence
from storage.kinds import Direction
from storage.models import Case
from storage.store import Tx

EXCERPT = 600
FULL = 2800


@dataclass(frozen=True)
class CaseSecrets:
    """What is sealed of a case: who asked, in which words, and why we took it for what we did."""

    name: str
    address: str
    subject: str
    words: str
    evidence: tuple[Evidence, ...]
    law_reason: str
    law_candidates: tuple[str, ...]
    authentication: str
    message_id: str
    references: str
    folder: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, as they are sealed."""
        plain = {k: v for k, v in vars(self).items() if k != "evidence"}
        return {**plain, "evidence": [[e.what, e.text] for e in self.evidence]}

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "CaseSecrets":
        """What was sealed; empty where it has been erased."""
        if data is None:
            return cls("", "", "", "", (), "", (), "none", "", "", "")
        evidence = tuple(Evidence(what, text) for what, text in data["evidence"])
        return cls(**{**data, "evidence": evidence, "law_candidates": tuple(data["law_candidates"])})


def secrets_of(tx: Tx, case: Case) -> CaseSecrets:
    """The sealed part of a case, opened."""
    return CaseSecrets.from_json(tx.unseal(case.key_id, case.sealed))


@dataclass(frozen=True)
class Heard:
    """What the person wrote in one mail of a case."""

    at: datetime
    subject: str
    words: str

    @property
    def covered(self) -> bool:
        """Whether numbers in it are covered in Slack."""
        return mask(self.words) != self.words or mask(self.subject) != self.subject


def heard(tx: Tx, case: Case) -> tuple[Heard, ...]:
    """What the person wrote, mail by mail; of a request that came otherwise, what was written down of it."""
    opened = ((one.at, tx.unseal(one.key_id, one.sealed)) for one in tx.mails.of_case(case.id) if one.direction is Direction.IN)
    mails = tuple(Heard(at, words.get("subject", ""), words.get("words", "")) for at, words in opened if words is not None)
    if mails:
        return mails
    secret = secrets_of(tx, case)
    return (Heard(case.received, secret.subject, secret.words),) if secret.words or secret.subject else ()


def masked(address: str) -> str:
    """An address that Slack may show to anybody: `t…@example.org`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…{at}{domain}" if at else (f"{address[:1]}…" if address else "")


def named(secrets: CaseSecrets) -> str:
    """Who asked, by name and address."""
    if not secrets.address:
        return secrets.name
    return f"{secrets.name} <{secrets.address}>" if secrets.name else secrets.address


def shown(text: str, how: Shown) -> str:
    """As much of a stranger's words as Slack may show, numbers that name somebody covered."""
    return cut(mask(text), how)


def cut(text: str, how: Shown) -> str:
    """As much of it, nothing covered."""
    limit = {Shown.FULL: FULL, Shown.EXCERPT: EXCERPT, Shown.NONE: 0}[how]
    return text if len(text) <= limit else (text[:limit].rstrip() + "…" if limit else "")
