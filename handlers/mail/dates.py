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
