"""The wording of posts that concern the desk as a whole: unsubscribes, other mail, systems, the digest; pure."""

from collections.abc import Callable
from typing import Any

from bot.slack import names
from bot.slack.links import thread_link
from bot.slack.message import Message, saying
from bot.slack.text import button, context, cut, header, line, person, plain, section, sender, size
from bot.slack.words import Words
from handlers import posts
from storage.kinds import Category

_LISTED = 10
_GROUP = 1900


def _unsubscribes_of_day(post: posts.UnsubscribesOfDay, words: Words, _site: str) -> Message:
    text = words("📭 *Unsubscribes of {day}*").format(day=words.day(post.day))
    return saying(text, context(words("Done already, one line each in the thread. Nothing is left for you to do.")))


def _unsubscribe_line(post: posts.UnsubscribeLine, words: Words, _site: str) -> Message:
    done = words("was stopped before") if post.already else words("gets no more marketing")
    letter = " · " + words("a letter confirms it") if post.confirmed else ""
    systems = (("✅", post.done), ("⏳", post.waiting), ("🔴", post.troubled))
    told = [f"{mark} {line(', '.join(found), 200)}" for mark, found in systems if found]
    parts = [words.clock(post.at), sender(post.address), line(post.controller_name), *([line(post.source, 60)] if post.source else [])]
    return saying(" · ".join([*parts, f"{done}{letter}", *told]))


def _unsubscribes_held(post: posts.UnsubscribesHeld, words: Words, _site: str) -> Message:
    head = words("🛡️ *More than {count} unsubscribes in an hour.*").format(count=post.per_hour)
    body = words("Everybody is off the list already. Letters and calls to systems wait until {until}, then they go by themselves.")
    ask = words("Is this real? Let them go. Forged? Drop them: the addresses stay suppressed, nobody is written to and no system is told.")
    who = " ".join(person(m) for m in post.managers)
    carried = str(post.hold_id)
    drop = button(words("Drop them"), "rd:hold-drop", carried) | {
        "confirm": {
            "title": plain(words("Drop them?"), 100),
            "text": plain(words("No letter will confirm these unsubscribes, and no system will hear of them."), 300),
            "confirm": plain(words("Drop them"), 30),
            "deny": plain(words("Cancel"), 30),
        }
    }
    text = f"{head}\n{body.format(until=words.moment(post.until))}\n{who} {ask}"
    elements = [button(words("Let them go"), "rd:hold-release", carried), drop]
    return Message(head, [section(text), {"type": "actions", "elements": elements}])


def _hold_settled(post: posts.HoldSettled, words: Words, _site: str) -> Message:
    if post.released:
        said = words("🛡️ {actor} let {count} held letters and calls go.")
    else:
        said = words("🛡️ {actor} dropped {count} held letters and calls. The addresses stay suppressed.")
    return saying(said.format(actor=person(post.actor), count=post.count))


def _system_late(post: posts.SystemLate, words: Words, _site: str) -> Message:
    head = words("🔴 *{system} has not heard of {count} opt-outs* · {limit}")
    head = head.format(system=line(post.system, 80), count=post.waiting, limit=line(post.limit, 120))
    since = words("The oldest came {moment}. They are kept and will arrive in order once it answers.")
    managers = " ".join(person(m) for m in post.managers)
    who = words("For your attention: {managers}").format(managers=managers) if managers else ""
    lines = [head, since.format(moment=words.moment(post.oldest)), line(post.problem, 400), who]
    return Message(head, [section("\n".join(one for one in lines if one))])


def _alarm(post: posts.Alarm, words: Words, _site: str) -> Message:
    said = words("🔴 *No mail leaves*: {what} has taken nothing since {since}.")
    if post.what != "SMTP":
        said = words("🔴 *Mailbox {what} can't be read* since {since}. New requests lie there unseen; their clocks run.")
    head = said.format(what=line(post.what, 80), since=words.moment(post.since))
    waits = words.ngettext("{count} letter waits.", "{count} letters wait.", post.waiting) if post.waiting else ""
    managers = " ".join(person(m) for m in post.managers)
    who = words("For your attention: {managers}").format(managers=managers) if managers else ""
    mend = words("`rightsdesk check` on the server says how to mend it.")
    return Message(head, [section("\n".join(one for one in (head, line(post.problem, 400), waits, mend, who) if one))])


