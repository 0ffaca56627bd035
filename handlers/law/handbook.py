"""Writes docs/LAWS.md from the law files (`python -m handlers.law.handbook FILE`), so that the page cannot drift from what is counted."""

import sys
from pathlib import Path

from handlers.law.laws import Laws
from handlers.law.offices import Authority, offices
from handlers.law.schema import BY_PLACE, Duty, Law, Mark, Pauses, Refusing, Rule, Version

_KINDS = ("identity", "clarification", "fee")

_OF = {Refusing.REQUEST: "of a request", Refusing.APPEAL: "of an appeal, or of a complaint", Refusing.COMPLAINT: "of a complaint"}
_OPENING = """\
# The laws that we count by

Written from `handlers/law/*.toml` by `python -m handlers.law.handbook docs/LAWS.md`; do not edit by hand, a test compares the two.
This is no legal advice: every row needs a person who owns it.

**How to read it.** The day of receipt is day 0, dated in the law's own zone (of several zones, the one whose date is earlier). The
*statutory* date is counted as the row says and rolled where the law rolls; the *safe* date is never rolled and takes the most cautious
reading: alarms go by it. An extension is counted from the first start. Where a law has no number of days the clock answers
`no_period`, and the company's target (30 days; 14 in Japan) stands as work date.

**Marks.** *read*: the primary text or the authority's own page was read. *second-hand*: read in a copy or a commentary. *from memory*: not
verified; counsel should look first there.

**Changing a law.** A changed law is a new `[[version]]` with the day from which it holds; what arrived before keeps the version that it
began with. `rightsdesk laws --diff FOLDER` says what a change would move.
"""


def handbook(laws: Laws) -> str:
    """The whole page as Markdown."""
    parts = [_OPENING, _overview(laws), *(_law(laws.named(i)) for i in laws.ids), _authorities(), _counsel(laws)]
    return "\n".join(p.rstrip() + "\n" for p in parts)


def _overview(laws: Laws) -> str:
    rows = [
        "## All laws at a glance",
        "",
        "| law | name | in force | acknowledge | respond | roll | mark |",
        "|---|---|---|---|---|---|---|",
    ]
    for id_ in laws.ids:
        law = laws.named(id_)
        now = law.version[-1]
        acks = sorted({str(r.acknowledge) for r in now.rights.values() if r.acknowledge is not None})
        cells = (f"[{id_}](#{id_.lower()})", law.name.en, now.id, ", ".join(acks) or "-", _usual(now), _roll(now), now.mark.value)
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _usual(version: Version) -> str:
    """The period that most rights of a version have."""
    periods = [_length(r) for r in version.rights.values() if r.respond is not None]
    return max(dict.fromkeys(periods), key=periods.count, default="no number of days")


def _length(rule: Rule) -> str:
    more = f" + {rule.extend}" if rule.extend else " + more, no maximum" if rule.open_extension else ""
    return f"{rule.respond}{more}"


def _roll(version: Version) -> str:
    return "off " + ", ".join(version.counting.roll) if version.counting.roll else "no"


def _law(law: Law) -> str:
    lines = [f"## {law.id}", "", f"**{law.name.en}** ({law.name.ja})", "", f"Start: {law.starts.en}.", ""]
    lines += [f"Territory: {', '.join(law.territory)}. Authority: {_named(law)}.", ""]
    for version in reversed(law.version):
        lines += _version(version)
    return "\n".join(lines)


def _named(law: Law) -> str:
    if law.authority == BY_PLACE:
        return "that of the person's place (see below)"
    return "; ".join(_office(offices()[key]) for key in (law.authority, *law.also))


def _office(office: Authority) -> str:
    return ", ".join(x for x in (office.called("en"), *office.sites) if x)


