"""Copies of one mail have one content fingerprint, different mails never do (rule 1 of the design)."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.mail import fingerprints

MAIL = (
    b"From: dana@whitfield.example\r\nTo: nproc-support@ghs.tokyo\r\nSubject: Delete\r\n  my data\r\nMessage-ID: <a@whitfield.example>\r\n"
    b"DKIM-Signature: v=1; d=whitfield.example; b=abc\r\n\r\nPlease delete my data.\r\n"
)
TRACE = (
    b"Return-Path: <dana@whitfield.example>\r\nDelivered-To: nproc-support@ghs.tokyo\r\nX-Original-To: nproc-support@ghs.tokyo\r\n"
    b"Received: from a by b; Mon, 5 Jan 2026 10:00:00 +0900\r\nAuthentication-Results: mx.example; dmarc=pass\r\n"
    b"ARC-Seal: i=1; cv=none\r\nARC-Authentication-Results: i=1; mx.example\r\n"
)


def test_copies_differ_in_their_bytes_and_not_in_their_content() -> None:
    """Trace headers are no part of the content."""
    whole, content = fingerprints(MAIL)
    other_whole, other_content = fingerprints(TRACE + MAIL)
    assert whole != other_whole
    assert content == other_content


def test_line_ends_folding_and_last_empty_lines_are_no_content() -> None:
    """The same mail from an mbox file and over IMAP has one content."""
    plain = MAIL.replace(b"\r\n", b"\n").replace(b"Delete\n  my", b"Delete my") + b"\n\n"
    assert fingerprints(plain)[1] == fingerprints(MAIL)[1]


def test_another_message_id_text_or_recipient_is_another_content() -> None:
    """What the sender wrote counts, DKIM signature included."""
    others = [
        MAIL.replace(b"<a@", b"<b@"),
        MAIL.replace(b"my data.", b"my data!"),
        MAIL.replace(b"nproc-support@ghs.tokyo", b"secretary@primenumber.co.jp"),
        MAIL.replace(b"b=abc", b"b=abd"),
        MAIL.replace(b"\r\n\r\n", b"\r\nCc: x@y.test\r\n\r\n"),
    ]
    assert len({fingerprints(mail)[1] for mail in [MAIL, *others]}) == 1 + len(others)


def test_a_header_moved_into_the_text_is_another_content() -> None:
    """Headers and text cannot be taken for one another."""
    assert fingerprints(b"Subject: a\r\n\r\nb")[1] != fingerprints(b"X-Trace: 1\r\n\r\nsubject:a\r\n\r\nb")[1]


@given(st.binary(max_size=300), st.integers(0, 3))
def test_line_ends_are_levelled_wherever_a_chunk_ends(tail: bytes, shift: int) -> None:
    """A large mail has the content of the same mail with plain line feeds."""
    body = b"x" * ((1 << 20) - 8 - shift) + b"\r\n\r\n\r\ny" + tail.replace(b"\r", b"")
    assert fingerprints(b"A: b\r\n\r\n" + body)[1] == fingerprints(b"A: b\n\n" + body.replace(b"\r\n", b"\n"))[1]


@given(st.binary(max_size=500))
def test_any_bytes_have_fingerprints(raw: bytes) -> None:
    """Nothing raises; both are 32 bytes, and the same each time."""
    assert fingerprints(raw) == fingerprints(raw)
    assert [len(digest) for digest in fingerprints(raw)] == [32, 32]
