"""The clock: from a law, a right, a receipt and what happened since to dates with their trace. Pure; it never asks what day it is."""

from dataclasses import dataclass
from datetime import date

from handlers.law import steps
from handlers.law.occurrences import Course, course
from handlers.law.period import Period, Unit
from handlers.law.query import Dates, Query
from handlers.law.reckoning import Receipt, Reckoning, check_moment, receipt
from handlers.law.schema import RIGHTS, Law, Rule, Version
from handlers.law.wording import Step, day_en
from handlers.law.working_days import business_days
from handlers.refused import Refused
from storage.kinds import ClockState

COMPANY_TARGET = Period(30, Unit.DAYS)
"""When the companies mean to have answered what the law sets no time for."""


@dataclass(frozen=True)
class _Answer:
    """The period to answer: statutory, safe, until when an extension may be told, and whether the clock stands."""

    due: date | None
    safe: date | None
    notice_by: date | None
    trace: tuple[Step, ...]
    paused_since: date | None = None


def compute(query: Query, law: Law) -> Dates:
    """The dates of one clock. Refused, naming the field, for input that no date can be made from."""
    if query.right not in RIGHTS:
        raise Refused(f"{query.right!r} is no right we know; there are {', '.join(RIGHTS)}", "right")
    check_moment(query.received, "received")
    for event in query.events:
        check_moment(event.on, "events")
    got = receipt(query, law)
    happened = course(query.events, got.day, got.zones)
    version = law.on(got.day)
    trace = steps.received(got, law, version)
    rule = version.rights.get(query.right)
    if idle := _idle(query, law, version, rule, got, trace):
        return idle
    assert rule is not None  # noqa: S101 -- _idle answers for a missing rule
    return _running(query, law, Reckoning(version, query.right, rule, got), happened, trace)


def _idle(query: Query, law: Law, version: Version, rule: Rule | None, got: Receipt, trace: list[Step]) -> Dates | None:
    """The answer where nothing runs: not in force yet, or no period; None where something does."""
    cite = rule.cite if rule is not None and rule.cite else version.cite
    begins = version.in_force if rule is None or rule.since is None else max(version.in_force, rule.since)
    if got.day < begins:
        since, what = (version.in_force, law.id) if got.day < version.in_force else (begins, f"{law.id} {query.right}")
        return Dates(ClockState.NOT_IN_FORCE, (*trace, steps.not_in_force(law, since, what)), version.id, cite)
    if rule is not None and (rule.respond is not None or rule.acknowledge is not None):
        return None
    trace.append(steps.no_period(law, version, query.right, rule))
    target = rule.target if rule is not None and rule.target is not None else COMPANY_TARGET
    work = _target(got, target)
    trace.append(steps.target(work, target))
    immediate = rule is not None and rule.immediate
    return Dates(ClockState.NO_PERIOD, tuple(trace), version.id, cite, work_due=work, immediate=immediate)


def _running(query: Query, law: Law, reckoning: Reckoning, happened: Course, trace: list[Step]) -> Dates:
    """The answer where the law gives a period to acknowledge, to answer, or both."""
    rule, version, got = reckoning.rule, reckoning.version, reckoning.receipt
    ack = ack_safe = None
    if rule.acknowledge is not None:
        end = reckoning.add(got.day, rule.acknowledge)
        ack = reckoning.rolled(end, rule.acknowledge)
        ack_safe = reckoning.add(got.day, rule.acknowledge_safe) if rule.acknowledge_safe else end
        trace.append(steps.acknowledge(rule.acknowledge, ack, rule.acknowledge_cite or rule.cite))
    if rule.immediate:
        trace.append(steps.immediate(rule))
    answer = _answer(law, reckoning, rule.respond, happened) if rule.respond is not None else _unanswered(law, reckoning, happened)
    trace.extend(answer.trace)
    state = ClockState.PAUSED if rule.respond is not None and answer.due is None else ClockState.RUNNING
    work = _work(query, got, answer.safe, ack_safe, trace) if state is ClockState.RUNNING else None
    if rule.note is not None:
        trace.append(Step(rule.note.en, rule.note.ja, rule.cite))
    return Dates(
        state=state,
        trace=tuple(trace),
        version=version.id,
        cite=rule.cite or version.cite,
        acknowledge_due=ack,
        acknowledge_safe=ack_safe,
        respond_due=answer.due,
        safe_due=answer.safe,
        work_due=work,
        extension_notice_by=answer.notice_by,
        immediate=rule.immediate,
        paused_since=answer.paused_since,
    )


