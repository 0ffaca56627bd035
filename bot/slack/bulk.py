"""The window for a flood: many open cases of one sender's domain, handled in one go; pure, and the answers read back."""

import hashlib
from collections.abc import Sequence

from bot.slack.forms import View, modal, select
from bot.slack.modals import Where, note
from bot.slack.names import N_
from bot.slack.text import line, option, section
from bot.slack.windows.shape import Given, reason, staff
from bot.slack.words import Words
from handlers.deeds import Acknowledge, Assign, Close, Deed, Take
from handlers.desk import Desk
from handlers.refused import Refused
from handlers.views import BulkOutcome, Flood
from storage.kinds import Outcome

MANY = "rd:many"
TITLE = N_("Many at once")
_SHOWN = 20
_NAMED = 10

DEEDS = {
    "take": N_("Take them all"),
    "assign": N_("Assign them all (choose to whom)"),
    "acknowledge": N_("Acknowledge them all"),
    "not_a_request": N_("Close them all: not a request after all"),
    "duplicate": N_("Close them all: duplicates of another case"),
}
"""What can be done to many cases at once: nothing that needs a look at each."""


def window(floods: Sequence[Flood], desk: Desk, where: Where, words: Words) -> View:
    """Which flood, and what to do with its cases; a note where there is no flood."""
    if not floods:
        least = words("No sender's domain has opened {count} cases or more within a day.").format(count=desk.rules.flood_cases)
        return note(TITLE, least, words)
    many = [option(_called(one, desk, words), _key(one)) for one in floods[:_SHOWN]]
    lines = [f"• *{line(one.domain, 80)}*: {line(', '.join(one.refs[:3]), 80)} … {line(one.refs[-1], 40)}" for one in floods[:_SHOWN]]
    blocks = [
        section("\n".join((words("Each case is handled as it now stands; what can't be done to one is left, and you are told."), *lines))),
        select("flood", words("Which cases?"), many, many[0]["value"]),
        select("deed", words("What do you want to do?"), [option(words(said), name) for name, said in DEEDS.items()]),
        staff(desk, words("Assign to"), optional=True),
        reason(words, optional=True),
    ]
    return modal(words(TITLE), blocks, words("Cancel"), submit=words("Do it"), callback=MANY, remembered=where.pack())


def deed(given: Given) -> Deed:
    """What is to be done to each."""
    match given.needed("deed", N_("Choose what you want to do.")):
        case "take":
            return Take()
        case "assign":
            return Assign(given.needed("who", N_("Choose somebody.")))
        case "acknowledge":
            return Acknowledge()
        case ended:
            return Close(Outcome(ended), reason=given.needed("reason", N_("Say why.")))


def chosen(floods: Sequence[Flood], given: Given) -> tuple[int, ...]:
    """The cases that were seen when the window was opened and are still open; what came later is left alone."""
    key, _, last = given.text("flood").rpartition(":")
    flood = next((one for one in floods if _key(one).rpartition(":")[0] == key), None)
    ids = tuple(i for i in flood.case_ids if i <= int(last)) if flood is not None else ()
    if not ids:
        raise Refused(given.words("These cases are handled already."), field="flood")
    return ids


def outcome(done: BulkOutcome, words: Words) -> str:
    """How it went."""
    said = [words.ngettext("✅ {count} case done.", "✅ {count} cases done.", len(done.done))]
    if done.refused:
        said.append(words.ngettext("⚠️ {count} case left as it was:", "⚠️ {count} cases left as they were:", len(done.refused)))
        said += [f"{ref}: {words.said(why)}" for ref, why in done.refused[:_NAMED]]
        if len(done.refused) > _NAMED:
            said.append("…")
    return " ".join(said)


def _called(one: Flood, desk: Desk, words: Words) -> str:
    count = words.ngettext("{count} case", "{count} cases", len(one.case_ids))
    return f"{count} · {one.domain} · {desk.controller(one.controller).name}"


def _key(one: Flood) -> str:
    """Names a flood and the newest case of it that was seen."""
    mark = hashlib.sha256(f"{one.controller}:{one.domain}".encode()).hexdigest()[:24]
    return f"{mark}:{max(one.case_ids)}"


