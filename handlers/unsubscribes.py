"""A person wants no more mail: suppress at once, confirm once, and say so in the day's thread. No identity, no human."""

from dataclasses import dataclass
from datetime import datetime

from handlers import effects
from handlers.casebook import masked
from handlers.dates import DateKeeper
from handlers.desk import Desk
from handlers.letters import LetterFacts, Letters
from handlers.posts import UnsubscribeLine, UnsubscribesOfDay
from storage.kinds import LetterName
from storage.models import Suppression
from storage.store import Tx
from storage.suppressions import ALL_MARKETING


@dataclass(frozen=True)
class Wish:
    """Somebody wants no more marketing: which address, of whom, how it reached us and when."""

    controller: str
    address: str
    source: str
    asked: datetime
    name: str
    """Names this wish among all: the same one twice is one."""
    language: str = "en"
    confirm: bool = False
    """Whether a confirmation letter may go out (a person wrote, and may be answered)."""
    in_reply_to: str = ""
    scope: str = ALL_MARKETING
    quiet: bool = False
    """No line in Slack and no letter (an archive is being read)."""


class Unsubscribes:
    """The door for wishes to be left alone."""

    def __init__(self, desk: Desk, letters: Letters, dates: DateKeeper) -> None:
        self._desk = desk
        self._letters = letters
        self._dates = dates

    def receive(self, tx: Tx, wish: Wish, now: datetime) -> None:
        """Take effect in this transaction; the second wish of one address changes nothing and sends nothing."""
        controller = self._desk.controller(wish.controller)
        address_hash = tx.hash_address(wish.address)
        tx.hold(f"suppression {address_hash}")
        known = tx.suppressions.find(wish.controller, address_hash, wish.scope)
        if known is None:
            key_id = tx.new_key(now)
            tx.suppressions.add(
                Suppression(
                    controller=wish.controller,
                    scope=wish.scope,
                    address_hash=address_hash,
                    key_id=key_id,
                    sealed=tx.seal(key_id, {"address": wish.address}),
                    source=wish.source,
                    asked=wish.asked,
                    at=now,
                )
            )
        if wish.quiet:
            return
        confirmed = known is None and self._confirm(tx, wish, now)
        today = self._dates.today(now)
        line = UnsubscribeLine(masked(wish.address), controller.name, wish.asked, confirmed=confirmed, already=known is not None)
        effects.daily_line(
            tx, effects.UNSUBSCRIBES, today, UnsubscribesOfDay(today), line, f"unsubscribe:{wish.name}", tx.new_key(now), now
        )

    def _confirm(self, tx: Tx, wish: Wish, now: datetime) -> bool:
        if not (wish.confirm and self._desk.rules.confirm_unsubscribe) or wish.address.casefold() in self._desk.own_addresses:
            return False
        controller = self._desk.controller(wish.controller)
        facts = LetterFacts(controller=controller, address=wish.address, received=self._dates.today(wish.asked))
        letter = self._letters.render(LetterName.UNSUBSCRIBE_CONFIRMED, wish.language, facts)
        out = effects.LetterOut(
            letter=LetterName.UNSUBSCRIBE_CONFIRMED,
            language=wish.language,
            to=wish.address,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            in_reply_to=wish.in_reply_to,
            references=wish.in_reply_to,
            automatic=True,
        )
        return effects.letter(
            tx, controller, out, automatic_name(tx, wish.controller, wish.address, self._dates.today(now).isoformat()), now
        )


def automatic_name(tx: Tx, controller: str, address: str, day: str) -> str:
    """The name of an automatic letter: one to one person a day, whatever the reason."""
    return f"auto:{controller}:{tx.hash_address(address)[:32]}:{day}"
