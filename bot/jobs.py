"""What a claimed row of the queue is to its carrier: opened, with where it goes and what stands there already."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.slack.carrier import Parcel
from handlers import lines
from handlers.caseview import CaseViews
from handlers.posts import from_json
from storage.kinds import Carrier, OutgoingKind
from storage.models import Outgoing
from storage.store import Tx


@dataclass(frozen=True)
class Job:
    """A claimed row, opened: what its carrier needs, read in one transaction."""

    row: Outgoing
    payload: dict[str, Any] | None
    parcel: Parcel | None = None


def opened(row: Outgoing, views: CaseViews, tx: Tx) -> Job:
    """What its carrier needs of a claimed row."""
    payload = tx.outgoing.payload(row)
    if payload is None or row.carrier is not Carrier.SLACK or row.kind is OutgoingKind.REMOVAL:
        return Job(row, payload)
    today = datetime.now(UTC).astimezone(views.desk.rules.zone).date()
    channel = views.desk.rules.channel
    if row.case_id is not None:
        case = tx.cases.get(row.case_id)
        if case is None:
            return Job(row, None)
        card = row.kind is OutgoingKind.CARD
        content = views.view(tx, row.case_id, today) if card else from_json(payload)
        where = {"thread": None if card else case.thread, "ts": case.thread if card else None}
        return Job(row, payload, Parcel(row.id, case.channel or channel, content, today, **where))
    thread = ts = None
    said = from_json(payload)
    if row.kind is OutgoingKind.DAILY_LINE:
        said, ts = lines.as_it_stands(tx, views.desk, said), lines.redrawn(tx, payload)
        found = tx.cases.daily_thread(payload["thread"], date.fromisoformat(payload["day"]))
        thread, channel = (found.ts, found.channel) if found is not None else (None, channel)
    return Job(row, payload, Parcel(row.id, payload.get("receiver") or channel, said, today, thread, ts))
