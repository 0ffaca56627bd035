"""The tables of the desk. A column named `sealed` holds ciphertext under the row's key; nothing else may name a person."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from storage.kinds import (
    ApprovalState,
    Carrier,
    Category,
    ClockState,
    DeadlineKind,
    Direction,
    EventKind,
    Fate,
    Ground,
    HoldState,
    OccurrenceKind,
    Outcome,
    OutgoingKind,
    OutgoingState,
    Right,
    RightState,
    Status,
    SuppressionChange,
    SystemState,
    TaskKind,
    TaskState,
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """To the database: UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime at the door of the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """From the database: aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[Any]):
    """An enum of `storage.kinds`, kept as its word so that a reader of the table understands it."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """To the database: the word."""
        return None if value is None else str(self.kind(value).value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 -- SQLAlchemy's signature
        """From the database: the enum."""
        return None if value is None else self.kind(value)


BIG = BigInteger().with_variant(Integer, "sqlite")


class Row(DeclarativeBase):
    """Every table's parent."""


class Key(Row):
    """A data key, wrapped by the master key; destroying it makes everything sealed under it unreadable."""

    __tablename__ = "vault_key"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(Instant)
    destroyed: Mapped[datetime | None] = mapped_column(Instant)


class Counter(Row):
    """The last number given to a case in a year."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class MailboxState(Row):
    """How far a folder has been read, and how its mailbox fares."""

    __tablename__ = "mailbox_state"
    mailbox: Mapped[str] = mapped_column(String(80), primary_key=True)
    folder: Mapped[str] = mapped_column(String(250), primary_key=True)
    uidvalidity: Mapped[int | None] = mapped_column(BIG)
    last_uid: Mapped[int] = mapped_column(BIG, default=0)
    state: Mapped[str] = mapped_column(String(40), default="new")
    detail: Mapped[str] = mapped_column(Text, default="")
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    last_seen: Mapped[datetime | None] = mapped_column(Instant)


class Fingerprint(Row):
    """One delivery of one mail to one controller, and how it ended; outlives every purge."""

    __tablename__ = "fingerprint"
    __table_args__ = (
        UniqueConstraint("mailbox", "folder", "uidvalidity", "uid", "controller"),
        Index("fingerprint_content", "content_hash", "controller"),
        Index("fingerprint_read", "read"),
    )
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(80))
    folder: Mapped[str] = mapped_column(String(250))
    uidvalidity: Mapped[int] = mapped_column(BIG)
    uid: Mapped[int] = mapped_column(BIG)
    controller: Mapped[str] = mapped_column(String(80))
    arrived: Mapped[datetime] = mapped_column(Instant)
    read: Mapped[datetime] = mapped_column(Instant)
    bytes_hash: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    fate: Mapped[Fate] = mapped_column(Word(Fate))
    category: Mapped[Category | None] = mapped_column(Word(Category))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    suppressed: Mapped[bool] = mapped_column(default=False)


class Case(Row):
    """One person's matter."""

    __tablename__ = "case"
    __table_args__ = (
        Index("case_open", "status", "controller"),
        Index("case_requester", "controller", "requester_hash"),
        Index("case_person", "requester_hash"),
        Index("case_owner", "owner", "status"),
        Index("case_thread", "thread"),
        Index("case_domain", "controller", "domain_hash", "opened"),
        Index("case_opened", "opened"),
        Index("case_closed", "closed"),
    )
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    controller: Mapped[str] = mapped_column(String(80))
    mailbox: Mapped[str] = mapped_column(String(80))
    key_id: Mapped[int] = mapped_column(ForeignKey("vault_key.id"))
    category: Mapped[Category] = mapped_column(Word(Category))
    status: Mapped[Status] = mapped_column(Word(Status))
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    ground: Mapped[Ground | None] = mapped_column(Word(Ground))
    urgent: Mapped[bool] = mapped_column(default=False)
    needs_look: Mapped[bool] = mapped_column(default=False)
    live: Mapped[bool] = mapped_column(default=True)
    reply_allowed: Mapped[bool] = mapped_column(default=True)
    appeal: Mapped[bool] = mapped_column(default=False)
    law: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    received: Mapped[datetime] = mapped_column(Instant)
    clock_from: Mapped[datetime] = mapped_column(Instant)
    clock_day: Mapped[date | None] = mapped_column(Date)
    """The day of receipt in the law's zone, where only the day is known: the clocks then count from it."""
    received_confirmed: Mapped[bool] = mapped_column(default=True)
    opened: Mapped[datetime] = mapped_column(Instant)
    closed: Mapped[datetime | None] = mapped_column(Instant)
    owner: Mapped[str | None] = mapped_column(String(40))
    requester_hash: Mapped[str | None] = mapped_column(String(64))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    channel: Mapped[str | None] = mapped_column(String(40))
    thread: Mapped[str | None] = mapped_column(String(40))
    erased: Mapped[datetime | None] = mapped_column(Instant)
    candidates: Mapped[str] = mapped_column(Text, default="")
    """Ids of the laws that may apply while none is decided, with commas between."""
    acknowledged: Mapped[datetime | None] = mapped_column(Instant)
    answered: Mapped[datetime | None] = mapped_column(Instant)
    """When the matter was answered as a whole."""
    waiting_since: Mapped[datetime | None] = mapped_column(Instant)
    waiting_reminded: Mapped[int] = mapped_column(Integer, default=0)
    """The last rung (in days) at which an open wait was reminded of."""
    with_managers: Mapped[bool] = mapped_column(default=False)
    unread: Mapped[bool] = mapped_column(default=False)
    bounced: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[int] = mapped_column(Integer, default=0)
    linked: Mapped[str | None] = mapped_column(String(40))
    split_from: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(40), default="")
    """How it reached us where it was no mail."""
    domain_hash: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the domain that sent it, by which floods are seen."""


class CaseRight(Row):
    """A right that a case is about, and what became of it."""

    __tablename__ = "case_right"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    right: Mapped[Right] = mapped_column(Word(Right), primary_key=True)
    state: Mapped[RightState] = mapped_column(Word(RightState), default=RightState.OPEN)
    ground: Mapped[Ground | None] = mapped_column(Word(Ground))
    settled: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(String(80))


class Occurrence(Row):
    """Something that happened to a request and may move its dates: replayed, never added up. Undone rows stay and count no more."""

    __tablename__ = "occurrence"
    __table_args__ = (Index("occurrence_case", "case_id"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[OccurrenceKind] = mapped_column(Word(OccurrenceKind))
    at: Mapped[datetime | None] = mapped_column(Instant)
    """The instant, or None where only the day is known."""
    day: Mapped[date | None] = mapped_column(Date)
    actor: Mapped[str] = mapped_column(String(80))
    noted: Mapped[datetime] = mapped_column(Instant)
    void: Mapped[bool] = mapped_column(default=False)


class Task(Row):
    """One thing to be done in one place for a case. What staff wrote about it is sealed."""

    __tablename__ = "task"
    __table_args__ = (Index("task_case", "case_id"), Index("task_owner", "owner", "state"))
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[TaskKind] = mapped_column(Word(TaskKind))
    right: Mapped[Right | None] = mapped_column(Word(Right))
    place: Mapped[str] = mapped_column(String(80), default="")
    """Id of a holding or recipient of the settings; '' where it is about none."""
    owner: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[TaskState] = mapped_column(Word(TaskState))
    made: Mapped[datetime] = mapped_column(Instant)
    settled: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(String(80))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Approval(Row):
    """A step that waits for a second person; the step itself is sealed."""

    __tablename__ = "approval"
    __table_args__ = (Index("approval_case", "case_id"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    deed: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_by: Mapped[str] = mapped_column(String(40))
    asked: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[ApprovalState] = mapped_column(Word(ApprovalState))
    settled_by: Mapped[str | None] = mapped_column(String(40))
    settled: Mapped[datetime | None] = mapped_column(Instant)


class Step(Row):
    """What one deed changed of a case, field by field, so that it can be taken back exactly."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("case_id", "number"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int] = mapped_column(Integer)
    deed: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    first_event: Mapped[int] = mapped_column(Integer)
    last_event: Mapped[int] = mapped_column(Integer)
    changes: Mapped[str] = mapped_column(Text)
    barred: Mapped[str] = mapped_column(Text, default="")
    """Why it can never be taken back, '' where it may be."""
    undone: Mapped[datetime | None] = mapped_column(Instant)


