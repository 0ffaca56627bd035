"""Every oddity of `tests/mails` is read as the values beside it say."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.mail import Address, Forward, Mail, parse

MAILS = Path(__file__).parent.parent / "mails"
SAMPLES = sorted(path.stem for path in MAILS.glob("*.eml"))


def expected(name: str) -> dict[str, Any]:
    """The [mail] table beside a sample; mails that only sorting cares for have none."""
    path = MAILS / f"{name}.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("mail", {}) if path.exists() else {}
    return table


def shown(addresses: tuple[Address, ...]) -> list[str]:
    return [str(address) if address.address else address.name for address in addresses]


def moment(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def forwarded(forward: Forward | None) -> dict[str, str]:
    if forward is None:
        return {}
    return {
        "sender": str(forward.sender) if forward.sender else "",
        "sent": moment(forward.sent),
        "subject": forward.subject,
        "text": forward.text,
    }


# How each key of a [mail] table is read off a mail; a key that is not here names a field of Mail that is compared as it is.
READ: dict[str, Callable[[Mail], Any]] = {
    "message_id": lambda mail: mail.message_id or "",
    "sender": lambda mail: str(mail.sender) if mail.sender else "",
    "from_": lambda mail: shown(mail.from_),
    "to": lambda mail: shown(mail.to),
    "cc": lambda mail: shown(mail.cc),
    "reply_to": lambda mail: shown(mail.reply_to),
    "recipients": lambda mail: sorted(mail.recipients),
    "date": lambda mail: moment(mail.date),
    "in_reply_to": lambda mail: list(mail.in_reply_to),
    "references": lambda mail: list(mail.references),
    "attachments": lambda mail: [f"{file.name} | {file.type} | {file.size}" for file in mail.attachments],
    "content_ids": lambda mail: [file.content_id or "" for file in mail.attachments],
    "content_types": lambda mail: list(mail.content_types),
    "received": lambda mail: [f"{hop.by} {moment(hop.at)}".strip() for hop in mail.received],
    "authentication_results": lambda mail: list(mail.authentication_results),
    "reports": lambda mail: [report.type for report in mail.reports],
    "defects": lambda mail: list(mail.defects),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_the_values_beside_it_say(name: str) -> None:
    """Each key of the [mail] table holds."""
    mail = parse((MAILS / f"{name}.eml").read_bytes())
    for key, value in expected(name).items():
        if key == "forward":
            assert {field: forwarded(mail.forward).get(field) for field in value} == value
        elif key == "fields":
            fields = dict(pair for report in mail.reports for pair in reversed(report.fields))
            assert {field: fields.get(field) for field in value} == value
        elif key in ("text_has", "words_has"):
            assert [piece for piece in value if piece not in getattr(mail, key.removesuffix("_has"))] == []
        elif key in ("text_lacks", "words_lacks"):
            assert [piece for piece in value if piece in getattr(mail, key.removesuffix("_lacks"))] == []
        elif key == "forwarded":
            assert (mail.forward is not None) is value
        else:
            assert (READ[key](mail) if key in READ else getattr(mail, key)) == value, key


def test_every_sample_has_its_values_beside_it() -> None:
    """No .eml without a .toml, no .toml without an .eml."""
    assert sorted(path.stem for path in MAILS.glob("*.toml")) == SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_words_are_never_lost(name: str) -> None:
    """Where a mail has text, the person's own words are not empty."""
    mail = parse((MAILS / f"{name}.eml").read_bytes())
    assert bool(mail.words) == bool(mail.text)
