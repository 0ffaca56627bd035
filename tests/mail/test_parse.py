"""What holds for every mail: parsing never raises, what was written is read back, size and depth break nothing."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.mail import Mail, parse

HEAD = b"From: Dana <dana@whitfield.example>\r\nTo: nproc-support@ghs.tokyo\r\nSubject: Request\r\nMIME-Version: 1.0\r\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"

# Bytes that look like mail: scraps of headers, structure and text in any order.
SCRAPS = st.sampled_from(
    [
        b"From: ", b"a@b.test", b"Subject: =?utf-8?b?", b"?=", b"=?iso-2022-jp?q?=1B", b"\r\n", b"\n", b"\r\n\r\n", b"\r\n ",
        b"--x", b"--x--", b"--", b"Content-Type: multipart/mixed; boundary=x",
        b"Content-Type: multipart/alternative; boundary=\"x\"", b"Content-Type: message/rfc822",
        b"Content-Type: text/html; charset=utf-7", b"Content-Type: text/plain; format=flowed; charset=shift_jis",
        b"Content-Type: text/calendar", b"Content-Type: application/ms-tnef", b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable", b"eJ8+IgAA",
        b"Content-Disposition: attachment; filename*0*=utf-8''%E3; filename*1*=%81%82", b"> quoted",
        b"On 5 Jan 2026 at 10:00, a <a@b.test> wrote:", b"-- \r\nme", b"<div style='display:none'>x</div>",
        b"<blockquote type=cite>y", b"\x1b$B", b"\x1b(B", b"\x82\xa0", b"\xa4\xa2", b"=E3=81", b"\x00",
        b"---------- Forwarded message ---------", b"From: c@d.test\r\nDate: Mon, 5 Jan 2026\r\nSubject: z\r\n",
        b"BEGIN:VCALENDAR", b"SUMMARY:q",
    ]
)  # fmt: skip


def promises(mail: Mail, raw: bytes) -> None:
    """What is true of every parsed mail."""
    assert mail.size == len(raw)
    assert not [defect for defect in mail.defects if defect.startswith("unreadable")]
    assert bool(mail.words) == bool(mail.text)
    assert mail.date is None or mail.date.tzinfo is not None
    assert all("\n" not in value and "\r" not in value for _, value in mail.headers)
    assert all(address.count("@") and address == address.lower() for address in mail.recipients)
    mail.text.encode()
    mail.subject.encode()


@pytest.mark.fuzz
@given(st.binary(max_size=2_000))
def test_any_bytes_are_parsed(raw: bytes) -> None:
    """Parsing never raises, whatever the bytes."""
    promises(parse(raw), raw)


@pytest.mark.fuzz
@given(st.lists(st.one_of(SCRAPS, st.binary(max_size=12)), max_size=60).map(b"".join))
def test_anything_that_looks_like_mail_is_parsed(raw: bytes) -> None:
    """Parsing never raises on scraps of mail in any order."""
    promises(parse(raw), raw)


SPOKEN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Co", "Cn"]), min_size=1, max_size=40)


@pytest.mark.fuzz
@given(
    subject=SPOKEN,
    lines=st.lists(SPOKEN, min_size=1, max_size=5),
    file_name=SPOKEN,
    encoding=st.sampled_from(["base64", "quoted-printable"]),
)
def test_what_the_standard_library_writes_is_read_back(subject: str, lines: list[str], file_name: str, encoding: str) -> None:
    """Subject, sender, text and file of a well-formed mail come back as they were."""
    written = EmailMessage()
    written["Subject"] = subject
    written["From"] = "dana@whitfield.example"
    written["Date"] = format_datetime(datetime(2026, 1, 5, 10, 15, tzinfo=UTC))
    text = "Hello.\n" + "\n".join(lines)
    written.set_content(text, cte=encoding)
    written.add_attachment(b"12345", maintype="application", subtype="pdf", filename=file_name.replace("/", "").replace("\\", "") + ".pdf")
    mail = parse(written.as_bytes())
    assert mail.subject == subject
    assert mail.sender is not None
    assert mail.sender.address == "dana@whitfield.example"
    assert mail.date == datetime(2026, 1, 5, 10, 15, tzinfo=UTC)
    assert mail.text == text
    assert [file.size for file in mail.attachments] == [5]


def test_the_headers_keep_their_order_and_their_repeats() -> None:
    """`headers` is the mail's own order; `header` gives the first, `all` every one."""
    mail = parse(b"X-A: 1\r\nFrom: a@b.test\r\nx-a: 2\r\n\r\nhi")
    assert mail.headers == (("x-a", "1"), ("from", "a@b.test"), ("x-a", "2"))
    assert mail.header("X-A") == "1"
    assert mail.all("X-a") == ("1", "2")
    assert mail.header("missing") is None