def _unsubscribes_of_week(post: posts.UnsubscribesOfWeek, words: Words, _site: str) -> Message:
    total = words.ngettext("{count} person", "{count} people", sum(c for _, c in post.counts))
    head = words("📭 *Week of {day}: {total} unsubscribed*").format(day=words.day(post.monday), total=total)
    lines = [f"• {line(name, 80)}: {count}" for name, count in post.counts]
    if post.waiting:
        lines.append("⏳ " + words.ngettext("{count} call to a system waits", "{count} calls to systems wait", post.waiting))
    return Message(head, [section("\n".join([head, *lines]))])


def _other_mail_of_day(post: posts.OtherMailOfDay, words: Words, _site: str) -> Message:
    text = words("📥 *Other mail of {day}*").format(day=words.day(post.day))
    hint = words("No privacy matters as far as we can tell, left in the mailbox untouched. Is one a request? Press its button.")
    return saying(text, context(hint))


def _other_mail_line(post: posts.OtherMailLine, words: Words, _site: str) -> Message:
    kind = "" if post.category is Category.OTHER else f" · {words(names.CATEGORIES[post.category])}"
    text = f"{words.clock(post.arrived)} · *{line(post.domain)}* · {line(post.controller_name)}{kind}\n{line(post.subject, 300) or '–'}"
    press = button(words("This is a request"), "rd:request", str(post.fingerprint_id))
    return Message(text, [section(text) | {"accessory": press}])


def _quarantined(post: posts.Quarantined, words: Words, _site: str) -> Message:
    head = words("🧯 *A mail could not be read* in {mailbox}, arrived {moment}")
    head = head.format(mailbox=line(post.mailbox), moment=words.moment(post.arrived))
    keep = words("It is kept as it came, and its clock may be running. When the fault is mended: `rightsdesk quarantine retry {id}`.")
    return Message(head, [section(f"{head}\n{line(post.reason, 600)}"), context(keep.format(id=post.quarantine_id))])


_GROUPS = {
    "overdue": names.N_("🔴 *Overdue*"),
    "due_soon": names.N_("🟠 *Due soon*"),
    "unassigned": names.N_("🙋 *Nobody has taken*"),
    "needs_look": names.N_("👀 *Needs a look*"),
    "waiting": names.N_("⏳ *Waiting for somebody else*"),
}


def _digest(post: posts.ManagersDigest, words: Words, site: str) -> Message:
    title = words("Privacy desk · {day}").format(day=words.day(post.day))
    counts = {g.name: g.total for g in post.groups}
    calm = words("🟢 Nothing is overdue and nothing is due soon.")
    summary = words.ngettext("*{count} case open*", "*{count} cases open*", post.open)
    summary += "" if counts.get("overdue") or counts.get("due_soon") else f"\n{calm}"
    blocks = [header(title), section(summary)]
    blocks += [section(_group(g, words, site)) for g in post.groups if g.total]
    if alarms := _alarms(post, words):
        blocks.append(section(cut(alarms, _GROUP)))
    day = words("Since the last digest: {opened} opened, {closed} closed, {unsubscribed} unsubscribed, {ordinary} other mails")
    blocks.append(context(day.format(opened=post.opened, closed=post.closed, unsubscribed=post.unsubscribed, ordinary=post.ordinary)))
    return Message(f"{title}: {summary}", blocks)


def _group(group: posts.DigestGroup, words: Words, site: str) -> str:
    lines = [f"{words(_GROUPS[group.name]) if group.name in _GROUPS else line(group.name, 60)} · {group.total}"]
    for case in group.cases[:_LISTED]:
        link = thread_link(site, case.channel, case.thread, line(case.ref, 40))
        due = words.due(case.due, case.days_left or 0) if case.due else words("no date")
        owner = person(case.owner) if case.owner else words("nobody yet")
        said = f"• {link} · {line(case.controller_name, 60)} · {due} · {owner}"
        if sum(size(one) + 1 for one in lines) + size(said) > _GROUP:
            break
        lines.append(said)
    if (more := group.total - len(lines) + 1) > 0:
        lines.append(words.ngettext("… and {count} more", "… and {count} more", more))
    return "\n".join(lines)


