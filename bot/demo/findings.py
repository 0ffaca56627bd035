"""What became of each sample mail, read from the desk's own database, from Slack and from the letters that left."""

from dataclasses import dataclass
from datetime import date

from bot.demo.localslack import CHANNEL_NAME, LocalSlack
from bot.demo.papers import MAILBOXES
from bot.demo.samples import Sample
from bot.demo.smtpsink import SmtpSink
from handlers.mail import fingerprints
from storage.kinds import Carrier, Category, DeadlineKind, Fate, OutgoingState, Right
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
    ref: str = ""
    thread: str = ""
    """ts of the thread's first post, where Slack really shows it."""
    letter: str = ""
    """Subject of the letter that answered it, where the SMTP server really took it."""
    suppressed: bool = False

    @property
    def faults(self) -> tuple[str, ...]:
        """What is not as it should be, a sentence each."""
        s = self.sample
        if self.fate is None:
            return ("it did not arrive",)
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


def arrived(store: Store, mails: tuple[Sample, ...]) -> int:
    """How many of the mails have their fate."""
    return store.run(lambda tx: sum(_fingerprint(tx, mail) is not None for mail in mails))


def findings(store: Store, slack: LocalSlack, smtp: SmtpSink, mails: tuple[Sample, ...]) -> tuple[Finding, ...]:
    """One finding a mail, in the same order."""
    shown = frozenset(str(m["ts"]) for m in slack.messages())
    answered = {str(letter.message["In-Reply-To"]).strip(): str(letter.message["Subject"]) for letter in list(smtp.letters)}

    def look(tx: Tx) -> tuple[Finding, ...]:
        sent = {row.dedupe: row for row in tx.outgoing.in_state(OutgoingState.SENT)}
        return tuple(_finding(tx, mail, sent, shown, answered) for mail in mails)

    return store.run(look)


def _fingerprint(tx: Tx, mail: Sample) -> Fingerprint | None:
    controller = next(name for name, address in MAILBOXES.items() if address == mail.to)
    _, content = fingerprints(mail.raw)
    return tx.mails.same_content(controller, tx.vault.look_up("content", content))


def _finding(tx: Tx, mail: Sample, sent: dict[str, Outgoing], shown: frozenset[str], answered: dict[str, str]) -> Finding:
    row = _fingerprint(tx, mail)
    if row is None:
        return Finding(mail)
    line = sent.get(f"line:unsubscribe:mail:{row.id}") or sent.get(f"line:other:{row.id}")
    ts = (line.result or "") if line is not None and line.carrier is Carrier.SLACK else ""
    case = tx.cases.get(row.case_id) if row.case_id is not None else None
    letter = answered.get(mail.message_id, "")
    if case is None:
        return Finding(mail, row.fate, row.category, thread=ts if ts in shown else "", letter=letter, suppressed=row.suppressed)
    dates = [d.safe for d in tx.cases.deadlines(case.id) if d.kind is DeadlineKind.RESPOND and d.governs and d.safe is not None]
    thread = case.thread or ""
    return Finding(
        sample=mail,
        fate=row.fate,
        category=row.category,
        rights=frozenset(tx.cases.rights(case.id)),
        law=case.law,
        due=min(dates, default=None),
        ref=case.ref,
        thread=thread if thread in shown else "",
        letter=letter,
        suppressed=row.suppressed,
    )
