"""Draws the windows of a case as it now stands: asks the house, and fills the pure shapes with what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.slack import buttons, lookups, modals
from bot.slack.forms import View
from bot.slack.modals import Choice, Where
from bot.slack.office import Office
from bot.slack.sharedfiles import SharedFiles
from bot.slack.windows import WINDOWS, Sheet
from bot.slack.words import Words
from handlers.lettering import acknowledging
from handlers.views import CaseView
from storage.kinds import Action, LetterName, NextStep, RightState

LETTER_OF: dict[str, LetterName] = {
    Action.REPLY: LetterName.REPLY,
    Action.REFUSE: LetterName.REFUSAL,
    Action.ASK_IDENTITY: LetterName.IDENTITY_REQUEST,
    Action.ASK_CLARIFICATION: LetterName.CLARIFICATION,
    Action.ASK_FEE: LetterName.FEE_NOTICE,
    Action.EXTEND: LetterName.EXTENSION_NOTICE,
}
"""Buttons that open a letter."""
ACKNOWLEDGING = (LetterName.ACKNOWLEDGEMENT, LetterName.COMPLAINT_RECEIVED)


class Drawing:
    """Makes windows for a person who reads `words`."""

    def __init__(self, office: Office, files: SharedFiles) -> None:
        self._office = office
        self._files = files

    def today(self) -> date:
        """The desk's date."""
        return datetime.now(UTC).astimezone(self._office.desk.rules.zone).date()

    async def window(self, entry: str, user: str, where: Where, words: Words) -> View:
        """The window that a button or an entry of `More` opens."""
        if entry == Action.ACKNOWLEDGE:
            return await self.acknowledging(where, words)
        if entry in LETTER_OF:
            view = await self._office.view(where.case_id)
            letter = await self._likeliest(view) if entry == Action.REPLY else LETTER_OF[entry]
            return await self.composed(replace(where, letter=letter, language=self.language(view)), words)
        if entry == "more":
            view = await self._office.view(where.case_id)
            return modals.more(view, buttons.chosen(view).more, replace(where, version=view.version), words)
        if entry == buttons.DATES:
            return lookups.dates(await self._office.view(where.case_id), words)
        if entry == buttons.HISTORY:
            return lookups.history(await self._office.view(where.case_id), await self._office.history(where.case_id), words)
        if entry == buttons.FILES:
            return lookups.files(await self._office.view(where.case_id), await self._office.attached(where.case_id), words)
        if entry == buttons.REVEAL:
            return lookups.revealed(await self._office.reveal(user, where.case_id), words)
        return await self._deed(entry, where, words)

    async def _likeliest(self, view: CaseView) -> LetterName:
        """The letter that answers, where answering is next; else a plain reply."""
        if buttons.step(view) is not NextStep.ANSWER:
            return LetterName.REPLY
        suitable = await self._office.letters(view.id)
        return next((letter for letter in suitable if letter not in ACKNOWLEDGING), LetterName.REPLY)

    async def _deed(self, entry: str, where: Where, words: Words) -> View:
        laws = tuple(id_ for id_, _ in await self._office.laws()) if entry in (Action.SORT, Action.SPLIT) else ()
        sheet = Sheet(await self._office.view(where.case_id), self._office.desk, self.today(), words, laws)
        return modals.window(entry, WINDOWS[entry], sheet, where)

    async def acknowledging(self, where: Where, words: Words) -> View:
        """The acknowledgement, to be read before it goes."""
        view = await self._office.view(where.case_id)
        chosen = replace(where, letter=acknowledging(view.category), language=self.language(view))
        draft = await self._office.draft(view.id, chosen.wanted())
        written = await self._office.preview(view.id, chosen.wanted(draft.middle))
        read = modals.Read(draft.to, written, draft.middle)
        return modals.preview(read, replace(chosen, version=draft.version), words, first=True)

    async def composed(self, where: Where, words: Words) -> View:
        """The window for writing the letter that was chosen."""
        view = await self._office.view(where.case_id)
        if where.letter == LetterName.REFUSAL and not where.ground:
            draft = modals.groundless(view, where)
        else:
            draft = await self._office.draft(view.id, where.wanted())
        suitable = await self._office.letters(view.id)
        letters = suitable if where.letter in suitable else (LetterName(where.letter), *suitable)
        open_ = tuple(r.right for r in view.settled if r.state is RightState.OPEN) or view.rights
        languages = self._office.desk.controller(view.controller).languages
        files = await self._files.in_thread(view.channel, view.thread)
        return modals.compose(draft, where, Choice(letters, languages, open_, files), words)

    def language(self, view: CaseView) -> str:
        """The language in which we write: the requester's, where the controller writes it."""
        controller = self._office.desk.controller(view.controller)
        return view.language if view.language in controller.languages else controller.default_language
