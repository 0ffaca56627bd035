"""What came with the mails of a case: names and sizes for staff to read; the files themselves stay in the mailbox."""

import re
from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Desk, Shown
from storage.kinds import Direction, OccurrenceKind
from storage.models import Case
from storage.store import Tx

_PAPERS = re.compile(
    r"passport|passeport|reisepass|pasaporte|passaporto|paspoort|passaporte|\bid[ _-]?(?:card|scan|copy)?\b|\bidenti|ausweis"
    r"|licen[cs]e|f[uü]hrerschein|\bpermis\b|carnet|\bdni\b|patente|rijbewijs|\brg\b|\bcnh\b|パスポート|旅券|免許|マイナンバー|在留カード|住民票|保険証|身分証|本人確認",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Attached:
    """A file in a mail: its name ('' where Slack shows nothing of the company's mails), and where the mail lies."""

    name: str
    type: str
    size: int
    at: datetime
    mailbox: str
    folder: str
    document: bool
    """Whether it may be somebody's identity document: by its name, or since it came after we asked for one."""


def attached(tx: Tx, desk: Desk, case: Case) -> tuple[Attached, ...]:
    """Everything that came with the mails of a case, oldest first."""
    hidden = desk.controller(case.controller).shown is Shown.NONE
    asked = tx.course.last(case.id, OccurrenceKind.IDENTITY_ASKED)
    since = asked.noted if asked is not None else None
    mails = {m.id: m for m in tx.mails.of_case(case.id) if m.direction is Direction.IN}
    found = []
    for file in tx.mails.attachments(case.id):
        mail = mails.get(file.message_id)
        if mail is None:
            continue
        name = str((tx.unseal(mail.key_id, file.sealed) or {}).get("name", ""))
        paper = _PAPERS.search(name) is not None or (since is not None and mail.at >= since)
        found.append(Attached("" if hidden else name, file.type, file.size, mail.at, mail.mailbox, mail.folder, paper))
    return tuple(found)
