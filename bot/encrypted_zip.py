"""Packs files into one encrypted archive, and makes the password that travels another way."""

import secrets
from collections.abc import Iterable
from io import BytesIO

import pyzipper

from handlers.enclosures import Enclosure, enclosure

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP = 4, 5


def new_password() -> str:
    """A password that can be read out over the telephone: four groups of five signs that are not mistaken for each other (100 bits)."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def encrypted(files: Iterable[Enclosure], name: str, password: str) -> Enclosure:
    """The files in a zip archive under AES-256 (WinZip AE-2); the names of the files stay readable. Refused where it may not be sent.

    7-Zip, WinZip, Keka, unar and Windows 11 open it; old unzip programs do not.
    """
    held = BytesIO()
    with pyzipper.AESZipFile(held, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for one in files:
            archive.writestr(one.name, one.content)
    return enclosure(name if name.lower().endswith(".zip") else f"{name}.zip", "application/zip", held.getvalue())
