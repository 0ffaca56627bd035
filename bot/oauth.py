"""Access tokens for mailboxes at Google Workspace and Microsoft 365, kept until shortly before they end."""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

import msal
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import credentials as user_account
from google.oauth2 import service_account

from bot.transport import Login, LoginUnavailable, Token
from handlers.refused import Refused

GOOGLE_SCOPE = "https://mail.google.com/"
GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"
MICROSOFT_SCOPE = "https://outlook.office365.com/.default"
MICROSOFT_AUTHORITY = "https://login.microsoftonline.com"
MARGIN = 300.0
"""Seconds before its end from which a token is no longer used."""

_TIMEOUT = 30
_ENTRA = {
    7000215: "the client secret is wrong: give the secret's value, not its id",
    7000222: "the client secret has expired: make a new one",
    700016: "the application is not known in this tenant: check client_id and tenant",
    90002: "the tenant is not known: check tenant",
    900023: "the tenant is not known: check tenant",
}


class Tokens:
    """Gives the current token and asks for a new one when it is needed; threads may share it. `ask` returns a token and its seconds."""

    def __init__(self, ask: Callable[[], tuple[str, float]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def __call__(self) -> Token:
        """LoginUnavailable where no token can be had."""
        with self._lock:
            if time.monotonic() >= self._until:
                token, seconds = self._ask()
                self._token, self._until = token, time.monotonic() + seconds - MARGIN
            return Token(self._token)


def google(secret: str, mailbox: str) -> Login:
    """Tokens for `mailbox` at Google. `secret` is the JSON of a service account's key, or of an authorised user with a refresh token.

    A service account acts for the mailbox by domain-wide delegation of GOOGLE_SCOPE. Refused where the secret is neither.
    """
    try:
        facts = json.loads(secret)
        kind = facts.get("type")
    except (ValueError, AttributeError):
        raise Refused("The secret of a Google mailbox must be the JSON of a key file.", "auth") from None
    try:
        if kind == "service_account":
            made = _delegated(facts, mailbox)
        elif kind == "authorized_user":
            made = _authorised(facts)
        else:
            raise Refused("The Google key must be of the type service_account or authorized_user.", "auth")
    except (ValueError, KeyError, GoogleAuthError):
        raise Refused(f"The Google key of {mailbox} lacks a part or is damaged. Download it again.", "auth") from None
    return Tokens(lambda: _ask_google(made, mailbox, kind))


def microsoft(tenant: str, client_id: str, secret: str, *, authority: str = MICROSOFT_AUTHORITY) -> Login:
    """Tokens of an application at Microsoft 365 (client credentials), which the tenant lets into the mailbox.

    The application needs IMAP.AccessAsApp (and SMTP.SendAsApp) and its service principal access to the mailbox in Exchange.
    Refused where a part of the settings is missing.
    """
    for field, value in (("tenant", tenant), ("client_id", client_id)):
        if not re.fullmatch(r"[A-Za-z0-9.-]+", value):
            raise Refused(f"A Microsoft mailbox needs {field}, as shown on the application's page in Entra.", field)
    applications: list[Any] = []

    def ask() -> tuple[str, float]:
        try:
            if not applications:  # the library asks the network as soon as it is made, hence not before the first token
                applications.append(_application(f"{authority}/{tenant}", client_id, secret))
            answer = applications[0].acquire_token_for_client([MICROSOFT_SCOPE])
        except (OSError, ValueError) as error:
            host = authority.partition("://")[2]
            raise LoginUnavailable(f"The token server {host} gave no answer for tenant {tenant}. Check tenant and network.") from error
        return _microsoft_token(answer, client_id)

    return Tokens(ask)


def _delegated(facts: Mapping[str, Any], mailbox: str) -> Any:
    accounts: Any = service_account.Credentials
    return accounts.from_service_account_info(facts, scopes=[GOOGLE_SCOPE], subject=mailbox)


def _authorised(facts: Mapping[str, Any]) -> Any:
    accounts: Any = user_account.Credentials
    return accounts(
        token=None,
        refresh_token=facts["refresh_token"],
        client_id=facts["client_id"],
        client_secret=facts["client_secret"],
        token_uri=facts.get("token_uri", GOOGLE_TOKENS),
        scopes=[GOOGLE_SCOPE],
    )


def _ask_google(made: Any, mailbox: str, kind: str) -> tuple[str, float]:
    transport: Any = Request
    request = transport()

    def patient(*args: Any, **kwargs: Any) -> Any:
        return request(*args, **{**kwargs, "timeout": _TIMEOUT})

    try:
        made.refresh(patient)
    except TransportError as error:
        raise LoginUnavailable(f"Google's token server gave no answer for {mailbox}. Check the network.") from error
    except GoogleAuthError as error:
        _google_refused(error, mailbox, kind)
    if not made.token or made.expiry is None:
        raise LoginUnavailable(f"Google's token server gave no token for {mailbox}.")
    return str(made.token), (made.expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()


def _google_refused(error: GoogleAuthError, mailbox: str, kind: str) -> NoReturn:
    answer = next((a for a in error.args if isinstance(a, Mapping)), {})
    code = str(answer.get("error", ""))
    code = code if re.fullmatch(r"[a-z_]{1,40}", code) else "no reason given"
    if kind == "service_account":
        how = {
            "unauthorized_client": f"Let its client id use {GOOGLE_SCOPE} under domain-wide delegation in the Admin console",
            "invalid_grant": f"Check that {mailbox} exists, that the key was not deleted, and this machine's clock",
        }
    else:
        how = {
            "invalid_grant": "The refresh token has ended or was withdrawn: authorise the mailbox again",
            "invalid_client": "Check client_id and client_secret",
        }
    said = f"Google gave no token for {mailbox} ({code})."
    raise LoginUnavailable(f"{said} {how.get(code, 'Check the key')}.") from error


def _application(authority: str, client_id: str, secret: str) -> Any:
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=secret,
        authority=authority,
        instance_discovery=False,
        timeout=_TIMEOUT,
    )


def _microsoft_token(answer: Mapping[str, Any], client_id: str) -> tuple[str, float]:
    if "access_token" in answer:
        return str(answer["access_token"]), float(answer.get("expires_in", 0))
    codes = [c for c in answer.get("error_codes", ()) if isinstance(c, int)]
    known = next((_ENTRA[c] for c in codes if c in _ENTRA), "check the application's secret and permissions in Entra")
    told = f"AADSTS{codes[0]}" if codes else "no reason given"
    raise LoginUnavailable(f"Microsoft gave no token for application {client_id} ({told}): {known}.")
