"""Delivery says truly what became of a letter: taken, refused for ever, not handed over, or handed over and unknown."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.carriers import Later, Rejected, Unknown
from bot.demo.smtpsink import NO_ANSWER, SmtpSink
from bot.smtp import Post, SmtpSettings
from bot.transport import Checked, LoginUnavailable, Password, Security, Token
from handlers.refused import Refused
from tests.servers.until import until
from tests.smtp.scripted import DROP, SILENCE, ScriptedSmtp, initial_response
from tests.smtp.sending import LETTER, Hand, send, settings

Script = Callable[..., ScriptedSmtp]


@pytest.fixture
def script() -> Iterator[Script]:
    """Servers that answer as asked."""
    made: list[ScriptedSmtp] = []

    def make(answers: dict[str, str] | None = None, **how: object) -> ScriptedSmtp:
        made.append(ScriptedSmtp(answers, **how))  # type: ignore[arg-type]  # passed on as given
        return made[-1]

    yield make
    for server in made:
        server.end()


@pytest.fixture
def server_tls(certificate: tuple[str, str]) -> ssl.SSLContext:
    """What a server with the tests' certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_letter_arrives(smtp_sink: SmtpSink) -> None:
    """To its recipient, from our address, both parts."""
    send(settings(smtp_sink.port))
    (letter,) = smtp_sink.wait_for(1)
    assert (letter.sender, letter.recipients) == ("desk@desk.example", ("anna@sender.example",))
    assert letter.text.replace("\r\n", "\n") == LETTER.text
    assert "<p>Dear Anna,</p>" in letter.html


def test_handing_over_is_noted_after_the_recipient_was_agreed_and_before_the_letter_goes(script: Script) -> None:
    """What is refused before was certainly not sent; what breaks after may have been."""
    server = script()
    seen: list[str] = []

    class Look(Hand):
        async def __call__(self) -> None:
            seen.extend(c.split()[0] for c in server.commands)

    send(settings(server.port), hand=Look())
    assert seen == ["EHLO", "MAIL", "RCPT"]
    assert [c.split()[0] for c in server.commands] == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_the_size_is_told_where_the_server_asks_for_it(script: Script) -> None:
    """A letter that is too big is refused before it is sent (RFC 1870)."""
    server = script()
    send(settings(server.port))
    size = int(server.commands[1].rpartition("=")[2])
    assert size == len(server.letters[0])


def test_where_handing_over_cannot_be_noted_nothing_is_sent(script: Script) -> None:
    """The store failed; its error comes through as it is."""
    server = script()
    with pytest.raises(RuntimeError, match="disk full"):
        send(settings(server.port), hand=Hand(RuntimeError("disk full")))
    assert server.letters == []
    assert not any(c.startswith("DATA") for c in server.commands)


@pytest.mark.parametrize(
    ("answers", "waits", "words"),
    [
        ({"greeting": "421 4.3.2 closing"}, 7, "turned us away (421)"),
        ({"greeting": "554 no"}, 7, "turned us away (554)"),
        ({"greeting": DROP}, 7, "was lost"),
        ({"EHLO": DROP}, 7, "was lost"),
        ({"MAIL": "451 4.7.1 greylisted"}, 70, "asks to try later (451)"),
        ({"MAIL": "550 5.7.60 not yours"}, 70, "does not let us send as desk@desk.example (550)"),
        ({"RCPT": "450 4.2.1 anna@sender.example is busy"}, 70, "asks to try later (450 4.2.1)"),
        ({"RCPT": "421 4.3.2 closing"}, 70, "asks to try later (421 4.3.2)"),
        ({"RCPT": DROP}, 7, "was lost"),
    ],
)
def test_what_fails_before_the_letter_goes_is_tried_later(script: Script, answers: dict[str, str], waits: float, words: str) -> None:
    """Nothing was handed over, and nobody was told that it would be."""
    server, hand = script(answers), Hand()
    with pytest.raises(Later) as told:
        send(settings(server.port), hand=hand)
    assert hand.times == 0
    assert told.value.after == waits
    assert words in told.value.why
    assert "anna" not in told.value.why


