"""The sentences of a trace, one function for each kind of step."""

from datetime import date, datetime

from handlers.law.occurrences import Question
from handlers.law.period import Period, Unit
from handlers.law.reckoning import Receipt, Reckoning
from handlers.law.schema import Effect, Law, Rule, Version
from handlers.law.wording import Step, day_en, day_ja, hour
from handlers.law.working_days import Off

_ASKED = {
    "identity": ("proof of identity", "本人確認"),
    "clarification": ("clarification", "請求内容の確認"),
    "fee": ("the fee", "手数料"),
}


def received(receipt: Receipt, law: Law, version: Version) -> list[Step]:
    """Day 0, and how its zone was chosen where that was a choice."""
    local, day = receipt.local, receipt.day
    at = hour(local)
    moment_en, moment_ja = day_en(day) + at, day_ja(day) + at
    steps = [Step(f"received {moment_en} -> day 0", f"{moment_ja} 受領 → 0日目", version.counting.day_cite)]
    code = receipt.place.code
    if not receipt.inside:
        steps += _outside(code, law, version, isinstance(local, datetime))
    elif isinstance(local, datetime) and len({local.astimezone(z).utcoffset() for z in receipt.zones}) > 1:
        steps.append(
            Step(
                f"{code} has several time zones: the one with the earliest date is taken ({local.tzname()})",
                f"{code}には複数の時間帯があるため、最も早い日付となるもの({local.tzname()})を採用",
            )
        )
    if receipt.inside and Off.HOLIDAY in version.counting.roll and receipt.place.subdivision and receipt.place.holidays is None:
        steps.append(
            Step(
                f"no holidays of its own are known for {code}: those of the whole country count",
                f"{code}独自の祝日は不明のため、全国の祝日のみ考慮",
            )
        )
    if law.starts.en:
        steps.append(Step(law.starts.en, law.starts.ja))
    return steps


def _outside(code: str, law: Law, version: Version, instant: bool) -> list[Step]:
    """What is reckoned with where the place is none of the law's."""
    zone = Step(
        f"{code} lies outside the territory of {law.id}: of all their zones the one with the earliest date is taken",
        f"{code}は{law.id}の適用地域外のため、双方の時間帯のうち最も早い日付を採用",
    )
    roll = Step(
        f"{code} lies outside the territory of {law.id}: no holidays are known to count, only weekends move an end",
        f"{code}は{law.id}の適用地域外のため、祝日は考慮せず週末のみ期限を延伸",
    )
    return [*([zone] if instant else []), *([roll] if version.counting.roll else [])]


def not_in_force(law: Law, since: date, what: str) -> Step:
    """Nothing runs before the law does."""
    return Step(
        f"{what} is not in force before {day_en(since)}: no period runs",
        f"{law.name.ja}({what})は{day_ja(since)}施行のため、期間は進行しない",
    )


def no_period(law: Law, version: Version, right: str, rule: Rule | None) -> Step:
    """Why a law gives no date."""
    if rule is not None and rule.reason is not None:
        return Step(rule.reason.en, rule.reason.ja, rule.cite or version.cite)
    return Step(
        f"{law.id} gives no right of {right}: no period of its own", f"{law.name.ja}は{right}の権利を定めていない(期間なし)", version.cite
    )


def question(reckoning: Reckoning, q: Question, late: bool) -> Step:
    """What a question, or its answer, did to the period."""
    pause = getattr(reckoning.version.pauses, q.kind)
    asked_en, asked_ja = _ASKED[q.kind]
    when_en = f"{asked_en} asked {day_en(q.asked)}" if q.asked else f"{asked_en} came unasked"
    when_ja = f"{day_ja(q.asked)}に{asked_ja}を依頼" if q.asked else f"{asked_ja}が依頼なしに到着"
    if q.answered:
        when_en += f", had {day_en(q.answered)}"
        when_ja += f"、{day_ja(q.answered)}に受領"
    en, ja = _effect(reckoning, q, late)
    if pause.note is not None and reckoning.effect(q) is not Effect.NONE and not late:
        en, ja = f"{en} ({pause.note.en})", f"{ja}({pause.note.ja})"
    return Step(f"{when_en}: {en}", f"{when_ja}：{ja}", pause.cite)


