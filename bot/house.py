"""Puts the house together by hand: one object of each kind, from settings, laws, letters and the store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot import oauth
from bot.api import Api, Client
from bot.mailbox import MailboxAccess
from bot.public import Doorway
from bot.rates import Rates
from bot.settings import MailboxTable, Settings, SettingsFault, SmtpTable
from bot.smtp import SmtpSettings
from bot.systems.built import build_systems
from bot.systems.courier import Courier
from bot.transport import Login, Password, Security
from bot.web import Public
from handlers.actions import Actions
from handlers.carried import Settling
from handlers.caseview import CaseViews
from handlers.correspondence import Correspondence
from handlers.dates import HOUSE, DateKeeper
from handlers.desk import Desk, Rules
from handlers.heard import Hearing
from handlers.incoming import Incoming
from handlers.law import Laws
from handlers.letters import Letters
from handlers.sorting import Sorter
from handlers.stuck import Stuck
from handlers.ticks import Ticks
from handlers.unsubscribes import Unsubscribes
from storage.store import Store
from storage.vault import KeyFault, Vault


@dataclass(frozen=True)
class House:
    """Every door, and what the doors stand on."""

    settings: Settings
    desk: Desk
    store: Store
    laws: Laws
    letters: Letters
    dates: DateKeeper
    correspondence: Correspondence
    unsubscribes: Unsubscribes
    incoming: Incoming
    actions: Actions
    ticks: Ticks
    settling: Settling
    views: CaseViews

    def sorters(self) -> Callable[[str], Sorter]:
        """The sorter of each mailbox; the learned model is loaded with the first one."""
        made: dict[str, Sorter] = {}
        tables = {m.id: m for m in self.settings.tables.mailboxes}

        def sorter(mailbox: str) -> Sorter:
            if mailbox not in made:
                made[mailbox] = build_sorter(self.desk, self.settings.cache_dir, tuple(tables[mailbox].trusted_authserv))
            return made[mailbox]

        return sorter


def build(settings: Settings) -> House:
    """The house; SettingsFault where a key or a law of the settings is wrong."""
    desk = settings.desk(datetime.now(UTC).date())
    laws = Laws.load()
    named = [("desk.fallback_laws", law) for law in desk.rules.fallback_laws]
    named += [(f"reminders.{law}", law) for law in desk.rules.ladders if law != HOUSE]
    if strangers := [(key, law) for key, law in named if law not in laws.ids]:
        key, law = strangers[0]
        raise SettingsFault(f"{key} ({settings.path}): wrong; expected ids that `rightsdesk laws` lists, {law!r} is none")
    store = Store(settings.database_url, vault(settings))
    letters = Letters(desk)
    dates = DateKeeper(desk, laws)
    correspondence = Correspondence(desk, letters, laws)
    unsubscribes = Unsubscribes(desk, letters, dates)
    return House(
        settings=settings,
        desk=desk,
        store=store,
        laws=laws,
        letters=letters,
        dates=dates,
        correspondence=correspondence,
        unsubscribes=unsubscribes,
        incoming=Incoming(desk, dates, correspondence, unsubscribes),
        actions=Actions(desk, dates, correspondence, unsubscribes),
        ticks=Ticks(desk, dates, letters, laws),
        settling=Settling(desk, dates),
        views=CaseViews(desk, dates.clocks),
    )


def vault(settings: Settings) -> Vault:
    """The vault under the configured master key."""
    try:
        return Vault.parse(settings.need("master_key", "the master key that `rightsdesk init` made (NUMBER:BASE64)"))
    except KeyFault as fault:
        raise SettingsFault(f"RIGHTSDESK_MASTER_KEY (environment): wrong; expected {fault}") from fault


def public(h: House, ring: Callable[[], None]) -> Public:
    """The side that strangers reach; SettingsFault where an API client has no token."""
    tables = h.settings.tables
    doorway = Doorway(h.store, h.desk, h.unsubscribes, ring)
    clients = {h.settings.api_token(c.id): Client(c.id, tuple(c.controllers), tuple(c.may)) for c in tables.api_clients}
    api = Api(h.store, h.desk, doorway, clients, tables.web.public_url)
    return Public(doorway, api, Rates(tables.web.requests_per_minute), tuple(tables.web.trusted_proxies))


def courier(h: House) -> Courier:
    """What takes opt-outs to the sending systems; SettingsFault where a system has no secret. It has no loops without systems."""
    hearing = Hearing(h.desk, Stuck(h.desk, h.dates))
    return Courier(h.store, hearing, build_systems(h.settings, h.desk, h.store.vault))


def build_sorter(desk: Desk | None, cache_dir: Path | None, trusted_authserv: tuple[str, ...] = ()) -> Sorter:
    """A sorter that knows the desk's own addresses, where there is a desk."""
    return Sorter(
        own_addresses=desk.own_addresses if desk is not None else frozenset(),
        homes={c.email.casefold(): c.country for c in desk.controllers} if desk is not None else {},
        fallback_laws=desk.rules.fallback_laws if desk is not None else Rules.fallback_laws,
        trusted_authserv=trusted_authserv,
        cache_dir=cache_dir,
    )


def mailbox_access(settings: Settings, table: MailboxTable) -> MailboxAccess:
    """How to reach one mailbox."""
    return MailboxAccess(
        id=table.id,
        host=table.host,
        port=table.port,
        security=Security(table.security),
        username=table.username,
        auth=_login(table, settings.mailbox_secret(table.id)),
        ca_file=Path(table.ca_file) if table.ca_file else None,
        folders=tuple(dict.fromkeys((*table.folders, table.sent) if table.sent else table.folders)),
        junk="" if table.junk == "none" else table.junk or None,
        done=table.done,
        poll_seconds=table.poll_seconds,
        idle=table.idle,
    )


def smtp_settings(settings: Settings) -> SmtpSettings:
    """How to reach the server that takes our letters."""
    table = settings.tables.smtp
    login = (
        None if table.auth == "none" else _login(table, settings.need("smtp_password", "the password or client secret of the SMTP server"))
    )
    return SmtpSettings(
        host=table.host,
        port=table.port,
        security=Security(table.security),
        username=table.username or None,
        auth=login,
        ca_file=Path(table.ca_file) if table.ca_file else None,
    )


def _login(table: MailboxTable | SmtpTable, secret: str) -> Login:
    if table.auth == "google":
        return oauth.google(secret, table.username)
    if table.auth == "microsoft":
        return oauth.microsoft(table.tenant, table.client_id, secret)
    return lambda: Password(secret)