def test_ten_thousand_headers_are_read() -> None:
    """All of them are there, and the text below them."""
    mail = parse(b"".join(b"X-%d: =?utf-8?q?=C3=A9?=\r\n" % number for number in range(10_000)) + PLAIN + b"Delete me.")
    assert len(mail.headers) == 10_005
    assert mail.header("x-9999") == "é"
    assert mail.words == "Delete me."


def test_headers_without_end_are_cut_and_named() -> None:
    """Headers beyond the limit are left out, loudly."""
    mail = parse(b"".join(b"X-%d: v\r\n" % number for number in range(30_000)) + PLAIN + b"Delete me.")
    assert "too many headers" in mail.defects
    assert mail.words == "Delete me."


@pytest.mark.parametrize("kind", [b"mixed", b"alternative", b"related"])
def test_a_thousand_nested_parts_are_read(kind: bytes) -> None:
    """The text at the bottom of a thousand multiparts is the text of the mail."""
    raw = HEAD
    for level in range(1_000):
        raw += b'Content-Type: multipart/%s; boundary="b%d"\r\n\r\n--b%d\r\n' % (kind, level, level)
    raw += b"Content-Type: text/plain\r\n\r\nDelete me.\r\n" + b"".join(b"--b%d--\r\n" % level for level in reversed(range(1_000)))
    assert parse(raw).text == "Delete me."


def test_a_thousand_messages_in_messages_break_nothing() -> None:
    """Messages nested deeper than anybody forwards are read without recursion."""
    raw = HEAD + b"".join(b"Content-Type: message/rfc822\r\n\r\nSubject: %d\r\n" % level for level in range(1_000)) + b"\r\nhi"
    assert parse(raw).readable


def test_twenty_thousand_parts_are_cut_and_named() -> None:
    """Parts beyond the limit are left out, loudly."""
    mail = parse(HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nhi\r\n" * 25_000 + b"--x--\r\n")
    assert "too many parts" in mail.defects
    assert mail.text.startswith("hi\n\nhi")


def test_of_a_text_too_long_head_and_tail_are_kept() -> None:
    """A wish at either end of megabytes of text is read."""
    mail = parse(PLAIN + b"Delete me first.\r\n" + b"And so on and so on.\r\n" * 200_000 + b"Delete me last.\r\n")
    assert mail.text.startswith("Delete me first.")
    assert mail.text.endswith("Delete me last.")
    assert any("too long" in defect for defect in mail.defects)


def test_a_large_attachment_is_measured_without_being_decoded() -> None:
    """The size of a file is that of its bytes."""
    content = bytes(range(256)) * 4_000
    raw = (
        HEAD + b'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee file.\r\n--x\r\nContent-Type: image/png; name="id.png"\r\n'
    )
    raw += b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content) + b"\r\n--x--\r\n"
    assert [(file.name, file.size) for file in parse(raw).attachments] == [("id.png", len(content))]


@pytest.mark.parametrize(
    "body",
    [
        b"\r\n" * 300_000,
        b"On " + b"a wrote " * 40_000,
        b"From: \r\n\r\n" * 20_000,
        b"> " * 200_000,
        b"-" * 400_000,
        b"--\r\n" * 60_000,
        b"a:\r\n" * 60_000,
        b"a@" * 200_000,
        b"---------- Forwarded message ---------\r\n" * 5_000,
        b"On 5 Jan 2026 at 10:00, a <a@b.test> wrote\r\n" * 5_000,
        b"Sent from my iPhone\r\n\r\n" * 5_000,
    ],
)
def test_text_made_to_be_slow_is_read(body: bytes) -> None:
    """Lines that make expressions run away are read to the end (the fuzzer measures the time)."""
    promises(parse(PLAIN + body), PLAIN + body)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 30_000 + b"Delete me.",
        b"<table><tr><td>" * 300 + b"Delete me.",
        b"<blockquote type=cite>" * 2_000 + b"Delete me.",
        b"<ul><li>" * 1_000 + b"Delete me.",
        b"<p>Delete me." + b"<" * 100_000,
        b"<p>Delete me.<table>" + b"<tr><td>x</td><td>y</td></tr>" * 4_000,
    ],
)
def test_html_made_to_break_a_renderer_keeps_its_words(body: bytes) -> None:
    """Where no tree can hold the HTML, the words between its tags are read."""
    assert "Delete me." in parse(HEAD + b"Content-Type: text/html\r\n\r\n" + body).text