def _effect(reckoning: Reckoning, q: Question, late: bool) -> tuple[str, str]:
    effect = reckoning.effect(q)
    if q.kind == "identity" and not reckoning.identity_counts:
        return "identity is not needed here, so it does not stop this clock", "本人確認を要しないため、この期間は停止しない"
    if effect is Effect.NONE:
        return "does not stop this clock", "この期間は停止しない"
    if late:
        return "came after the period had ended and moves nothing", "期間満了後のため影響なし"
    if q.answered is None:
        return "the clock stands until the answer", "回答があるまで期間は停止"
    if effect is Effect.RESTART:
        start = reckoning.restart(q)
        en, ja = f"the period begins anew on {day_en(start)}", f"{day_ja(start)}から期間を改めて起算"
        return (en, ja) if q.asked else (f"{en}, which the safe date does not count on", f"{ja}(安全側の期限には反映しない)")
    if q.asked is None:
        return "nothing had been asked, so nothing was paused", "依頼がなかったため停止期間なし"
    days = (q.answered - q.asked).days + (effect is Effect.EXCLUDE)
    if effect is Effect.EXCLUDE:
        return f"{days} days do not count, both ends included", f"両端を含む{days}日は算入しない"
    return f"suspended for {days} days", f"{days}日間停止"


def period(reckoning: Reckoning, length: Period, end: date, cite: str, moved: bool) -> Step:
    """The period counted on, with the clamp where a month lacks the day."""
    if not length.count:
        return Step(f"at once -> {day_en(end)}", f"直ちに → {day_ja(end)}", cite)
    start = reckoning.receipt.day
    tail_en, tail_ja = "", ""
    if moved:
        tail_en, tail_ja = ", pauses counted in", "(停止分を算入)"
    elif length.unit is Unit.MONTHS and end.day != start.day:
        tail_en, tail_ja = f" (that month has no day {start.day}: its last day)", f"({start.day}日がないため月末)"
        cite = "; ".join(c for c in (cite, reckoning.version.counting.clamp_cite) if c)
    elif length.unit is Unit.BUSINESS_DAYS and reckoning.version.business is not None:
        tail_en, tail_ja = f" ({reckoning.version.business.cite})", ""
    return Step(f"+ {length} -> {day_en(end)}{tail_en}", f"+{length.ja} → {day_ja(end)}{tail_ja}", cite)


def rolled(reckoning: Reckoning, reasons: tuple[str, ...], end: date) -> Step:
    """The days on which the period may not end, and the next one on which it may."""
    why = ", ".join(reasons)
    return Step(f"{why} -> {day_en(end)}", f"休日({why})のため翌執務日 → {day_ja(end)}", reckoning.version.counting.roll_cite)


def acknowledge(length: Period, end: date, cite: str) -> Step:
    """When receipt must have been acknowledged."""
    return Step(f"acknowledge within {length} -> {day_en(end)}", f"受領確認 {length.ja}以内 → {day_ja(end)}", cite)


def extended(on: date, length: Period | None, cite: str) -> Step:
    """What an extension did."""
    if length is None:
        return Step(
            f"extended on {day_en(on)}: the law sets no maximum, so the first date stands until the person has been told another",
            f"{day_ja(on)}に延長：法律に上限がないため、本人に通知した日まで当初の期限を維持",
            cite,
        )
    return Step(
        f"extended on {day_en(on)} by {length}, counted from the first start", f"{day_ja(on)}に{length.ja}延長(当初の起算日から)", cite
    )


def not_extendable(on: date, law: Law) -> Step:
    """An extension that this law does not know."""
    return Step(
        f"extended on {day_en(on)}: {law.id} allows no extension here, the date stays",
        f"{day_ja(on)}の延長：{law.name.ja}では延長できず、期限は変わらない",
    )


def notice(by: date, cite: str) -> Step:
    """By when an extension must have been told."""
    return Step(f"an extension must be told by {day_en(by)}", f"延長の通知期限 {day_ja(by)}", cite)


def safe(day: date, rule: Rule) -> Step:
    """The cautious date."""
    if rule.safe_reason is not None:
        return Step(f"safe date {day_en(day)}: {rule.safe_reason.en}", f"安全側の期限 {day_ja(day)}：{rule.safe_reason.ja}")
    return Step(f"safe date {day_en(day)}: no roll, most cautious reading", f"安全側の期限 {day_ja(day)}(休日延伸なし)")


def here(ends: datetime) -> Step:
    """When the safe day is over by the desk's own clock."""
    return Step(
        f"in our own time zone that day ends {day_en(ends)}{hour(ends)}",
        f"当方の時間帯では、その日は{day_ja(ends)}{hour(ends)}に終わる",
    )


def work(day: date, before: int) -> Step:
    """The company's own date."""
    return Step(
        f"work date {day_en(day)}: {before} working days before the safe date", f"社内目標 {day_ja(day)}(安全側の期限の{before}営業日前)"
    )


def target(day: date, length: Period) -> Step:
    """The company's own date where the law has no number."""
    return Step(
        f"work date {day_en(day)}: the law gives no number, {length} is the company's target",
        f"社内目標 {day_ja(day)}(法律に日数の定めはなく、{length.ja}は社内目標)",
    )


def immediate(rule: Rule) -> Step:
    """What bears no delay."""
    return Step(
        "takes effect at once; the date is only for telling the person",
        "効果は直ちに生じる(期限は通知のためのもの)",
        rule.immediate_cite or rule.cite,
    )
