"""Dates in headers: aware datetimes, or None where there is no telling."""

import re
from datetime import UTC, datetime
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
    """A date as a mail program writes it above a forwarded mail (`Montag, 5. Januar 2026 10:15`), taken as UTC."""
    text = text[:200].lower()
    match = _DAY_FIRST.search(text) or _MONTH_FIRST.search(text) or _NUMBERS.search(text)
    if match is None:
        return None
    parts = match.groupdict()
    month = (
        int(parts["month"]) if parts["month"].isdigit() else _MONTHS.get(parts["month"].rstrip(".")[:4]) or _MONTHS.get(parts["month"][:3])
    )
    if not month:
        return None
    time = _TIME.search(text, match.end())
    hour, minute = (int(time.group(1)), int(time.group(2))) if time else (0, 0)
    hour += 12 if time and (time.group(3) or "").startswith("p") and hour < 12 else 0
    try:
        return datetime(int(parts["year"]), month, int(parts["day"]), hour, minute, tzinfo=UTC)
    except ValueError:
        return None


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
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(?P<year>\d{4})")
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})")
_NUMBERS = re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?::\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?")
