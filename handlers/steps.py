"""What a deed changed of a case, field by field: kept so that the last step can be taken back, exactly or not at all."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from handlers.dates import mark
from handlers.refused import Refused
from handlers.scene import Scene
from storage.kinds import Category, EventKind, Ground, Outcome, Right, RightState, Status, TaskState
from storage.models import Case, Step
from storage.store import Tx

FIELDS: dict[str, Callable[[Any], Any]] = {
    "status": Status,
    "outcome": Outcome,
    "ground": Ground,
    "closed": datetime.fromisoformat,
    "owner": str,
    "category": Category,
    "law": str,
    "place": str,
    "urgent": bool,
    "needs_look": bool,
    "received": datetime.fromisoformat,
    "clock_from": datetime.fromisoformat,
    "clock_day": date.fromisoformat,
    "received_confirmed": bool,
    "candidates": str,
    "answered": datetime.fromisoformat,
    "waiting_since": datetime.fromisoformat,
    "waiting_reminded": int,
    "with_managers": bool,
    "linked": str,
}
"""The fields of a case that a deed may change, and how each is read back."""

MOVED_ON = "The case has moved on since that step; it can't be taken back any more."
LEFT = "A letter of that step has left the house; it can't be taken back."
FINAL = {
    "JoinCase": "The mails have moved to the other case; that can't be taken back.",
    "Split": "The other case exists now; close it as a duplicate instead.",
}
"""Deeds that reach beyond their case."""

Picture = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """A case as it stood before a deed."""

    picture: Picture
    letters: frozenset[int]
    event: int


def before(tx: Tx, case: Case) -> Before:
    """Remember how it stands."""
    return Before(_picture(tx, case), tx.outgoing.letters_of(case.id), tx.events.last_number(case.id))


def record(scene: Scene, deed: str, was: Before, barred: str = "") -> None:
    """Keep what the deed changed since."""
    tx, case = scene.tx, scene.case
    tx.session.flush()
    now = _picture(tx, case)
    changes = {k: [was.picture.get(k), now.get(k)] for k in {**was.picture, **now} if was.picture.get(k) != now.get(k)}
    letters = sorted(tx.outgoing.letters_of(case.id) - was.letters)
    kept = json.dumps({"fields": changes, "letters": letters}, ensure_ascii=False, sort_keys=True)
    tx.course.add_step(
        Step(
            case_id=case.id,
            deed=deed,
            actor=scene.who,
            at=scene.now,
            first_event=was.event + 1,
            last_event=tx.events.last_number(case.id),
            changes=kept,
            barred=FINAL.get(deed, barred),
        )
    )


def barred(tx: Tx, case: Case, step: Step) -> str:
    """Why that step can't be taken back now, '' where it can."""
    if step.barred:
        return step.barred
    kept = json.loads(step.changes)
    if not all(tx.outgoing.waits(i) for i in kept["letters"]):
        return LEFT
    now = _picture(tx, case)
    return "" if all(now.get(k) == after for k, (_, after) in kept["fields"].items()) else MOVED_ON


def take_back(scene: Scene, step: Step) -> None:
    """Restore every field that the step changed and replay the dates; Refused where something of it has left or moved on."""
    tx, case = scene.tx, scene.case
    kept = json.loads(step.changes)
    if why := barred(tx, case, step):
        raise Refused(why, field="status")
    for letter in kept["letters"]:
        _drop_letter(scene, letter)
    for key, (was, _) in kept["fields"].items():
        _restore(tx, case, key, was)
    tx.session.flush()
    scene.crew.dates.replay(tx, case, scene.who, scene.now)
    scene.crew.checklist.sync(tx, case, scene.now)
    mark(tx, case)
    step.undone = scene.now


def _drop_letter(scene: Scene, outgoing_id: int) -> None:
    tx, row = scene.tx, scene.tx.outgoing.get(outgoing_id)
    payload = tx.outgoing.payload(row) if row is not None else None
    if row is None or payload is None or not tx.outgoing.take_back(outgoing_id, scene.now):
        raise Refused(LEFT, field="status")
    tx.mails.drop_unsent(tx.vault.look_up("message-id", payload["message_id"]))
    scene.event(EventKind.LETTER_DROPPED, {"letter": payload["letter"]})


def _picture(tx: Tx, case: Case) -> Picture:
    """All that a deed may change, as plain values under plain names."""
    found: Picture = {name: _plain(getattr(case, name)) for name in FIELDS}
    for row in tx.cases.right_rows(case.id):
        found[f"right:{row.right}"] = [_plain(v) for v in (row.state, row.ground, row.settled, row.settled_by)]
    for happened in tx.course.every_occurrence(case.id):
        if not happened.void:
            found[f"occurrence:{happened.id}"] = True
    for task in tx.course.tasks(case.id):
        if task.state is not TaskState.OPEN:
            found[f"task:{task.id}"] = [_plain(v) for v in (task.state, task.settled, task.settled_by)]
    return found


def _restore(tx: Tx, case: Case, key: str, was: Any) -> None:
    kind, _, name = key.partition(":")
    if not name:
        setattr(case, key, None if was is None else FIELDS[key](was))
    elif kind == "right":
        _restore_right(tx, case, name, was)
    elif kind == "occurrence":
        for row in tx.course.every_occurrence(case.id):
            if row.id == int(name):
                row.void = was is None
    elif kind == "task":
        task = tx.course.task(int(name))
        if task is not None:
            state, settled, by = was or (TaskState.OPEN, None, None)
            task.state, task.settled, task.settled_by = TaskState(state), _instant(settled), by


def _restore_right(tx: Tx, case: Case, name: str, was: Any) -> None:
    rights = [r for r in tx.cases.rights(case.id) if str(r) != name]
    tx.cases.set_rights(case, [*rights, Right(name)] if was is not None else rights)
    for row in tx.cases.right_rows(case.id):
        if str(row.right) == name and was is not None:
            state, ground, settled, by = was
            row.state, row.ground = RightState(state), Ground(ground) if ground else None
            row.settled, row.settled_by = _instant(settled), by


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
