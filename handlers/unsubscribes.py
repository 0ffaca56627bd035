"""A person wants no more mail: suppress at once, tell the systems, confirm once, and say so in the day's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers import effects
from handlers.casebook import masked
from handlers.dates import DateKeeper
from handlers.desk import Desk
from handlers.guarding import Guard
from handlers.letters import LetterFacts, Letters
from handlers.posts import Post, UnsubscribeLine, UnsubscribesOfDay
from handlers.systems import Change, queue
from storage.addresses import canonical
from storage.kinds import LetterName, SuppressionChange
from storage.models import Hold, Suppression
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
    counted: bool = True
    """Whether it counts for the guard and the week; False for a list that is brought."""
    by_person: bool = False
    """Whether a person wrote who may have another address than the one we mail: a human looks where no system knows it."""


@dataclass(frozen=True)
class Taken:
    """What became of a wish: the entry that holds now, whether this wish changed it, and the number of its last change."""

    suppression_id: int
    changed: bool
    number: int = 0


class Unsubscribes:
    """The door for wishes to be left alone."""

    def __init__(self, desk: Desk, letters: Letters, dates: DateKeeper) -> None:
        self._desk = desk
        self._letters = letters
        self._dates = dates
        self._guard = Guard(desk)

    def receive(self, tx: Tx, wish: Wish, now: datetime) -> None:
        """Take effect in this transaction; the second wish of one address changes nothing and sends nothing."""
        self.receive_all(tx, (wish,), now)

    def receive_all(self, tx: Tx, wishes: Sequence[Wish], now: datetime) -> list[Taken]:
        """The same for several at once, in their order."""
        spots = [(w.controller, self._scope(w), tx.vault.look_up("address", canonical(w.address))) for w in wishes]
        tx.hold_all({f"suppression {h}" for _, _, h in spots})
        known = {}
        for controller in sorted({w.controller for w in wishes}):
            known.update(tx.suppressions.known(controller, {h for c, _, h in spots if c == controller}))
        fresh: dict[tuple[str, str, str], Wish] = {}
        again: dict[tuple[str, str, str], Wish] = {}
        for spot, wish in zip(spots, wishes, strict=True):
            if not _holding(known, spot):
                (again if spot in known else fresh).setdefault(spot, wish)
        coming = sum(w.counted for w in (*fresh.values(), *again.values()))
        hold = self._guard.holds(tx, coming, now) if coming else None
        keys = {known[s].id: known[s].key_id for s in again}
        self._suppress_again(tx, {known[s].id: (known[s], w) for s, w in again.items()}, hold, now)
        ids = self._suppress(tx, fresh, hold, keys, now)
        changed = {**ids, **{s: known[s].id for s in again}}
        taken: list[Taken] = []
        lines: list[tuple[Post, str, int]] = []
        for spot, wish in zip(spots, wishes, strict=True):
            mine = changed.get(spot)
            first = fresh.get(spot) is wish or again.get(spot) is wish
            row = known.get(spot) if mine is None else None
            if row is None and mine is None:
                row = known[(spot[0], ALL_MARKETING, spot[2])]
            number = known[spot].changes if spot in again else 0
            taken.append(Taken(mine if mine is not None else row.id if row is not None else 0, first, number))
            lines += self._follow(tx, wish, taken[-1], row, hold, keys, now)
        today = self._dates.today(now)
        effects.daily_lines(tx, effects.UNSUBSCRIBES, today, UnsubscribesOfDay(today), lines, now)
        return taken

    def _scope(self, wish: Wish) -> str:
        return wish.scope if self._desk.mailing_list(wish.controller, wish.scope) is not None else ALL_MARKETING

    def _suppress(
        self, tx: Tx, fresh: dict[tuple[str, str, str], Wish], hold: Hold | None, opened: dict[int, int], now: datetime
    ) -> dict[Any, int]:
        keys = tx.new_keys(len(fresh), now)
        rows = [
            {
                "controller": controller,
                "scope": scope,
                "address_hash": address_hash,
                "key_id": key_id,
                "sealed": tx.seal(key_id, {"address": wish.address}),
                "source": wish.source,
                "asked": wish.asked,
                "at": now,
                "wished": now if wish.counted else None,
            }
            for key_id, ((controller, scope, address_hash), wish) in zip(keys, fresh.items(), strict=True)
        ]
        ids = tx.suppressions.add_many(rows)
        changes = [
            Change(number, 0, key_id, spot[0], spot[1], wish.address, stop=True, asked=wish.asked, by_person=wish.by_person)
            for number, key_id, (spot, wish) in zip(ids, keys, fresh.items(), strict=True)
        ]
        queue(tx, self._desk, changes, hold, now)
        opened.update(zip(ids, keys, strict=True))
        return dict(zip(fresh, ids, strict=True))

    def _suppress_again(self, tx: Tx, again: dict[int, tuple[Suppression, Wish]], hold: Hold | None, now: datetime) -> None:
        changes = []
        for row, wish in again.values():
            tx.suppressions.change(
                row, SuppressionChange.SUPPRESSED, "desk", now, facts={"source": wish.source, "asked": wish.asked.isoformat()}
            )
            row.released, row.wished = None, now if wish.counted else row.wished
            row.sealed = row.sealed or tx.seal(row.key_id, {"address": wish.address})
            changes.append(
                Change(
                    row.id,
                    row.changes,
                    row.key_id,
                    row.controller,
                    row.scope,
                    wish.address,
                    stop=True,
                    asked=wish.asked,
                    by_person=wish.by_person,
                )
            )
        queue(tx, self._desk, changes, hold, now)

    def _follow(
        self, tx: Tx, wish: Wish, taken: Taken, before: Suppression | None, hold: Hold | None, keys: dict[int, int], now: datetime
    ) -> list[tuple[Post, str, int]]:
        """Queue the letter of a wish and give its line, where it gets any: a repeated one that no person wrote is passed over."""
        if wish.quiet or (not taken.changed and not (wish.confirm or wish.by_person)):
            return []
        confirmed = self._confirm(tx, wish, taken, before, hold, now)
        line = UnsubscribeLine(
            masked(wish.address),
            self._desk.controller(wish.controller).name,
            wish.asked,
            confirmed=confirmed,
            already=not taken.changed,
            source=wish.source,
            suppression=taken.suppression_id if taken.changed else None,
        )
        if taken.changed:
            return [(line, f"unsubscribe:{taken.suppression_id}:{taken.number}", keys[taken.suppression_id])]
        today = self._dates.today(now)
        root = UnsubscribesOfDay(today)
        effects.daily_line(tx, effects.UNSUBSCRIBES, today, root, line, f"unsubscribe:{wish.name}", tx.new_keys(1, now)[0], now)
        return []

    def _confirm(self, tx: Tx, wish: Wish, taken: Taken, before: Suppression | None, hold: Hold | None, now: datetime) -> bool:
        rules = self._desk.rules
        if not (wish.confirm and rules.confirm_unsubscribe) or wish.address.casefold() in self._desk.own_addresses:
            return False
        if self._scope(wish) != ALL_MARKETING:  # the letter says that no marketing comes any more, which is not so for one list
            return False
        if before is not None and max(before.at, before.wished or before.at, before.confirmed or before.at) > now - timedelta(
            days=rules.confirm_again_days
        ):
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
        name = automatic_name(tx, wish.address, self._dates.today(now).isoformat())
        if not effects.letter(tx, controller, out, name, now):
            return False
        tx.suppressions.confirmed(taken.suppression_id, now)
        if hold is not None and taken.changed:
            tx.outgoing.hold_back(f"letter:{name}", hold.id, hold.until)
        return True


def _holding(known: dict[tuple[str, str, str], Suppression], spot: tuple[str, str, str]) -> bool:
    rows = (known.get(spot), known.get((spot[0], ALL_MARKETING, spot[2])))
    return any(r is not None and r.released is None for r in rows)


def automatic_name(tx: Tx, address: str, day: str) -> str:
    """The name of an automatic letter: one to one person a day, whatever the reason."""
    return f"auto:{tx.hash_address(address)[:32]}:{day}"
