"""The wording of every post besides the card: handlers say what, this says how; pure."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.slack import desknews, names
from bot.slack.cards import urgency
from bot.slack.message import Message, saying
from bot.slack.text import FALLBACK, button, context, cut, line, mail, mark_id, person, plain, quote, section, sender
from bot.slack.words import ENGLISH, Words
from handlers import posts
from storage.kinds import DeadlineKind, Outcome


def worded(post: posts.Post, mark: int, words: Words = ENGLISH, site: str = "") -> Message:
    """The post as a message whose first block carries `mark`. `site` is the workspace's address, for links to threads ('' for none)."""
    made = _WORDINGS[type(post)](post, words, site)
    first = {**made.blocks[0], "block_id": mark_id(mark)}
    return replace(made, text=cut(made.text.strip() or "–", FALLBACK), blocks=[first, *made.blocks[1:]])


def _follow_up(post: posts.FollowUp, words: Words, _site: str) -> Message:
    head = words("🤖 *An automatic answer came*") if post.machine else words("📩 *A further mail came*")
    if post.reopened:
        head += " · " + words("the case is open again")
    text = f"{head}\n{sender(post.sender)} · {words.moment(post.received)}"
    blocks = [section(text)]
    if shown := mail(post.subject, post.excerpt):
        blocks.append(section(shown))
    if post.attachments:
        blocks.append(context(words.ngettext("📎 {count} attachment", "📎 {count} attachments", post.attachments)))
    return Message(f"{line(post.ref)}: {head}", blocks)


def _reminder(post: posts.Reminder, words: Words, _site: str) -> Message:
    emoji, _ = urgency(post.days_left, words)
    what = words("answer") if post.kind is DeadlineKind.RESPOND else words("acknowledgement")
    due, law = words.due(post.due, post.days_left), names.law(post.law, words)
    if post.days_left < 0:
        head = words("{emoji} *Overdue:* the {what} was due {due} · {law}")
    elif post.days_left == 0:
        head = words("{emoji} *Due today:* the {what}, {due} · {law}")
    else:
        head = words("{emoji} The {what} is due *{due}* · {law}")
    text = head.format(emoji=emoji, what=what, due=due, law=line(law))
    who = words("{owner}, this case is yours.").format(owner=person(post.owner)) if post.owner else words("Nobody has taken this case yet.")
    if post.managers:
        who += "\n" + words("For your attention: {managers}").format(managers=" ".join(person(m) for m in post.managers))
    return Message(f"{line(post.ref)}: {text}", [section(f"{text}\n{who}")])


def _letter_sent(post: posts.LetterSent, words: Words, _site: str) -> Message:
    letter = words(names.LETTERS[post.letter])
    if post.actor:
        head = words("✉️ *{letter} sent* by {actor} to {to}").format(letter=letter, actor=person(post.actor), to=sender(post.to))
    else:
        head = words("✉️ *{letter} sent* automatically to {to}").format(letter=letter, to=sender(post.to))
    shown = mail(post.subject, post.text)
    return Message(f"{line(post.ref)}: {head}", [section(head), *([section(shown)] if shown else [])])


def _letter_failed(post: posts.LetterFailed, words: Words, _site: str) -> Message:
    head = words("🔴 *{letter} was not sent* to {to}").format(letter=words(names.LETTERS[post.letter]), to=sender(post.to))
    who = f"{person(post.actor)}: " if post.actor else ""
    step = words("Check the address, then send it again with *Acknowledge* or *Reply* on the card.")
    return Message(f"{line(post.ref)}: {head}", [section(f"{head}\n{who}{line(words.said(post.reason), 600)}"), context(step)])


def _letter_unknown(post: posts.LetterUnknown, words: Words, _site: str) -> Message:
    head = words("❓ *Did this letter go out?* {letter} to {to}").format(letter=words(names.LETTERS[post.letter]), to=sender(post.to))
    why = words("We handed it over {moment} and the mail server did not answer. Look in the mailbox's Sent folder or ask the requester.")
    carried = f"{post.case_id}:{post.version}:{post.outgoing_id}"
    again = button(words("Send again"), "rd:again", carried) | {
        "confirm": {
            "title": plain(words("Send it again?"), 100),
            "text": plain(words("If it went out the first time, the person gets it twice."), 300),
            "confirm": plain(words("Send again"), 30),
            "deny": plain(words("Cancel"), 30),
        }
    }
    elements = [button(words("It was sent"), "rd:sent", carried), again]
    text = f"{head}\n{why.format(moment=words.moment(post.tried))}"
    return Message(f"{line(post.ref)}: {head}", [section(text), {"type": "actions", "elements": elements}])


def _letter_bounced(post: posts.LetterBounced, words: Words, _site: str) -> Message:
    head = words("🔴 *Our letter came back* from {to}").format(to=sender(post.to))
    return Message(f"{line(post.ref)}: {head}", [section(f"{head}\n{line(words.said(post.reason), 600)}")])


