"""Windows for what we asked the person and what came of it: identity, clarification, fee, an extension told by phone, a pause."""

from bot.slack import names
from bot.slack.forms import boxes, select, words_of
from bot.slack.names import N_
from bot.slack.text import Block, option
from bot.slack.windows.shape import Given, Sheet, Window, head, on, reason
from handlers.deeds import Deed, Pause, RecordClarification, RecordIdentity, RecordPayment, RecordTold, Resume
from handlers.refused import Refused
from storage.kinds import IdentityMethod, OccurrenceKind

SHOWN, NOT_SHOWN = "shown", "not_shown"


def _identity(sheet: Sheet) -> list[Block]:
    words = sheet.words
    results = [
        option(words("Yes, this is the person"), SHOWN),
        option(words("No, they did not show it"), NOT_SHOWN),
    ]
    deleted = [option(words("The copy of the document is deleted"), "deleted")]
    return [
        head(sheet, words("A copy of an identity document is looked at, then deleted. Don't copy it to Slack.")),
        select("method", words("How did they show who they are?"), [option(words(names.IDENTITY_METHODS[m]), m) for m in IdentityMethod]),
        select("result", words("Is it this person?"), results),
        boxes("deleted", words("Document"), deleted),
        on(sheet, words("On which day?")),
        _note(sheet),
    ]


def _note(sheet: Sheet) -> Block:
    return words_of("note", sheet.words("Note for the record"), lines=True, optional=True)


def _record_identity(given: Given) -> tuple[Deed, ...]:
    method = IdentityMethod(given.needed("method", N_("Choose how it was shown.")))
    shown = given.needed("result", N_("Choose the result.")) == SHOWN
    deleted = bool(given.values.get("deleted"))
    if method in (IdentityMethod.DOCUMENT, IdentityMethod.AUTHORITY) and not deleted:
        raise Refused(given.words("Delete the copy of the document first, then tick this."), field="deleted")
    if method is IdentityMethod.OTHER and not given.text("note"):
        raise Refused(given.words("Say how it was shown."), field="note")
    return (RecordIdentity(method, shown, deleted, given.past(), given.text("note")),)


def _clarification(sheet: Sheet) -> list[Block]:
    words = sheet.words
    return [head(sheet, words("The clock goes on from the day of their answer.")), on(sheet, words("When did they answer?")), _note(sheet)]


def _record_clarification(given: Given) -> tuple[Deed, ...]:
    return (RecordClarification(given.past(), given.text("note")),)


def _payment(sheet: Sheet) -> list[Block]:
    words, yen = sheet.words, sheet.view.fee_yen
    told = words("The fee is {yen} yen, consumption tax included.").format(yen=f"{yen:,}") if yen else ""
    return [
        head(sheet, *([told] if told else [])),
        on(sheet, words("When did it come?")),
        words_of("yen", words("How much, in yen?"), str(yen or ""), most=9, optional=True),
        _note(sheet),
    ]


def _record_payment(given: Given) -> tuple[Deed, ...]:
    written = given.text("yen").replace(",", "").removesuffix("円")
    if written and not written.isdecimal():
        raise Refused(given.words("A whole number, such as 1100."), field="yen")
    return (RecordPayment(given.past(), int(written) if written else None, given.text("note")),)


def _told(sheet: Sheet) -> list[Block]:
    words = sheet.words
    kinds = [option(words(said), kind) for kind, said in names.TOLD.items()]
    return [
        head(sheet, words("For what was said by phone or post. What you mail from here is recorded by itself.")),
        select("kind", words("What was told?"), kinds),
        on(sheet, words("On which day?")),
        reason(words, words("How, by whom, and why?")),
    ]


def _record_told(given: Given) -> tuple[Deed, ...]:
    kind = OccurrenceKind(given.needed("kind", N_("Choose what was told.")))
    return (RecordTold(kind, given.day(), given.needed("reason", N_("Say how it was told."))),)


def _pause(sheet: Sheet) -> list[Block]:
    return [head(sheet, sheet.words("We wait for the person. The statutory clock runs on.")), reason(sheet.words)]


def _resume(sheet: Sheet) -> list[Block]:
    said = sheet.words("The work goes on. A question of ours that is still open counts as never asked, so the earlier date holds again.")
    return [head(sheet, said), reason(sheet.words, optional=True)]


IDENTITY = Window(N_("Identity checked"), N_("Save"), _identity, _record_identity)
CLARIFICATION = Window(N_("They clarified"), N_("Save"), _clarification, _record_clarification)
PAYMENT = Window(N_("Fee paid"), N_("Save"), _payment, _record_payment)
TOLD = Window(N_("Told by phone or post"), N_("Save"), _told, _record_told)
PAUSE = Window(N_("Pause the case"), N_("Pause"), _pause, lambda g: (Pause(g.needed("reason", N_("Say why."))),))
RESUME = Window(N_("Resume the case"), N_("Resume"), _resume, lambda g: (Resume(g.text("reason")),))
