"""A case as a card: what matters now, in Slack's blocks; pure."""

from datetime import date

from bot.slack import names
from bot.slack.text import Block, button, context, fields, header, line, mail, mark_id, option, person, section, sender
from bot.slack.words import ENGLISH, Words
from handlers.lifecycle import permitted
from handlers.views import CaseView, DateView
from storage.kinds import Action, ClockState, DeadlineKind, Status

VISIBLE = 5
_LATER = 6

NEXT_STEP = {
    Status.NEW: names.N_("Acknowledge it, so that the person knows we have it."),
    Status.NEEDS_LOOK: names.N_("Read the mail, then say what it is: *Change sorting*, or *Close* if it is nothing for us."),
    Status.ACKNOWLEDGED: names.N_("Do what was asked, then *Reply*."),
    Status.WAITING_IDENTITY: names.N_("We asked who they are. Their answer comes into this thread."),
    Status.WAITING_CLARIFICATION: names.N_("We asked what they mean. Their answer comes into this thread."),
    Status.WAITING_FEE: names.N_("We asked for the fee. Go on when it is paid."),
    Status.WAITING_REQUESTER: names.N_("It is the requester's turn. Their answer comes into this thread."),
    Status.IN_WORK: names.N_("Do what was asked, then *Reply*."),
    Status.ANSWERED: names.N_("Answered. *Close* it if nothing is left to do."),
    Status.CLOSED: names.N_("Nothing is left to do."),
}

STATUS_EMOJI = {
    Status.NEW: "🆕",
    Status.NEEDS_LOOK: "👀",
    Status.ACKNOWLEDGED: "📨",
    Status.WAITING_IDENTITY: "⏳",
    Status.WAITING_CLARIFICATION: "⏳",
    Status.WAITING_FEE: "⏳",
    Status.WAITING_REQUESTER: "⏳",
    Status.IN_WORK: "🛠️",
    Status.ANSWERED: "✉️",
    Status.CLOSED: "✅",
}

_ORDER = (Action.TAKE, Action.ACKNOWLEDGE, Action.REPLY, Action.SORT, Action.CLOSE, Action.REOPEN, Action.RELEASE)


def urgency(days_left: int | None, words: Words) -> tuple[str, str]:
    """Emoji and word for how near a date is."""
    if days_left is None:
        return "⚪", words("no date")
    if days_left < 0:
        return "🔴", words("overdue")
    if days_left == 0:
        return "🔴", words("due today")
    if days_left <= 3:
        return "🟠", words("urgent")
    if days_left <= 7:
        return "🟡", words("soon")
    return "🟢", words("in time")


def card(view: CaseView, today: date, mark: int, words: Words = ENGLISH) -> list[Block]:
    """The card of a case as it stands; `mark` is the outgoing row that carries it (found again by the first block's id)."""
    blocks = [header(_title(view, words), mark_id(mark)), section(_now(view, words))]
    blocks += _dates(view, today, words)
    blocks.append(_facts(view, words))
    if view.subject.strip() or view.excerpt.strip():
        blocks.append(section(mail(view.subject, view.excerpt)))
    blocks += [context(text) for text in (_marks(view, words), _small_print(view, words)) if text]
    blocks.append(_buttons(view, words))
    return blocks


def fallback(view: CaseView, words: Words = ENGLISH) -> str:
    """The card in one line, for notifications and screen readers; nothing that a stranger wrote."""
    emoji, word = urgency(view.next_date.days_left if view.next_date else None, words)
    return f"{emoji} {line(view.ref)} · {_kind(view, words)} · {line(view.controller_name)} · {words(names.STATUSES[view.status])} ({word})"


def value(view: CaseView) -> str:
    """What a button of this card carries: the case and the version that was seen."""
    return f"{view.id}:{view.version}"


def _kind(view: CaseView, words: Words) -> str:
    return names.rights(view.rights, words) or words(names.CATEGORIES[view.category])


def _title(view: CaseView, words: Words) -> str:
    alarm = "🚨 " if view.urgent and view.status is not Status.CLOSED else ""
    return f"{alarm}{view.ref} · {_kind(view, words)}"


def _now(view: CaseView, words: Words) -> str:
    state = f"{STATUS_EMOJI[view.status]} *{words(names.STATUSES[view.status])}*"
    if view.status is Status.CLOSED and view.outcome:
        state += f" · {words(names.OUTCOMES_SHORT[view.outcome])}"
        if view.ground:
            state += f" ({words(names.GROUNDS[view.ground])})"
    step = words(NEXT_STEP[view.status])
    if view.status is not Status.CLOSED and not view.owner:
        step = words("*Take* it if it is yours.") + " " + step
    return f"{state}\n{words('Next:')} {step}"


