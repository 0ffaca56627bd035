"""Queueing what is to happen in the world: cards, posts, daily lines, notices and letters, each under a name that is queued once."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from handlers.desk import Controller
from handlers.enclosures import Enclosure, check, packed
from handlers.posts import Post, to_json
from storage.kinds import Carrier, Direction, OutgoingKind
from storage.models import Case, Message, Outgoing
from storage.outgoing import Effect
from storage.store import Tx

UNSUBSCRIBES = "unsubscribes"
OTHER_MAIL = "other_mail"
NOTICES = "slack:notices"
LANE = 80
"""The most characters of a lane's name."""


@dataclass(frozen=True)
class LetterOut:
    """A letter ready to be queued: what is said, to whom, and what it answers."""

    letter: str
    language: str
    to: str
    subject: str
    text: str
    html: str
    in_reply_to: str = ""
    references: str = ""
    automatic: bool = False
    actor: str | None = None
    attachments: tuple[Enclosure, ...] = ()


def card(tx: Tx, case: Case, now: datetime) -> None:
    """Have the card of the case drawn anew; a card that still waits will show the newest state anyway."""
    if tx.outgoing.waiting_card(case.id) is None:
        effect = Effect(Carrier.SLACK, _lane(case), OutgoingKind.CARD, f"card:{case.id}:{uuid.uuid4().hex}", {}, case.key_id, case.id)
        tx.outgoing.queue(effect, now)


def post(tx: Tx, case: Case, what: Post, name: str, now: datetime) -> None:
    """Say something in the thread of a case, once under that name; a case that has no thread yet gets its card first."""
    if case.thread is None:
        card(tx, case, now)
    effect = Effect(Carrier.SLACK, _lane(case), OutgoingKind.POST, f"post:{case.id}:{name}", to_json(what), case.key_id, case.id)
    tx.outgoing.queue(effect, now)


def clear_thread(tx: Tx, case: Case, now: datetime) -> None:
    """Take our posts out of the thread of an erased case, and have its card say so: what its key sealed can't be read any more."""
    if case.thread is None:
        return
    key_id = tx.new_key(now)
    posted = [row for row in tx.outgoing.of_case(case.id) if row.kind is OutgoingKind.POST and row.result]
    for row in posted:
        removal(tx, row, key_id, now)
    name = f"card:{case.id}:{uuid.uuid4().hex}"
    tx.outgoing.queue(Effect(Carrier.SLACK, _lane(case), OutgoingKind.CARD, name, {}, key_id, case.id), now)


def removal(tx: Tx, row: Outgoing, key_id: int, now: datetime) -> None:
    """Take one post of ours out of Slack."""
    where = {"channel": row.channel, "ts": row.result}
    tx.outgoing.queue(Effect(Carrier.SLACK, row.lane, OutgoingKind.REMOVAL, f"removal:{row.id}", where, key_id, row.case_id), now)


def daily_line(tx: Tx, thread: str, day: date, root: Post, line: Post, name: str, key_id: int, now: datetime) -> None:
    """Add a line to the day's thread of that kind; the thread's first post is queued with its first line."""
    lane = f"slack:{thread}:{day.isoformat()}"
    about = {"thread": thread, "day": day.isoformat()}
    root_effect = Effect(Carrier.SLACK, lane, OutgoingKind.DAILY_ROOT, f"root:{thread}:{day}", {**about, **to_json(root)}, key_id)
    _begin_daily(tx, root_effect, thread, day, now)
    tx.outgoing.queue(Effect(Carrier.SLACK, lane, OutgoingKind.DAILY_LINE, f"line:{name}", {**about, **to_json(line)}, key_id), now)


def daily_lines(tx: Tx, thread: str, day: date, root: Post, lines: Sequence[tuple[Post, str, int]], now: datetime) -> None:
    """Add many lines, each (line, name, key), whose names are new by the way they are made."""
    if not lines:
        return
    lane = f"slack:{thread}:{day.isoformat()}"
    about = {"thread": thread, "day": day.isoformat()}
    name = f"root:{thread}:{day}"
    _begin_daily(tx, Effect(Carrier.SLACK, lane, OutgoingKind.DAILY_ROOT, name, {**about, **to_json(root)}, lines[0][2]), thread, day, now)
    kind = OutgoingKind.DAILY_LINE
    made = [Effect(Carrier.SLACK, lane, kind, f"line:{name}", {**about, **to_json(line)}, key_id) for line, name, key_id in lines]
    tx.outgoing.queue_many(made, now)


def _begin_daily(tx: Tx, root: Effect, thread: str, day: date, now: datetime) -> None:
    """Queue the first post of the day's thread where nobody has; others are kept out only while it is queued, not for every line."""
    if tx.cases.daily_thread(thread, day) is None and not tx.outgoing.already(root.dedupe):
        tx.hold(root.dedupe)
        tx.outgoing.queue(root, now)


def notice(tx: Tx, what: Post, name: str, now: datetime, to: str | None = None) -> None:
    """Say something in the desk's channel, or to one person, outside any case; no notice waits for another."""
    payload = {**to_json(what), "receiver": to}
    lane = f"{NOTICES}:{name}"[:LANE]
    tx.outgoing.queue(Effect(Carrier.SLACK, lane, OutgoingKind.NOTICE, f"notice:{name}", payload, tx.new_key(now)), now)


def letter(tx: Tx, controller: Controller, out: LetterOut, name: str, now: datetime, case: Case | None = None) -> bool:
    """Queue a letter, once under that name; its Message-ID is fixed here. False where it was queued before.

    Refused where one of its files may not be sent.
    """
    check(out.attachments)
    tx.hold(f"letter:{name}")
    if tx.outgoing.already(f"letter:{name}"):
        return False
    key_id = case.key_id if case is not None else tx.new_key(now)
    message_id = own_message_id(tx, controller)
    payload = {
        **asdict(replace(out, attachments=())),
        "attachments": packed(out.attachments),
        "from_name": controller.called(out.language),
        "from": controller.email,
        "reply_to": controller.email,
        "message_id": message_id,
        "auto": out.automatic,
        "controller": controller.id,
    }
    lane = f"smtp:case:{case.id}" if case is not None else f"smtp:letter:{out.letter}:{tx.hash_address(out.to)[:32]}"
    kind = OutgoingKind.LETTER
    queued = Effect(Carrier.SMTP, lane, kind, f"letter:{name}", payload, key_id, case.id if case is not None else None)
    tx.outgoing.queue_many([queued], now)
    tx.mails.add(
        Message(
            case_id=case.id if case is not None else None,
            key_id=key_id,
            direction=Direction.OUT,
            controller=controller.id,
            mailbox="",
            at=now,
            size=len(out.text),
            automatic=out.automatic,
            message_id_hash=tx.vault.look_up("message-id", message_id),
            sender_hash=tx.hash_address(out.to),
            sealed=tx.seal(key_id, {"to": out.to, "subject": out.subject, "text": out.text, "letter": out.letter}),
        )
    )
    return True


def own_message_id(tx: Tx, controller: Controller) -> str:
    """A Message-ID that only we can make: a random name and its keyed mark."""
    name = uuid.uuid4().hex
    return f"<rd.{name}.{tx.vault.mark(name)}@{controller.email.rpartition('@')[2]}>"


def _lane(case: Case) -> str:
    return f"slack:case:{case.id}"