def _moved(post: posts.Moved, words: Words, _site: str) -> Message:
    about = person(post.about) if post.about[:1] in ("U", "W") else line(post.about, 120)
    text = words(names.DONE[post.action]).format(actor=person(post.actor), about=about or "–")
    if about and "{about}" not in names.DONE[post.action]:
        text += f" · {about}"
    if post.outcome:
        text += f": *{words(names.OUTCOMES_SHORT[post.outcome])}*"
        if post.outcome is Outcome.REFUSED and post.ground:
            text += f" ({words(names.GROUNDS[post.ground])})"
    if post.approved_by:
        text += " · " + words("{person} agreed").format(person=person(post.approved_by))
    reason = quote(post.reason) if post.reason.strip() else ""
    return Message(f"{line(post.ref)}: {text}", [section("\n".join(p for p in (text, reason) if p))])


def _approval_asked(post: posts.ApprovalAsked, words: Words, _site: str) -> Message:
    what = words(names.LETTERS[post.letter]) if post.letter else words(names.ACTIONS[post.action]).rstrip("…")
    head = words("🔐 {actor} wants: *{what}*. A second person must agree.").format(actor=person(post.actor), what=what)
    who = " ".join(person(p) for p in post.confirmers[:20])
    ask = words("{people}: *Agree* or *Disagree* on the card.").format(people=who) if who else ""
    reason = quote(post.reason) if post.reason.strip() else ""
    return Message(f"{line(post.ref)}: {head}", [section("\n".join(p for p in (head, reason, ask) if p))])


def _waiting(post: posts.Waiting, words: Words, _site: str) -> Message:
    state = words(names.STATUSES[post.status])
    head = words.ngettext("⏳ *{count} day without an answer*", "⏳ *{count} days without an answer*", post.days)
    text = f"{head} · {state} · " + words("since {day}").format(day=words.day(post.since))
    ask = words("Remind them, go on without it, or close: the choice is yours.")
    who = f"{person(post.owner)} " if post.owner else ""
    return Message(f"{line(post.ref)}: {text}", [section(f"{text}\n{who}{ask}")])


def _escalated(post: posts.Escalated, words: Words, _site: str) -> Message:
    what = words("answer") if post.kind is DeadlineKind.RESPOND else words("acknowledgement")
    due, law = words.due(post.due, post.days_left), line(names.law(post.law, words))
    head = words("🔔 *Nobody has reacted:* the {what} is due *{due}* · {law}").format(what=what, due=due, law=law)
    named = " ".join(person(p) for p in post.named[:20])
    owner = words("It is the case of {owner}.").format(owner=person(post.owner)) if post.owner else words("Nobody has taken this case yet.")
    return Message(f"{line(post.ref)}: {head}", [section(f"{head}\n{named} {owner}".strip())])


def _dates_moved(post: posts.DatesMoved, words: Words, _site: str) -> Message:
    head = words("📆 *Dates of this case moved* though nobody touched it: a holiday or a rule has changed")
    lines = [head]
    for move in post.moves[:20]:
        before = words.day(move.before) if move.before else words("no date")
        after = words.day(move.after) if move.after else words("no date")
        task = words("Answer by") if move.kind is DeadlineKind.RESPOND else words("Acknowledge by")
        lines.append(f"• {task}: {before} → *{after}* · {line(names.law(move.law, words))}")
    return Message(f"{line(post.ref)}: {head}", [section("\n".join(lines))])


def _sent_elsewhere(post: posts.SentElsewhere, words: Words, _site: str) -> Message:
    head = words("✉️ *A colleague answered from the mailbox itself* on {moment}, to {to}")
    head = head.format(moment=words.moment(post.sent), to=sender(post.to))
    shown = mail(post.subject, post.excerpt)
    small = context(words("It counts as our mail. If it answers the request, mark the case as done."))
    return Message(f"{line(post.ref)}: {head}", [section(head), *([section(shown)] if shown else []), small])


def _joined(post: posts.Joined, words: Words, _site: str) -> Message:
    head = words("🔗 {actor} moved {other} into this case").format(actor=person(post.actor), other=line(post.other, 40))
    if post.added:
        head += " · " + words("now it also asks for: {rights}").format(rights=names.rights(post.added, words))
    return Message(f"{line(post.ref)}: {head}", [section(head)])


def _private_note(post: posts.PrivateNote, words: Words, _site: str) -> Message:
    return saying(line(words.said(post.sentence), 2000))


_WORDINGS: dict[type[Any], Callable[[Any, Words, str], Message]] = {
    posts.FollowUp: _follow_up,
    posts.Reminder: _reminder,
    posts.LetterSent: _letter_sent,
    posts.LetterFailed: _letter_failed,
    posts.LetterUnknown: _letter_unknown,
    posts.LetterBounced: _letter_bounced,
    posts.Moved: _moved,
    posts.ApprovalAsked: _approval_asked,
    posts.Waiting: _waiting,
    posts.Escalated: _escalated,
    posts.DatesMoved: _dates_moved,
    posts.SentElsewhere: _sent_elsewhere,
    posts.Joined: _joined,
    posts.PrivateNote: _private_note,
    **desknews.WORDINGS,
}
