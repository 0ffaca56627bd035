"""Tokens are asked for once, renewed before they end, and their secrets are never told."""

import base64
import json
import ssl
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bot import oauth
from bot.transport import LoginUnavailable, Token
from handlers.refused import Refused
from tests.inbox.tokens import TokenServer

MAILBOX = "desk@desk.example"
SECRET = "s3cr3t-value"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    """As Google's."""
    server = TokenServer()
    yield server
    server.end()


@pytest.fixture
def entra(certificate: tuple[str, str]) -> Iterator[TokenServer]:
    """As Microsoft's, which must speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = TokenServer(context)
    yield server
    server.end()


@pytest.fixture
def trusted(certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the certificate."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate[0])


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    """The key of a service account."""
    return rsa.generate_private_key(65537, 2048)


def authorised(server: TokenServer) -> str:
    """The JSON of an authorised user."""
    return json.dumps(
        {
            "type": "authorized_user",
            "client_id": "rightsdesk",
            "client_secret": SECRET,
            "refresh_token": "refresh-1",
            "token_uri": server.url,
        }
    )


def service(server: TokenServer, key: rsa.RSAPrivateKey) -> str:
    """The JSON of a service account's key."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    facts = {"type": "service_account", "client_email": "desk@project.example", "private_key": pem, "private_key_id": "1"}
    return json.dumps({**facts, "token_uri": server.url})


def unpacked(part: str) -> bytes:
    """One part of a JSON Web Token."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_a_token_is_asked_for_once_while_it_lasts(server: TokenServer) -> None:
    """Every connection of that hour uses it."""
    login = oauth.google(authorised(server), MAILBOX)
    assert [login(), login(), login()] == [Token("token-1")] * 3
    assert server.asked == [
        {
            "grant_type": "refresh_token",
            "client_id": "rightsdesk",
            "client_secret": SECRET,
            "refresh_token": "refresh-1",
            "scope": oauth.GOOGLE_SCOPE,
        }
    ]


def test_a_token_that_is_about_to_end_is_renewed(server: TokenServer) -> None:
    """What lasts less than the margin is not used again."""
    server.lasts = int(oauth.MARGIN) - 1
    login = oauth.google(authorised(server), MAILBOX)
    assert [login(), login()] == [Token("token-1"), Token("token-2")]


def test_a_service_account_signs_for_the_mailbox(server: TokenServer, private_key: rsa.RSAPrivateKey) -> None:
    """The assertion names the mailbox as its subject and asks for mail alone."""
    login = oauth.google(service(server, private_key), MAILBOX)
    assert login() == Token("token-1")
    signed, _, signature = server.asked[0]["assertion"].rpartition(".")
    private_key.public_key().verify(unpacked(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    claims = json.loads(unpacked(signed.partition(".")[2]))
    assert (claims["sub"], claims["scope"], claims["iss"]) == (MAILBOX, oauth.GOOGLE_SCOPE, "desk@project.example")


@pytest.mark.parametrize(
    ("code", "words"), [("invalid_grant", "authorise the mailbox again"), ("invalid_client", "Check client_id and client_secret")]
)
def test_a_refusal_of_google_says_how_to_mend_it(server: TokenServer, code: str, words: str) -> None:
    """Without the secret."""
    server.answer = (400, {"error": code, "error_description": f"bad {SECRET}"})
    with pytest.raises(LoginUnavailable, match=words) as told:
        oauth.google(authorised(server), MAILBOX)()
    assert SECRET not in told.value.sentence
    assert code in told.value.sentence


def test_delegation_that_is_missing_is_named(server: TokenServer, private_key: rsa.RSAPrivateKey) -> None:
    """The commonest mistake with a service account."""
    server.answer = (401, {"error": "unauthorized_client"})
    with pytest.raises(LoginUnavailable, match="domain-wide delegation"):
        oauth.google(service(server, private_key), MAILBOX)()


def test_after_a_refusal_it_is_asked_again(server: TokenServer) -> None:
    """A secret that was mended works without a new start."""
    login = oauth.google(authorised(server), MAILBOX)
    server.answer = (400, {"error": "invalid_grant"})
    with pytest.raises(LoginUnavailable):
        login()
    server.answer = None
    assert login() == Token("token-2")


@pytest.mark.parametrize("secret", ["", "no json", "[]", '{"type": "service_account"}', '{"type": "authorized_user"}', '{"type": "other"}'])
def test_a_google_secret_that_is_none_is_refused(secret: str) -> None:
    """When the settings are read."""
    with pytest.raises(Refused):
        oauth.google(secret, MAILBOX)


def test_microsoft_gives_a_token_to_the_application(entra: TokenServer, trusted: None) -> None:
    """Client credentials, for all of Outlook's mail permissions; asked for once."""
    login = oauth.microsoft("contoso", "app-1", SECRET, authority=entra.url)
    assert [login(), login()] == [Token("token-1")] * 2
    (asked,) = entra.asked
    assert (asked["grant_type"], asked["client_id"], asked["scope"]) == ("client_credentials", "app-1", oauth.MICROSOFT_SCOPE)


@pytest.mark.parametrize(("code", "words"), [(7000222, "has expired"), (7000215, "give the secret's value"), (999, "AADSTS999")])
def test_a_refusal_of_microsoft_says_how_to_mend_it(entra: TokenServer, trusted: None, code: int, words: str) -> None:
    """Without the secret."""
    entra.answer = (401, {"error": "invalid_client", "error_codes": [code], "error_description": f"AADSTS{code}: {SECRET}"})
    with pytest.raises(LoginUnavailable, match=words) as told:
        oauth.microsoft("contoso", "app-1", SECRET, authority=entra.url)()
    assert SECRET not in told.value.sentence


def test_a_token_server_that_nobody_vouches_for_gets_no_secret(entra: TokenServer) -> None:
    """Its certificate is checked before anything is said."""
    with pytest.raises(LoginUnavailable, match="gave no answer"):
        oauth.microsoft("contoso", "app-1", SECRET, authority=entra.url)()
    assert entra.asked == []


def test_a_part_of_the_settings_that_is_missing_is_named() -> None:
    """Before any connection."""
    with pytest.raises(Refused) as refused:
        oauth.microsoft("", "app-1", SECRET)
    assert refused.value.field == "tenant"
