"""What each letter does to its case: the one table of effects, applied in the transaction that queues the letter."""

from dataclasses import dataclass

from storage.kinds import Action, Category, Ground, Guarded, LetterName, OccurrenceKind, Right, Status

L, R = LetterName, Right


@dataclass(frozen=True)
class Wanted:
    """Which letter somebody wants to write: `middle` is what staff made of its middle part, None for what the template says.

    `rights` are those that it answers, () for what the letter is about by itself.
    """

    letter: LetterName
    language: str
    middle: str | None = None
    ground: Ground | None = None
    reason: str = ""
    rights: tuple[Right, ...] = ()
    attachments: tuple[str, ...] = ()
    """Names of the files that go with it."""
    password: str = ""
    """Of the archive that the files lie in, which is told another way; '' where they lie in none."""


@dataclass(frozen=True)
class Effect:
    """One letter's effect: the step that it is, what it asks or tells, which rights it answers and how, and who must agree."""

    action: Action
    happens: OccurrenceKind | None = None
    answers: tuple[Right, ...] | None = None
    """The rights that it answers where the sender names none; () for all that are open; None where it answers none."""
    answers_complaint: bool = False
    guarded: Guarded | None = None


EFFECTS: dict[LetterName, Effect] = {
    L.ACKNOWLEDGEMENT: Effect(Action.ACKNOWLEDGE),
    L.COMPLAINT_RECEIVED: Effect(Action.ACKNOWLEDGE),
    L.REPLY: Effect(Action.REPLY),
    L.UNSUBSCRIBE_CONFIRMED: Effect(Action.REPLY),
    L.IDENTITY_REQUEST: Effect(Action.ASK_IDENTITY, happens=OccurrenceKind.IDENTITY_ASKED),
    L.CLARIFICATION: Effect(Action.ASK_CLARIFICATION, happens=OccurrenceKind.CLARIFICATION_ASKED),
    L.FEE_NOTICE: Effect(Action.ASK_FEE, happens=OccurrenceKind.FEE_ASKED),
    L.EXTENSION_NOTICE: Effect(Action.EXTEND, happens=OccurrenceKind.EXTENDED, guarded=Guarded.EXTENSION),
    L.ACCESS_ANSWER: Effect(Action.FULFIL, answers=(R.ACCESS,)),
    L.PORTABILITY_HANDOVER: Effect(Action.FULFIL, answers=(R.PORTABILITY,)),
    L.RECTIFICATION_DONE: Effect(Action.FULFIL, answers=(R.RECTIFICATION,)),
    L.ERASURE_DONE: Effect(Action.FULFIL, answers=(R.ERASURE,), guarded=Guarded.DELETION),
    L.CHILD_DATA_DELETED: Effect(Action.FULFIL, answers=(R.ERASURE,), guarded=Guarded.DELETION),
    L.RESTRICTION_DONE: Effect(Action.FULFIL, answers=(R.RESTRICTION,)),
    L.OBJECTION_UPHELD: Effect(Action.FULFIL, answers=(R.OBJECTION, R.OPT_OUT_SALE)),
    L.CONSENT_WITHDRAWN: Effect(Action.FULFIL, answers=(R.WITHDRAW_CONSENT,)),
    L.TRANSFER_SAFEGUARDS: Effect(Action.FULFIL, answers=(R.INFORMATION,)),
    L.REFUSAL: Effect(Action.REFUSE, answers=(), guarded=Guarded.REFUSAL),
    L.NOT_THE_CONTROLLER: Effect(Action.REFUSE, answers=(), guarded=Guarded.REFUSAL),
    L.COMPLAINT_OUTCOME: Effect(Action.FULFIL, answers=None, answers_complaint=True),
}
"""Letters that are not named here belong to no case."""

ASKS: dict[OccurrenceKind, Action] = {e.happens: e.action for e in EFFECTS.values() if e.happens is not None}
"""The step that asking or telling something is, also without a letter."""


def acknowledging(category: Category) -> LetterName:
    """The letter that says we have it."""
    return L.COMPLAINT_RECEIVED if category is Category.COMPLAINT else L.ACKNOWLEDGEMENT


def suitable(category: Category, rights: tuple[Right, ...], status: Status, allowed: tuple[Action, ...]) -> tuple[LetterName, ...]:
    """The letters that suit a case with these open rights, the likeliest first."""
    first: list[LetterName] = []
    if status in (Status.NEW, Status.NEEDS_LOOK):
        first.append(acknowledging(category))
    if category is Category.COMPLAINT:
        first.append(L.COMPLAINT_OUTCOME)
    wide = [name for name, e in EFFECTS.items() if e.action is Action.FULFIL and e.answers and set(e.answers) & set(rights)]
    usual = [L.CHILD_DATA_DELETED] if L.CHILD_DATA_DELETED in wide else []
    first += [name for name in wide if name not in usual]
    first.append(L.REPLY)
    asking = [name for name, e in EFFECTS.items() if e.happens is not None and e.action in allowed]
    ending = [L.REFUSAL, L.NOT_THE_CONTROLLER] if Action.REFUSE in allowed else []
    last = [acknowledging(category)] if Action.ACKNOWLEDGE in allowed else []
    return tuple(dict.fromkeys([*first, *asking, *ending, *usual, *last]))
