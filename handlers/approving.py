"""Two pairs of eyes: which steps wait for a second person, who that may be, and what becomes of the step."""

from datetime import datetime

from handlers import effects
from handlers.deeds import Close, Deed, Fulfil, RecordTold, RefuseRights, Reject, SendLetter, from_json, to_json
from handlers.desk import Desk
from handlers.lettering import EFFECTS
from handlers.posts import ApprovalAsked
from handlers.refused import Refused
from handlers.scene import Scene
from handlers.views import ApprovalView
from storage.kinds import Action, ApprovalState, EventKind, Ground, Guarded, OccurrenceKind, Outcome, Right
from storage.models import Approval, Case
from storage.store import Tx


def guard_of(deed: Deed, scene: Scene) -> Guarded | None:
    """Why that step may need a second person."""
    open_ = scene.open_rights()
    match deed:
        case SendLetter(letter=letter) if letter in EFFECTS:
            return EFFECTS[letter].guarded
        case RefuseRights():
            return Guarded.REFUSAL
        case Close(outcome=Outcome.REFUSED) if open_ or not scene.tx.cases.rights(scene.case.id):
            return Guarded.REFUSAL
        case Fulfil(rights=rights) if Right.ERASURE in (rights or open_):
            return Guarded.DELETION
        case Close(outcome=Outcome.FULFILLED) if Right.ERASURE in open_:
            return Guarded.DELETION
        case RecordTold(kind=OccurrenceKind.EXTENDED):
            return Guarded.EXTENSION
    return None


def needs_second(deed: Deed, scene: Scene) -> bool:
    """Whether the settings want a second person for it."""
    return guard_of(deed, scene) in scene.crew.desk.rules.second_pair


def confirmers(desk: Desk, asker: str) -> tuple[str, ...]:
    """Slack ids of those who may agree: managers where the settings say so and there is another one, else anybody else."""
    managers = tuple(p.slack_id for p in desk.managers if p.slack_id != asker)
    if desk.rules.second_pair_of_managers and managers:
        return managers
    return tuple(p.slack_id for p in desk.staff if p.slack_id != asker)


def ask(deed: Deed, scene: Scene) -> None:
    """Keep the step until a second person has decided; the caller has seen that it could be done."""
    tx, case, now = scene.tx, scene.case, scene.now
    kind, letter = type(deed).__name__, deed.letter if isinstance(deed, SendLetter) else None
    for waiting in tx.course.approvals(case.id):
        if waiting.deed == kind:
            raise Refused("Such a step waits for a second person already.", field="version")
    by = confirmers(scene.crew.desk, scene.who)
    if not by:
        raise Refused("This step needs a second person, and there is nobody else on the desk.")
    sealed = tx.seal(case.key_id, to_json(deed))
    row = tx.course.ask(Approval(case_id=case.id, deed=kind, sealed=sealed, asked_by=scene.who, asked=now, state=ApprovalState.ASKED))
    reason = getattr(deed, "reason", "")
    scene.event(EventKind.APPROVAL_ASKED, {"deed": kind, "letter": str(letter) if letter else None}, {"reason": reason})
    asked = ApprovalAsked(case.ref, case.id, case.version + 1, row.id, scene.who, _action(deed), letter, reason, by)
    effects.post(tx, case, asked, f"approval:{row.id}", now)


def waiting(approval_id: int, scene: Scene) -> Approval:
    """The step that waits; Refused where it does no more."""
    row = scene.tx.course.approval(approval_id)
    if row is None or row.case_id != scene.case.id:
        raise Refused("That step is not one of this case.")
    if row.state is not ApprovalState.ASKED:
        said = {ApprovalState.APPROVED: "approved and done", ApprovalState.REJECTED: "rejected", ApprovalState.LAPSED: "dropped"}
        raise Refused(f"That step was {said[row.state]} already.", field="version")
    return row


def approved(row: Approval, scene: Scene) -> tuple[Deed, str]:
    """The step and who asked for it, now that this person agrees; Refused for the asker and for who may not."""
    if scene.who == row.asked_by:
        raise Refused("You asked for this step yourself: another person must agree.")
    if scene.who not in confirmers(scene.crew.desk, row.asked_by):
        raise Refused("This step needs a manager's word.")
    _settle(row, ApprovalState.APPROVED, scene.who, scene.now)
    scene.event(EventKind.APPROVED, {"deed": row.deed, "asked_by": row.asked_by})
    return from_json(scene.tx.unseal(scene.case.key_id, row.sealed)), row.asked_by


def reject(deed: Reject, scene: Scene) -> None:
    """A second person disagrees, or who asked takes it back."""
    row = waiting(deed.approval_id, scene)
    if scene.who != row.asked_by and scene.who not in confirmers(scene.crew.desk, row.asked_by):
        raise Refused("This step needs a manager's word.")
    _settle(row, ApprovalState.REJECTED, scene.who, scene.now)
    scene.event(EventKind.REJECTED, {"deed": row.deed, "asked_by": row.asked_by}, {"reason": deed.reason})
    scene.say(Action.REJECT, about=row.asked_by, reason=deed.reason)


def views(tx: Tx, desk: Desk, case: Case) -> tuple[ApprovalView, ...]:
    """What waits in a case."""
    return tuple(_view(tx, desk, case, row) for row in tx.course.approvals(case.id))


def _view(tx: Tx, desk: Desk, case: Case, row: Approval) -> ApprovalView:
    words = tx.unseal(case.key_id, row.sealed) or {}
    return ApprovalView(
        id=row.id,
        deed=row.deed,
        letter=words.get("letter"),
        asked_by=row.asked_by,
        asked=row.asked,
        reason=words.get("reason", ""),
        confirmers=confirmers(desk, row.asked_by),
        middle=words.get("middle", ""),
        attachments=tuple(one["name"] for one in words.get("attachments") or ()),
        ground=Ground(words["ground"]) if words.get("ground") else None,
        rights=tuple(Right(one) for one in words.get("rights") or ()),
    )


def _settle(row: Approval, state: ApprovalState, who: str, now: datetime) -> None:
    row.state, row.settled_by, row.settled = state, who, now


def _action(deed: Deed) -> Action:
    if isinstance(deed, SendLetter):
        return EFFECTS[deed.letter].action
    if isinstance(deed, RecordTold):
        return Action.EXTEND
    return Action.CLOSE if isinstance(deed, Close) else Action.FULFIL if isinstance(deed, Fulfil) else Action.REFUSE
