"""What a case is about: sorting, receipt, duplicates, joining another case, splitting one mail into several."""

from datetime import datetime, time

from handlers import effects, questions
from handlers.beginning import Beginning, Beginnings
from handlers.casebook import masked, secrets_of
from handlers.dates import mark
from handlers.deeds import CorrectReceipt, JoinCase, LinkDuplicate, Resort, Split
from handlers.hands.closing import end
from handlers.posts import Joined
from handlers.refused import Refused
from handlers.scene import Scene
from handlers.unsubscribes import Wish
from storage.kinds import Action, Category, EventKind, Outcome, Right, RightState, Status
from storage.models import Case, Correction
from storage.store import Tx


def resort(deed: Resort, scene: Scene) -> None:
    """It is something else than the mail was taken for; the desk learns from that."""
    tx, case = scene.tx, scene.case
    _check(deed.category, deed.rights, deed.place, scene)
    settled = {r.right for r in tx.cases.right_rows(case.id) if r.state is not RightState.OPEN}
    new = bool(set(deed.rights) - settled) or (deed.category is Category.COMPLAINT and case.category is not Category.COMPLAINT)
    if new and case.status is Status.ANSWERED:
        questions.drop(tx, case)  # What was asked about the rights that are answered must not stop the clock of a new one.
    scene.step(Action.SORT, in_part=new)
    if new:
        case.answered = None
    facts = {"before": _sorting(tx, case)}
    case.category, case.law, case.place, case.needs_look = deed.category, deed.law, deed.place or case.place, False
    tx.cases.set_rights(case, deed.rights)
    facts["after"] = _sorting(tx, case)
    scene.event(EventKind.SORTED, facts)
    _keep_correction(scene, facts)
    scene.crew.dates.set(tx, case, secrets_of(tx, case).law_candidates, scene.who, scene.now)
    scene.crew.checklist.sync(tx, case, scene.now)
    if deed.category is Category.UNSUBSCRIBE:
        _suppress(scene)


def correct_receipt(deed: CorrectReceipt, scene: Scene) -> None:
    """It reached us at another time: every clock counts from there."""
    case = scene.case
    if not deed.reason.strip():
        raise Refused("Say how you know when it arrived.", field="reason")
    known = isinstance(deed.received, datetime)
    zone = scene.crew.desk.rules.zone
    instant = deed.received if isinstance(deed.received, datetime) else datetime.combine(deed.received, time(12), zone)
    late = instant > scene.now if known else scene.crew.dates.today(instant) > scene.today
    if late:
        raise Refused("That day has not come yet.", field="received")
    scene.step(Action.CORRECT_RECEIPT)
    before = (case.clock_day or case.clock_from).isoformat()
    case.clock_from = case.received = instant
    case.clock_day, case.received_confirmed = None if known else deed.received, True
    scene.event(EventKind.RECEIPT_CORRECTED, {"before": before, "after": deed.received.isoformat()}, {"reason": deed.reason})
    scene.crew.dates.replay(scene.tx, case, scene.who, scene.now)
    scene.say(Action.CORRECT_RECEIPT, about=deed.received.isoformat(), reason=deed.reason)


def link(deed: LinkDuplicate, scene: Scene) -> None:
    """The same matter as another case: this one closes."""
    other = _other(deed.ref, scene)
    scene.step(Action.LINK)
    _end_as_duplicate(other, scene, deed.reason)
    scene.say(Action.LINK, about=other.ref, reason=deed.reason)


def join(deed: JoinCase, scene: Scene) -> None:
    """The mails move to the other case, with what they ask; its clock is the earlier one, or becomes it."""
    tx, case = scene.tx, scene.case
    other = tx.cases.lock(_other(deed.ref, scene).id)
    if other.status is Status.CLOSED:
        raise Refused(f"{other.ref} is closed. Reopen it first, or link this case as its duplicate.", field="ref")
    scene.step(Action.JOIN)
    added = tuple(r for r in tx.cases.rights(case.id) if r not in tx.cases.rights(other.id))
    tx.cases.set_rights(other, (*tx.cases.rights(other.id), *added))
    if added:
        questions.more_was_asked(tx, other, scene.who, scene.now)
    _move_mails(tx, case, other)
    if (case.clock_day or scene.crew.dates.today(case.clock_from)) < (other.clock_day or scene.crew.dates.today(other.clock_from)):
        other.clock_from, other.clock_day = case.clock_from, case.clock_day
    other.urgent, other.unread, other.version = other.urgent or case.urgent, True, other.version + 1
    facts = {"from": case.ref, "rights": [str(r) for r in added]}
    tx.events.add(other, EventKind.JOINED, scene.who, scene.now, facts=facts)
    tx.session.flush()
    scene.crew.dates.set(tx, other, secrets_of(tx, case).law_candidates if not other.law else (), scene.who, scene.now)
    scene.crew.checklist.sync(tx, other, scene.now)
    effects.post(tx, other, Joined(other.ref, case.ref, scene.who, added), f"joined:{case.id}", scene.now)
    effects.card(tx, other, scene.now)
    _end_as_duplicate(other, scene, "")
    scene.say(Action.JOIN, about=other.ref)


