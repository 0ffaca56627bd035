"""What the commands `rightsdesk deadline` and `rightsdesk laws` print, as plain values."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches

from handlers.law.laws import Laws
from handlers.law.query import Dates, Occurrence, Query
from handlers.law.schema import APPEAL, COMPLAINT, UNSUBSCRIBE
from handlers.refused import Refused
from storage.kinds import ClockState, OccurrenceKind

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEYS = frozenset({"law", "right", "received", "place", "events"})
_EVENT_KINDS = frozenset(k.value for k in OccurrenceKind)
Answer = dict[str, object]


def answer(laws: Laws, line: str | bytes | Mapping[str, object], *, work_days_before: int = 5, language: str = "en") -> Answer:
    """What `deadline --json` prints for one query (a JSON line or an object): its dates, or {"error", "field"} for wrong input."""
    try:
        query = read_query(line, work_days_before)
        return printed(laws.dates(query), language)
    except Refused as e:
        return {"error": e.sentence, "field": e.field}


def answers(laws: Laws, lines: Iterable[str | bytes], *, work_days_before: int = 5) -> Iterator[Answer]:
    """One answer a line; empty lines are passed over. Bytes that are no UTF-8 are wrong input like any other."""
    return (answer(laws, line, work_days_before=work_days_before) for line in lines if line.strip())


def read_query(line: str | bytes | Mapping[str, object], work_days_before: int = 5) -> Query:
    """A query from JSON; Refused, naming the field, for what is missing, wrong or misspelt. Other keys are the caller's own and ignored."""
    raw = _object(line)
    for key in raw:
        if key not in _KEYS and (meant := get_close_matches(str(key), _KEYS, n=1, cutoff=0.7)):
            raise Refused(f"{key!r} is no field of a query: did you mean {meant[0]}?", str(key))
    law, right, received, where = (_text(raw, key) for key in ("law", "right", "received", "place"))
    events = [] if raw.get("events") is None else raw["events"]
    if not isinstance(events, list):
        raise Refused('events are a list of {"kind", "on"}', "events")
    return Query(law, right, read_moment(received, "received"), where, tuple(_occurrence(e) for e in events), work_days_before)


def written_event(written: str) -> Mapping[str, str] | str:
    """An event as the command line takes it, KIND=DATE; what is written otherwise is handed on, to be refused with the rest."""
    kind, equals, on = written.partition("=")
    return {"kind": kind.strip(), "on": on.strip()} if equals else written


def read_moment(written: str, field: str) -> date | datetime:
    """A bare date (the law's local date) or a date-time with its offset; Refused, naming the field, for anything else."""
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
        if "T" in written or " " in written:
            moment = datetime.fromisoformat(written)
            if moment.tzinfo is None:
                raise Refused(f"{written} has no offset: add one (+09:00, Z), or give the bare date in the law's zone", field)
            return moment
    except ValueError:
        pass
    raise Refused(f"{written!r} is no date; write 2026-01-31, or 2026-01-31T10:00:00+01:00 with the offset", field)


def printed(dates: Dates, language: str = "en") -> Answer:
    """The dates as `deadline --json` prints them. Where the law has no period to answer, `safe_due` is that of the acknowledgement."""
    safe = dates.safe_due
    if safe is None and dates.state is ClockState.RUNNING:
        safe = dates.acknowledge_safe
    return {
        "state": dates.state.value,
        "acknowledge_due": _iso(dates.acknowledge_due),
        "respond_due": _iso(dates.respond_due),
        "safe_due": _iso(safe),
        "work_due": _iso(dates.work_due),
        "extension_notice_by": _iso(dates.extension_notice_by),
        "immediate": dates.immediate,
        "trace": [step.said(language) for step in dates.trace],
    }


def table(laws: Laws, on: date) -> list[dict[str, str]]:
    """The table of laws as it stands on a day, one row a law."""
    return [_row(laws, id_, on) for id_ in laws.ids]


def _row(laws: Laws, id_: str, on: date) -> dict[str, str]:
    law, version = laws.named(id_), laws.law(id_, on)
    periods: dict[str, list[str]] = {}
    for right, rule in version.rights.items():
        if rule.respond is not None:
            more = f" + {rule.extend}" if rule.extend else " + more" if rule.open_extension else ""
            periods.setdefault(f"{rule.respond}{more}", []).append(right)
    usual = max(periods, key=lambda p: len(periods[p]), default="")
    special = [f"{p} ({', '.join(r)})" for p, r in periods.items() if p != usual and not set(r) <= {COMPLAINT, UNSUBSCRIBE, APPEAL}]
    acks = sorted({str(r.acknowledge) for r in version.rights.values() if r.acknowledge is not None})
    return {
        "law": id_,
        "name": law.name.en,
        "in_force": version.id if version.in_force <= on else f"from {version.id}",
        "acknowledge": ", ".join(acks),
        "respond": "; ".join([usual, *special]) if usual else "no number of days",
        "pauses": ", ".join(
            f"{k} {p.effect}" for k in ("identity", "clarification", "fee") if (p := getattr(version.pauses, k)).effect != "none"
        ),
        "roll": ", ".join(version.counting.roll),
        "mark": version.mark.value,
        "cite": version.cite,
    }


def _object(line: str | bytes | Mapping[str, object]) -> Mapping[str, object]:
    if isinstance(line, Mapping):
        return line
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as e:
        raise Refused(f"no JSON: {' '.join(str(e).split())}", "line") from e
    if not isinstance(raw, dict):
        raise Refused("a query is a JSON object", "line")
    return raw


def _text(raw: Mapping[str, object], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise Refused(f"{key} is missing" if value in (None, "") else f"{key} is text, not {value!r}", key)
    return value


def _occurrence(raw: object) -> Occurrence:
    if isinstance(raw, str):
        raise Refused(f"{raw!r} is no event; write KIND=DATE, as identity_asked=2026-06-03", "events")
    if not isinstance(raw, dict) or set(raw) != {"kind", "on"}:
        raise Refused('an event is {"kind", "on"}', "events")
    kind, on = raw["kind"], raw["on"]
    if not isinstance(kind, str) or kind not in _EVENT_KINDS:
        raise Refused(f"{kind!r} is no kind of event; there are {', '.join(OccurrenceKind)}", "events")
    if not isinstance(on, str):
        raise Refused(f"the date of {kind} is text, not {on!r}", "events")
    return Occurrence(OccurrenceKind(kind), read_moment(on, "events"))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