def _alarms(post: posts.ManagersDigest, words: Words) -> str:
    alarms = []
    if count := post.letters_in_doubt:
        alarms.append("❓ " + words.ngettext("{count} letter may not have gone out", "{count} letters may not have gone out", count))
    if post.letters_failed:
        alarms.append("🔴 " + words.ngettext("{count} letter was not sent", "{count} letters were not sent", post.letters_failed))
    if post.quarantined:
        alarms.append("🧯 " + words.ngettext("{count} mail could not be read", "{count} mails could not be read", post.quarantined))
    for box in post.mailboxes:
        read = words.moment(box.last_read) if box.last_read else words("never")
        if box.problem:
            alarms.append(f"🔴 {line(box.mailbox)}: {line(box.problem, 300)} ({words('last read')} {read})")
        else:
            alarms.append(f"🟢 {line(box.mailbox)}: {words('last read')} {read}")
    for system in post.systems:
        waits = words.ngettext("{count} opt-out waits", "{count} opt-outs wait", system.waiting)
        since = f" ({words.moment(system.oldest)})" if system.oldest else ""
        mark, said = ("⏳", f"{waits}{since}") if system.waiting else ("🟢", words("has heard everything"))
        alarms.append(f"{'🔴' if system.problem else mark} {line(system.name, 80)}: {said} {line(system.problem, 200)}".rstrip())
    return "\n".join(alarms)


def _go_live(post: posts.GoLive, words: Words, _site: str) -> Message:
    counted = words.ngettext("{count} case was opened", "{count} cases were opened", post.cases)
    head = words("📂 *{mailbox} is being read.* {counted} from mail before go-live.").format(mailbox=line(post.mailbox), counted=counted)
    why = words("No letter went out for them by itself. Some of their clocks may run since {start}: look at each of them first.")
    older = words.ngettext("{count} older mail was only noted.", "{count} older mails were only noted.", post.fingerprinted)
    small = [context(older)] if post.fingerprinted else []
    return Message(head, [section(f"{head}\n{why.format(start=words.day(post.read_from))}"), *small])


def _sorting_learned(post: posts.SortingLearned, words: Words, _site: str) -> Message:
    who = person(post.manager)
    if post.undone:
        return saying(words("🧠 {manager} took back what the sorting had learned. It counts from the next start on.").format(manager=who))
    head = words.ngettext(
        "🧠 *The sorting learned from {count} correction.*", "🧠 *The sorting learned from {count} corrections.*", post.corrections
    )
    told = words("{manager} confirmed it. {changed} of the mails looked at are sorted otherwise; it counts from the next start on.")
    return saying(f"{head} {told.format(manager=who, changed=post.changed)}")


def _tasks_due(post: posts.TasksDue, words: Words, site: str) -> Message:
    head = words.ngettext("📋 *{count} task waits for you*", "📋 *{count} tasks wait for you*", post.total)
    if post.acting_for:
        head += " · " + words("you act for {owner}").format(owner=person(post.acting_for))
    lines = [head]
    for task in post.tasks[:_LISTED]:
        ref = thread_link(site, task.channel, task.thread, line(task.ref, 40))
        due = f" · {words.day(task.due)}" if task.due else ""
        called = names.task(task.kind, task.places.get(words.language) or task.place, words)
        lines.append(f"• {ref} · {line(called, 160)}{due}")
    if (more := post.total - len(lines) + 1) > 0:
        lines.append(words.ngettext("… and {count} more", "… and {count} more", more))
    return Message(head, [section("\n".join(lines))])


WORDINGS: dict[type[Any], Callable[[Any, Words, str], Message]] = {
    posts.UnsubscribesOfDay: _unsubscribes_of_day,
    posts.UnsubscribeLine: _unsubscribe_line,
    posts.UnsubscribesHeld: _unsubscribes_held,
    posts.HoldSettled: _hold_settled,
    posts.SystemLate: _system_late,
    posts.Alarm: _alarm,
    posts.UnsubscribesOfWeek: _unsubscribes_of_week,
    posts.OtherMailOfDay: _other_mail_of_day,
    posts.OtherMailLine: _other_mail_line,
    posts.Quarantined: _quarantined,
    posts.ManagersDigest: _digest,
    posts.GoLive: _go_live,
    posts.SortingLearned: _sorting_learned,
    posts.TasksDue: _tasks_due,
}