def test_a_recipient_that_is_refused_is_refused_for_ever(script: Script) -> None:
    """With the codes, without the server's words: they name the person."""
    hand = Hand()
    with pytest.raises(Rejected) as told:
        send(settings(script({"RCPT": "550 5.1.1 no anna@sender.example here"}).port), hand=hand)
    assert told.value.sentence == "127.0.0.1 does not take the recipient (550 5.1.1)."
    assert hand.times == 0


def test_a_letter_that_is_too_big_is_refused_for_ever(script: Script) -> None:
    """A smaller one would be taken."""
    with pytest.raises(Rejected, match="too big"):
        send(settings(script({"MAIL": "552 5.3.4 too big"}).port))


@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        ({".": "550 5.7.1 spam"}, Rejected, "does not take the letter (550 5.7.1)"),
        ({".": "451 4.3.0 disk full"}, Later, "asks to try later (451 4.3.0)"),
        ({"DATA": "451 4.3.0 not now"}, Later, "asks to try later (451 4.3.0)"),
        ({"DATA": "554 5.5.1 no"}, Rejected, "does not take the letter (554 5.5.1)"),
        ({".": DROP}, Unknown, "lost while it took the letter"),
        ({"DATA": DROP}, Unknown, "lost while it took the letter"),
        ({".": "what?"}, Unknown, "nobody understands"),
    ],
)
def test_the_answer_to_the_letter_decides_its_fate(script: Script, answers: dict[str, str], error: type[Exception], words: str) -> None:
    """4yz and 5yz say that it was not taken (RFC 5321 s. 4.2.1); without an answer nobody knows."""
    hand = Hand()
    with pytest.raises(error) as told:
        send(settings(script(answers).port), hand=hand)
    assert words in str(told.value)
    assert hand.times == 1


def test_a_server_that_takes_the_letter_and_dies_leaves_its_fate_unknown(smtp_sink: SmtpSink) -> None:
    """It arrived, and we cannot know."""
    smtp_sink.answer_next(NO_ANSWER)
    with pytest.raises(Unknown):
        send(settings(smtp_sink.port))
    assert len(smtp_sink.letters) == 1


def test_a_server_that_never_answers_the_letter_leaves_its_fate_unknown(script: Script) -> None:
    """After the time-out of RFC 5321, shortened here."""
    with pytest.raises(Unknown):
        send(settings(script({".": SILENCE}).port, data_timeout=0.2))


def test_a_server_that_never_greets_is_tried_later(script: Script) -> None:
    """It says that it did not answer in time."""
    with pytest.raises(Later, match="did not answer in time"):
        send(settings(script({"greeting": SILENCE}).port, timeout=0.2))


def test_a_goodbye_that_fails_undoes_nothing(script: Script) -> None:
    """The letter was taken."""
    server = script({"QUIT": DROP})
    send(settings(server.port))
    assert len(server.letters) == 1


def test_a_delivery_that_is_cancelled_is_not_reported_as_anything_else(script: Script) -> None:
    """The process stops while the server thinks: the row stays as it was noted, about to be handed over."""
    server = script({".": SILENCE})

    async def run() -> None:
        task = asyncio.create_task(Post(settings(server.port)).deliver(LETTER, Hand()))
        await asyncio.to_thread(until, lambda: server.letters)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_starttls_that_is_not_offered_is_an_error(script: Script) -> None:
    """Neither login nor letter leave over an open wire."""
    server = script(extensions="AUTH PLAIN")
    where = settings(server.port, security=Security.STARTTLS, username="desk", auth=lambda: Password("secret"))
    with pytest.raises(Later, match="offers no STARTTLS"):
        send(where)
    assert [c.split()[0] for c in server.commands] == ["EHLO"]


def test_starttls_with_a_certificate_that_is_trusted(
    make_sink: Callable[..., SmtpSink], server_tls: ssl.SSLContext, certificate: tuple[str, str]
) -> None:
    """And a login behind it."""
    sink = make_sink(tls=server_tls, users={"desk": "secret"})
    where = settings(
        sink.port,
        host="localhost",
        security=Security.STARTTLS,
        username="desk",
        auth=lambda: Password("secret"),
        ca_file=Path(certificate[0]),
    )
    send(where)
    sink.wait_for(1)


