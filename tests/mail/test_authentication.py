"""Authentication-Results count only from our own server, and only the topmost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.mail import authentication, parse

US = ("mx.ghs.example",)


def judged(*headers: str, trusted: tuple[str, ...] = US, sender: str = "dana@whitfield.example") -> str:
    raw = "".join(f"Authentication-Results: {value}\r\n" for value in headers) + f"From: {sender}\r\n\r\nhi"
    return authentication(parse(raw.encode()), trusted)


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("mx.ghs.example; dmarc=pass header.from=whitfield.example", "pass"),
        ("MX.ghs.example 1;\r\n dkim=pass header.d=else.test;\r\n dmarc=pass (p=reject dis=none) header.from=whitfield.example", "pass"),
        ("mx.ghs.example; spf=pass smtp.mailfrom=whitfield.example; dmarc=fail header.from=whitfield.example", "fail"),
        ("mx.ghs.example; dmarc=none; spf=pass smtp.mailfrom=bounce@mail.whitfield.example", "pass"),
        ("mx.ghs.example; spf=pass smtp.mailfrom=bounce@else.test", "none"),
        ("mx.ghs.example; dkim=pass header.d=whitfield.example", "pass"),
        ("mx.ghs.example; dkim=pass header.i=@whitfield.example", "pass"),
        ("mx.ghs.example; dkim=pass header.d=field.example", "none"),
        ("mx.ghs.example; dkim=fail header.d=whitfield.example; spf=fail smtp.mailfrom=dana@whitfield.example", "fail"),
        ("mx.ghs.example; dkim=pass header.d=whitfield.example; spf=fail smtp.mailfrom=dana@whitfield.example", "pass"),
        ("mx.ghs.example; spf=softfail smtp.mailfrom=dana@whitfield.example", "none"),
        ("mx.ghs.example; dmarc=temperror", "none"),
        ("mx.ghs.example; none", "none"),
        ("mx.ghs.example", "none"),
        ("mx.ghs.example; dmarc=", "none"),
        ("mx.ghs.example; (((", "none"),
        ("mx.other.example; dmarc=pass", "none"),
        ("", "none"),
    ],
)
def test_the_result_of_a_header(value: str, outcome: str) -> None:
    """DMARC first, then SPF or DKIM aligned with From; broken headers prove nothing."""
    assert judged(value) == outcome


def test_only_the_topmost_trusted_header_counts() -> None:
    """What a sender put below or beside our server's own is not read."""
    assert judged("mx.forger.example; dmarc=fail", "mx.ghs.example; dmarc=fail", "mx.ghs.example; dmarc=pass") == "fail"


def test_without_a_trusted_server_nothing_is_known() -> None:
    """No name is trusted by default."""
    assert judged("mx.ghs.example; dmarc=pass", trusted=()) == "none"


def test_a_mail_without_from_is_aligned_with_nothing() -> None:
    """SPF of the envelope alone is no proof of a sender who is not named."""
    mail = parse(b"Authentication-Results: mx.ghs.example; spf=pass smtp.mailfrom=whitfield.example\r\n\r\nhi")
    assert authentication(mail, US) == "none"


@given(st.text(max_size=120))
def test_any_header_is_judged(value: str) -> None:
    """Nothing raises."""
    assert judged("mx.ghs.example; " + value.replace("\n", " ").replace("\r", " ")) in ("pass", "fail", "none")
