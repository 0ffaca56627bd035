"""What every window of a case is made of: its head, the inputs that several windows share, and how the answers are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.slack import names
from bot.slack.forms import boxes, day_of, field, hint, select, words_of
from bot.slack.text import Block, line, option, section, sender
from bot.slack.words import Words
from handlers.deeds import Deed
from handlers.desk import Desk
from handlers.refused import Refused
from handlers.views import CaseView
from storage.kinds import Ground, Right

REASON = 2000
OPEN_LAW = "-"
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_REF = re.compile(r"PR-\d{4}-\d{1,7}", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """What a window is drawn from. `today` is the desk's date, `laws` the ids of all laws."""

    view: CaseView
    desk: Desk
    today: date
    words: Words
    laws: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What somebody filled in, by the name of the input."""

    values: dict[str, Any]
    today: date
    words: Words

    def text(self, name: str) -> str:
        """Words, '' where there are none."""
        return str(self.values.get(name) or "").strip()

    def needed(self, name: str, missing: str) -> str:
        """Words or a choice; Refused at that input with `missing` (a marked sentence) where there is none."""
        if not (found := self.text(name)):
            raise Refused(self.words(missing), field=name)
        return found

    def rights(self, name: str = "rights") -> tuple[Right, ...]:
        """Boxes that are rights."""
        return tuple(Right(r) for r in self.values.get(name) or ())

    def day(self, name: str = "on") -> date:
        """A date that is not after today."""
        chosen = date.fromisoformat(self.needed(name, names.N_("Choose a day.")))
        if chosen > self.today:
            raise Refused(self.words("This day is still to come."), field=name)
        return chosen

    def past(self, name: str = "on") -> date | None:
        """A date before today; None for today, which is now."""
        chosen = self.day(name)
        return None if chosen == self.today else chosen

    def place(self, name: str = "place") -> str | None:
        """A country, or a state of one."""
        place = self.text(name).upper() or None
        if place and not _PLACE.fullmatch(place):
            raise Refused(self.words("A country in two letters, such as DE or JP; a state as in US-CA."), field=name)
        return place

    def ref(self, name: str = "ref") -> str:
        """The ref of a case."""
        written = self.needed(name, names.N_("Write the number of the other case, such as PR-2026-00042."))
        found = _REF.search(written)
        if found is None:
            raise Refused(self.words("That is no number of a case. They look like PR-2026-00042."), field=name)
        return found.group().upper()

    def ground(self, name: str = "ground") -> Ground | None:
        """Why it is refused."""
        return Ground(self.values[name]) if self.values.get(name) else None


@dataclass(frozen=True)
class Window:
    """One thing that somebody can do to a case by filling in a form. Title and button are marked sentences."""

    title: str
    submit: str
    blocks: Callable[[Sheet], list[Block]]
    deeds: Callable[[Given], tuple[Deed, ...]]


def head(sheet: Sheet, *lines: str) -> Block:
    """Which case this is, and what is to be known before one acts."""
    top = f"*{line(sheet.view.ref)}* · {sender(sheet.view.requester)}"
    return section("\n".join([top, *lines]))


def reason(words: Words, label: str = "", *, optional: bool = False) -> Block:
    """Why, in words that stay inside."""
    return words_of(
        "reason", label or words("Why?"), most=REASON, lines=True, optional=optional, hint=hint(words("Stays inside, never mailed."))
    )


def on(sheet: Sheet, label: str) -> Block:
    """When."""
    return day_of("on", label, sheet.today)


def rights(sheet: Sheet, label: str, ticked: tuple[Right, ...] = (), of: tuple[Right, ...] = tuple(Right), **more: Any) -> Block:
    """Rights to tick."""
    options = [option(sheet.words(names.RIGHTS[r]), r) for r in of]
    return boxes("rights", label, options, ticked, **more)


def law(laws: tuple[str, ...], chosen: str | None, words: Words) -> Block:
    """A law, or none yet; the case's own first."""
    known = sorted(laws, key=lambda i: i != chosen)
    options = [option(words("Not certain: the strictest dates count"), OPEN_LAW)]
    options += [option(names.law(i, words), i) for i in known[:99]]
    return select("law", words("Which law?"), options, chosen or OPEN_LAW)


def place(shown: str | None, words: Words) -> Block:
    """Where the person lives."""
    return words_of(
        "place", words("Where does the person live?"), shown or "", most=10, optional=True, hint=hint(words("A country in two letters."))
    )


def ground(sheet: Sheet, label: str) -> Block:
    """Why a refusal is one."""
    return select("ground", label, [option(sheet.words(names.GROUNDS[g]), g) for g in Ground], optional=True)


def staff(desk: Desk, label: str, block_id: str = "who", *, optional: bool = False) -> Block:
    """Somebody of the desk; of a very large desk, anybody of the workspace, and the house refuses strangers."""
    people = desk.staff
    if len(people) > 100:
        return field(block_id, label, {"type": "users_select", "action_id": f"rd:{block_id}"}, optional=optional)
    return select(block_id, label, [option(p.name, p.slack_id) for p in people], optional=optional)
