"""Reads the law files of a folder: fills in models and earlier versions, checks the schema, names the first fault by file and key."""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from handlers.law.offices import offices
from handlers.law.period import Unit
from handlers.law.places import place
from handlers.law.schema import BY_PLACE, RIGHTS, Law, Rule, Version
from handlers.refused import Refused

_CHECK = TypeAdapter(Law)
Table = dict[str, Any]
_ANSWER = frozenset({"respond", "safe", "safe_reason", "extend", "extend_cite", "open_extension"})
"""The keys of the period to answer, which a right with a reason has not, whatever its model says."""


class BadLawFile(ValueError):
    """A law file that cannot be used: one line naming the file and the key."""


def law_folder() -> Traversable:
    """Where the shipped law files lie."""
    return files("handlers.law")


def read_laws(folder: Traversable) -> dict[str, Law]:
    """Every law of a folder by its id. Law files are named in capitals, after the law (EU-GDPR.toml). BadLawFile for the first fault."""
    raw = {f.name: _table(f) for f in folder.iterdir() if f.name.endswith(".toml") and f.name[0].isupper()}
    laws = (_law(name, raw) for name in sorted(raw))
    return {law.id: law for law in laws}


def _table(file: Traversable) -> Table:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise BadLawFile(f"{file.name}: no valid TOML: {e}") from e


def _law(name: str, raw: dict[str, Table]) -> Law:
    """One law, checked. A version takes what it does not say from the one before it (the first: from the model) unless it stands `anew`."""
    table = dict(raw[name])
    if model := table.pop("model", None):
        if f"{model}.toml" not in raw:
            raise BadLawFile(f"{name}: model: there is no law file {model}.toml")
        table = _merged({k: v for k, v in raw[f"{model}.toml"].items() if k != "version"}, table)
        base = raw[f"{model}.toml"]["version"][-1]
    else:
        base = {}
    versions = table.get("version", [])
    if not isinstance(versions, list) or not versions:
        raise BadLawFile(f"{name}: version: a law file needs at least one [[version]]")
    filled: list[Table] = []
    for version in versions:
        base = version if version.get("anew") else _merged(base, version)
        filled.append({**base, "rights": _rights(name, base)})
        for key in ("usual", "anew"):
            filled[-1].pop(key, None)
    table["version"] = filled
    return _checked(name, table)


def _merged(base: Table, over: Table) -> Table:
    """The base with what is said again put in its place: tables key by key, all else (and a rule that stands `alone`) whole."""
    out = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict) and not value.get("alone")
        out[key] = _merged(out[key], value) if both else value
    return out


def _rights(name: str, version: Table) -> Table:
    """The rights of a version: `usual` holds for each right that says nothing else; a right with a reason has no period to answer."""
    usual = version.get("usual", {})
    out: Table = {}
    for right, rule in version.get("rights", {}).items():
        if not isinstance(rule, dict):
            raise BadLawFile(f"{name}: version.rights.{right}: a right is a table")
        whole = rule if "reason" in rule or rule.get("alone") else {**usual, **rule}
        dropped = {"alone", *_ANSWER} if "reason" in whole else {"alone"}
        out[right] = {k: v for k, v in whole.items() if k not in dropped}
    return out


def _checked(name: str, table: Table) -> Law:
    try:
        law = _CHECK.validate_python(table)
    except ValidationError as e:
        fault = e.errors()[0]
        raise BadLawFile(f"{name}: {'.'.join(str(p) for p in fault['loc'])}: {fault['msg']}") from e
    if f"{law.id}.toml" != name:
        raise BadLawFile(f"{name}: id: the file of {law.id} is called {law.id}.toml")
    if list(law.version) != sorted(law.version, key=lambda v: v.in_force) or len({v.in_force for v in law.version}) < len(law.version):
        raise BadLawFile(f"{name}: version: the oldest comes first and no two have one in_force")
    _check_places(name, law)
    for number, version in enumerate(law.version):
        _check_version(f"{name}: version.{number}", version)
    return law


def _check_places(name: str, law: Law) -> None:
    for number, code in enumerate(law.territory):
        try:
            place(code)
        except Refused as e:
            raise BadLawFile(f"{name}: territory.{number}: {e.sentence}") from e
    named = law.territory if law.authority == BY_PLACE else (law.authority, *law.also)
    for key in named:
        if key not in offices():
            raise BadLawFile(f"{name}: authority: authorities.toml has no [{key}]")


def _check_version(where: str, version: Version) -> None:
    for right, rule in version.rights.items():
        key = f"{where}.rights.{right}"
        if right not in RIGHTS:
            raise BadLawFile(f"{key}: no right is called so; there are {', '.join(RIGHTS)}")
        _check_rule(key, rule, version)


def _check_rule(key: str, rule: Rule, version: Version) -> None:
    """What the types alone do not say."""
    if rule.respond is None and rule.reason is None and rule.acknowledge is None:
        raise BadLawFile(f"{key}.reason: a right without a period says why")
    for name in ("extend", "safe"):
        other = getattr(rule, name)
        if other is not None and (rule.respond is None or other.unit is not rule.respond.unit):
            raise BadLawFile(f"{key}.{name}: is counted in the unit of respond ({rule.respond})")
    if rule.target is not None and rule.target.unit is not Unit.DAYS:
        raise BadLawFile(f"{key}.target: is counted in days")
    counted = [p.unit.value for p in (rule.respond, rule.acknowledge) if p is not None]
    if "business day" in counted and version.business is None:
        raise BadLawFile(f"{key}: business days need the version's [version.business]")
    if rule.respond is not None and not rule.cite:
        raise BadLawFile(f"{key}.cite: a period needs its citation")
