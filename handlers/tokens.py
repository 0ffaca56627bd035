"""Unsubscribe tokens: sealed, so that they don't show the address; found again in links and in mails."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from handlers.desk import Controller
from handlers.mail import Mail
from handlers.verdict import Verdict
from storage.addresses import canonical
from storage.kinds import Machine
from storage.models import MailToken
from storage.store import Tx
from storage.suppressions import ALL_MARKETING
from storage.vault import Vault

PREFIX = "rd1"
STOP, UNDO = "unsubscribe", "undo"
UNDO_FOR = timedelta(days=1)
NOTHING = (0, 0)
"""What the ticket to undo says where nothing was changed."""
_LONG = re.compile(r"(?<![A-Za-z0-9_-])(rd1[A-Za-z0-9_-]{60,600})")
_SHORT = re.compile(r"(?:^|\+|\s)([a-z2-7]{32})(?:$|\s)")
_ALONE = re.compile(r"^[ \t>]*(?:unsubscribe\b[\s:+]*)?(rd1[A-Za-z0-9_-]{60,600})[ \t]*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """Whom a token names: an address, of which controller's mailings, and of which list (or all)."""

    controller: str
    address: str
    scope: str = ALL_MARKETING


@dataclass(frozen=True)
class Links:
    """What a sender puts into a mailing: the page's address, and the two headers of RFC 2369 and RFC 8058."""

    url: str
    list_unsubscribe: str
    list_unsubscribe_post: str = "List-Unsubscribe=One-Click"


def mint(vault: Vault, named: Named) -> str:
    """A fresh token for that address; two of the same address look unlike."""
    plain = json.dumps([named.controller, named.scope, named.address], ensure_ascii=False, separators=(",", ":"))
    return PREFIX + base64.urlsafe_b64encode(vault.mint(STOP, plain.encode())).rstrip(b"=").decode()


def read(vault: Vault, token: str) -> Named | None:
    """Whom a token names; None for one that is not ours, damaged, or made under a master key that is gone."""
    plain = vault.read_token(STOP, _decoded(token.removeprefix(PREFIX)))
    if plain is None:
        return None
    controller, scope, address = json.loads(plain)
    return Named(controller, address, scope)


def mint_short(tx: Tx, named: Named, now: datetime) -> str:
    """The token for the local part of an address: 32 letters and digits whose case doesn't matter. The same address gets the same."""
    spot = f"{named.controller}\0{named.scope}\0{canonical(named.address)}"
    token = base64.b32encode(bytes.fromhex(tx.vault.look_up("mail token", spot))[:20]).decode().lower()
    token_hash = tx.vault.look_up("mail token hash", token)
    if tx.suppressions.token(token_hash) is None:
        key_id = tx.new_keys(1, now)[0]
        tx.suppressions.keep_token(
            MailToken(
                token_hash=token_hash,
                controller=named.controller,
                scope=named.scope,
                address_hash=tx.hash_address(named.address),
                key_id=key_id,
                sealed=tx.seal(key_id, {"address": named.address}),
                made=now,
            )
        )
    return token


def read_short(tx: Tx, token: str) -> Named | None:
    """Whom a short token names, if anybody."""
    row = tx.suppressions.token(tx.vault.look_up("mail token hash", token.lower()))
    plain = tx.unseal(row.key_id, row.sealed) if row is not None else None
    return Named(row.controller, plain["address"], row.scope) if row is not None and plain else None


def links(vault: Vault, named: Named, site: str, controller: Controller, short: str | None = None) -> Links:
    """The link and headers for one mailing to one address; with `short`, the mail form carries that token in the address."""
    token = mint(vault, named)
    url = f"{site.rstrip('/')}/u/{token}"
    local, _, domain = (controller.unsubscribe_email or controller.email).rpartition("@")
    mailto = f"mailto:{local}@{domain}?subject={quote(f'unsubscribe {token}')}"
    if short is not None:
        mailto = f"mailto:{local}+{short}@{domain}?subject=unsubscribe"
    return Links(url, f"<{url}>, <{mailto}>")


def of_mail(tx: Tx, mail: Mail, verdict: Verdict, raw: bytes) -> Named | None:
    """Whom the token in a mail names: in the address it was sent to, its subject, alone on a line of its own words, or (in a
    complaint that a provider reports) in the mailing that it is about. A link that somebody quotes is no wish."""
    for recipient in sorted(mail.recipients):
        local = recipient.rpartition("@")[0]
        if "+" in local and (found := _SHORT.search(local)) and (named := read_short(tx, found[1])):
            return named
    for candidate in _LONG.findall(mail.subject) + _ALONE.findall(mail.words[:20_000]):
        if named := read(tx.vault, candidate):
            return named
    if (found := _SHORT.search(mail.subject.casefold())) and (named := read_short(tx, found[1])):
        return named
    if verdict.machine is Machine.FEEDBACK_REPORT:
        unfolded = re.sub(r"=\r?\n|\r?\n[ \t]+", "", raw[:200_000].decode("latin-1"))
        for candidate in _LONG.findall(unfolded)[:20]:
            if named := read(tx.vault, candidate):
                return named
    return None


def mint_undo(vault: Vault, change: tuple[int, int], now: datetime) -> str:
    """The ticket that undoes one change of one entry for a day: (its number, the number of the change), or NOTHING."""
    plain = f"{change[0]:014d}:{change[1]:06d}:{int(now.timestamp()):011d}"
    return base64.urlsafe_b64encode(vault.mint(UNDO, plain.encode())).rstrip(b"=").decode()


def read_undo(vault: Vault, ticket: str, now: datetime) -> tuple[int, int]:
    """What a ticket undoes; NOTHING for one that is not ours or too old."""
    plain = vault.read_token(UNDO, _decoded(ticket))
    if plain is None:
        return NOTHING
    suppression_id, number, made = (int(p) for p in plain.decode().split(":"))
    return (suppression_id, number) if now.timestamp() - made <= UNDO_FOR.total_seconds() else NOTHING


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text[:1000] + "=" * (-len(text[:1000]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
