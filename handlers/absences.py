"""Who acts for whom: deputies of those who are away, never one who is away as well."""

from datetime import date, datetime

from handlers.deeds import SetAbsence
from handlers.desk import Desk
from handlers.refused import Refused
from storage.models import Absence
from storage.store import Tx


def deputies(tx: Tx, today: date) -> dict[str, str]:
    """By Slack id of whoever is away and has a deputy that is here: that deputy."""
    away = tx.course.absences(today)
    return {who: here for who in away if (here := _deputy(who, away)) is not None}


def away(tx: Tx, today: date) -> frozenset[str]:
    """Slack ids of all who are away."""
    return frozenset(tx.course.absences(today))


def set_absence(tx: Tx, desk: Desk, actor: str, fact: SetAbsence, now: datetime) -> None:
    """Keep an absence; one's own by anybody of the desk, another's by a manager. Refused, naming the field, otherwise."""
    person = desk.person(actor)
    if person is None or desk.person(fact.who) is None:
        raise Refused("Only the people of the privacy desk can be away from it.", field="who")
    if actor != fact.who and not person.manager:
        raise Refused("Only a manager can say that somebody else is away.", field="who")
    if fact.deputy is not None and (desk.person(fact.deputy) is None or fact.deputy == fact.who):
        raise Refused("The deputy is another person of the desk.", field="deputy")
    if fact.until >= fact.since and fact.until < now.astimezone(desk.rules.zone).date():
        raise Refused("That absence is over already.", field="until")
    tx.course.set_absence(Absence(slack_id=fact.who, since=fact.since, until=fact.until, deputy=fact.deputy, noted=now, noted_by=actor))


def _deputy(who: str, away: dict[str, Absence]) -> str | None:
    seen: set[str] = set()
    found: str | None = who
    while found is not None and found in away and found not in seen:
        seen.add(found)
        found = away[found].deputy
    return found if found is not None and found not in away else None
