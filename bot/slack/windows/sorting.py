"""Windows that put right what a case is: its sorting, its receipt, and its ties to other cases."""

from bot.slack import names
from bot.slack.forms import day_of, hint, select, words_of
from bot.slack.names import N_
from bot.slack.text import Block, line, option
from bot.slack.windows.shape import OPEN_LAW, Given, Sheet, Window, head, law, place, reason, rights
from handlers.deeds import CorrectReceipt, Deed, JoinCase, LinkDuplicate, Resort, Split
from handlers.refused import Refused
from storage.kinds import Category


def _kinds(sheet: Sheet) -> list[Block]:
    view = sheet.view
    return [option(sheet.words(names.CATEGORIES[c]), c) for c in Category if c is not Category.MACHINE or view.category is c]


def _sort(sheet: Sheet) -> list[Block]:
    words, view = sheet.words, sheet.view
    now = f"{words(names.CATEGORIES[view.category])} · {names.rights(view.rights, words) or words('no rights')}"
    known = names.law(view.law, words) if view.law else words("law not certain")
    return [
        head(sheet, f"{words('Now:')} {now} · {line(known)}"),
        select("category", words("What is it?"), _kinds(sheet), view.category),
        rights(sheet, words("What do they ask for?"), view.rights, hint=hint(words("Tick all that the mail asks for."))),
        law(sheet.laws, view.law, words),
        place(view.place, words),
    ]


def _asked(given: Given) -> tuple[Category, Given]:
    category = Category(given.needed("category", N_("Choose what it is.")))
    if category is Category.RIGHTS_REQUEST and not given.rights():
        raise Refused(given.words("Tick at least one: what does the person ask for?"), field="rights")
    return category, given


def _resort(given: Given) -> tuple[Deed, ...]:
    home = given.place()
    category, _ = _asked(given)
    return (Resort(category, given.rights(), chosen_law(given), home),)


def chosen_law(given: Given) -> str | None:
    """The law, None while it is open."""
    chosen = given.text("law")
    return None if chosen in ("", OPEN_LAW) else chosen


def _split(sheet: Sheet) -> list[Block]:
    words = sheet.words
    return [
        head(sheet, words("What you name here becomes a case of its own with the same receipt. This one keeps the rest.")),
        select("category", words("What is it?"), _kinds(sheet), sheet.view.category),
        rights(sheet, words("What do they ask for?"), hint=hint(words("Tick what belongs to the new case."))),
        law(sheet.laws, sheet.view.law, words),
        place(sheet.view.place, words),
        words_of(
            "address", words("Another person's mail address"), most=254, optional=True, hint=hint(words("Empty: the same person."))
        ),
        words_of("name", words("Another person's name"), most=200, optional=True),
    ]


def _record_split(given: Given) -> tuple[Deed, ...]:
    category, _ = _asked(given)
    address = given.text("address")
    if address and ("@" not in address or " " in address):
        raise Refused(given.words("That is no mail address."), field="address")
    return (Split(category, given.rights(), chosen_law(given), given.place(), address, given.text("name")),)


def _receipt(sheet: Sheet) -> list[Block]:
    words, view = sheet.words, sheet.view
    now = words("Now: {moment}").format(moment=words.moment(view.received))
    return [
        head(sheet, now, words("All dates are computed anew from this day.")),
        day_of("on", words("When did it really reach us?"), view.received.date()),
        reason(words, words("How do you know?")),
    ]


def _record_receipt(given: Given) -> tuple[Deed, ...]:
    return (CorrectReceipt(given.day(), given.needed("reason", N_("Say how you know."))),)


def _other(sheet: Sheet, label: str) -> Block:
    other = sheet.view.may_join
    return words_of("ref", label, other.ref if other else "", most=40, hint=hint(sheet.words("Such as PR-2026-00042.")))


def _link(sheet: Sheet) -> list[Block]:
    words = sheet.words
    return [
        head(sheet, words("The other case goes on, this one closes.")),
        _other(sheet, words("It is the same as case")),
        reason(words, optional=True),
    ]


def _join(sheet: Sheet) -> list[Block]:
    words = sheet.words
    said = words("The mails of this case move to the other one with what they ask for; this one closes. The earlier dates are kept.")
    return [head(sheet, said), _other(sheet, words("It belongs to case"))]


SORT = Window(N_("Change sorting"), N_("Save"), _sort, _resort)
SPLIT = Window(N_("Split the case"), N_("Split"), _split, _record_split)
RECEIPT = Window(N_("Correct the receipt"), N_("Save"), _receipt, _record_receipt)
LINK = Window(N_("Duplicate of"), N_("Close as duplicate"), _link, lambda g: (LinkDuplicate(g.ref(), g.text("reason")),))
JOIN = Window(N_("Join another case"), N_("Join"), _join, lambda g: (JoinCase(g.ref()),))