def split(deed: Split, scene: Scene) -> None:
    """What is named becomes a case of its own, received when this one was."""
    tx, case, crew = scene.tx, scene.case, scene.crew
    _check(deed.category, deed.rights, deed.place, scene)
    if deed.requester and ("@" not in deed.requester.strip("@") or deed.requester.casefold() in crew.desk.own_addresses):
        raise Refused("That is no other person's mail address.", field="requester")
    secrets = secrets_of(tx, case)
    same = not deed.requester or deed.requester.casefold() == secrets.address.casefold()
    rights = tx.cases.rights(case.id)
    if same and deed.category is case.category and not set(rights) - set(deed.rights):
        raise Refused("Something must stay in this case. Split off a part of it.", field="rights")
    scene.step(Action.SPLIT)
    plain = {**secrets.to_json(), "name": deed.name or (secrets.name if same else ""), "address": deed.requester or secrets.address}
    new = Beginning(
        controller=case.controller,
        mailbox=case.mailbox,
        category=deed.category,
        rights=deed.rights,
        secrets=type(secrets).from_json(plain),
        received=case.clock_from,
        day=case.clock_day,
        language=case.language,
        law=deed.law or case.law,
        place=deed.place or case.place,
        confirmed=case.received_confirmed,
        live=case.live,
        reply_allowed=case.reply_allowed or not same,
        split_from=case.ref,
        actor=scene.who,
    )
    other = Beginnings(crew.desk, crew.dates).begin(tx, new, scene.now)
    if same:
        tx.cases.set_rights(case, [r for r in rights if r not in deed.rights])
        crew.dates.replay(tx, case, scene.who, scene.now)
        crew.checklist.sync(tx, case, scene.now)
    scene.event(EventKind.SPLIT, {"to": other.ref, "rights": [str(r) for r in deed.rights]})
    effects.card(tx, other, scene.now)
    scene.say(Action.SPLIT, about=other.ref)


def _check(category: Category, rights: tuple[Right, ...], place: str | None, scene: Scene) -> None:
    if category is Category.RIGHTS_REQUEST and not rights:
        raise Refused("Say which rights the person wants to use.", field="rights")
    if place is not None and scene.crew.dates.known_place(place) is None:
        raise Refused("Write the place as an ISO 3166 code, such as DE, GB-SCT or US-CA.", field="place")


def _other(ref: str, scene: Scene) -> Case:
    other = scene.tx.cases.by_ref(ref.strip())
    if other is None or other.erased is not None:
        raise Refused(f"There is no case {ref.strip()}.", field="ref")
    if other.id == scene.case.id:
        raise Refused("That is this very case.", field="ref")
    if other.controller != scene.case.controller:
        raise Refused(f"{other.ref} concerns another company: each answers for itself.", field="ref")
    if other.linked == scene.case.ref:
        raise Refused(f"{other.ref} is a duplicate of this case already.", field="ref")
    return other


def _move_mails(tx: Tx, case: Case, other: Case) -> None:
    """To the other case, and under its key: the two are purged at different times."""
    for attachment in tx.mails.attachments(case.id):
        attachment.sealed = tx.seal(other.key_id, tx.unseal(case.key_id, attachment.sealed))
    for message in tx.mails.of_case(case.id):
        raw = tx.unseal_bytes(message.key_id, message.raw)
        message.sealed = tx.seal(other.key_id, tx.unseal(message.key_id, message.sealed))
        message.raw = tx.seal_bytes(other.key_id, raw) if raw is not None else None
        message.case_id, message.key_id = other.id, other.key_id
    tx.session.flush()


def _end_as_duplicate(other: Case, scene: Scene, reason: str) -> None:
    end(scene, Outcome.DUPLICATE, None)
    scene.case.linked = other.ref
    mark(scene.tx, scene.case)
    scene.event(EventKind.LINKED, {"to": other.ref}, {"reason": reason})
    scene.tx.events.add(other, EventKind.LINKED, scene.who, scene.now, facts={"from": scene.case.ref})


def _keep_correction(scene: Scene, facts: dict[str, str]) -> None:
    first = scene.tx.mails.first_of_case(scene.case.id)
    scene.tx.cases.correct(
        Correction(
            case_id=scene.case.id,
            message_id=first.id if first is not None else None,
            actor=scene.who,
            at=scene.now,
            before=facts["before"],
            after=facts["after"],
        )
    )


def _suppress(scene: Scene) -> None:
    case = scene.case
    address = secrets_of(scene.tx, case).address
    if not address:
        raise Refused("This case has no mail address to stop mailing.", field="category")
    language = scene.crew.correspondence.language(case)
    wish = Wish(case.controller, address, "staff", case.received, f"case:{case.id}:{case.version}", language)
    scene.crew.unsubscribes.receive(scene.tx, wish, scene.now)
    scene.tx.events.add(case, EventKind.SUPPRESSED, "desk", scene.now, private={"address": masked(address)})


def _sorting(tx: Tx, case: Case) -> str:
    rights = ",".join(tx.cases.rights(case.id))
    return f"{case.category} [{rights}] {case.law or 'law open'} {case.place or ''}".strip()