def _dates(view: CaseView, today: date, words: Words) -> list[Block]:
    """The nearest date in full, the later ones in small print; laws that share a date share a line."""
    if view.status is Status.CLOSED:
        return []
    shared: dict[tuple[object, ...], list[DateView]] = {}
    for one in sorted((d for d in view.dates if not d.done), key=lambda d: (d.safe or date.max, d.kind, d.law)):
        shared.setdefault((one.kind, one.state, one.safe, one.statutory), []).append(one)
    first, *others = [_date(dates, today, words) for dates in shared.values()] or [("", "")]
    if not first[0]:
        return []
    later = [text for text, _ in others[:_LATER]]
    return [section("\n".join(part for part in first if part)), *([context("\n".join(later))] if later else [])]


def _date(dates: list[DateView], today: date, words: Words) -> tuple[str, str]:
    """A date in one line, and what else is to be said of it."""
    one = dates[0]
    task = words("Answer by") if one.kind is DeadlineKind.RESPOND else words("Acknowledge by")
    laws = ", ".join(line(names.law(d.law, words)) for d in dates)
    if one.state is ClockState.PAUSED:
        return f"⏸️ *{task}:* {words('the clock stands')} · {laws}", ""
    if one.state is ClockState.NOT_IN_FORCE:
        return f"⚪ *{task}:* {words('the law is not in force yet')} · {laws}", ""
    if one.safe is None:
        return f"⚪ *{task}:* {words('no fixed period: without delay')} · {laws}", ""
    days = (one.safe - today).days
    emoji, word = urgency(days, words)
    notes = []
    if one.statutory and one.statutory != one.safe:
        notes.append(words("The law's last day is {day}.").format(day=words.day(one.statutory)))
    if one.work and today <= one.work < one.safe:
        notes.append(words("Our own target is {day}.").format(day=words.day(one.work)))
    return f"{emoji} *{task} {words.due(one.safe, days)}* · {word} · {laws}", f"_{' '.join(notes)}_" if notes else ""


def _facts(view: CaseView, words: Words) -> Block:
    owner = person(view.owner) if view.owner else words("nobody yet")
    received = words.day_of(view.received) + ("" if view.received_confirmed else " ❓ " + words("please confirm"))
    return fields(
        (words("Requester"), sender(view.requester)),
        (words("For"), line(view.controller_name)),
        (words("They ask for") if view.rights else words("What it is"), _kind(view, words)),
        (words("Law"), _law(view, words)),
        (words("Owner"), owner),
        (words("Received"), received),
    )


def _law(view: CaseView, words: Words) -> str:
    place = f" · {line(view.place, 20)}" if view.place else ""
    if view.law:
        reason = f"\n_{line(view.law_reason, 160)}_" if view.law_reason else ""
        return f"{line(names.law(view.law, words))}{place}{reason}"
    maybe = ", ".join(line(names.law(law, words)) for law in view.law_candidates[:4])
    return words("not certain") + place + (f"\n_{words('perhaps')} {maybe}_" if maybe else "")


def _marks(view: CaseView, words: Words) -> str:
    closed = view.status is Status.CLOSED
    marks = [
        words("🚨 *Urgent*: an authority, a court, a lawyer, a breach or a child") if view.urgent and not closed else "",
        words("👀 *Needs a look*: we are not certain what this is") if view.needs_look and not closed else "",
        words("⚠️ *The sender may be forged*: the mail failed its checks") if view.authentication == "fail" else "",
        words("📂 *From before go-live*: no letter goes out by itself") if not view.live else "",
        words("🗃️ Found in {folder}").format(folder=line(view.folder, 60)) if view.folder.upper() not in ("", "INBOX") else "",
        words.ngettext("📎 {count} attachment", "📎 {count} attachments", view.attachments) if view.attachments else "",
    ]
    return "\n".join(m for m in marks if m)


def _small_print(view: CaseView, words: Words) -> str:
    if not view.evidence or view.status is Status.CLOSED:
        return ""
    reasons = "; ".join(f"“{line(e.text, 90)}”" for e in view.evidence[:3] if e.text.strip())
    return f"{words('Why it is here:')} {reasons}" if reasons else ""


def _buttons(view: CaseView, words: Words) -> Block:
    actions = [a for a in _ORDER if a in permitted(view.status) and _fits(a, view)]
    carried = value(view)
    leading = next((a for a in actions if a is not Action.REOPEN), None)
    shown: list[Block] = [
        button(words(names.ACTIONS[a]), f"rd:{a}", carried, "primary" if a is leading else None) for a in actions[:VISIBLE]
    ]
    if rest := actions[VISIBLE:]:
        options = [option(words(names.ACTIONS[a]), f"{a}:{carried}") for a in rest]
        shown.append({"type": "overflow", "action_id": "rd:more", "options": options})
    return {"type": "actions", "block_id": f"rd:case:{view.id}", "elements": shown}


def _fits(action: Action, view: CaseView) -> bool:
    if action is Action.TAKE:
        return view.owner is None
    if action is Action.RELEASE:
        return view.owner is not None
    if action is Action.ACKNOWLEDGE:
        return view.status in (Status.NEW, Status.NEEDS_LOOK)
    return True
