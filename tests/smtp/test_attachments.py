"""Files go with a letter as they are, none that runs, none that a mail server would not take; an archive is locked."""

import io
import re
import zipfile
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import pyzipper
from hypothesis import given
from hypothesis import strategies as st

from bot.carriers import Rejected
from bot.encrypted_zip import encrypted, new_password
from bot.smtp import QueuedLetter, compose
from handlers.enclosures import MOST, Enclosure, check, enclosure, mailed, packed, unpacked
from handlers.refused import Refused
from tests.smtp.sending import LETTER

CSV = Enclosure("data.csv", "text/csv", "name;café\r\n".encode())
PDF = Enclosure("回答書 髙橋.pdf", "application/pdf", bytes(range(256)) * 40)


def sent(*files: Enclosure) -> EmailMessage:
    """The mail as its reader parses it."""
    raw = compose(replace(LETTER, attachments=files)).as_bytes()
    assert raw.isascii()
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def zipped(*names: str) -> bytes:
    """A plain archive that holds files of those names."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def test_files_go_behind_the_two_parts_as_they_are() -> None:
    """Names in any script, bytes untouched, one MIME-Version."""
    mail = sent(CSV, PDF)
    assert [p.get_content_type() for p in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/csv",
        "application/pdf",
    ]
    parts = list(mail.iter_attachments())
    assert [p.get_filename() for p in parts] == [CSV.name, PDF.name]
    assert [p.get_payload(decode=True) for p in parts] == [CSV.content, PDF.content]
    assert all(p.get_content_disposition() == "attachment" for p in parts)
    assert sum("MIME-Version" in p for p in mail.walk()) == 1
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Dear Anna,")


def test_a_letter_without_files_is_as_before() -> None:
    assert sent().get_content_type() == "multipart/alternative"


def test_files_lie_in_the_row_and_come_out_again() -> None:
    """As base64 in its JSON; a damaged row is no letter."""
    assert unpacked(packed([CSV, PDF])) == (CSV, PDF)
    payload = {
        "from_name": "Nproc", "from": "desk@desk.example", "to": "anna@sender.example", "reply_to": "", "subject": "s",
        "text": "t", "html": "h", "message_id": "<a@b>", "attachments": packed([CSV]),
    }  # fmt: skip
    assert QueuedLetter.from_payload(payload).attachments == (CSV,)
    assert QueuedLetter.from_payload(payload | {"attachments": []}).attachments == ()
    with pytest.raises(ValueError, match="base64"):
        unpacked([{"name": "a", "type": "b", "content": "!"}])


PROGRAMS = [
    ("run.exe", b"x"),
    ("letter.pdf.JS", b"x"),
    ("a.scr ", b"x"),
    ("a.bat...", b"x"),
    ("data.csv", b"MZ\x90\0" + bytes(80)),
    ("data.csv", b"\x7fELF\x02"),
    ("data", b"#!/bin/sh\n"),
    ("files.zip", zipped("a.csv", "deep/run.EXE")),
    ("macros.docx", zipped("word/run.vbs")),
]


@pytest.mark.parametrize(("name", "content"), PROGRAMS)
def test_a_program_is_not_sent_under_any_name(name: str, content: bytes) -> None:
    """By its name, by how it begins, by what an archive holds: refused when it is chosen and when it would leave."""
    with pytest.raises(Refused) as refused:
        enclosure(name, "text/csv", content)
    assert refused.value.field == "attachments"
    if name == name.strip(" ."):
        with pytest.raises(Rejected):
            sent(Enclosure(name, "text/csv", content))


@pytest.mark.parametrize(
    ("name", "content"),
    [("data.csv", b"MZ;TR\n1;2\n"), ("a.json", b"{}"), ("a.zip", zipped("a.csv")), ("broken.zip", b"PK\x03\x04x"), ("no ending", b"a")],
)
def test_a_harmless_file_is_sent(name: str, content: bytes) -> None:
    assert enclosure(name, "text/csv", content).name == name


def test_too_much_and_nothing_and_twins_are_refused() -> None:
    """The limit is on what the mail weighs; a file too many is named, not cut."""
    half = Enclosure("a.bin2", "application/octet-stream", bytes(MOST // 2))
    with pytest.raises(Refused, match=r"take 34\.2 MB in a mail; 25 MB is the most"):
        check([half, replace(half, name="b.bin2")])
    check([half])
    with pytest.raises(Refused, match="empty"):
        check([replace(CSV, content=b"")])
    with pytest.raises(Refused, match="Two attachments"):
        check([CSV, replace(CSV, name="DATA.csv")])


def test_what_the_limit_reckons_is_what_the_mail_weighs() -> None:
    """Within a hundredth."""
    file = Enclosure("a", "application/octet-stream", bytes(500_000))
    weight = len(compose(replace(LETTER, attachments=(file,))).as_bytes()) - len(compose(LETTER).as_bytes())
    assert abs(weight - mailed([file])) < 5_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\anna\\data.csv", "data.csv"),
        ("a\r\nBcc: x@x.example\r\n.csv", "a Bcc: x@x.example .csv"),
        ("fdp.\u202egnp.csv", "fdp. gnp.csv"),
        ("", "attachment"),
        ("...", "attachment"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_neither_leads_away_nor_misleads(name: str, shown: str) -> None:
    assert enclosure(name, "text/csv", b"a").name == shown


@pytest.mark.parametrize("wrong", ["", "text", "message/rfc822", "multipart/mixed", "text/html\r\nX: y", "a/b/c"])
def test_a_type_that_a_reader_might_open_otherwise_is_made_plain(wrong: str) -> None:
    assert enclosure("a.eml", wrong, b"a").type == "application/octet-stream"


@given(st.text(max_size=200), st.text(max_size=40), st.binary(min_size=1, max_size=200))
def test_any_file_arrives_or_is_refused(name: str, type_: str, content: bytes) -> None:
    """No header of its own, the bytes as they were."""
    try:
        file = enclosure(name, type_, content)
    except Refused:
        return
    mail = sent(file)
    (part,) = mail.iter_attachments()
    assert part.get_payload(decode=True) == content
    assert set(part.keys()) == {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"}


def test_an_archive_opens_with_its_password_alone() -> None:
    """AES-256; every file as it was; without the password nothing."""
    password = new_password()
    archive = encrypted([CSV, PDF], "PR-2026-00042", password)
    assert (archive.name, archive.type) == ("PR-2026-00042.zip", "application/zip")
    assert CSV.content not in archive.content
    with pyzipper.AESZipFile(io.BytesIO(archive.content)) as opened:
        with pytest.raises(RuntimeError, match="password"):
            opened.read("data.csv")
        opened.setpassword(password.encode())
        assert {name: opened.read(name) for name in opened.namelist()} == {CSV.name: CSV.content, PDF.name: PDF.content}
        assert {info.wz_aes_strength for info in opened.infolist()} == {3}, "3 is AES-256 (WinZip's AE specification)"
    with pyzipper.AESZipFile(io.BytesIO(archive.content)) as opened, pytest.raises(RuntimeError, match="password"):
        opened.read("data.csv", pwd=b"wrong")


def test_a_password_can_be_read_out_and_not_guessed() -> None:
    """Never the same twice, no sign that is mistaken for another."""
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([A-HJ-NP-Z2-9]{5}-){3}[A-HJ-NP-Z2-9]{5}", p) for p in made)
