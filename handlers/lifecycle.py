"""Which deed is allowed in which status, and where it leads: the life of a case as one table."""

from handlers.refused import Refused
from storage.kinds import Action, Status

A, S = Action, Status
WAITING = frozenset({S.WAITING_IDENTITY, S.WAITING_CLARIFICATION, S.WAITING_FEE, S.WAITING_REQUESTER})
EVERY = frozenset(Status)
OPEN = EVERY - {S.CLOSED}
FRESH = frozenset({S.NEW, S.NEEDS_LOOK, S.ACKNOWLEDGED})
UNANSWERED = OPEN - {S.ANSWERED}
ASKABLE = FRESH | {S.IN_WORK, S.WAITING_REQUESTER}
"""Where a question may be asked whose answer a clock may wait for: never two such questions at once."""

ALLOWED: dict[Action, frozenset[Status]] = {
    A.TAKE: OPEN,
    A.RELEASE: OPEN,
    A.ACKNOWLEDGE: UNANSWERED,
    A.REPLY: OPEN,
    A.SORT: OPEN,
    A.CLOSE: OPEN,
    A.REOPEN: frozenset({S.CLOSED}),
    A.ASSIGN: OPEN,
    A.ASK_IDENTITY: ASKABLE,
    A.RECORD_IDENTITY: OPEN,
    A.ASK_CLARIFICATION: ASKABLE,
    A.RECORD_CLARIFICATION: OPEN,
    A.ASK_FEE: ASKABLE,
    A.RECORD_PAYMENT: OPEN,
    A.EXTEND: UNANSWERED,
    A.PAUSE: FRESH | {S.IN_WORK, S.ANSWERED},
    A.RESUME: WAITING,
    A.FULFIL: OPEN,
    A.REFUSE: OPEN,
    A.LINK: OPEN,
    A.JOIN: OPEN,
    A.SPLIT: OPEN,
    A.CORRECT_RECEIPT: OPEN,
    A.NOTE: EVERY,
    A.URGENT: OPEN,
    A.HAND_OVER: OPEN,
    A.TASK: OPEN,
    A.APPROVE: OPEN,
    A.REJECT: OPEN,
    A.UNDO: EVERY,
}

LEADS_TO: dict[tuple[Action, Status], Status] = {
    (A.TAKE, S.ACKNOWLEDGED): S.IN_WORK,
    (A.ASSIGN, S.ACKNOWLEDGED): S.IN_WORK,
    (A.ACKNOWLEDGE, S.NEW): S.ACKNOWLEDGED,
    (A.ACKNOWLEDGE, S.NEEDS_LOOK): S.ACKNOWLEDGED,
    (A.SORT, S.NEEDS_LOOK): S.NEW,
    **{(A.ASK_IDENTITY, s): S.WAITING_IDENTITY for s in ASKABLE},
    **{(A.ASK_CLARIFICATION, s): S.WAITING_CLARIFICATION for s in ASKABLE},
    **{(A.ASK_FEE, s): S.WAITING_FEE for s in ASKABLE},
    (A.RECORD_IDENTITY, S.WAITING_IDENTITY): S.IN_WORK,
    (A.RECORD_CLARIFICATION, S.WAITING_CLARIFICATION): S.IN_WORK,
    (A.RECORD_PAYMENT, S.WAITING_FEE): S.IN_WORK,
    **{(A.PAUSE, s): S.WAITING_REQUESTER for s in FRESH | {S.IN_WORK, S.ANSWERED}},
    **{(A.RESUME, s): S.IN_WORK for s in WAITING},
    **{(a, s): S.ANSWERED for a in (A.FULFIL, A.REFUSE) for s in OPEN},
    **{(a, s): S.CLOSED for a in (A.CLOSE, A.LINK, A.JOIN) for s in OPEN},
    (A.REOPEN, S.CLOSED): S.IN_WORK,
}
"""Every move that changes the status; a deed that is allowed and not named here leaves it as it is. Undoing restores what was."""

IN_PART: dict[tuple[Action, Status], Status] = {
    (A.SORT, S.NEEDS_LOOK): S.NEW,
    (A.SORT, S.ANSWERED): S.IN_WORK,
    **{(a, s): S.IN_WORK if s in FRESH else s for a in (A.FULFIL, A.REFUSE) for s in OPEN},
}
"""Where answering or sorting leads while something of the case is still open."""

WORDS: dict[Action, str] = {
    A.TAKE: "taken",
    A.RELEASE: "given back",
    A.ACKNOWLEDGE: "acknowledged",
    A.REPLY: "answered",
    A.SORT: "sorted anew",
    A.CLOSE: "closed",
    A.REOPEN: "reopened",
    A.ASSIGN: "assigned",
    A.ASK_IDENTITY: "asked for identity",
    A.RECORD_IDENTITY: "given a check of identity",
    A.ASK_CLARIFICATION: "asked for clarification",
    A.RECORD_CLARIFICATION: "given a clarification",
    A.ASK_FEE: "asked for the fee",
    A.RECORD_PAYMENT: "given a payment",
    A.EXTEND: "extended",
    A.PAUSE: "paused",
    A.RESUME: "resumed",
    A.FULFIL: "fulfilled",
    A.REFUSE: "refused",
    A.LINK: "linked",
    A.JOIN: "joined",
    A.SPLIT: "split",
    A.CORRECT_RECEIPT: "given another receipt",
    A.NOTE: "given a note",
    A.URGENT: "marked",
    A.HAND_OVER: "handed to managers",
    A.TASK: "worked on",
    A.APPROVE: "approved",
    A.REJECT: "rejected",
    A.UNDO: "undone",
}


def move(status: Status, action: Action, *, in_part: bool = False) -> Status:
    """The status after that deed, `in_part` where a right stays open; Refused where it is not allowed now."""
    if status not in ALLOWED[action]:
        state = "closed already" if status is S.CLOSED else "still open" if action is A.REOPEN else status.value.replace("_", " ")
        raise Refused(f"This case is {state}, so it can't be {WORDS[action]}.", field="status")
    step = (action, status)
    return IN_PART[step] if in_part and step in IN_PART else LEADS_TO.get(step, status)


def permitted(status: Status) -> tuple[Action, ...]:
    """What can be done to a case in that status, in the order of `Action`."""
    return tuple(a for a in Action if status in ALLOWED[a])
