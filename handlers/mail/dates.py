"""Dates in headers: aware datetimes, or None where there is no telling."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from handlers.mail.header import decode_value
from handlers.mail.message import Hop

_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_COLON_ZONE = re.compile(r"([+-]\d\d):(\d\d)\b")


def parse(text: str) -> datetime | None:
    """The moment that a Date value names (RFC 5322, or ISO 8601 as some programs write); one without a zone counts as UTC."""
    text = _COLON_ZONE.sub(r"\1\2", _COMMENT.sub(" ", text[:200])).strip()
    if not text:
        return None
    moment: datetime | None = None
    try:
        moment = parsedate_to_datetime(text)
    except Exception:  # noqa: BLE001 -- the stdlib raises nearly everything on dates from the wild
        try:
            moment = datetime.fromisoformat(text.replace(" +", "+").replace("Z", "+00:00"))
        except (ValueError, OverflowError):
            return None
    try:
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= 1970 else None


def hop(value: bytes) -> Hop:
    """A raw Received value: who wrote it and when."""
    text = decode_value(value)[:4000]
    trace, _, stamp = text.rpartition(";")
    by = _BY.search(_COMMENT.sub(" ", trace or text))
    return Hop(by.group(1).lower().rstrip(".") if by else "", parse(stamp) if trace else None)


def spoken(text: str) -> datetime | None:
    """A date as a mail program writes it above a forwarded mail (`Montag, 5. Januar 2026 um 10:15 MEZ`); UTC where no zone is stated."""
    text = text[:200].lower()
    match = _YEAR_FIRST.search(text) or _DAY_FIRST.search(text) or _MONTH_FIRST.search(text) or _NUMBERS.search(text)
    if match is None:
        return None
    name = match["month"]
    month = int(name) if name.isdigit() else _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])
    hour, minute = _time(text[match.end() :])
    zone = next((offset for word, offset in _ZONES.items() if re.search(rf"\b{word}\b", text)), 0)
    if shift := _SHIFT.search(text):
        zone = int(shift.group(1))
    try:
        return datetime(int(match["year"]), month or 0, int(match["day"]), hour, minute, tzinfo=timezone(timedelta(hours=zone)))
    except ValueError:
        return None


def _time(text: str) -> tuple[int, int]:
    time = _TIME.search(text)
    if time is None:
        return 0, 0
    before, hour, minute, after = time.groups()
    later = (before or after or "")[:1] in ("p", "後", "후", "下") or (before or "") in ("午後", "오후", "下午")
    return int(hour) + (12 if later and int(hour) < 12 else 0), int(minute)


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan|janv|ene|gen|sty|led|янв", "feb|fév|fevr|févr|fev|lut|úno|фев",
            "mar|mär|mars|maa|mrt|már|bře|мар", "apr|avr|abr|kwi|dub|апр",
            "may|mai|may|mag|mei|maj|kvě|мая", "jun|juin|giu|cze|červ|июн", "jul|juil|lug|lip|июл", "aug|août|aoû|ago|sie|srp|авг",
            "sep|set|wrz|zář|сен", "oct|okt|ott|out|paź|říj|окт", "nov|lis|noj|ноя", "dec|dez|déc|dic|gru|pro|дек",
        ),
        start=1,
    )
    for name in names.split("|")
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[年년/.-]\s?(?P<month>\d{1,2})\s?[月월/.-]\s?(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(?P<year>\d{4})")
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})")
_NUMBERS = re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})")
_TIME = re.compile(r"(午前|午後|오전|오후|上午|下午)?\s?(\d{1,2})[:.h時시]\s?(\d{2})(?::\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?")
_SHIFT = re.compile(r"\b(?:utc|gmt)([+-]\d{1,2})\b")
_ZONES = {"jst": 9, "kst": 9, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "bst": 1, "est": -5, "edt": -4, "cst": -6, "pst": -8, "pdt": -7}
