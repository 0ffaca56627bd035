"""Named queries over messages, fingerprints, quarantine and how far each folder has been read."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from storage.kinds import Direction, Fate
from storage.models import Attachment, Fingerprint, MailboxState, Message, Quarantine

# Every mail passes these: they are made once, for building one costs more than running it.
SAME_CONTENT = (
    sa.select(Fingerprint)
    .where(
        Fingerprint.controller == sa.bindparam("whose"),
        Fingerprint.content_hash == sa.bindparam("content"),
        Fingerprint.fate != Fate.QUARANTINED,
    )
    .order_by(Fingerprint.id)
    .limit(1)
)
DELIVERY = sa.select(Fingerprint).where(
    Fingerprint.mailbox == sa.bindparam("box"),
    Fingerprint.folder == sa.bindparam("dir"),
    Fingerprint.uidvalidity == sa.bindparam("validity"),
    Fingerprint.uid == sa.bindparam("number"),
)
FATES = DELIVERY.with_only_columns(Fingerprint.fate, Fingerprint.case_id, Fingerprint.message_id)


class Mails:
    """Mails of this transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, message: Message, attachments: Sequence[Attachment] = ()) -> Message:
        """A message, with what is attached to it."""
        self._session.add(message)
        self._session.flush()
        for attachment in attachments:
            attachment.message_id = message.id
        self._session.add_all(attachments)
        self._session.flush()
        return message

    def get(self, message_id: int, *, raw: bool = False) -> Message | None:
        """One message; its bytes only where asked for."""
        return self._session.get(Message, message_id, options=[undefer(Message.raw)] if raw else [])

    def of_case(self, case_id: int) -> Sequence[Message]:
        """All mails of a case in order, without their bytes."""
        return self._session.scalars(sa.select(Message).where(Message.case_id == case_id).order_by(Message.id)).all()

    def first_of_case(self, case_id: int) -> Message | None:
        """The mail that opened the case."""
        return self._session.scalar(
            sa.select(Message).where(Message.case_id == case_id, Message.direction == Direction.IN).order_by(Message.id).limit(1)
        )

    def by_message_id(self, hashes: Sequence[str]) -> Sequence[Message]:
        """Messages with one of these hashed Message-IDs that belong to a case, newest first."""
        if not hashes:
            return []
        return self._session.scalars(
            sa.select(Message).where(Message.message_id_hash.in_(hashes), Message.case_id.is_not(None)).order_by(Message.id.desc())
        ).all()

    def drop_unsent(self, message_id_hash: str) -> None:
        """A letter that was taken back before anybody laid a hand on it."""
        self._session.execute(sa.delete(Message).where(Message.message_id_hash == message_id_hash, Message.direction == Direction.OUT))

    def wrote_in(self, case_id: int, sender_hash: str) -> bool:
        """Whether that address has written in the case, or was written to."""
        return bool(self._session.scalar(sa.select(sa.exists().where(Message.case_id == case_id, Message.sender_hash == sender_hash))))

    def attachments(self, case_id: int) -> Sequence[Attachment]:
        """Everything attached to the incoming mails of a case."""
        return self._session.scalars(
            sa.select(Attachment)
            .join(Message, Message.id == Attachment.message_id)
            .where(Message.case_id == case_id)
            .order_by(Attachment.id)
        ).all()

    def newest(self, limit: int) -> Sequence[int]:
        """The numbers of the newest mails to us whose bytes are still kept."""
        query = sa.select(Message.id).where(Message.direction == Direction.IN, Message.raw.is_not(None))
        return self._session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()

    def kept_without_case(self, until: datetime, limit: int = 500) -> Sequence[Message]:
        """Mails of no case that came by then and are still kept: machine mail, plain wishes for no more mail, letters about them."""
        kept = sa.or_(Message.sealed.is_not(None), Message.raw.is_not(None), Message.sender_hash.is_not(None))
        query = sa.select(Message).where(Message.case_id.is_(None), Message.at <= until, kept)
        return self._session.scalars(query.order_by(Message.id).limit(limit)).all()

    def attached(self, message_id: int) -> Sequence[Attachment]:
        """What is attached to one mail."""
        return self._session.scalars(sa.select(Attachment).where(Attachment.message_id == message_id)).all()

    # Fingerprints

    def same_content(self, controller: str, content_hash: str) -> Fingerprint | None:
        """The first delivery of this content to that controller that came to something."""
        return self._session.scalar(SAME_CONTENT, {"whose": controller, "content": content_hash})

    def delivery(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> Sequence[Fingerprint]:
        """What is known of that place on the server, one row a controller."""
        return self._session.scalars(DELIVERY, {"box": mailbox, "dir": folder, "validity": uidvalidity, "number": uid}).all()

    def fates(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> frozenset[Fate]:
        """What became of that place on the server; a copy of a mail that came to nothing is no fate."""
        self._session.flush()
        rows = self._session.connection().execute(FATES, {"box": mailbox, "dir": folder, "validity": uidvalidity, "number": uid})
        return frozenset(fate for fate, case_id, message_id in rows if fate is not Fate.REPEATED or case_id or message_id)

    def add_fingerprint(self, fingerprint: Fingerprint) -> Fingerprint:
        """Remember a delivery."""
        self._session.add(fingerprint)
        self._session.flush()
        return fingerprint

    def fingerprint(self, fingerprint_id: int) -> Fingerprint | None:
        """One of them, locked."""
        return self._session.get(Fingerprint, fingerprint_id, with_for_update=True)

    def fates_since(self, since: datetime) -> dict[Fate, int]:
        """How many mails ended how since then."""
        rows = self._session.execute(
            sa.select(Fingerprint.fate, sa.func.count()).where(Fingerprint.read >= since).group_by(Fingerprint.fate)
        )
        return {row[0]: row[1] for row in rows}

    def fingerprinted(self, mailbox: str) -> int:
        """How many mails of that mailbox were too old to be kept."""
        query = sa.select(sa.func.count()).where(Fingerprint.mailbox == mailbox, Fingerprint.fate == Fate.FINGERPRINTED)
        return self._session.scalar(query) or 0

    # Positions

    def position(self, mailbox: str, folder: str) -> tuple[int | None, int]:
        """(UIDVALIDITY, last UID kept) of a folder."""
        row = self._session.get(MailboxState, (mailbox, folder))
        return (None, 0) if row is None else (row.uidvalidity, row.last_uid)

    def advance(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> None:
        """Everything up to that UID is kept; a new UIDVALIDITY starts over."""
        row = self._state(mailbox, folder)
        if row.uidvalidity != uidvalidity:
            row.uidvalidity, row.last_uid = uidvalidity, uid
        else:
            row.last_uid = max(row.last_uid, uid)
        self._session.flush()

    def health(self, mailbox: str, state: str, detail: str, now: datetime) -> None:
        """How the mailbox fares (kept beside the empty folder name)."""
        row = self._state(mailbox, "")
        row.failing_since = None if state == "connected" else row.failing_since or now
        row.state, row.detail = state, detail
        if state == "connected":
            row.last_seen = now
        self._session.flush()

    def healths(self) -> Sequence[MailboxState]:
        """How each mailbox fares."""
        return self._session.scalars(sa.select(MailboxState).where(MailboxState.folder == "").order_by(MailboxState.mailbox)).all()

    def _state(self, mailbox: str, folder: str) -> MailboxState:
        row = self._session.get(MailboxState, (mailbox, folder))
        if row is None:
            row = MailboxState(mailbox=mailbox, folder=folder, last_uid=0, state="new", detail="")
            self._session.add(row)
        return row

    # Quarantine

    def quarantine(self, row: Quarantine) -> Quarantine:
        """Keep a mail that broke something; the same place again counts as another attempt."""
        known = self._session.scalar(
            sa.select(Quarantine).where(
                Quarantine.mailbox == row.mailbox,
                Quarantine.folder == row.folder,
                Quarantine.uidvalidity == row.uidvalidity,
                Quarantine.uid == row.uid,
            )
        )
        if known is not None:
            known.attempts += 1
            known.error = row.error
            self._session.flush()
            return known
        self._session.add(row)
        self._session.flush()
        return row

    def quarantined(self, *, waiting_only: bool = True) -> Sequence[Quarantine]:
        """Mails that wait for a mend, oldest first, without their bytes."""
        query = sa.select(Quarantine)
        if waiting_only:
            query = query.where(Quarantine.solved.is_(None))
        return self._session.scalars(query.order_by(Quarantine.id)).all()

    def quarantined_raw(self, quarantine_id: int) -> Quarantine | None:
        """One of them with its bytes."""
        return self._session.get(Quarantine, quarantine_id, options=[undefer(Quarantine.raw)], with_for_update=True)

    def solve(self, quarantine_id: int, now: datetime) -> None:
        """It went through at last; its bytes lie in the message now."""
        row = self._session.get_one(Quarantine, quarantine_id)
        row.solved, row.raw = now, None
        self._session.flush()
