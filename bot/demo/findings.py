"""What became of each sample mail, read from the desk's own database, from Slack and from the letters that left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.demo.localslack import CHANNEL_NAME, LocalSlack
from bot.demo.papers import MAILBOXES
from bot.demo.samples import Sample
from bot.demo.smtpsink import SmtpSink
from handlers.casebook import masked
from handlers.mail import fingerprints
from storage.kinds import Category, DeadlineKind, Fate, OutgoingKind, OutgoingState, Right
from storage.models import Fingerprint, Outgoing
from storage.store import Store, Tx

WAITING = (OutgoingState.QUEUED, OutgoingState.CLAIMED, OutgoingState.HANDING)
LOST = (OutgoingState.FAILED, OutgoingState.UNKNOWN, OutgoingState.DROPPED)


@dataclass(frozen=True)
class Finding:
    """Where one sample mail stands. What is not there is None or empty."""

    sample: Sample
    fate: Fate | None = None
    category: Category | None = None
    rights: frozenset[Right] = frozenset()
    law: str | None = None
    due: date | None = None
    thread: str = ""
    """The case's reference, or which daily thread: only where Slack really shows it."""
    letter: str = ""
    """Subject of the letter that answered it, where the SMTP server really took it."""
    suppressed: bool = False
    error: str = ""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is not as it should be, a sentence each."""
        s = self.sample
        if self.fate is None:
            return ("it did not arrive",)
        if self.fate is Fate.QUARANTINED:
            return (f"it was quarantined: {self.error}",)
        compared = (
            ("fate", s.fate, self.fate),
            ("category", s.category or self.category, self.category),
            ("rights", sorted(s.rights), sorted(self.rights)),
            ("law", s.law, self.law),
            ("letter", s.letter, bool(self.letter)),
            ("suppressed", s.suppressed, self.suppressed),
        )
        wrong = [f"{what} should be {_shown(wanted)}, is {_shown(found)}" for what, wanted, found in compared if wanted != found]
        if self.fate in (Fate.CASE_OPENED, Fate.CASE_JOINED, Fate.UNSUBSCRIBED, Fate.ORDINARY) and not self.thread:
            wrong.append(f"#{CHANNEL_NAME} shows nothing of it")
        return tuple(wrong)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value) or "none"
    return {True: "yes", False: "no", None: "open"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)


@dataclass(frozen=True)
class Outbound:
    """How far the queue of effects has come."""

    done: int
    waiting: int
    lost: tuple[str, ...]


def outbound(store: Store) -> Outbound:
    """Every row of the queue, counted; what failed is named."""

    def look(tx: Tx) -> Outbound:
        counts = tx.outgoing.counts()
        lost = tuple(f"{row.dedupe.partition(':')[0]} {row.id} is {row.state}: {row.error}" for row in tx.outgoing.in_state(*LOST))
        return Outbound(counts.get(OutgoingState.SENT, 0), sum(counts.get(s, 0) for s in WAITING), lost)

    return store.run(look)


def handled(store: Store, mails: Sequence[Sample]) -> int:
    """How many of the mails have their fate, quarantine included."""

    def look(tx: Tx) -> int:
        kept = quarantined(tx)
        return sum(_fingerprint(tx, mail) is not None or content(mail.raw) in kept for mail in mails)

    return store.run(look)


def quarantined(tx: Tx) -> dict[bytes, str]:
    """The mails that broke something: their content, and what went wrong."""
    rows = [tx.mails.quarantined_raw(row.id) for row in tx.mails.quarantined()]
    return {content(tx.unseal_bytes(row.key_id, row.raw) or b""): row.error for row in rows if row is not None}


def content(raw: bytes) -> bytes:
    """What a mail is known by, whatever way it came."""
    return fingerprints(raw)[1]


def findings(store: Store, slack: LocalSlack, smtp: SmtpSink, mails: tuple[Sample, ...]) -> tuple[Finding, ...]:
    """One finding a mail, in the same order."""
    shown = frozenset(str(m["ts"]) for m in slack.messages())
    answered = {str(letter.message["In-Reply-To"]).strip(): str(letter.message["Subject"]) for letter in list(smtp.letters)}

    def look(tx: Tx) -> tuple[Finding, ...]:
        broken = quarantined(tx)
        sent = {row.dedupe: row for row in tx.outgoing.in_state(OutgoingState.SENT)}
        lines = _Lines(sent, shown, answered)
        return tuple(
            Finding(mail, Fate.QUARANTINED, error=broken[content(mail.raw)])
            if content(mail.raw) in broken
            else _finding(tx, mail, lines)
            for mail in mails
        )

    return store.run(look)


def _fingerprint(tx: Tx, mail: Sample) -> Fingerprint | None:
    controller = next(name for name, address in MAILBOXES.items() if address == mail.to)
    return tx.mails.same_content(controller, tx.vault.look_up("content", content(mail.raw)))


@dataclass(frozen=True)
class _Lines:
    """What the world shows: effects that were carried, posts in Slack, letters by the Message-ID that they answer."""

    sent: Mapping[str, Outgoing]
    shown: frozenset[str]
    answered: Mapping[str, str]

    def daily(self, tx: Tx, fingerprint: Fingerprint, mail: Sample) -> str:
        """Which daily thread shows a line for that mail; '' if none does."""
        posted = [row for row in self.sent.values() if row.kind is OutgoingKind.DAILY_LINE and row.result in self.shown]
        if any(row.dedupe == f"line:other:{fingerprint.id}" for row in posted):
            return "other mail"
        said = [tx.outgoing.payload(row) or {} for row in posted if row.dedupe.startswith("line:unsubscribe:")]
        return "unsubscribes" if any(line.get("address") == masked(mail.sender) for line in said) else ""


def _finding(tx: Tx, mail: Sample, lines: _Lines) -> Finding:
    row = _fingerprint(tx, mail)
    if row is None:
        return Finding(mail)
    case = tx.cases.get(row.case_id) if row.case_id is not None else None
    letter = lines.answered.get(mail.message_id, "")
    if case is None:
        return Finding(mail, row.fate, row.category, thread=lines.daily(tx, row, mail), letter=letter, suppressed=row.suppressed)
    dates = [d.safe for d in tx.cases.deadlines(case.id) if d.kind is DeadlineKind.RESPOND and d.governs and d.safe is not None]
    return Finding(
        sample=mail,
        fate=row.fate,
        category=row.category,
        rights=frozenset(tx.cases.rights(case.id)),
        law=case.law,
        due=min(dates, default=None),
        thread=case.ref if case.thread in lines.shown else "",
        letter=letter,
        suppressed=row.suppressed,
    )
