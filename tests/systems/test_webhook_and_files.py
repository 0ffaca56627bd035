"""The signed webhook and the CSV folder."""

import asyncio
import csv
import hmac
import io
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bot.carriers import Later, Rejected
from bot.systems.csvdrop import CsvDrop
from bot.systems.system import Opting, System
from bot.systems.webhook import Webhook
from handlers.heard import Heard
from storage.kinds import SystemState
from storage.vault import Vault
from tests.systems.faking import Answer, Asked, FakeServer

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SECRET = "a-secret-that-both-know"
CHANGES = (
    Opting(1, "crm:7:0", "nora@example.org", "nproc", "all", True, NOW),
    Opting(2, "crm:8:2", "=tom@example.net", "nproc", "news", False, NOW),
)


class Receiver(FakeServer):
    """Takes a delivery as a careful receiver does: signature, time, no delivery twice."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.taken: dict[str, list[dict[str, str]]] = {}

    def serve(self, asked: Asked) -> Answer:
        """204, or 400 for what is forged or old."""
        fields = dict(p.split("=", 1) for p in asked.headers["rightsdesk-signature"].split(","))
        right = hmac.digest(SECRET.encode(), fields["t"].encode() + b"." + asked.body, "sha256").hex()
        if not hmac.compare_digest(right, fields["v1"]) or abs(self.now.timestamp() - int(fields["t"])) > 300:
            return Answer(400, {})
        body = json.loads(asked.body)
        self.taken.setdefault(body["delivery"], body["changes"])
        return Answer(204, raw=b"")


def tell(system: System, now: datetime = NOW) -> list[Heard]:
    """What it answers."""

    async def told() -> list[Heard]:
        return await system.tell(CHANGES, now)

    return asyncio.run(told())


def test_a_delivery_is_signed_over_time_and_body() -> None:
    """The receiver can tell it from a forged one."""
    server = Receiver()
    assert [h.state for h in tell(Webhook("crm", server.url, SECRET))] == [SystemState.DONE] * 2
    (changes,) = server.taken.values()
    assert (changes[0]["id"], changes[0]["controller"], changes[0]["scope"]) == ("crm:7:0", "nproc", "all")
    assert (changes[0]["address"], changes[0]["change"]) == ("nora@example.org", "stop")
    assert changes[0]["asked"] == "2026-11-23T03:00:00+00:00"
    assert changes[1]["change"] == "allow"
    server.end()


def test_the_same_delivery_again_has_the_same_name_and_a_new_time() -> None:
    """A receiver that took it before the answer was lost takes it once; an old copy is refused."""
    server = Receiver()
    tell(Webhook("crm", server.url, SECRET))
    server.now = NOW + timedelta(hours=5)
    tell(Webhook("crm", server.url, SECRET), server.now)
    assert len(server.taken) == 1
    with pytest.raises(Rejected):
        tell(Webhook("crm", server.url, SECRET), NOW)
    server.end()


def test_a_wrong_secret_and_a_redirect_are_refusals_that_can_be_mended() -> None:
    """Neither loses anything; a redirect is never followed with the addresses in it."""
    server = Receiver()
    with pytest.raises(Rejected) as said:
        tell(Webhook("crm", server.url, "another"))
    assert said.value.mendable
    server.faults.append(Answer(307, {}, {"Location": "https://elsewhere.example/"}))
    with pytest.raises(Rejected):
        tell(Webhook("crm", server.url, SECRET))
    server.end()


def test_an_unwell_receiver_is_waited_for() -> None:
    """As long as it asks."""
    server = Receiver()
    server.faults.append(Answer(429, {}, {"Retry-After": "120"}))
    with pytest.raises(Later) as said:
        tell(Webhook("crm", server.url, SECRET))
    assert said.value.after == 120
    server.end()


def test_a_file_appears_whole_with_its_signature(tmp_path: Path) -> None:
    """Nothing half-written, no cell that a spreadsheet runs, a signature that the public key checks."""
    vault = Vault({1: b"k" * 32})
    tell(CsvDrop("old system", tmp_path, vault.sign))
    (path,) = tmp_path.glob("*.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert [(r["address"], r["change"]) for r in rows] == [("nora@example.org", "stop"), ("'=tom@example.net", "allow")]
    key = load_pem_public_key(vault.public_key.encode())
    assert isinstance(key, Ed25519PublicKey)
    key.verify(path.with_name(path.name + ".sig").read_bytes(), path.read_bytes())
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".csv", ".sig"]


def test_openssl_checks_the_signature(tmp_path: Path) -> None:
    """The command that the documentation gives."""
    vault = Vault({1: b"k" * 32})
    tell(CsvDrop("old system", tmp_path, vault.sign))
    (path,) = tmp_path.glob("*.csv")
    (tmp_path / "key.pem").write_text(vault.public_key)
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(tmp_path / "key.pem"), "-in", str(path)]
    assert subprocess.run([*command, "-sigfile", f"{path}.sig"], capture_output=True, check=False).returncode == 0
    path.write_text(path.read_text().replace("nora", "nara"))
    assert subprocess.run([*command, "-sigfile", f"{path}.sig"], capture_output=True, check=False).returncode != 0


def test_a_folder_that_is_gone_is_waited_for(tmp_path: Path) -> None:
    """And `check` names it."""
    drop = CsvDrop("old system", tmp_path / "none", Vault({1: b"k" * 32}).sign)
    with pytest.raises(Later):
        tell(drop)
    assert not asyncio.run(drop.check()).ok
