"""Which buttons a card shows: by the next step of the case, at most five; the rest stands behind `More`. Pure."""

from dataclasses import dataclass

from bot.slack import names
from bot.slack.text import Block, button
from bot.slack.words import Words
from handlers.lifecycle import permitted
from handlers.views import CaseView
from storage.kinds import Action, NextStep, Status

VISIBLE = 5
REVEAL, JOIN = "reveal", "join"
DATES, HISTORY, TOLD, FILES = "dates", "history", "told", "files"

FALLBACK = {
    Status.NEW: NextStep.ACKNOWLEDGE,
    Status.NEEDS_LOOK: NextStep.LOOK,
    Status.ACKNOWLEDGED: NextStep.ANSWER,
    Status.WAITING_IDENTITY: NextStep.WAIT,
    Status.WAITING_CLARIFICATION: NextStep.WAIT,
    Status.WAITING_FEE: NextStep.WAIT,
    Status.WAITING_REQUESTER: NextStep.WAIT,
    Status.IN_WORK: NextStep.ANSWER,
    Status.ANSWERED: NextStep.CLOSE,
    Status.CLOSED: NextStep.NONE,
}
"""The next step where the house names none."""

A = Action
FIRST: dict[NextStep, tuple[Action, ...]] = {
    NextStep.LOOK: (A.SORT, A.REPLY, A.CLOSE),
    NextStep.CONFIRM_RECEIPT: (A.CORRECT_RECEIPT, A.SORT, A.REPLY),
    NextStep.DECIDE: (A.APPROVE, A.REJECT),
    NextStep.TAKE: (A.TAKE, A.ACKNOWLEDGE, A.REPLY, A.SORT),
    NextStep.ACKNOWLEDGE: (A.ACKNOWLEDGE, A.REPLY, A.SORT, A.CLOSE),
    NextStep.READ_ANSWER: (A.RECORD_IDENTITY, A.RECORD_CLARIFICATION, A.RECORD_PAYMENT, A.RESUME, A.REPLY, A.CLOSE),
    NextStep.CHECK_IDENTITY: (A.RECORD_IDENTITY, A.REPLY, A.CLOSE),
    NextStep.WAIT: (A.RECORD_IDENTITY, A.RECORD_CLARIFICATION, A.RECORD_PAYMENT, A.RESUME, A.REPLY, A.CLOSE),
    NextStep.CHECKLIST: (A.TASK, A.ASK_IDENTITY, A.REPLY, A.CLOSE),
    NextStep.ANSWER: (A.REPLY, A.ASK_IDENTITY, A.REFUSE, A.FULFIL),
    NextStep.CLOSE: (A.CLOSE, A.REPLY, A.FULFIL),
    NextStep.NONE: (A.REOPEN, A.NOTE),
}
REST = (
    A.TAKE, A.ACKNOWLEDGE, A.REPLY, A.SORT, A.CLOSE, A.REOPEN, A.TASK, A.ASK_IDENTITY, A.RECORD_IDENTITY, A.ASK_CLARIFICATION,
    A.RECORD_CLARIFICATION, A.ASK_FEE, A.RECORD_PAYMENT, A.EXTEND, A.FULFIL, A.REFUSE, A.PAUSE, A.RESUME, A.ASSIGN, A.RELEASE, A.NOTE,
    A.URGENT, A.HAND_OVER, A.CORRECT_RECEIPT, A.SPLIT, A.LINK, A.JOIN, A.APPROVE, A.REJECT, A.UNDO,
)  # fmt: skip
"""The order of everything else."""
FILLING = (A.REPLY, A.TASK, A.CLOSE, A.SORT)
"""What takes the room that is left in the row."""
WAITED_FOR = {
    A.RECORD_IDENTITY: Status.WAITING_IDENTITY,
    A.RECORD_CLARIFICATION: Status.WAITING_CLARIFICATION,
    A.RECORD_PAYMENT: Status.WAITING_FEE,
}