def _unanswered(law: Law, reckoning: Reckoning, happened: Course) -> _Answer:
    """A right with a period to acknowledge and none to answer."""
    trace = [steps.question(reckoning, q, late=False) for q in happened.questions]
    if happened.extended is not None:
        trace.append(steps.not_extendable(happened.extended, law))
    trace.append(steps.no_period(law, reckoning.version, reckoning.right, reckoning.rule))
    return _Answer(None, None, None, tuple(trace))


def _answer(law: Law, reckoning: Reckoning, first: Period, happened: Course) -> _Answer:
    """The period to answer, with its questions and its extension."""
    rule = reckoning.rule
    notice_by = _notice(law, reckoning, first, happened)
    extended = happened.extended is not None and rule.extend is not None
    length = first + rule.extend if extended and rule.extend is not None else first
    kept, late = reckoning.in_time(length, happened.questions)
    trace = [steps.question(reckoning, q, q in late) for q in happened.questions]
    if happened.extended is not None:
        allowed = rule.extend is not None or rule.open_extension
        trace.append(
            steps.extended(happened.extended, rule.extend, rule.extend_cite) if allowed else steps.not_extendable(happened.extended, law)
        )
    if (standing := reckoning.standing(kept)) is not None:
        return _Answer(None, None, None, tuple(trace), paused_since=standing.asked)
    end = reckoning.end(length, kept)
    trace.append(steps.period(reckoning, length, end, rule.cite, moved=end != reckoning.end(length, ())))
    due = end
    if length.unit is not Unit.BUSINESS_DAYS:
        due, reasons = reckoning.roll(end)
        if reasons:
            trace.append(steps.rolled(reckoning, reasons, due))
    if notice_by is not None:
        trace.append(steps.notice(notice_by, rule.extend_cite))
    cautious = (rule.safe or first) + rule.extend if extended and rule.extend is not None else rule.safe or first
    safe = min(due, reckoning.end(cautious, kept, cautious=True))
    trace.append(steps.safe(safe, rule))
    return _Answer(due, safe, notice_by, tuple(trace))


def _notice(law: Law, reckoning: Reckoning, first: Period, happened: Course) -> date | None:
    """By when an extension must be told: the statutory end of the first period. Refused for one that was told later."""
    rule = reckoning.rule
    if rule.extend is None and not rule.open_extension:
        return None
    kept, _ = reckoning.in_time(first, happened.questions)
    told = happened.extended
    standing = reckoning.standing(kept)
    if standing is not None:
        before = tuple(q for q in kept if q is not standing)
        if told is not None and told < standing.begins:
            _check_told(law, told, reckoning.rolled(reckoning.end(first, before), first))
        return None
    by = reckoning.rolled(reckoning.end(first, kept), first)
    if told is not None:
        _check_told(law, told, by)
    return by


def _check_told(law: Law, told: date, by: date) -> None:
    if told > by:
        raise Refused(
            f"extended on {told} comes too late: under {law.id} the notice was due by {day_en(by)}; the first date stands", "events"
        )


def _work(query: Query, got: Receipt, safe: date | None, ack_safe: date | None, trace: list[Step]) -> date | None:
    """The company's own date: some working days before the safe one, never before the receipt."""
    first = safe if safe is not None else ack_safe
    if first is None:
        return None
    days = business_days(got.place.country)
    work = max(got.day, days.before(first, query.work_days_before))
    trace.append(steps.work(work, query.work_days_before))
    return work


def _target(got: Receipt, length: Period) -> date:
    """The company's target where the law has no number: so many days on, or the last working day before, never before the receipt."""
    reckoned = got.day.toordinal() + length.count
    return max(got.day, business_days(got.place.country).before(date.fromordinal(reckoned), 0))