def _version(version: Version) -> list[str]:
    counting = version.counting
    lines = [
        f"### From {version.id}: {version.act}",
        "",
        f"- Citation: {version.cite}",
        f"- Source: {version.source} (*{version.mark.value}*)",
    ]
    lines.append(f"- Day 0: {counting.day_cite}. Roll: {_roll(version)}{f' ({counting.roll_cite})' if counting.roll else ''}.")
    if counting.note is not None:
        lines.append(f"- Counting: {counting.note.en}.")
    if version.business is not None:
        lines.append(f"- Business days: {version.business.cite} ({version.business.country}).")
    lines.append(f"- Pauses: {_pauses(version.pauses)}.")
    lines.append(f"- Extension: {_extensions(version)}.")
    lines.append(f"- Fee: {version.fee.en}")
    lines += ["- A refusal says:", *(f"  - {_duty(d)}" for d in version.refusal), ""]
    lines += ["| right | acknowledge | respond | safe | identity | citation, remarks |", "|---|---|---|---|---|---|"]
    lines += [_right(right, rule) for right, rule in version.rights.items()]
    return [*lines, ""]


def _extensions(version: Version) -> str:
    """How long, counted from the first start, and by when it must be told."""
    given = [(str(r.extend or "more, no maximum"), r.extend_cite) for r in version.rights.values() if r.extend or r.open_extension]
    said = [f"{length}{f' ({cite})' if cite else ''}" for length, cite in dict.fromkeys(given)]
    return f"{'; '.join(said)}; told by the end of the first period, rolled as that is" if said else "none"


def _pauses(pauses: Pauses) -> str:
    said = []
    for kind in _KINDS:
        pause = getattr(pauses, kind)
        only = f" for {', '.join(pause.rights)} only" if pause.rights else ""
        cap = f", at the latest {pause.at_most} after asking" if pause.at_most else ""
        said.append(f"{kind}: {pause.effect.value}{only}{cap}" + (f" ({pause.cite})" if pause.cite else ""))
    return "; ".join(said)


def _duty(duty: Duty) -> str:
    when = f" ({_OF[duty.when]})" if duty.when else ""
    return f"{duty.what.en}{when} ({duty.cite}{'' if duty.must else '; good practice'})"


def _right(right: str, rule: Rule) -> str:
    remarks = [rule.cite, f"at once ({rule.immediate_cite or rule.cite})" if rule.immediate else "", rule.reason.en if rule.reason else ""]
    remarks += [rule.note.en if rule.note else "", rule.safe_reason.en if rule.safe_reason else ""]
    remarks += [f"from {rule.since}" if rule.since else "", f"*{rule.mark.value}*" if rule.mark else ""]
    respond = _length(rule) if rule.respond is not None else "no number of days"
    ack = str(rule.acknowledge) if rule.acknowledge else "-"
    safe = str(rule.safe or rule.acknowledge_safe or "-")
    return f"| {right} | {ack} | {respond} | {safe} | {rule.identity.value} | {'; '.join(r for r in remarks if r)} |"


def _authorities() -> str:
    rows = ["## Authorities", "", "| key | English | local | Japanese | sites | to check |", "|---|---|---|---|---|---|"]
    for key, office in offices().items():
        rows.append(f"| {key} | {office.en} | {office.local} | {office.ja} | {', '.join(office.sites)} | {office.check} |")
    return "\n".join(rows)


def _counsel(laws: Laws) -> str:
    """Everything that counsel should look at, by law."""
    lines = ["## What counsel should check", "", "Names and sites of authorities are from memory.", ""]
    for id_ in laws.ids:
        law = laws.named(id_)
        now = law.version[-1]
        doubts = [*now.counsel, *_doubtful(now)]
        if doubts:
            lines += [f"**{id_}**", "", *(f"- [ ] {d}" for d in doubts), ""]
    return "\n".join(lines)


def _doubtful(version: Version) -> list[str]:
    """Rights whose periods stand on memory alone."""
    if version.mark is Mark.MEMORY:
        return ["The whole of it is from memory."]
    rights = [right for right, rule in version.rights.items() if rule.mark is Mark.MEMORY]
    return [f"From memory: {', '.join(rights)}."] if rights else []


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(handbook(Laws.load()), encoding="utf-8")
