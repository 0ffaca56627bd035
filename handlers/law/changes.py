"""What a change of the law files would move: rules that differ, and dates of open cases (`rightsdesk laws --diff FOLDER`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum

from handlers.law.laws import Laws
from handlers.law.query import Dates, Query
from handlers.refused import Refused

_DATES = ("state", "acknowledge_due", "acknowledge_safe", "respond_due", "safe_due", "work_due", "extension_notice_by", "immediate")


@dataclass(frozen=True)
class Changed:
    """One key of a law (`version.2026-02-05.rights.access.respond`) that differs; '' where it was not there or is not there any more."""

    law: str
    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Moved:
    """One date of an open case that would be another; `what` is the field of its dates, or "error" where none can be counted."""

    case: str
    law: str
    right: str
    what: str
    before: str
    after: str


def changed(old: Laws, new: Laws) -> tuple[Changed, ...]:
    """Every rule that two sets of laws state differently, law by law."""
    found: list[Changed] = []
    for id_ in sorted({*old.ids, *new.ids}):
        before, after = _said(old, id_), _said(new, id_)
        found += [
            Changed(id_, k, before.get(k, ""), after.get(k, "")) for k in {**before, **after} if before.get(k, "") != after.get(k, "")
        ]
    return tuple(found)


def moved(old: Laws, new: Laws, cases: Iterable[tuple[str, Query]]) -> tuple[Moved, ...]:
    """Every date of the given open cases (a name and the query of one clock each) that the new laws would move."""
    found: list[Moved] = []
    for case, query in cases:
        before, after = _dated(old, query), _dated(new, query)
        for what in {**before, **after}:
            was, is_ = before.get(what, ""), after.get(what, "")
            if was != is_:
                found.append(Moved(case, query.law, str(query.right), what, was, is_))
    return tuple(found)


def _dated(laws: Laws, query: Query) -> dict[str, str]:
    try:
        dates: Dates = laws.counted(query)
    except Refused as e:
        return {"error": e.sentence}
    return {what: str(value) if (value := getattr(dates, what)) is not None else "" for what in _DATES}


def _said(laws: Laws, id_: str) -> dict[str, str]:
    """Everything that a law file says, as keys and texts; versions go by their day, so that a new one shows as added."""
    law = laws.by_id.get(id_)
    return dict(_flat("", law)) if law is not None else {}


def _flat(key: str, value: object) -> Iterator[tuple[str, str]]:
    if is_dataclass(value) and not isinstance(value, type) and type(value).__str__ is object.__str__:
        for f in fields(value):
            yield from _flat(f"{key}.{f.name}" if key else f.name, getattr(value, f.name))
    elif isinstance(value, Mapping):
        for k, v in value.items():
            yield from _flat(f"{key}.{k}", v)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for number, v in enumerate(value):
            yield from _flat(f"{key}.{getattr(v, 'id', number)}", v)
    elif isinstance(value, tuple):
        yield key, ", ".join(str(v) for v in value)
    elif value is not None:
        yield key, str(value.value if isinstance(value, Enum) else value)
