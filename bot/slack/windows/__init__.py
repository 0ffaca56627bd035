"""Every window in which somebody does something to a case, by the name of the button that opens it; pure."""

from bot.slack.buttons import TOLD
from bot.slack.windows import ending, sorting, team, waiting
from bot.slack.windows.shape import Given, Sheet, Window
from storage.kinds import Action

WINDOWS: dict[str, Window] = {
    Action.ASSIGN: team.ASSIGN,
    Action.SORT: sorting.SORT,
    Action.CLOSE: ending.CLOSE,
    Action.REOPEN: ending.REOPEN,
    Action.RECORD_IDENTITY: waiting.IDENTITY,
    Action.RECORD_CLARIFICATION: waiting.CLARIFICATION,
    Action.RECORD_PAYMENT: waiting.PAYMENT,
    TOLD: waiting.TOLD,
    Action.PAUSE: waiting.PAUSE,
    Action.RESUME: waiting.RESUME,
    Action.FULFIL: ending.FULFIL,
    Action.LINK: sorting.LINK,
    Action.JOIN: sorting.JOIN,
    Action.SPLIT: sorting.SPLIT,
    Action.CORRECT_RECEIPT: sorting.RECEIPT,
    Action.NOTE: team.NOTE,
    Action.URGENT: team.URGENT,
    Action.HAND_OVER: team.HAND_OVER,
    Action.TASK: team.CHECKLIST,
    Action.APPROVE: ending.APPROVE,
    Action.REJECT: ending.REJECT,
    Action.UNDO: ending.UNDO,
}

__all__ = ["WINDOWS", "Given", "Sheet", "Window"]