class Absence(Row):
    """Somebody of the desk is away, and who acts for them."""

    __tablename__ = "absence"
    slack_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    deputy: Mapped[str | None] = mapped_column(String(40))
    noted: Mapped[datetime] = mapped_column(Instant)
    noted_by: Mapped[str] = mapped_column(String(40))


class Deadline(Row):
    """A date with its law, citation and trace. Kept as dates, never re-derived from days left."""

    __tablename__ = "deadline"
    __table_args__ = (UniqueConstraint("case_id", "law", "subject", "kind"), Index("deadline_open", "done", "safe"))
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    law: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    kind: Mapped[DeadlineKind] = mapped_column(Word(DeadlineKind))
    state: Mapped[ClockState] = mapped_column(Word(ClockState))
    statutory: Mapped[date | None] = mapped_column(Date)
    safe: Mapped[date | None] = mapped_column(Date)
    work: Mapped[date | None] = mapped_column(Date)
    extension_notice_by: Mapped[date | None] = mapped_column(Date)
    immediate: Mapped[bool] = mapped_column(default=False)
    governs: Mapped[bool] = mapped_column(default=True)
    cite: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(String(40))
    trace: Mapped[str] = mapped_column(Text)
    born: Mapped[datetime] = mapped_column(Instant)
    done: Mapped[datetime | None] = mapped_column(Instant)


