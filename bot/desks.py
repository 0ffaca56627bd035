"""Makes the desk that handlers know from the tables of rightsdesk.toml."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot.tables import (
    DAYS,
    ControllerTable,
    DeskTable,
    FileTables,
    HoldingTable,
    PersonTable,
    SystemTable,
    UnsubscribesTable,
)
from handlers.desk import Controller, Desk, Holding, Mailbox, MailingList, Person, Recipient, Rules, SendingSystem


def desk_of(t: FileTables, today: date) -> Desk:
    """The desk. Mailboxes without `read_from` are read from 92 days before go-live, at most."""
    return Desk(
        controllers=tuple(_controller(c) for c in t.controllers),
        mailboxes=tuple(
            Mailbox(m.id, tuple(m.controllers), m.live_from, m.read_from or min(m.live_from, today) - timedelta(days=92), m.sent)
            for m in t.mailboxes
        ),
        people=tuple(_person(p) for p in t.people),
        rules=replace(_rules(t.desk, t.unsubscribes), ladders={law: tuple(one.days_before) for law, one in t.reminders.items()}),
        holdings=tuple(_holding(one) for one in t.holdings),
        lists=tuple(MailingList(one.id, one.controller, one.names) for one in t.lists),
        systems=tuple(_system(one) for one in t.systems),
    )


def _controller(table: ControllerTable) -> Controller:
    recipients = tuple(Recipient(r.name, r.operator, tuple(r.countries)) for r in table.recipients)
    lists = {"languages": tuple(table.languages), "safeguards": tuple(table.safeguards), "recipients": recipients}
    return Controller(**{**table.model_dump(), **lists})


KINDS = {"marketo": "Marketo", "salesforce": "Salesforce", "webhook": "Webhook", "csv": "CSV file"}


def _system(table: SystemTable) -> SendingSystem:
    scopes = tuple(dict.fromkeys([*table.scopes, *table.fields]))
    finds = table.kind in ("marketo", "salesforce")
    return SendingSystem(table.id, table.name or KINDS[table.kind], tuple(table.controllers), scopes, finds)


def _rules(table: DeskTable, unsubscribes: UnsubscribesTable) -> Rules:
    listed = {"time_zone", "remind_days_before", "fallback_laws", "pause_rungs", "weekend", "quiet_from", "quiet_until", "second_pair"}
    plain = table.model_dump(exclude=listed)
    plain |= {"pause_rungs": tuple(table.pause_rungs), "second_pair": frozenset(table.second_pair)}
    plain |= {"weekend": _weekend(table.weekend), "quiet": _quiet(table)}
    plain |= unsubscribes.model_dump()
    return Rules(zone=ZoneInfo(table.time_zone), rungs=tuple(table.remind_days_before), fallback_laws=tuple(table.fallback_laws), **plain)


def _person(table: PersonTable) -> Person:
    zone = ZoneInfo(table.time_zone) if table.time_zone else None
    weekend = _weekend(table.weekend) if table.weekend is not None else None
    return Person(table.slack_id, table.name, table.email, table.manager, zone, weekend, _quiet(table))


def _holding(table: HoldingTable) -> Holding:
    names = {"en": table.name, **table.names}
    return Holding(table.id, tuple(table.controllers), names, table.holds, table.owner or None, table.marketing)


def _weekend(days: Sequence[str]) -> frozenset[int]:
    return frozenset(DAYS.index(d) for d in days)


def _quiet(table: DeskTable | PersonTable) -> tuple[time, time] | None:
    return (table.quiet_from, table.quiet_until) if table.quiet_from is not None and table.quiet_until is not None else None
