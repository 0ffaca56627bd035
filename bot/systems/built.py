"""Makes the systems that the settings name."""

from pathlib import Path

from bot.settings import Settings, SystemTable
from bot.systems.csvdrop import CsvDrop
from bot.systems.marketo import Marketo, MarketoSettings
from bot.systems.salesforce import Salesforce, SalesforceSettings
from bot.systems.system import System
from bot.systems.webhook import Webhook
from handlers.desk import Desk
from storage.vault import Vault


def build_systems(settings: Settings, desk: Desk, vault: Vault) -> dict[str, System]:
    """Every system by its id; SettingsFault where one's secret is missing. Needs no running event loop."""
    names = {s.id: s.name for s in desk.systems}
    return {table.id: build_system(settings, table, names[table.id], vault) for table in settings.tables.systems}


def build_system(settings: Settings, table: SystemTable, name: str, vault: Vault) -> System:
    """One of them."""
    if table.kind == "csv":
        return CsvDrop(name, settings.path.parent / Path(table.folder), vault.sign)
    secret = settings.system_secret(table.id)
    if table.kind == "webhook":
        return Webhook(name, table.url, secret)
    if table.kind == "marketo":
        return Marketo(MarketoSettings(name, table.url, table.client_id, secret, dict(table.fields)))
    return Salesforce(SalesforceSettings(name, table.url, table.client_id, secret, table.api_version, dict(table.fields)))