class Reminder(Row):
    """A rung that was reminded of: at most once per deadline, rung and due date."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("deadline_id", "rung", "due"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    rung: Mapped[int] = mapped_column(Integer)
    due: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)
    level: Mapped[int] = mapped_column(Integer, default=0)
    """How far it was escalated: 0 the owner, 1 all staff, 2 the managers."""
    raised: Mapped[datetime | None] = mapped_column(Instant)
    """When it was last escalated."""


class Message(Row):
    """A mail in or out. `sealed` holds its words and addresses, `raw` its bytes, both under the key."""

    __tablename__ = "message"
    __table_args__ = (
        Index("message_case", "case_id"),
        Index("message_mid", "message_id_hash"),
        Index("message_sender", "sender_hash", "at"),
    )
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    key_id: Mapped[int] = mapped_column(ForeignKey("vault_key.id"))
    direction: Mapped[Direction] = mapped_column(Word(Direction))
    controller: Mapped[str] = mapped_column(String(80))
    mailbox: Mapped[str] = mapped_column(String(80))
    folder: Mapped[str] = mapped_column(String(250), default="")
    junk: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Instant)
    size: Mapped[int] = mapped_column(BIG)
    category: Mapped[Category | None] = mapped_column(Word(Category))
    automatic: Mapped[bool] = mapped_column(default=False)
    message_id_hash: Mapped[str | None] = mapped_column(String(64))
    sender_hash: Mapped[str | None] = mapped_column(String(64))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class Attachment(Row):
    """A file in a message: its type and size; the name is sealed, the bytes lie in the message."""

    __tablename__ = "attachment"
    __table_args__ = (Index("attachment_message", "message_id"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    type: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BIG)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Event(Row):
    """One change of a case, append-only; the chain runs over the ciphertext, so it verifies after an erasure."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "number"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    facts: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class EventHead(Row):
    """The daily head over the heads of all cases."""

    __tablename__ = "event_head"
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    cases: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(Instant)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Outgoing(Row):
    """A queued effect: who carries it, in which lane, how far it has come."""

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("outgoing_due", "state", "due"),
        Index("outgoing_lane", "lane", "state", "id"),
        Index("outgoing_case", "case_id"),
        Index("outgoing_held", "held"),
    )
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    key_id: Mapped[int] = mapped_column(ForeignKey("vault_key.id"))
    carrier: Mapped[Carrier] = mapped_column(Word(Carrier))
    lane: Mapped[str] = mapped_column(String(80))
    kind: Mapped[OutgoingKind] = mapped_column(Word(OutgoingKind))
    dedupe: Mapped[str] = mapped_column(String(200), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[OutgoingState] = mapped_column(Word(OutgoingState))
    created: Mapped[datetime] = mapped_column(Instant)
    due: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    first_attempt: Mapped[datetime | None] = mapped_column(Instant)
    uncertain: Mapped[bool] = mapped_column(default=False)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None] = mapped_column(String(80))
    done: Mapped[datetime | None] = mapped_column(Instant)
    channel: Mapped[str | None] = mapped_column(String(40))
    result: Mapped[str | None] = mapped_column(String(250))
    error: Mapped[str] = mapped_column(Text, default="")
    held: Mapped[int | None] = mapped_column(Integer)
    """The hold that keeps it back until its due time or a manager's word."""


