"""The API for the company's own sites and senders, without HTTP: who may ask what, and JSON in, JSON out."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.public import Doorway
from handlers import tokens
from handlers.desk import Desk
from handlers.refused import Refused
from handlers.resubscribing import Proof, Resubscribing
from handlers.tokens import Named
from handlers.unsubscribes import Wish
from storage.addresses import is_address
from storage.store import Store, Tx
from storage.suppressions import ALL_MARKETING

MOST = 10_000
"""How many addresses one request may name."""
Json = dict[str, Any]


class NotAllowed(Exception):
    """The caller is unknown, or may not do this."""


@dataclass(frozen=True)
class Client:
    """Somebody with a bearer token."""

    id: str
    controllers: tuple[str, ...]
    may: tuple[str, ...]


class Api:
    """Answers the calls of known clients."""

    def __init__(self, store: Store, desk: Desk, doorway: Doorway, clients: Mapping[str, Client], site: str) -> None:
        self._store = store
        self._desk = desk
        self._doorway = doorway
        self._clients = [(hashlib.sha256(token.encode()).digest(), client) for token, client in clients.items()]
        self._site = site
        self._calls: dict[str, Callable[[Client, Json], Any]] = {
            "check": self._check,
            "links": self._links,
            "unsubscribe": self._unsubscribe,
            "resubscribe": self._resubscribe,
        }

    def client(self, authorization: str) -> Client:
        """Who bears that token; NotAllowed for nobody we know. Every known token is compared, each in constant time."""
        scheme, _, token = authorization.partition(" ")
        given = hashlib.sha256(token.strip().encode()).digest()
        found = [client for known, client in self._clients if hmac.compare_digest(known, given)]
        if scheme.lower() != "bearer" or not found:
            raise NotAllowed
        return found[0]

    async def call(self, name: str, client: Client, body: Any) -> Json:
        """The answer to a call; Refused names the field that is wrong, NotAllowed where the client may not."""
        if name not in client.may:
            raise NotAllowed
        if not isinstance(body, dict):
            raise Refused("The body is no JSON object.", field="body")
        answer: Json = await self._calls[name](client, body)
        return answer

    async def _check(self, client: Client, body: Json) -> Json:
        controller, scope, addresses = self._controller(client, body), self._scope(body), self._addresses(body)

        def work(tx: Tx) -> list[bool]:
            hashes = [tx.hashes_of(a) for a in addresses]
            holding: set[str] = set()
            every = list({h for hs in hashes for h in hs})
            for start in range(0, len(every), 500):
                holding |= tx.suppressions.holding(controller, every[start : start + 500], scope)
            return [not holding.isdisjoint(hs) for hs in hashes]

        return {"suppressed": await asyncio.to_thread(self._store.look, work)}

    async def _links(self, client: Client, body: Json) -> Json:
        controller, scope, addresses = self._controller(client, body), self._scope(body), self._addresses(body)
        if not self._site:
            raise Refused("web.public_url is not set: links would lead nowhere.", field="web.public_url")
        now, found = datetime.now(UTC), self._desk.controller(controller)

        def work(tx: Tx | None) -> list[Json]:
            made = []
            for address in addresses:
                named = Named(controller, address, scope)
                short = tokens.mint_short(tx, named, now) if tx is not None else None
                link = tokens.links(self._store.vault, named, self._site, found, short)
                headers = {"List-Unsubscribe": link.list_unsubscribe, "List-Unsubscribe-Post": link.list_unsubscribe_post}
                made.append({"url": link.url, "headers": headers})
            return made

        short = bool(body.get("short"))
        return {"links": await asyncio.to_thread(self._store.run, work) if short else await asyncio.to_thread(work, None)}

    async def _unsubscribe(self, client: Client, body: Json) -> Json:
        controller, address = self._controller(client, body), self._address(body)
        asked = _moment(body, "asked") if "asked" in body else datetime.now(UTC)
        source = str(body.get("source") or client.id)[:40]
        wish = Wish(
            controller=controller,
            address=address,
            source=f"site: {source}",
            asked=asked,
            name=f"api:{secrets.token_hex(8)}",
            scope=self._scope(body),
            language=str(body.get("language") or "en")[:10],
            confirm=bool(body.get("confirm")),
        )
        await self._doorway.take(wish)
        return {"done": True}

    async def _resubscribe(self, client: Client, body: Json) -> Json:
        controller, address, scope = self._controller(client, body), self._address(body), self._scope(body)
        given = body.get("proof")
        if not isinstance(given, dict):
            raise Refused("A re-subscription needs `proof`: how, at, shown.", field="proof")
        proof = Proof(str(given.get("how") or "")[:200], _moment(given, "at"), str(given.get("shown") or "")[:4000], f"api:{client.id}")
        now = datetime.now(UTC)

        def work(tx: Tx) -> None:
            Resubscribing(self._desk).release(tx, controller, address, scope, proof, now)
            if tx.outgoing.queued:
                self._store.wake(tx)

        await asyncio.to_thread(self._store.run, work)
        return {"done": True}

    def _controller(self, client: Client, body: Json) -> str:
        wanted = body.get("controller")
        if wanted not in client.controllers:
            raise Refused(f"`controller` is one of {', '.join(client.controllers)}.", field="controller")
        return str(wanted)

    def _scope(self, body: Json) -> str:
        wanted = body.get("list") or ALL_MARKETING
        if wanted != ALL_MARKETING and self._desk.mailing_list(str(body.get("controller")), str(wanted)) is None:
            raise Refused("There is no such list; leave `list` out for all marketing.", field="list")
        return str(wanted)

    def _addresses(self, body: Json) -> list[str]:
        given = body.get("addresses")
        if not isinstance(given, list) or not given or len(given) > MOST or not all(isinstance(a, str) and is_address(a) for a in given):
            raise Refused(f"`addresses` is a list of 1 to {MOST} mail addresses.", field="addresses")
        return given

    def _address(self, body: Json) -> str:
        given = body.get("address")
        if not isinstance(given, str) or not is_address(given):
            raise Refused("`address` is a mail address.", field="address")
        return given.strip()


def _moment(body: Json, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(body.get(field)))
    except ValueError as error:
        raise Refused(f"`{field}` is a time such as 2026-11-22T09:30:00+09:00.", field=field) from error
    if moment.tzinfo is None or moment > datetime.now(UTC):
        raise Refused(f"`{field}` has its offset from UTC and is not in the future.", field=field)
    return moment
