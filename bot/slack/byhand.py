"""Windows that belong to no case yet: a request that came by phone or letter, and somebody's absence; pure, and the answers read back."""

from dataclasses import dataclass
from datetime import date

from bot.slack import names
from bot.slack.forms import View, boxes, day_of, hint, modal, select, words_of
from bot.slack.modals import Where
from bot.slack.names import N_
from bot.slack.text import INPUT, cut, option, person, section
from bot.slack.windows.shape import Given, law, place, staff
from bot.slack.words import Words
from handlers.deeds import ByHand, SetAbsence
from handlers.desk import Desk
from handlers.refused import Refused
from storage.kinds import Category, Right, Source

NEW = "rd:new"
AWAY = "rd:away"


@dataclass(frozen=True)
class Typed:
    """What is known before somebody types: nothing, or a message from which a case is to be made."""

    today: date
    said: str = ""
    on: date | None = None
    source: Source = Source.PHONE


def new(desk: Desk, typed: Typed, laws: tuple[str, ...], where: Where, words: Words) -> View:
    """A request that did not come by mail."""
    companies = [option(c.name, c.id) for c in desk.controllers]
    kinds = [option(words(names.CATEGORIES[c]), c) for c in Category if c not in (Category.MACHINE, Category.OTHER)]
    tongues = [option(names.language(code, words), code) for code in dict.fromkeys(x for c in desk.controllers for x in c.languages)]
    blocks = [
        section(words("The clock runs from the day on which it reached us, also before today. Nothing is mailed by this.")),
        select("controller", words("Which company?"), companies, companies[0]["value"] if len(companies) == 1 else None),
        select("source", words("How did it come?"), [option(words(said), s) for s, said in names.SOURCES.items()], typed.source),
        day_of("on", words("On which day did it reach us?"), typed.on or typed.today),
        select("category", words("What is it?"), kinds, Category.RIGHTS_REQUEST),
        boxes("rights", words("What do they ask for?"), [option(words(names.RIGHTS[r]), r) for r in Right]),
        words_of("words", words("What was said?"), cut(typed.said, INPUT - 1), most=INPUT, lines=True),
        words_of("name", words("Name"), most=200, optional=True),
        words_of(
            "address", words("Mail address"), most=254, optional=True, hint=hint(words("Without one, no letters can go out from here."))
        ),
        select("language", words("Language"), tongues, words.language),
        law(laws, None, words),
        place(None, words),
    ]
    return modal(words("New request"), blocks, words("Cancel"), submit=words("Open the case"), callback=NEW, remembered=where.pack())


def fact(given: Given) -> ByHand:
    """What was typed in; Refused at the input that is wrong."""
    category = Category(given.needed("category", N_("Choose what it is.")))
    if category is Category.RIGHTS_REQUEST and not given.rights():
        raise Refused(given.words("Tick at least one: what does the person ask for?"), field="rights")
    address = given.text("address")
    if address and ("@" not in address or " " in address):
        raise Refused(given.words("That is no mail address."), field="address")
    if not (address or given.text("name")):
        raise Refused(given.words("A name or a mail address: who was it?"), field="name")
    chosen = given.text("law")
    return ByHand(
        controller=given.needed("controller", N_("Choose the company.")),
        source=Source(given.needed("source", N_("Choose how it came."))),
        received=given.day(),
        category=category,
        rights=given.rights(),
        words=given.needed("words", N_("Write what was said.")),
        name=given.text("name"),
        address=address,
        language=given.text("language") or "en",
        law=None if chosen in ("", "-") else chosen,
        place=given.place(),
    )


def away(desk: Desk, today: date, where: Where, words: Words) -> View:
    """Somebody is away, and who acts for them."""
    blocks = [
        section(words("While you are away, your deputy sees your cases and is reminded of them.")),
        day_of("since", words("First day"), today),
        day_of("until", words("Last day"), today, hint=hint(words("Before the first day: you are back."))),
        staff(desk, words("Who acts for you?"), optional=True),
    ]
    return modal(words("I am away"), blocks, words("Cancel"), submit=words("Save"), callback=AWAY, remembered=where.pack())


def absence(user: str, given: Given) -> SetAbsence:
    """What that person said."""
    since, until = date.fromisoformat(given.text("since")), date.fromisoformat(given.text("until"))
    deputy = given.text("who") or None
    if deputy == user:
        raise Refused(given.words("Choose somebody else than yourself."), field="who")
    return SetAbsence(user, since, until, deputy)


def absence_said(made: SetAbsence, words: Words) -> str:
    """What the person is told."""
    if made.until < made.since:
        return words("You are back: your cases and reminders come to you again.")
    said = words("You are away from {since} to {until}.").format(since=words.day(made.since), until=words.day(made.until))
    return f"{said} {words('{deputy} acts for you.').format(deputy=person(made.deputy))}" if made.deputy else said