class DailyThread(Row):
    """The Slack thread of one day that gathers lines of one kind."""

    __tablename__ = "daily_thread"
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    ts: Mapped[str] = mapped_column(String(40))


class Suppression(Row):
    """An address that gets no more marketing. The keyed hash survives an erasure, the sealed address beside it does not.

    What it was born with never changes: `head` is at first the hash of that, then of the last entry of its history.
    """

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("controller", "scope", "address_hash"), Index("suppression_wished", "wished"))
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    controller: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(80))
    address_hash: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[int] = mapped_column(ForeignKey("vault_key.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str] = mapped_column(String(80))
    asked: Mapped[datetime] = mapped_column(Instant)
    at: Mapped[datetime] = mapped_column(Instant)
    wished: Mapped[datetime | None] = mapped_column(Instant)
    """When a person last wished it; None where a list was imported."""
    confirmed: Mapped[datetime | None] = mapped_column(Instant)
    """When a letter last confirmed it."""
    released: Mapped[datetime | None] = mapped_column(Instant)
    """Since when mailings are allowed again; None while the entry holds."""
    changes: Mapped[int] = mapped_column(Integer, default=0)
    """How many entries its history has."""
    head: Mapped[str] = mapped_column(String(64), default="")


class SuppressionEvent(Row):
    """One change of a suppression after its birth, append-only and hash-chained; what names a person is sealed."""

    __tablename__ = "suppression_event"
    __table_args__ = (UniqueConstraint("suppression_id", "number"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    suppression_id: Mapped[int] = mapped_column(ForeignKey("suppression.id"))
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    kind: Mapped[SuppressionChange] = mapped_column(Word(SuppressionChange))
    facts: Mapped[str] = mapped_column(Text)
    key_id: Mapped[int | None] = mapped_column(ForeignKey("vault_key.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class SystemTold(Row):
    """How far one sending system has heard of one suppression: the proof of when, and what still waits."""

    __tablename__ = "system_told"
    __table_args__ = (UniqueConstraint("suppression_id", "system"), Index("system_told_state", "system", "state", "asked"))
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    suppression_id: Mapped[int] = mapped_column(ForeignKey("suppression.id"))
    system: Mapped[str] = mapped_column(String(80))
    stop: Mapped[bool] = mapped_column(default=True)
    """False where it is to hear that mailings are allowed again."""
    state: Mapped[SystemState] = mapped_column(Word(SystemState))
    asked: Mapped[datetime] = mapped_column(Instant)
    """When the person's wish reached us: what every limit counts from."""
    queued: Mapped[datetime] = mapped_column(Instant)
    done: Mapped[datetime | None] = mapped_column(Instant)
    records: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class Hold(Row):
    """Letters and calls of an unusual mass of unsubscribes, held while a manager is asked; the suppressions themselves are done."""

    __tablename__ = "unsubscribe_hold"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[HoldState] = mapped_column(Word(HoldState))
    settled: Mapped[datetime | None] = mapped_column(Instant)
    by: Mapped[str | None] = mapped_column(String(80))


class MailToken(Row):
    """A short token for the local part of an address, which has no room for a sealed one; only its keyed hash is kept."""

    __tablename__ = "mail_token"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    controller: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(80))
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("vault_key.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made: Mapped[datetime] = mapped_column(Instant)


class DigestRun(Row):
    """That a recipient's digest of a day was queued; resumable per recipient."""

    __tablename__ = "digest_run"
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    recipient: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Quarantine(Row):
    """A mail that broke something: raw kept, can be retried."""

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),)
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("vault_key.id"))
    mailbox: Mapped[str] = mapped_column(String(80))
    folder: Mapped[str] = mapped_column(String(250))
    junk: Mapped[bool] = mapped_column(default=False)
    uidvalidity: Mapped[int] = mapped_column(BIG)
    uid: Mapped[int] = mapped_column(BIG)
    arrived: Mapped[datetime] = mapped_column(Instant)
    confirmed: Mapped[bool] = mapped_column(default=True)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=1)
    at: Mapped[datetime] = mapped_column(Instant)
    solved: Mapped[datetime | None] = mapped_column(Instant)


class Correction(Row):
    """What staff re-sorted; the words that it concerns stay sealed under the case's key."""

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
