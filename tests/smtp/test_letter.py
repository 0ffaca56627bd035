"""A queued letter becomes a mail that every mail program reads and that nothing in it can bend."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.carriers import Rejected
from bot.smtp import QueuedLetter, compose
from tests.smtp.sending import LETTER


def sent(letter: QueuedLetter) -> EmailMessage:
    """The mail as its reader parses it."""
    parsed = message_from_bytes(compose(letter).as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def sender_name(mail: EmailMessage) -> str:
    """The name in From. Before Python 3.13 `display_name` puts a blank between encoded words, against RFC 2047 s. 6.2."""
    (raw,) = (str(value) for name, value in mail.raw_items() if name == "From")
    return str(make_header(decode_header(raw.rpartition("<")[0].strip().strip('"'))))


def body(mail: EmailMessage, kind: str) -> str:
    """One of its two parts."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_letter_has_the_headers_of_an_answer() -> None:
    """RFC 3834 for automatic letters, RFC 5322 for threads; no letter of a case can be unsubscribed from."""
    mail = sent(LETTER)
    assert mail["From"] == "Nproc <desk@desk.example>"
    assert mail["To"] == "anna@sender.example"
    assert mail["Reply-To"] == "desk@desk.example"
    assert mail["Message-ID"] == "<rd.0123.abcd@desk.example>"
    assert mail["In-Reply-To"] == "<question@sender.example>"
    assert mail["References"] == "<first@sender.example> <question@sender.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Date"].datetime.tzinfo is not None
    assert "List-Unsubscribe" not in mail
    assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_letter_that_a_person_sent_is_not_marked_automatic() -> None:
    """Absence notes may answer it."""
    assert "Auto-Submitted" not in sent(replace(LETTER, auto=False, in_reply_to="", references=""))


def test_japanese_arrives_as_written_over_seven_bits() -> None:
    """Old servers and mail programs in Japan get encoded words and 7-bit bodies only."""
    letter = replace(
        LETTER,
        from_name="株式会社プライムナンバー 個人情報お問い合わせ窓口",
        subject="【受付のご連絡】個人情報の取扱いに関するお申し出について（受付番号：PR-2026-00042）",
        text="髙橋 様\n\n①ご請求を受け付けいたしました。\n",
        html="<p>髙橋 様</p>",
    )
    raw = compose(letter).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"From: =?utf-8?" in raw
    mail = sent(letter)
    assert sender_name(mail) == letter.from_name
    assert mail["From"].addresses[0].addr_spec == "desk@desk.example"
    assert mail["Subject"] == letter.subject
    assert body(mail, "plain").replace("\r\n", "\n") == letter.text


def test_long_message_ids_stay_whole() -> None:
    """A mail program that gets them encoded finds no thread."""
    ids = [f"<{'x' * 180}{n}@sender.example>" for n in range(30)]
    raw = compose(replace(LETTER, references=" ".join(ids), in_reply_to=ids[-1])).as_bytes()
    unfolded = raw.decode().replace("\r\n ", " ")
    assert f"\r\nIn-Reply-To: {ids[-1]}\r\n" in unfolded
    assert f"\r\nReferences: {' '.join([ids[0], *ids[-19:]])}\r\n" in unfolded


def test_what_is_no_message_id_is_left_out_of_references() -> None:
    """The header of a stranger's mail is not copied blindly."""
    mail = sent(replace(LETTER, references="junk <ok@sender.example> <no\r\nBcc: x@x.example>", in_reply_to="nothing"))
    assert mail["References"] == "<ok@sender.example>"
    assert "In-Reply-To" not in mail
    assert "Bcc" not in mail


text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)


@given(subject=text, name=text, words=text)
def test_whatever_is_written_arrives(subject: str, name: str, words: str) -> None:
    """In any script; only surrounding blanks and their number may change in a header."""
    mail = sent(replace(LETTER, subject=subject, from_name=name, text=words + "\n"))
    assert str(mail["Subject"] or "").split() == subject.split()
    shown = mail["From"].addresses[0].display_name if name.isascii() else sender_name(mail)
    assert shown.split() == name.split()
    assert mail["From"].addresses[0].addr_spec == "desk@desk.example"
    assert body(mail, "plain").replace("\r\n", "\n") == words + "\n"


@given(st.text(st.sampled_from('\r\n\0\t\x0b\x85\u2028 :,;<>"@Bcex.') | st.characters(), max_size=60))
def test_no_value_makes_a_header_or_a_recipient(value: str) -> None:
    """Subject, name and the identifiers of a stranger's mail are the ways in."""
    mail = sent(replace(LETTER, subject=value, from_name=value, in_reply_to=value, references=value))
    known = {"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"}
    assert set(mail.keys()) <= known | {"MIME-Version", "Content-Type"}
    assert [a.addr_spec for a in mail["From"].addresses] == ["desk@desk.example"]
    assert mail["To"] == "anna@sender.example"


def test_a_domain_in_any_script_is_written_in_ascii() -> None:
    """IDNA, for servers without SMTPUTF8."""
    assert sent(replace(LETTER, to="anna@bücher.example"))["To"] == "anna@xn--bcher-kva.example"


NO_ADDRESSES = [
    "",
    "anna",
    "anna@",
    "@sender.example",
    "anna@sender.example\r\nBcc: x@x.example",
    "anna@sender.example, b@x.example",
    "<anna@sender.example>",
    "anna@b@sender.example",
    ".anna@sender.example",
    "anna.@sender.example",
    "än@sender.example",
    "anna@sender..example",
    "anna\0@sender.example",
    "anna @sender.example",
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_is_none_is_rejected(address: str) -> None:
    """For good, and with a sentence that doesn't repeat it."""
    with pytest.raises(Rejected, match="address of the recipient") as told:
        compose(replace(LETTER, to=address))
    assert not address or address not in told.value.sentence


def test_a_letter_without_its_message_id_is_rejected() -> None:
    """Sent without one, nobody could tell whether it was sent twice."""
    with pytest.raises(Rejected):
        compose(replace(LETTER, message_id="none"))


def test_a_letter_is_read_from_its_row() -> None:
    """Fields of the row that no carrier needs are passed over."""
    payload = {
        "from_name": "Nproc", "from": "desk@desk.example", "to": "anna@sender.example", "reply_to": "desk@desk.example", "subject": "s",
        "text": "t", "html": "h", "message_id": "<a@b>", "in_reply_to": None, "auto": True, "actor": "U1", "letter": "reply",
    }  # fmt: skip
    letter = QueuedLetter.from_payload(payload)
    assert (letter.from_, letter.auto, letter.in_reply_to, letter.references) == ("desk@desk.example", True, "", "")
    with pytest.raises(KeyError):
        QueuedLetter.from_payload({k: v for k, v in payload.items() if k != "message_id"})
