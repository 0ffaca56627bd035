"""A case as a card: what matters now, in Slack's blocks; pure."""

import re
from datetime import date

from bot.slack import buttons, names
from bot.slack.text import Block, context, fields, header, line, mail, mark_id, person, section, sender
from bot.slack.words import ENGLISH, Words
from handlers.views import CaseView, DateView
from storage.kinds import Category, ClockState, DeadlineKind, LetterName, NextStep, RightState, Source, Status, TaskState

_LATER = 6
_LIKELY = re.compile(rf"\b({'|'.join(Category)}) (\d+%)")
_SHORT_NAMES = re.compile(r"\b(?:uk|us|eu|gdpr|dsgvo|ds-gvo|rgpd|avg|ccpa|cpra|appi|lgpd|pipeda|pipl|pipa|pdpa|popia|fadp|dsg)\b", re.ASCII)
OWN = frozenset({"rule", "machine", "urgent", "model"})
"""Evidence in our own words, shown where nothing can be quoted from the mail."""

STEPS = {
    NextStep.LOOK: names.N_("Read the mail, then say what it is: *Change sorting*, or *Close* if it is nothing for us."),
    NextStep.CONFIRM_RECEIPT: names.N_("Say when it really arrived: *Correct the receipt*. The clock runs from there."),
    NextStep.DECIDE: names.N_("A second person must agree before it is done."),
    NextStep.TAKE: names.N_("*Take* it if it is yours."),
    NextStep.ACKNOWLEDGE: names.N_("Acknowledge it, so that the person knows we have it."),
    NextStep.READ_ANSWER: names.N_("The person has written: read it in the thread, then go on."),
    NextStep.CHECK_IDENTITY: names.N_("Check what they sent, then record it: *Identity checked*."),
    NextStep.CHECKLIST: names.N_("Work through the *Checklist*: each system is searched or cleared."),
    NextStep.ANSWER: names.N_("Do what was asked, then *Reply*."),
    NextStep.CLOSE: names.N_("Answered. *Close* it if nothing is left to do."),
    NextStep.NONE: names.N_("Nothing is left to do."),
}

