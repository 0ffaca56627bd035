"""What we ask of a person and what they answer: identity, clarification, the fee; the extension; pauses."""

from datetime import date

from handlers import questions
from handlers.deeds import Pause, RecordClarification, RecordIdentity, RecordPayment, RecordTold, Resume
from handlers.lettering import ASKS
from handlers.lifecycle import move
from handlers.questions import ANSWER
from handlers.refused import Refused
from handlers.scene import Scene
from storage.kinds import Action, EventKind, IdentityMethod, OccurrenceKind

K = OccurrenceKind
EVENTS: dict[OccurrenceKind, EventKind] = {
    K.IDENTITY_ASKED: EventKind.IDENTITY_ASKED,
    K.CLARIFICATION_ASKED: EventKind.CLARIFICATION_ASKED,
    K.FEE_ASKED: EventKind.FEE_ASKED,
    K.EXTENDED: EventKind.EXTENDED,
}


def permit(kind: OccurrenceKind, scene: Scene, on: date | None = None) -> None:
    """Refused, saying why, where the life of the case, the law or the policy does not let us ask or tell that now."""
    move(scene.case.status, ASKS[kind])
    permits = scene.crew.permits
    if kind is K.IDENTITY_ASKED:
        permits.identity(scene.tx, scene.case, scene.now)
    if kind is K.FEE_ASKED:
        permits.fee(scene.tx, scene.case)
    if kind is K.EXTENDED:
        permits.extension(scene.tx, scene.case, on or scene.now)


def ask(kind: OccurrenceKind, scene: Scene, on: date | None = None, reason: str = "") -> None:
    """It was asked or told, now or on a day: the dates are replayed and the case waits."""
    permit(kind, scene, on)
    scene.happened(kind, on)
    facts: dict[str, object] = {"on": (on or scene.today).isoformat()}
    if kind is K.FEE_ASKED:
        facts["yen"] = scene.crew.permits.fee(scene.tx, scene.case)
    scene.event(EVENTS[kind], facts, {"reason": reason})
    scene.step(ASKS[kind])


def record_told(deed: RecordTold, scene: Scene) -> None:
    """The same without a letter of ours."""
    if deed.kind not in EVENTS:
        raise Refused("Only a question of ours or an extension is recorded so.", field="kind")
    if not deed.reason.strip():
        raise Refused("Say how it was told, and why.", field="reason")
    ask(deed.kind, scene, deed.on, deed.reason)
    scene.say(ASKS[deed.kind], about=deed.on.isoformat(), reason=deed.reason)


def record_identity(deed: RecordIdentity, scene: Scene) -> None:
    """Identity was checked. Only its result is kept: a document must be gone before."""
    if deed.method is IdentityMethod.DOCUMENT and not deed.document_deleted:
        raise Refused("Delete the copy of the document first: we keep how and when it was checked, never the document.", field="document")
    move(scene.case.status, Action.RECORD_IDENTITY)
    facts = {
        "method": str(deed.method),
        "shown": deed.shown,
        "on": (deed.on or scene.today).isoformat(),
        "document_deleted": deed.document_deleted,
    }
    if deed.shown:
        _answered(K.IDENTITY_ASKED, scene, deed.on)
        scene.step(Action.RECORD_IDENTITY)
    scene.event(EventKind.IDENTITY_CHECKED, facts, {"note": deed.note})
    scene.say(Action.RECORD_IDENTITY, about="shown" if deed.shown else "not shown", reason=deed.note)


def record_clarification(deed: RecordClarification, scene: Scene) -> None:
    """The person said what they mean."""
    move(scene.case.status, Action.RECORD_CLARIFICATION)
    _answered(K.CLARIFICATION_ASKED, scene, deed.on)
    scene.step(Action.RECORD_CLARIFICATION)
    scene.event(EventKind.CLARIFICATION_RECEIVED, {"on": (deed.on or scene.today).isoformat()}, {"note": deed.note})
    scene.say(Action.RECORD_CLARIFICATION, reason=deed.note)


def record_payment(deed: RecordPayment, scene: Scene) -> None:
    """The fee has come."""
    if scene.tx.course.last(scene.case.id, K.FEE_ASKED) is None:
        raise Refused("No fee was asked for in this case, so none can have been paid.", field="status")
    move(scene.case.status, Action.RECORD_PAYMENT)
    _answered(K.FEE_ASKED, scene, deed.on)
    scene.step(Action.RECORD_PAYMENT)
    scene.event(EventKind.FEE_PAID, {"on": (deed.on or scene.today).isoformat(), "yen": deed.yen}, {"note": deed.note})
    scene.say(Action.RECORD_PAYMENT, about=str(deed.yen or ""), reason=deed.note)


def pause(deed: Pause, scene: Scene) -> None:
    """We wait for the person; no clock stands still for that."""
    if not deed.reason.strip():
        raise Refused("Say what we wait for.", field="reason")
    scene.step(Action.PAUSE)
    scene.event(EventKind.PAUSED, private={"reason": deed.reason})
    scene.say(Action.PAUSE, reason=deed.reason)


def resume(deed: Resume, scene: Scene) -> None:
    """The work goes on; an open question counts as never asked, so that no date rests on an answer that never came."""
    scene.step(Action.RESUME)
    dropped = questions.drop(scene.tx, scene.case)
    if dropped:
        scene.crew.dates.replay(scene.tx, scene.case, scene.who, scene.now)
    scene.event(EventKind.RESUMED, {"dropped": [str(k) for k in dropped]}, {"reason": deed.reason})
    scene.say(Action.RESUME, reason=deed.reason)


def _answered(question: OccurrenceKind, scene: Scene, on: date | None) -> None:
    """Keep the answer where its question is open: one that nobody asked for moves no date."""
    if questions.is_open(scene.tx, scene.case, question):
        scene.happened(ANSWER[question], on)
    elif on is not None and on > scene.today:
        raise Refused("That day has not come yet.", field="on")
