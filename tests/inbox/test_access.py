"""What the inbox says of an account that it cannot reach, and what it asks of a connection before it trusts it."""

import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.inbox import Inbox
from bot.mailbox import FAILING, Backoff, MailboxAccess
from bot.transport import Checked, LoginUnavailable, Password, Security, Token
from handlers.refused import Refused
from tests.inbox.keeping import MemoryKeep, access, mail, reading
from tests.inbox.scripted import ScriptedImap
from tests.inbox.wire import Wire
from tests.servers.imap import Account


def checks(box: MailboxAccess) -> tuple[Checked, ...]:
    """What `check` would show of it."""
    return Inbox(box, MemoryKeep(), threading.Event()).test_connection()


@pytest.fixture
def server_tls(certificate: tuple[str, str]) -> ssl.SSLContext:
    """What a server with the tests' certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def make_wire(imap: Account) -> Iterator[Callable[..., Wire]]:
    """Wires to the account's server."""
    made: list[Wire] = []

    def make(**how: object) -> Wire:
        made.append(Wire(imap.port, **how))  # type: ignore[arg-type]  # passed on as given
        return made[-1]

    yield make
    for wire in made:
        wire.end()


def test_a_good_account_is_described(imap: Account) -> None:
    """Every sentence is in order, and says which folders were found."""
    found = checks(access(imap, done="keyword"))
    assert all(c.ok for c in found)
    said = " ".join(c.sentence for c in found)
    assert "Folder INBOX is there." in said
    assert "Junk folder: Junk." in said
    assert "News come at once (IDLE)." in said
    assert ("keyword Rightsdesk" in said) is imap.keywords


def test_checking_changes_nothing(imap: Account) -> None:
    """No flag, and no mail is handed over."""
    imap.append(mail("one"))
    checks(access(imap, done="keyword"))
    assert list(imap.flags().values()) == [set()]


def test_a_folder_that_is_missing_is_named(imap: Account) -> None:
    """With what to do about it."""
    wrong = [c.sentence for c in checks(access(imap, folders=("INBOX", "Privacy"), junk="Spam", done="move:Done")) if not c.ok]
    assert wrong == [
        "Folder Privacy is missing. Correct the setting folders.",
        "No junk folder was found. Name it in the setting junk.",
        "Make the folder Done, or set done to none.",
    ]


def test_a_wrong_password_is_named_without_the_password(pymap_account: Account) -> None:
    """In `check` and in the health of the running inbox."""
    box = access(pymap_account, auth=lambda: Password("hunter2-wrong"))
    (found,) = checks(box)
    keep = MemoryKeep()
    with reading(box, keep):
        told = keep.wait_state(FAILING)
    for sentence in (found.sentence, told):
        assert "refused the login" in sentence
        assert "Check the username and the password" in sentence
        assert "hunter2" not in sentence
    assert not found.ok
    assert "hunter2" not in repr(box.auth())


def test_a_password_in_any_script_opens_the_account() -> None:
    """LOGIN knows ASCII only; PLAIN is taken where it is offered."""
    server = ScriptedImap("\0desk@desk.example\0pässwörd-秘密", "IMAP4rev1 AUTH=PLAIN")
    box = MailboxAccess(
        "desk", "127.0.0.1", "desk@desk.example", lambda: Password("pässwörd-秘密"), port=server.port, security=Security.PLAIN
    )
    assert checks(box)[0].ok
    server.end()


def test_starttls_that_is_not_offered_is_an_error(imap: Account) -> None:
    """Nothing falls back to an open wire: the login never leaves."""
    wire = Wire(imap.port, lambda data: data.replace(b" STARTTLS", b""))
    (found,) = checks(access(imap, port=wire.port, security=Security.STARTTLS))
    wire.end()
    assert not found.ok
    assert "offers no STARTTLS" in found.sentence
    assert imap.password.encode() not in bytes(wire.said)
    assert b"AUTHENTICATE" not in bytes(wire.said)


@pytest.mark.parametrize("starttls", [False, True])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    imap: Account, make_wire: Callable[..., Wire], server_tls: ssl.SSLContext, starttls: bool
) -> None:
    """With TLS from the start and with STARTTLS."""
    wire = make_wire(tls=server_tls, starttls=starttls)
    (found,) = checks(access(imap, host="localhost", port=wire.port, security=Security.STARTTLS if starttls else Security.TLS))
    assert not found.ok
    assert "certificate of localhost" in found.sentence
    assert not wire.said


