"""Windows for the work inside the house: whose case it is, notes, urgency, managers, and the checklist."""

from bot.slack import names
from bot.slack.forms import boxes, described, hint, select, words_of
from bot.slack.names import N_
from bot.slack.text import SECTION, Block, cut, line, option, person, section
from bot.slack.windows.shape import Given, Sheet, Window, head, reason, staff
from handlers.deeds import AddNote, AddTask, Assign, Deed, HandToManagers, MarkUrgent, SettleTask
from handlers.refused import Refused
from handlers.views import TaskView
from storage.kinds import TaskState

_TEN = 10
_MOST = 60


def _assign(sheet: Sheet) -> list[Block]:
    words = sheet.words
    now = words("Now: {owner}").format(owner=person(sheet.view.owner) if sheet.view.owner else words("nobody yet"))
    return [head(sheet, now), staff(sheet.desk, words("Whose case is it?"))]


def _note(sheet: Sheet) -> list[Block]:
    words = sheet.words
    return [head(sheet), words_of("note", words("Note"), most=3000, lines=True, hint=hint(words("Stays inside, never mailed.")))]


def _urgent(sheet: Sheet) -> list[Block]:
    words = sheet.words
    choices = [option(words("Urgent: this one first"), "yes"), option(words("Not urgent (any more)"), "no")]
    return [head(sheet), select("urgent", words("How urgent is it?"), choices), reason(words, optional=True)]


def _record_urgent(given: Given) -> tuple[Deed, ...]:
    return (MarkUrgent(given.needed("urgent", N_("Choose one.")) == "yes", given.text("reason")),)


def _hand_over(sheet: Sheet) -> list[Block]:
    words = sheet.words
    who = " ".join(person(p.slack_id) for p in sheet.desk.managers[:10])
    said = words("They are named in the thread: {managers}").format(managers=who)
    return [head(sheet, said), reason(words, words("What must they decide?"))]


def called(task: TaskView, sheet: Sheet) -> str:
    """A task in a few words: what to do, and where."""
    return names.task(task.kind, task.called(sheet.words.language), sheet.words)


def _checklist(sheet: Sheet) -> list[Block]:
    words, tasks = sheet.words, sheet.view.tasks[:_MOST]
    blocks = [head(sheet, words("{done} of {all} are settled.").format(done=sheet.view.tasks_done, all=len(sheet.view.tasks)))]
    settled = [f"{_mark(t)} {line(called(t, sheet), 120)}{_by(t, sheet)}" for t in tasks if t.state is not TaskState.OPEN]
    if settled:
        blocks.append(section(cut("\n".join(settled), SECTION)))
    open_ = [t for t in tasks if t.state is TaskState.OPEN]
    for start in range(0, len(open_), _TEN):
        ten = open_[start : start + _TEN]
        found = [f"• *{line(called(t, sheet), 120)}*{_owner(t)}\n{line(t.found_there(words.language), 160)}".rstrip() for t in ten]
        blocks.append(section(cut("\n".join(found), SECTION)))
        options = [described(called(t, sheet), str(t.id), t.found_there(words.language)) for t in ten]
        blocks.append(boxes(f"done{start}", words("Done"), options))
    states = [option(words(said), state) for state, said in names.TASK_STATES.items()]
    if tasks:
        blocks += [
            select("task", words("One of them otherwise"), [option(called(t, sheet), str(t.id)) for t in tasks], optional=True),
            select("state", words("How does it stand?"), states, optional=True),
            words_of("note", words("What was found, or why not"), lines=True, optional=True),
        ]
    blocks.append(words_of("title", words("One more task"), most=150, optional=True))
    return [*blocks, staff(sheet.desk, words("For whom?"), optional=True)]


def _mark(task: TaskView) -> str:
    return {TaskState.DONE: "☑️", TaskState.NOTHING_FOUND: "➖"}.get(task.state, "⏭️")


def _owner(task: TaskView) -> str:
    return f" · {person(task.owner)}" if task.owner else ""


def _by(task: TaskView, sheet: Sheet) -> str:
    who = f" · {person(task.settled_by)}" if task.settled_by else ""
    when = f" {sheet.words.day_of(task.settled)}" if task.settled else ""
    note = f": {line(task.note, 200)}" if task.note.strip() else ""
    return f"{who}{when}{note}"


def _record_checklist(given: Given) -> tuple[Deed, ...]:
    deeds: list[Deed] = []
    if title := given.text("title"):
        deeds.append(AddTask(title, given.text("who") or None))
    note = given.text("note")
    if task := given.text("task"):
        state = TaskState(given.needed("state", N_("Choose how it stands.")))
        if state is TaskState.NOT_NEEDED and not note:
            raise Refused(given.words("Say why it is not needed."), field="note")
        deeds.append(SettleTask(int(task), state, note))
    elif given.text("state"):
        raise Refused(given.words("Choose which task."), field="task")
    ticked = [i for name, ids in given.values.items() if name.startswith("done") for i in ids or ()]
    deeds += [SettleTask(int(i), TaskState.DONE, "") for i in ticked if i != task]
    if not deeds:
        raise Refused(given.words("Tick what is done, or choose a task."))
    return tuple(deeds)


ASSIGN = Window(N_("Assign the case"), N_("Assign"), _assign, lambda g: (Assign(g.needed("who", N_("Choose somebody."))),))
NOTE = Window(N_("Add a note"), N_("Save"), _note, lambda g: (AddNote(g.needed("note", N_("The note says nothing yet."))),))
URGENT = Window(N_("How urgent is it?"), N_("Save"), _urgent, _record_urgent)
HAND_OVER = Window(
    N_("Hand to the managers"),
    N_("Hand over"),
    _hand_over,
    lambda g: (HandToManagers(g.needed("reason", N_("Say what they must decide."))),),
)
CHECKLIST = Window(N_("Checklist"), N_("Save"), _checklist, _record_checklist)
