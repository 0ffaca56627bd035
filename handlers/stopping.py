"""Staff say that an address gets no more mail: of which company and list, and what became of it."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.casebook import masked
from handlers.desk import Controller, Desk
from handlers.refused import Refused
from handlers.unsubscribes import Unsubscribes, Wish
from storage.addresses import is_address
from storage.store import Tx
from storage.suppressions import ALL_MARKETING

_LINKED = re.compile(r"<mailto:([^|>]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class StopOrder:
    """What somebody typed after the order: the address, then perhaps a company, then perhaps one of its lists."""

    actor: str
    text: str


@dataclass(frozen=True)
class Stopped:
    """What became of it: the covered address, the companies that mail it no more, the list ('' for all), and whether that was new."""

    address: str
    companies: tuple[str, ...]
    list_name: str
    new: bool


class Stopping:
    """The door for staff who were told by phone, or on a fair, that somebody wants no more mail."""

    def __init__(self, desk: Desk, unsubscribes: Unsubscribes) -> None:
        self._desk = desk
        self._unsubscribes = unsubscribes

    def stop(self, tx: Tx, order: StopOrder, now: datetime) -> Stopped:
        """Suppress at once. Where no company is named every one stops: the person who only said "stop" meant whoever mails them."""
        address, rest = self._address(order.text)
        companies, scope = self._scope(rest)
        wishes = [
            Wish(c.id, address, f"staff {order.actor}", now, f"staff:{secrets.token_hex(8)}", scope=scope, by_person=True)
            for c in companies
        ]
        taken = self._unsubscribes.receive_all(tx, wishes, now)
        found = self._desk.mailing_list(companies[0].id, scope)
        name = found.called("en") if found is not None else ""
        return Stopped(masked(address), tuple(c.name for c in companies), name, any(t.changed for t in taken))

    def _address(self, text: str) -> tuple[str, str]:
        plain = _LINKED.sub(r"\1", text).replace("\u3000", " ").split(maxsplit=1)
        if not plain or not is_address(plain[0]):
            raise Refused("Which mail address gets no more mail? Type it first, then perhaps the company, then perhaps the list.")
        if plain[0].casefold() in self._desk.own_addresses:
            raise Refused("That is an address of the desk itself.")
        return plain[0], " ".join(plain[1:]).strip()

    def _scope(self, rest: str) -> tuple[tuple[Controller, ...], str]:
        if not rest:
            return self._desk.controllers, ALL_MARKETING
        spoken = [(c, _after(rest, (c.id, c.name, *c.names.values()))) for c in self._desk.controllers]
        named = [(c, left) for c, left in spoken if left is not None]
        if not named:
            raise Refused(f"There is no company “{rest[:80]}”. It is one of {', '.join(c.id for c in self._desk.controllers)}.")
        company, wanted = min(named, key=lambda pair: len(pair[1]))
        if not wanted:
            return (company,), ALL_MARKETING
        for one in self._desk.lists:
            if one.controller == company.id and _after(wanted, (one.id, *one.names.values())) == "":
                return (company,), one.id
        raise Refused(f"{company.name} has no list “{wanted[:80]}”. Leave it out to stop all marketing.")


def _after(text: str, names: Iterable[str]) -> str | None:
    """What follows the longest of the names that the text begins with, whatever their case; None where it begins with none of them."""
    said = text.casefold()
    fits = [n for n in names if n and (said == n.casefold() or said.startswith(f"{n.casefold()} "))]
    return min((text[len(n) :].strip() for n in fits), key=len, default=None)