@dataclass(frozen=True)
class Row:
    """What a card offers: buttons in the row, buttons beside texts, and what stands behind `More`."""

    shown: tuple[Action, ...]
    beside: tuple[str, ...]
    more: tuple[str, ...]


def step(view: CaseView) -> NextStep:
    """What the case needs next."""
    if view.next_step is NextStep.NONE and view.status is not Status.CLOSED:
        return FALLBACK[view.status]
    return view.next_step


def chosen(view: CaseView) -> Row:
    """What this card offers."""
    allowed = [a for a in view.allowed or permitted(view.status) if _fits(a, view)]
    beside = tuple(name for name, there in ((REVEAL, view.masked), (JOIN, view.may_join and A.JOIN in allowed)) if there)
    order = [a for a in FIRST.get(step(view), ()) if a in allowed and _first(a, view)]
    if view.owner is None and A.TAKE in allowed and step(view) is not NextStep.DECIDE:
        order = [A.TAKE, *(a for a in order if a is not A.TAKE)]
    order += [a for a in FILLING if a in allowed and a not in order]
    rest = [a for a in REST if a in allowed and a not in order]
    extra = _extra(view)
    room = VISIBLE - len(beside) - (1 if rest or extra else 0)
    shown, more = order[:room], [*order[room:], *rest]
    return Row(tuple(shown), beside, (*more, *extra))


def _first(action: Action, view: CaseView) -> bool:
    """A record of an answer is offered first only where that answer is waited for."""
    return action not in WAITED_FOR or view.status is WAITED_FOR[action] or step(view) is NextStep.CHECK_IDENTITY


def _extra(view: CaseView) -> tuple[str, ...]:
    """What is no deed: how the dates came about, what happened, and what was told without a letter."""
    told = (TOLD,) if view.status not in (Status.CLOSED, Status.ANSWERED) else ()
    files = (FILES,) if view.attachments else ()
    return (*told, *files, *((DATES,) if any(d.trace for d in view.dates) else ()), HISTORY)


def _fits(action: Action, view: CaseView) -> bool:
    """What the life of a case allows and would be pointless."""
    match action:
        case A.TAKE:
            return view.owner is None
        case A.RELEASE:
            return view.owner is not None
        case A.ACKNOWLEDGE:
            return view.status in (Status.NEW, Status.NEEDS_LOOK)
        case A.APPROVE | A.REJECT:
            return bool(view.approvals)
        case A.UNDO:
            return view.undo is not None and not view.undo.barred
        case _:
            return True


def value(view: CaseView) -> str:
    """What a button of this card carries: the case and the version that was seen."""
    return f"{view.id}:{view.version}"


def actions(view: CaseView, row: Row, words: Words) -> Block:
    """The row of buttons under a card; the first is the likeliest."""
    carried = value(view)
    leading = next((a for a in row.shown if a is not A.REOPEN), None)
    shown = [button(words(names.ACTIONS[a]), f"rd:{a}", carried, _style(a, leading)) for a in row.shown]
    if row.more:
        shown.append(button(words("More…"), "rd:more", carried))
    return {"type": "actions", "block_id": f"rd:case:{view.id}", "elements": shown}


def _style(action: Action, leading: Action | None) -> str | None:
    return "danger" if action is A.REJECT else "primary" if action is leading else None


def accessory(view: CaseView, row: Row, name: str, words: Words) -> Block:
    """The button beside a text, as a part of its section; nothing where the card has none."""
    if name not in row.beside:
        return {}
    label = words("Show numbers") if name == REVEAL else words("Join it")
    return {"accessory": button(label, f"rd:{name}", value(view))}


def named(entry: str, words: Words) -> str:
    """What an entry behind `More` is called."""
    extra = {
        DATES: words("How were the dates computed?"),
        HISTORY: words("What happened so far?"),
        TOLD: words("Told by phone or post…"),
        FILES: words("What came attached?"),
    }
    return extra[entry] if entry in extra else words(names.ACTIONS[Action(entry)])