WAITING = {
    Status.WAITING_IDENTITY: names.N_("We asked who they are. Their answer comes into this thread."),
    Status.WAITING_CLARIFICATION: names.N_("We asked what they mean. Their answer comes into this thread."),
    Status.WAITING_FEE: names.N_("We asked for the fee. Go on when it is paid."),
    Status.WAITING_REQUESTER: names.N_("It is the requester's turn. Their answer comes into this thread."),
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
    if view.erased:
        return _erased(view, mark, words)
    row = buttons.chosen(view)
    blocks = [header(_title(view, words), mark_id(mark)), section(_now(view, words))]
    blocks += _dates(view, today, words)
    blocks.append(_facts(view, words))
    if view.subject.strip() or view.excerpt.strip():
        subject = "" if view.by_hand else view.subject
        blocks.append(section(mail(subject, view.excerpt) or mail(view.subject, "")) | buttons.accessory(view, row, buttons.REVEAL, words))
    if progress := _progress(view, words):
        blocks.append(context(progress))
    if belongs := _belongs(view, words):
        blocks.append(section(belongs) | buttons.accessory(view, row, buttons.JOIN, words))
    blocks += [context(text) for text in (_marks(view, words), _small_print(view, words)) if text]
    blocks.append(buttons.actions(view, row, words))
    return blocks


def _erased(view: CaseView, mark: int, words: Words) -> list[Block]:
    """What is left of a case that was erased: that it was there."""
    small = words("Our posts in this thread are deleted. Delete what people wrote here if it names the person: the app can't.")
    return [
        header(f"{view.ref} · {line(view.controller_name, 60)}", mark_id(mark)),
        section("🗑️ " + words("*Erased*: what this case held of a person has been destroyed. Only the record of what was done is left.")),
        context(small),
    ]


def fallback(view: CaseView, words: Words = ENGLISH) -> str:
    """The card in one line, for notifications and screen readers; nothing that a stranger wrote."""
    emoji, word = urgency(view.next_date.days_left if view.next_date else None, words)
    return f"{emoji} {line(view.ref)} · {_kind(view, words)} · {line(view.controller_name)} · {words(names.STATUSES[view.status])} ({word})"


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
        if view.linked:
            state += f" · {line(view.linked, 40)}"
    if view.pausing:
        state += " · " + words("since {day}").format(day=words.day_of(view.pausing.since))
        state += " · " + (words("the clock stands") if view.pausing.stands else words("the clock runs on"))
    return f"{state}\n{words('Next:')} {_step(view, words)}{_second(view, words)}"


def _step(view: CaseView, words: Words) -> str:
    """The next step in words; nobody's case is to be taken first."""
    step = buttons.step(view)
    said = words(WAITING[view.status]) if step is NextStep.WAIT and view.status in WAITING else words(STEPS.get(step, ""))
    take = view.status is not Status.CLOSED and not view.owner and step not in (NextStep.TAKE, NextStep.DECIDE)
    return words(STEPS[NextStep.TAKE]) + (" " if words.language == "en" else "") + said if take else said


def _second(view: CaseView, words: Words) -> str:
    """Who asked for what, and who may agree."""
    lines = []
    for one in view.approvals[:3]:
        who = " ".join(person(p) for p in one.confirmers[:8])
        what = words(names.LETTERS[LetterName(one.letter)]) if one.letter else words(names.GUARDED.get(one.deed, names.A_STEP))
        asked = words("🔐 {actor} wants: *{what}*. {who}: agree or disagree.")
        lines.append(asked.format(actor=person(one.asked_by), what=what, who=who or words("A manager")))
    return "".join(f"\n{one}" for one in lines)


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
    if one.ends is not None and words.day_of(one.ends) == words.day(one.safe):
        notes.append(words("Where this law counts, that day is over at {clock} our time.").format(clock=words.clock(one.ends)))
    if one.work and today <= one.work < one.safe:
        notes.append(words("Our own target is {day}.").format(day=words.day(one.work)))
    return f"{emoji} *{task} {words.due(one.safe, days)}* · {word} · {laws}", f"_{' '.join(notes)}_" if notes else ""


def _facts(view: CaseView, words: Words) -> Block:
    owner = person(view.owner) if view.owner else words("nobody yet")
    if view.deputy:
        owner += " · " + words("away, {deputy} acts").format(deputy=person(view.deputy))
    received = words.day_of(view.received) + ("" if view.received_confirmed else " ❓ " + words("please confirm"))
    if view.by_hand:
        received += f" · {words(names.SOURCES[Source(view.by_hand)])}"
    return fields(
        (words("Requester"), sender(view.requester) + _sender_checked(view, words)),
        (words("For"), line(view.controller_name)),
        (words("They ask for") if view.rights else words("What it is"), _asked(view, words)),
        (words("Law"), _law(view, words)),
        (words("Owner"), owner),
        (words("Received"), received),
    )


def _sender_checked(view: CaseView, words: Words) -> str:
    """What the trusted server says of SPF, DKIM and DMARC, and how identity stands."""
    told = {"pass": words("✅ sender confirmed by their server"), "fail": words("⛔ sender checks failed")}.get(view.authentication, "")
    lines = [told] if told else []
    if view.identity and view.identity.shown:
        lines.append(words("🪪 identity shown"))
    elif view.identity and view.identity.shown is False:
        lines.append(words("🪪 identity *not* shown"))
    return "".join(f"\n{one}" for one in lines)


def _asked(view: CaseView, words: Words) -> str:
    """Each right, ticked where it is answered."""
    if not any(r.state is not RightState.OPEN for r in view.settled):
        return _kind(view, words)
    marks = {RightState.OPEN: "▫️", RightState.FULFILLED: "☑️", RightState.REFUSED: "⛔"}
    return "\n".join(f"{marks[r.state]} {words(names.RIGHTS_SHORT[r.right])}" for r in view.settled)


def _law(view: CaseView, words: Words) -> str:
    place = f" · {line(view.place, 20)}" if view.place else ""
    if view.law:
        reason = f"\n_{line(_lettered(words.said(view.law_reason)), 160)}_" if view.law_reason else ""
        return f"{line(names.law(view.law, words))}{place}{reason}"
    maybe = ", ".join(line(names.law(law, words)) for law in view.law_candidates[:4])
    return words("not certain") + place + (f"\n_{words('perhaps')} {maybe}_" if maybe else "")


def _lettered(reason: str) -> str:
    """A reason with the short names of laws in capitals, as people write them."""
    return _SHORT_NAMES.sub(lambda found: found[0].upper(), reason)


def _progress(view: CaseView, words: Words) -> str:
    """How far the checklist is, and what is still open."""
    if not view.tasks or view.status is Status.CLOSED:
        return ""
    done, all_ = view.tasks_done, len(view.tasks)
    bar = "▰" * round(8 * done / all_) + "▱" * (8 - round(8 * done / all_))
    left = [t for t in view.tasks if t.state is TaskState.OPEN]
    open_ = [line(t.called(words.language) or words(names.TASKS[t.kind]), 60) for t in left]
    rest = words("open: {places}").format(places=", ".join(dict.fromkeys(open_[:6]))) + ("…" if len(open_) > 6 else "") if open_ else ""
    text = words("📋 *Checklist* {bar} {done} of {all}").format(bar=bar, done=done, all=all_)
    return f"{text} · {rest}" if rest else text


def _belongs(view: CaseView, words: Words) -> str:
    """The open case of the same person that this one may belong to."""
    other = view.may_join
    if other is None or view.status is Status.CLOSED:
        return ""
    said = words("🔗 This may belong to *{ref}* of the same person ({kind}, received {day}).")
    kind = names.rights(other.rights, words) or words(names.STATUSES[other.status])
    return said.format(ref=line(other.ref, 40), kind=kind, day=words.day_of(other.received))


def _marks(view: CaseView, words: Words) -> str:
    open_ = view.status is not Status.CLOSED
    marks = [
        words("✉️ *The person has written* since somebody last looked") if view.unread and open_ else "",
        words("🔴 *A letter of ours came back*: it did not reach them") if view.bounced and open_ else "",
        words("🚨 *Urgent*: an authority, a court, a lawyer, a breach or a child") if view.urgent and open_ else "",
        words("🧭 *With the managers*: they decide") if view.with_managers and open_ else "",
        words("👀 *Needs a look*: we are not certain what this is") if view.needs_look and open_ else "",
        words("⚠️ *The sender may be forged*: the mail failed its checks") if view.authentication == "fail" else "",
        _fee(view, words) if open_ else "",
        words("📆 Longer period told on {day}").format(day=words.day(view.extended)) if view.extended and open_ else "",
        words("📂 *From before go-live*: no letter goes out by itself") if not view.live else "",
        words("🗃️ Found in {folder}").format(folder=line(view.folder, 60)) if _elsewhere(view) else "",
        words("✂️ Split from {ref}").format(ref=line(view.split_from, 40)) if view.split_from else "",
        words.ngettext("📎 {count} attachment", "📎 {count} attachments", view.attachments) if view.attachments else "",
        words.ngettext("📝 {count} note", "📝 {count} notes", view.notes) if view.notes else "",
    ]
    return "\n".join(m for m in marks if m)


def _elsewhere(view: CaseView) -> bool:
    """Whether the mail lay where nobody looks."""
    return view.folder.upper() not in ("", "INBOX") and not view.by_hand


def _fee(view: CaseView, words: Words) -> str:
    if view.fee_yen is None or not view.fee_asked:
        return ""
    if view.fee_paid:
        return words("💴 Fee of {yen} yen paid on {day}").format(yen=f"{view.fee_yen:,}", day=words.day(view.fee_paid))
    return words("💴 Fee of {yen} yen asked for on {day}").format(yen=f"{view.fee_yen:,}", day=words.day(view.fee_asked))


def _likelihoods(said: str, words: Words) -> str:
    """What the model thinks, with the names of categories as people know them."""
    return _LIKELY.sub(lambda found: f"{words(names.CATEGORIES[Category(found[1])])} {found[2]}", said)


def _small_print(view: CaseView, words: Words) -> str:
    if not view.evidence or view.by_hand or view.status is Status.CLOSED:
        return ""
    quoted = [f"“{line(e.text, 90)}”" for e in view.evidence if e.what not in OWN and e.text.strip()]
    ours = [line(_likelihoods(words.said(e.text), words), 90) for e in view.evidence if e.what in OWN and e.text.strip()]
    reasons = "; ".join(list(dict.fromkeys(quoted or ours))[:3])
    return f"{words('Why it is here:')} {reasons}" if reasons else ""
