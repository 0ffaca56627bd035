"""Which deed is allowed in which status, and where it leads: the life of a case as one table."""

from handlers.refused import Refused
from storage.kinds import Action, Status

S = Status
WAITING = frozenset({S.WAITING_IDENTITY, S.WAITING_CLARIFICATION, S.WAITING_FEE, S.WAITING_REQUESTER})
OPEN = frozenset(Status) - {S.CLOSED}

ALLOWED: dict[Action, frozenset[Status]] = {
    Action.TAKE: OPEN,
    Action.RELEASE: OPEN,
    Action.ACKNOWLEDGE: OPEN - {S.ANSWERED},
    Action.REPLY: OPEN,
    Action.SORT: OPEN,
    Action.CLOSE: OPEN,
    Action.REOPEN: frozenset({S.CLOSED}),
}

LEADS_TO: dict[tuple[Action, Status], Status] = {
    (Action.TAKE, S.ACKNOWLEDGED): S.IN_WORK,
    (Action.ACKNOWLEDGE, S.NEW): S.ACKNOWLEDGED,
    (Action.ACKNOWLEDGE, S.NEEDS_LOOK): S.ACKNOWLEDGED,
    (Action.SORT, S.NEEDS_LOOK): S.NEW,
    (Action.REOPEN, S.CLOSED): S.IN_WORK,
    **{(Action.CLOSE, status): S.CLOSED for status in OPEN},
}
"""Every move that changes the status; a deed that is allowed and not named here leaves it as it is."""

WORDS: dict[Action, str] = {
    Action.TAKE: "taken",
    Action.RELEASE: "given back",
    Action.ACKNOWLEDGE: "acknowledged",
    Action.REPLY: "answered",
    Action.SORT: "sorted anew",
    Action.CLOSE: "closed",
    Action.REOPEN: "reopened",
}


def move(status: Status, action: Action) -> Status:
    """The status after that deed; Refused where it is not allowed now."""
    if status not in ALLOWED[action]:
        state = "closed already" if status is S.CLOSED else "still open" if action is Action.REOPEN else status.value.replace("_", " ")
        raise Refused(f"This case is {state}, so it can't be {WORDS[action]}.", field="status")
    return LEADS_TO.get((action, status), status)


def permitted(status: Status) -> tuple[Action, ...]:
    """What can be done to a case in that status, in the order of `Action`."""
    return tuple(a for a in Action if status in ALLOWED[a])