@pytest.mark.parametrize("starttls", [False, True])
def test_a_certificate_of_the_companys_own_authority_is_accepted(
    imap: Account, make_wire: Callable[..., Wire], server_tls: ssl.SSLContext, certificate: tuple[str, str], starttls: bool
) -> None:
    """Once the authority is named in the settings; mail is read over it, IDLE too."""
    wire = make_wire(tls=server_tls, starttls=starttls)
    security = Security.STARTTLS if starttls else Security.TLS
    box = access(imap, host="localhost", port=wire.port, security=security, ca_file=Path(certificate[0]))
    imap.append(mail("private"))
    keep = MemoryKeep()
    with reading(box, keep):
        keep.wait(1)
        imap.append(mail("news"))
        keep.wait(2)
    assert keep.subjects == ["private", "news"]


def test_a_certificate_for_another_name_is_refused(
    imap: Account, make_wire: Callable[..., Wire], server_tls: ssl.SSLContext, certificate: tuple[str, str]
) -> None:
    """Trusted or not: 127.0.0.2 is not in it."""
    wire = make_wire(tls=server_tls)
    box = access(imap, host="127.0.0.1", port=wire.port, security=Security.TLS, ca_file=Path(certificate[0]))
    assert checks(box)[0].ok
    (found,) = checks(replace(box, host="ip6-localhost.localhost"))
    assert not found.ok


def test_tls_to_a_port_without_it_says_what_to_check(imap: Account) -> None:
    """The commonest mistake: port 143 with tls."""
    (found,) = checks(access(imap, security=Security.TLS))
    assert "Check the port and whether security must be tls or starttls" in found.sentence


def test_a_plain_connection_leaves_this_machine_never() -> None:
    """Refused when the settings are read, before anything is sent."""
    with pytest.raises(Refused, match="would not be encrypted") as refused:
        MailboxAccess("desk", "mail.example", "desk", lambda: Password("x"), security=Security.PLAIN)
    assert refused.value.field == "security"


def test_settings_that_make_no_sense_are_refused() -> None:
    """Each names its field."""
    for field, value in (("done", "delete"), ("idle_seconds", 3600), ("folders", ())):
        with pytest.raises(Refused) as refused:
            MailboxAccess("desk", "mail.example", "desk", lambda: Password("x"), **{field: value})
        assert refused.value.field == field


def test_a_server_that_is_not_there_is_named(imap: Account) -> None:
    """Host and port, and what to check."""
    wire = Wire(imap.port)
    wire.end()
    (found,) = checks(access(imap, port=wire.port))
    assert found == Checked(False, f"127.0.0.1:{wire.port} refused the connection. Check host and port, and whether the server runs.")


def test_a_token_opens_the_account_and_a_refused_one_is_not_shown() -> None:
    """XOAUTH2; the server's own words hold the token and are left out. Junk is found under whatever name."""
    server = ScriptedImap("user=desk@desk.example\x01auth=Bearer good-token\x01\x01", "IMAP4rev1 AUTH=XOAUTH2 IDLE")
    box = MailboxAccess("desk", "127.0.0.1", "desk@desk.example", lambda: Token("good-token"), port=server.port, security=Security.PLAIN)
    found = checks(box)
    assert all(c.ok for c in found)
    assert "Junk folder: Posta indesiderata." in [c.sentence for c in found]
    (refused,) = checks(replace(box, auth=lambda: Token("stale-token")))
    server.end()
    assert "refused the login of desk@desk.example [AUTHENTICATIONFAILED]" in refused.sentence
    assert "token\x01" not in refused.sentence
    assert "good-token" not in refused.sentence


def test_a_token_server_that_refuses_is_told(imap: Account) -> None:
    """Its sentence is shown as it is."""

    def none() -> Token:
        raise LoginUnavailable("Microsoft refused the client secret: it may have expired.")

    (found,) = checks(access(imap, auth=none))
    assert found == Checked(False, "Microsoft refused the client secret: it may have expired.")


def test_a_mail_is_fetched_again_by_its_uid(imap: Account) -> None:
    """For the button "this is a request"; the mail stays as it is."""
    imap.append(mail("one"), mail("two"))
    keep = MemoryKeep(mark=False)
    with reading(access(imap), keep) as inbox:
        first, second = keep.wait(2)
        assert inbox.refetch("INBOX", second.uidvalidity, second.uid) == mail("two")
        assert inbox.refetch("INBOX", second.uidvalidity + 1, second.uid) is None
        assert inbox.refetch("INBOX", second.uidvalidity, second.uid + 100) is None
    assert set(map(frozenset, imap.flags().values())) == {frozenset()}
    assert first.uid < second.uid


def test_waits_double_up_to_the_most_and_start_anew() -> None:
    """With jitter, so that not all come back at once."""
    backoff = Backoff(1, 60)
    waits = [backoff.next() for _ in range(12)]
    assert all(0.5 * min(60, 2**n) <= w <= min(60, 2**n) for n, w in enumerate(waits))
    backoff.reset()
    assert backoff.next() <= 1
