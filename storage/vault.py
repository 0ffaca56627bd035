"""Encryption of what names a person, from the first row on: a data key per case or message, and keyed hashes for look-up."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NONCE = 12
TOKEN_ID = 4
STEP = 32
"""Tokens are padded to multiples of so many bytes: their length says little of what they hold."""


class KeyFault(Exception):
    """The master key is missing, malformed or not the one that sealed this row."""


class Vault:
    """Seals and opens with AES-256-GCM.

    `keys` maps a key number to 32 bytes. The highest number wraps new data keys, every number still opens old ones, and the lowest
    one feeds the look-up hashes: they must not change when a key is added.
    """

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys or any(len(k) != 32 for k in keys.values()):
            raise KeyFault("a master key is 32 bytes, written as NUMBER:BASE64")
        self._keys = {n: AESGCM(k) for n, k in keys.items()}
        self._current = max(keys)
        self._roots = {p: _derive(keys[min(keys)], p) for p in ("look-up", "message-id")}
        self._tokens = {_derive(k, "token id")[:TOKEN_ID]: AESGCM(_derive(k, "token")) for _, k in sorted(keys.items())}
        self._token_id = _derive(keys[max(keys)], "token id")[:TOKEN_ID]
        self._signing = Ed25519PrivateKey.from_private_bytes(_derive(keys[max(keys)], "signing"))

    @classmethod
    def parse(cls, text: str) -> "Vault":
        """A vault from `1:BASE64` lines (or comma-separated entries)."""
        keys: dict[int, bytes] = {}
        for entry in text.replace(",", "\n").split():
            number, _, encoded = entry.partition(":")
            try:
                keys[int(number)] = base64.b64decode(encoded, validate=True)
            except ValueError as error:
                raise KeyFault("a master key is 32 bytes, written as NUMBER:BASE64") from error
        return cls(keys)

    @staticmethod
    def new_master() -> str:
        """A fresh master key in the form that `parse` reads."""
        return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()

    def new_key(self) -> bytes:
        """A fresh data key, wrapped: what a row of the key table holds."""
        return self._wrap(secrets.token_bytes(32))

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same data key under the newest master key."""
        return self._wrap(self.unwrap(wrapped))

    def fresh_key(self) -> tuple[bytes, bytes]:
        """A fresh data key, plain and wrapped, for one who uses it at once."""
        plain = secrets.token_bytes(32)
        return plain, self._wrap(plain)

    def _wrap(self, data_key: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        number = self._current.to_bytes(2, "big")
        return number + nonce + self._keys[self._current].encrypt(nonce, data_key, number)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key itself; KeyFault where the master key is not ours."""
        number = wrapped[:2]
        master = self._keys.get(int.from_bytes(number, "big"))
        if master is None:
            raise KeyFault(f"master key number {int.from_bytes(number, 'big')} is not among those given")
        try:
            return master.decrypt(wrapped[2 : 2 + NONCE], wrapped[2 + NONCE :], number)
        except InvalidTag as error:
            raise KeyFault("the master key is not the one that wrapped this data key") from error

    def look_up(self, purpose: str, value: bytes | str) -> str:
        """A keyed hash by which a row can be found again without the value: hex, stable over key rotation."""
        data = value.encode() if isinstance(value, str) else value
        return hmac.digest(self._roots["look-up"], purpose.encode() + b"\0" + data, "sha256").hex()

    def mint(self, purpose: str, plain: bytes) -> bytes:
        """A sealed token that only we can make and read: key id, nonce, ciphertext. The newest master key makes it."""
        nonce = os.urandom(NONCE)
        padded = plain + b"\x80" + b"\0" * (-(len(plain) + 1) % STEP)
        return self._token_id + nonce + self._tokens[self._token_id].encrypt(nonce, padded, self._token_id + purpose.encode())

    def read_token(self, purpose: str, token: bytes) -> bytes | None:
        """What `mint` was given for that purpose, or None: made by nobody we know, or under a master key that is gone.

        A token of an unknown key costs a decryption too, so that the time taken tells nothing.
        """
        key_id, nonce, sealed = token[:TOKEN_ID], token[TOKEN_ID : TOKEN_ID + NONCE].ljust(NONCE, b"\0"), token[TOKEN_ID + NONCE :]
        box = self._tokens.get(key_id) or self._tokens[self._token_id]
        try:
            padded = box.decrypt(nonce, sealed, key_id + purpose.encode())
        except (InvalidTag, ValueError):
            return None
        return padded.rstrip(b"\0")[:-1]

    def sign(self, data: bytes) -> bytes:
        """An Ed25519 signature under a key made from the newest master key."""
        return self._signing.sign(data)

    @property
    def public_key(self) -> str:
        """The key that checks `sign`, as PEM: it may be given to anybody."""
        return self._signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def mark(self, value: str) -> str:
        """A short keyed mark (80 bits) for a Message-ID of ours: a stranger can't make one."""
        return hmac.new(self._roots["message-id"], value.encode(), hashlib.sha256).hexdigest()[:20]


def seal(data_key: bytes, plain: bytes) -> bytes:
    """Ciphertext with its nonce in front."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(data_key).encrypt(nonce, plain, None)


def unseal(data_key: bytes, sealed: bytes) -> bytes:
    """What `seal` was given; KeyFault where the key is another one."""
    try:
        return AESGCM(data_key).decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except InvalidTag as error:
        raise KeyFault("this row was sealed with another data key") from error


def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rightsdesk " + purpose.encode()).derive(master)
