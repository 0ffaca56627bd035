"""The mail servers of the tests and the demo behave as the real ones that they stand for."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.demo.smtpsink import NO_ANSWER, SmtpSink
from tests.servers.imap import Account, ImapServer

MAIL = b"From: erika@sender.example\r\nTo: desk@desk.example\r\nSubject: hello\r\n\r\nGood day\r\n"


def test_a_mail_keeps_the_time_it_arrived(imap: Account) -> None:
    """INTERNALDATE is what the delivery said, on either server."""
    imap.append(MAIL, arrived=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    with imap.connect() as client:
        client.select("INBOX", readonly=True)
        _, rows = client.fetch("1", "(INTERNALDATE)")
    assert b'"02-Jan-2026 03:04:00 +0000"' in rows[0]


def test_two_accounts_share_no_mail(imap: Account) -> None:
    """Each test starts with an empty INBOX and an empty Junk."""
    imap.append(MAIL, MAIL)
    imap.append(MAIL, folder="Junk")
    other = imap.server.account()
    assert len(imap.flags()) == 2
    assert len(imap.flags("Junk")) == 1
    assert other.flags() == {}
    assert other.flags("Junk") == {}


def test_only_dovecot_keeps_keywords(imap: Account) -> None:
    """pymap drops them in silence, as Microsoft 365 does."""
    imap.append(MAIL)
    with imap.connect() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "(rightsdesk-done)")
    assert list(imap.flags().values()) == [{"rightsdesk-done"} if imap.keywords else set()]


def test_a_server_that_was_stopped_comes_back_on_its_port(own_imap: ImapServer) -> None:
    """Dovecot still has the mail, pymap has lost it."""
    account = own_imap.account()
    account.append(MAIL)
    own_imap.stop()
    with pytest.raises(OSError), account.connect():  # noqa: PT011 -- refused or reset, by whichever comes first
        pass
    own_imap.start()
    assert len(account.flags()) == (1 if own_imap.kind == "dovecot" else 0)


def test_a_letter_is_kept_as_it_came_and_as_a_person_reads_it(smtp_sink: SmtpSink) -> None:
    """Two files a letter."""
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        client.sendmail("desk@desk.example", ["erika@sender.example"], MAIL)
    (letter,) = smtp_sink.wait_for(1)
    assert letter.message["Subject"] == "hello"
    assert letter.recipients == ("erika@sender.example",)
    names = sorted(p.name for p in smtp_sink.folder.iterdir())
    assert names == ["001-erika@sender.example.eml", "001-erika@sender.example.txt"]
    assert "Good day" in (smtp_sink.folder / names[1]).read_text(encoding="utf-8")


def test_the_sink_answers_as_told(smtp_sink: SmtpSink) -> None:
    """A refusal for now, one for ever, and a connection that is lost after the letter was taken."""
    smtp_sink.answer_next("451 4.3.0 later", "550 5.1.1 nobody", NO_ANSWER)
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        for code in (451, 550):
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.sendmail("desk@desk.example", ["erika@sender.example"], MAIL)
            assert refused.value.smtp_code == code
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail("desk@desk.example", ["erika@sender.example"], MAIL)
    assert len(smtp_sink.letters) == 1


def test_the_sink_may_ask_for_a_login(make_sink: Callable[..., SmtpSink]) -> None:
    """Only the right password opens it."""
    sink = make_sink(users={"desk": "secret"})
    with smtplib.SMTP(sink.host, sink.port) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("desk", "wrong")
        client.login("desk", "secret")
        client.sendmail("desk@desk.example", ["erika@sender.example"], MAIL)
    sink.wait_for(1)


def test_the_sink_may_offer_starttls(make_sink: Callable[..., SmtpSink], certificate: tuple[str, str]) -> None:
    """With a certificate that the test trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    sink = make_sink(tls=context)
    trusting = ssl.create_default_context(cafile=certificate[0])
    with smtplib.SMTP("localhost", sink.port) as client:
        client.starttls(context=trusting)
        client.sendmail("desk@desk.example", ["erika@sender.example"], MAIL)
    sink.wait_for(1)


def test_a_mail_to_one_of_our_addresses_lands_in_its_mailbox(pymap_account: Account, make_sink: Callable[..., SmtpSink]) -> None:
    """With the trace headers of a delivery on top; a copy for somebody outside is kept as a letter."""
    sink = make_sink(mailboxes={pymap_account.user: lambda _address, raw: pymap_account.append(raw)})
    with smtplib.SMTP(sink.host, sink.port) as client:
        client.sendmail("erika@sender.example", [pymap_account.user.upper(), "else@sender.example"], MAIL)
    (letter,) = sink.wait_for(1)
    assert letter.recipients == ("else@sender.example",)
    with pymap_account.connect() as client:
        client.select("INBOX", readonly=True)
        _, rows = client.fetch("1", "(BODY.PEEK[HEADER])")
    head = rows[0][1].decode()
    assert head.startswith("Return-Path: <erika@sender.example>\r\nDelivered-To: ")
