"""How a connection to a mail server is kept private, what opens the account, and what went wrong with it in words."""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from handlers.refused import Refused


class Security(StrEnum):
    """How a connection is protected. PLAIN is for loopback alone."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True)
class Password:
    """A password; never shown."""

    value: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """An OAuth 2 access token, used with XOAUTH2; never shown."""

    value: str = field(repr=False)


Login = Callable[[], Password | Token]
"""Gives what opens the account now. It may ask a token server: called off the event loop. Raises LoginUnavailable."""


class LoginUnavailable(Exception):
    """No password or token can be had; `sentence` says why and how to mend it, without the secret."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Checked:
    """One thing that `check` looked at: whether it is in order, and a sentence that says so or how to mend it."""

    ok: bool
    sentence: str


def refuse_open_wire(host: str, security: Security) -> None:
    """Refused where a plain connection would leave this machine."""
    if security is Security.PLAIN and not loopback(host):
        raise Refused(f"The connection to {host} would not be encrypted. Set security to tls or starttls.", "security")


def loopback(host: str) -> bool:
    """Whether `host` names this machine and nothing else. Names besides localhost are not looked up, for they may change."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Checks certificate and name; `ca_file` adds a certificate authority of the company's own."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context


def trouble(error: BaseException, host: str, port: int) -> str | None:
    """What went wrong on the way to the server, as a sentence that says how to mend it; None where the way was not at fault."""
    where = f"{host}:{port}"
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            said = cause.verify_message or "it is not trusted"
            return f"The certificate of {where} was not accepted: {said}. Check the host, or name the company's authority in ca_file."
        if isinstance(cause, ssl.SSLError):
            return f"{where} does not speak TLS as it should. Check the port and whether security must be tls or starttls."
        if isinstance(cause, socket.gaierror):
            return f"The name {host} cannot be found. Check the host setting and the network's name servers."
        if isinstance(cause, ConnectionRefusedError):
            return f"{where} refused the connection. Check host and port, and whether the server runs."
        if isinstance(cause, TimeoutError):
            return f"{where} did not answer in time. Check host, port and firewall."
        if isinstance(cause, ConnectionError):
            return f"The connection to {where} was lost."
        if isinstance(cause, OSError) and cause.errno is not None:
            return f"{where} cannot be reached: {cause.strerror}."
    return None


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error and what it came from, the first cause in front."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.insert(0, error)
        error = error.__cause__ or error.__context__
    return chain