def test_tls_from_the_start(script: Script, server_tls: ssl.SSLContext, certificate: tuple[str, str]) -> None:
    """The default."""
    server = script(tls=server_tls)
    send(settings(server.port, host="localhost", security=Security.TLS, ca_file=Path(certificate[0])))
    assert len(server.letters) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    script: Script, make_sink: Callable[..., SmtpSink], server_tls: ssl.SSLContext, security: Security
) -> None:
    """The letter waits, and the sentence says why."""
    port = script(tls=server_tls).port if security is Security.TLS else make_sink(tls=server_tls).port
    with pytest.raises(Later, match="certificate of localhost"):
        send(settings(port, host="localhost", security=security))


def test_a_plain_connection_leaves_this_machine_never() -> None:
    """Refused before anything is sent."""
    with pytest.raises(Refused):
        Post(SmtpSettings("smtp.example", 25, Security.PLAIN))


def test_a_wrong_password_is_named_without_the_password(make_sink: Callable[..., SmtpSink]) -> None:
    """It is no fault of the letter, which waits."""
    sink = make_sink(users={"desk": "secret"})
    with pytest.raises(Later, match="refused the login of desk") as told:
        send(settings(sink.port, username="desk", auth=lambda: Password("hunter2")))
    assert "hunter2" not in told.value.why
    assert sink.letters == []


def test_a_token_opens_the_server(script: Script) -> None:
    """XOAUTH2, as Google and Microsoft want it."""
    server = script(extensions="AUTH XOAUTH2")
    send(settings(server.port, username="desk@desk.example", auth=lambda: Token("t0ken")))
    assert initial_response(server.commands[1]) == "user=desk@desk.example\x01auth=Bearer t0ken\x01\x01"


def test_a_token_that_is_refused_is_not_shown(script: Script) -> None:
    """The server's words may hold it."""
    server = script({"AUTH": "535 5.7.8 t0ken is stale"}, extensions="AUTH XOAUTH2")
    with pytest.raises(Later, match=r"refused the login of desk \(535\)") as told:
        send(settings(server.port, username="desk", auth=lambda: Token("t0ken")))
    assert "t0ken" not in told.value.why


def test_a_token_server_that_refuses_lets_the_letter_wait(script: Script) -> None:
    """Its sentence is passed on."""

    def none() -> Token:
        raise LoginUnavailable("Microsoft refused the client secret: it may have expired.")

    with pytest.raises(Later, match="it may have expired"):
        send(settings(script().port, username="desk", auth=none))


@pytest.mark.parametrize("login", [Token("t"), Password("p")])
def test_a_server_that_takes_no_such_login_is_named(script: Script, login: Token | Password) -> None:
    """With what to change."""
    with pytest.raises(Later, match="takes no"):
        send(settings(script(extensions="AUTH GSSAPI" if isinstance(login, Token) else "SIZE").port, username="desk", auth=lambda: login))


def test_checking_sends_no_letter(script: Script) -> None:
    """It connects, logs in and leaves."""
    server = script(extensions="AUTH PLAIN")
    found = asyncio.run(Post(settings(server.port, username="desk", auth=lambda: Password("secret"))).test_connection())
    assert found == (Checked(True, f"127.0.0.1:{server.port} takes letters (this machine only, not encrypted) and lets desk in."),)
    assert [c.split()[0] for c in server.commands] == ["EHLO", "AUTH", "QUIT"]


def test_checking_says_what_is_wrong(script: Script) -> None:
    """A port where nothing listens."""
    server = script()
    server.end()
    (found,) = asyncio.run(Post(settings(server.port)).test_connection())
    assert found == Checked(False, f"127.0.0.1:{server.port} refused the connection. Check host and port, and whether the server runs.")


def test_one_delivery_ends_within_its_longest_time() -> None:
    """Who leases a letter out waits longer than that."""
    assert SmtpSettings("smtp.example").longest < 30 * 60
