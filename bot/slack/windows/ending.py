"""Windows for what becomes of a case: rights done or refused, a second person's word, closing, reopening, taking a step back."""

from bot.slack import names
from bot.slack.forms import select
from bot.slack.names import N_
from bot.slack.text import Block, line, option, person, quoted, section
from bot.slack.windows.shape import Given, Sheet, Window, ground, head, reason, rights
from bot.slack.words import Words
from handlers.deeds import Approve, Close, Deed, Fulfil, RefuseRights, Reject, Reopen, Undo
from handlers.refused import Refused
from handlers.views import ApprovalView
from storage.kinds import LetterName, Outcome, RightState


def _fulfil(sheet: Sheet) -> list[Block]:
    words = sheet.words
    open_ = tuple(r.right for r in sheet.view.settled if r.state is RightState.OPEN) or sheet.view.rights
    became = [option(words("Done as asked"), "done"), option(words("Refused"), "refused")]
    which = [rights(sheet, words("Which of them?"), open_, open_)] if open_ else []
    return [
        head(sheet, words("Nothing is mailed by this: it records what was done. *Reply* writes the letter.")),
        select("became", words("What became of it?"), became),
        *which,
        ground(sheet, words("If refused: why?")),
        reason(words, words("Note for the record"), optional=True),
    ]


def _record_fulfil(given: Given) -> tuple[Deed, ...]:
    if given.needed("became", N_("Choose what became of it.")) == "done":
        return (Fulfil(given.rights(), given.text("reason")),)
    why = given.ground()
    if why is None:
        raise Refused(given.words("Choose why it is refused."), field="ground")
    if not given.rights():
        raise Refused(given.words("Tick what is refused."), field="rights")
    return (RefuseRights(given.rights(), why, given.text("reason")),)


def _waiting(sheet: Sheet) -> list[Block]:
    words = sheet.words
    if not sheet.view.approvals:
        raise Refused(words("Nothing waits for a second person (any more)."))
    options = [option(_asked(sheet, i), str(one.id)) for i, one in enumerate(sheet.view.approvals[:20])]
    told = [section(part) for one in sheet.view.approvals[:5] for part in _told(one, words)]
    return [
        head(sheet, words("Who asked for a step can't agree to it; what is agreed to is done at once.")),
        *told,
        select("which", words("Which step?"), options, options[0]["value"]),
    ]


def _told(one: ApprovalView, words: Words) -> list[str]:
    """What the second person must know: who wants it and why, for which rights, and what would be mailed."""
    parts = [f"🔐 {person(one.asked_by)}: {line(one.reason, 300) or '–'}"]
    if one.rights:
        parts.append(names.rights(one.rights, words))
    if one.ground:
        parts.append(words(names.GROUNDS[one.ground]))
    parts += [f"📎 {line(name, 120)}" for name in one.attachments[:10]]
    return ["\n".join(parts), *(quoted(one.middle) if one.middle.strip() else [])]


def _asked(sheet: Sheet, number: int) -> str:
    one, words = sheet.view.approvals[number], sheet.words
    what = words(names.LETTERS[LetterName(one.letter)]) if one.letter else words(names.GUARDED.get(one.deed, names.A_STEP))
    return f"{what} · {words.moment(one.asked)}"


def _disagree(sheet: Sheet) -> list[Block]:
    return [*_waiting(sheet), reason(sheet.words)]


def _close(sheet: Sheet) -> list[Block]:
    words, view = sheet.words, sheet.view
    outcomes = [option(words(names.OUTCOMES[o]), o) for o in Outcome]
    left = len(view.tasks) - view.tasks_done
    unfinished = words.ngettext("⚠️ {count} task is open: say why.", "⚠️ {count} tasks are open: say why.", left)
    return [
        head(sheet, words("Nothing is mailed when you close a case: reply first."), *([unfinished] if left else [])),
        select("outcome", words("How did it end?"), outcomes),
        ground(sheet, words("If refused: why?")),
        reason(words, words("Note for the record"), optional=True),
    ]


def _record_close(given: Given) -> tuple[Deed, ...]:
    outcome = Outcome(given.needed("outcome", N_("Choose how it ended.")))
    why = given.ground()
    if outcome is Outcome.REFUSED and why is None:
        raise Refused(given.words("Choose why it is refused."), field="ground")
    return (Close(outcome, why if outcome is Outcome.REFUSED else None, given.text("reason")),)


def _reopen(sheet: Sheet) -> list[Block]:
    return [head(sheet, sheet.words("The case goes on with the dates that it had.")), reason(sheet.words, optional=True)]


def _undo(sheet: Sheet) -> list[Block]:
    words, undo = sheet.words, sheet.view.undo
    if undo is None:
        raise Refused(words("There is no step to take back."))
    if undo.barred:
        raise Refused(words.said(undo.barred))
    step = option(f"{words(names.DEEDS.get(undo.deed, names.A_STEP))} · {words.moment(undo.at)}", str(undo.step))
    said = words("{actor} did this. What has left the house, such as a letter, can't be taken back.").format(actor=person(undo.actor))
    return [head(sheet, said), select("step", words("Take back"), [step], step["value"])]


FULFIL = Window(N_("Mark as done"), N_("Save"), _fulfil, _record_fulfil)
APPROVE = Window(N_("Agree to a step"), N_("Agree"), _waiting, lambda g: (Approve(int(g.needed("which", N_("Choose the step.")))),))
REJECT = Window(
    N_("Disagree with a step"),
    N_("Disagree"),
    _disagree,
    lambda g: (Reject(int(g.needed("which", N_("Choose the step."))), g.needed("reason", N_("Say why."))),),
)
CLOSE = Window(N_("Close the case"), N_("Close the case"), _close, _record_close)
REOPEN = Window(N_("Reopen the case"), N_("Reopen"), _reopen, lambda g: (Reopen(g.text("reason")),))
UNDO = Window(N_("Undo the last step"), N_("Undo"), _undo, lambda g: (Undo(int(g.needed("step", N_("Choose the step.")))),))
