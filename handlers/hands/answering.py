"""What we answer: letters with what they do to the case, rights that are fulfilled or refused."""

from handlers.correspondence import How
from handlers.dates import mark
from handlers.deeds import Acknowledge, Fulfil, RefuseRights, SendLetter
from handlers.enclosures import Enclosure
from handlers.hands.asking import ask, permit
from handlers.lettering import EFFECTS, Effect, Wanted, acknowledging
from handlers.lifecycle import move
from handlers.refused import Refused
from handlers.scene import Scene
from storage.kinds import Action, Category, EventKind, Ground, LetterName, OccurrenceKind, Right, RightState


def acknowledge(deed: Acknowledge, scene: Scene) -> None:  # noqa: ARG001 -- one shape for all deeds
    """Say that we have it."""
    wanted = scene.crew.correspondence.wanted(scene.case, acknowledging(scene.case.category))
    scene.step(Action.ACKNOWLEDGE)
    _write(wanted, scene)


def send(deed: SendLetter, scene: Scene) -> None:
    """Queue the letter and apply its effect."""
    effect = EFFECTS.get(deed.letter)
    if effect is None:
        raise Refused("That letter belongs to no case.", field="letter")
    _check(deed, effect, scene)
    names = tuple(one.name for one in deed.attachments)
    wanted = Wanted(deed.letter, deed.language, deed.middle, deed.ground, deed.reason, deed.rights, names, deed.password)
    _write(wanted, scene, deed.attachments)
    if effect.happens is not None:
        ask(effect.happens, scene, reason=deed.reason)
    elif effect.action is Action.FULFIL:
        _settle(_answered_by(deed, effect, scene), RightState.FULFILLED, None, scene, complaint=effect.answers_complaint)
    elif effect.action is Action.REFUSE:
        ground = deed.ground or Ground.NOT_OUR_DATA
        _settle(deed.rights or scene.open_rights(), RightState.REFUSED, ground, scene, complaint=not deed.rights)
        scene.case.ground = ground
    else:
        scene.step(effect.action)


def fulfil(deed: Fulfil, scene: Scene) -> None:
    """These rights are done."""
    _settle(deed.rights or scene.open_rights(), RightState.FULFILLED, None, scene, complaint=not deed.rights, reason=deed.reason)
    scene.say(Action.FULFIL, about=" ".join(deed.rights), reason=deed.reason)


def refuse(deed: RefuseRights, scene: Scene) -> None:
    """These rights are refused."""
    if not deed.rights:
        raise Refused("Say which rights are refused.", field="rights")
    _settle(deed.rights, RightState.REFUSED, deed.ground, scene, reason=deed.reason)
    scene.case.ground = deed.ground
    scene.say(Action.REFUSE, about=" ".join(deed.rights), reason=deed.reason, ground=deed.ground)


def settle_open(state: RightState, ground: Ground | None, scene: Scene) -> None:
    """What a closing says of the rights that were still open."""
    for row in scene.tx.cases.right_rows(scene.case.id):
        if row.state is RightState.OPEN:
            row.state, row.ground, row.settled, row.settled_by = state, ground, scene.now, scene.who


def _check(deed: SendLetter, effect: Effect, scene: Scene) -> None:
    """Everything that may forbid the letter, before a word of it is queued."""
    move(scene.case.status, effect.action)
    if effect.happens is not None:
        permit(effect.happens, scene)
    if effect.happens is OccurrenceKind.EXTENDED and not deed.reason.strip():
        raise Refused("An extension needs its reason: the law wants it told.", field="reason")
    strangers = [r for r in deed.rights if r not in scene.tx.cases.rights(scene.case.id)]
    if strangers:
        raise Refused("This case is not about that right. Change its sorting first.", field="rights")
    asked = set(effect.answers or ()) & set(scene.tx.cases.rights(scene.case.id))
    if effect.answers and not asked and deed.letter is not LetterName.CHILD_DATA_DELETED:
        raise Refused("Nothing that this letter answers is asked in this case. Change its sorting, or write a reply.", field="letter")
    if effect.answers_complaint and scene.case.category is not Category.COMPLAINT:
        raise Refused("This case is no complaint. Change its sorting, or write a reply.", field="letter")


def _answered_by(deed: SendLetter, effect: Effect, scene: Scene) -> tuple[Right, ...]:
    open_ = scene.open_rights()
    return tuple(r for r in (deed.rights or effect.answers or ()) if r in open_)


def _settle(
    rights: tuple[Right, ...], state: RightState, ground: Ground | None, scene: Scene, *, complaint: bool = False, reason: str = ""
) -> None:
    """Say of these rights what became of them, and whether all is answered; `complaint` answers the complaint as well."""
    rows = {r.right: r for r in scene.tx.cases.right_rows(scene.case.id)}
    for right in rights:
        if right not in rows:
            raise Refused("This case is not about that right. Change its sorting first.", field="rights")
        if rows[right].state is not RightState.OPEN:
            raise Refused(f"That right is {rows[right].state} already.", field="rights")
    left = [r for r in rows if r not in rights and rows[r].state is RightState.OPEN]
    complained = scene.case.category is Category.COMPLAINT and scene.case.answered is None and not complaint
    scene.step(Action.FULFIL if state is RightState.FULFILLED else Action.REFUSE, in_part=bool(left) or complained)
    for right in rights:
        row = rows[right]
        row.state, row.ground, row.settled, row.settled_by = state, ground, scene.now, scene.who
    if complaint or not (left or complained):
        scene.case.answered = scene.case.answered or scene.now
    facts = {"rights": [str(r) for r in rights], "ground": str(ground) if ground else None}
    kind = EventKind.RIGHT_FULFILLED if state is RightState.FULFILLED else EventKind.RIGHT_REFUSED
    scene.event(kind, facts, {"reason": reason})
    scene.tx.session.flush()
    mark(scene.tx, scene.case)


def _write(wanted: Wanted, scene: Scene, attachments: tuple[Enclosure, ...] = ()) -> None:
    if not scene.case.reply_allowed:
        raise Refused(
            "A machine or a mailing list wrote this mail: an answer would reach nobody or everybody. Find the person first.", field="to"
        )
    scene.case.bounced = False
    name = f"case:{scene.case.id}:{scene.case.version}:{wanted.letter}"
    how = How(name, scene.who, attachments)
    scene.crew.correspondence.send(scene.tx, scene.case, wanted, how, scene.now)
