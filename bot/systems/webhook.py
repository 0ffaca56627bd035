"""A signed webhook: JSON over HTTPS with an HMAC over time and body, so that the receiver can tell it from a forged or repeated one."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.carriers import Later, Rejected
from bot.systems.system import Opting
from bot.systems.wire import Wire
from bot.transport import Checked
from handlers.heard import Heard
from storage.kinds import SystemState

MOST = 100
SIGNATURE, DELIVERY = "Rightsdesk-Signature", "Rightsdesk-Delivery"


class Webhook:
    """One receiver. A 2xx means that it has taken every change of the delivery."""

    most = MOST

    def __init__(self, name: str, url: str, secret: str, wire: Wire | None = None) -> None:
        self._name, self._url, self._secret = name, url, secret.encode()
        self._wire = wire or Wire(name)

    async def tell(self, changes: Sequence[Opting], now: datetime) -> list[Heard]:
        """Deliver them; the delivery's name is the same when it is tried again, the time in the signature is new."""
        delivery = hashlib.sha256("\n".join(c.reference for c in changes).encode()).hexdigest()[:32]
        await self._deliver({"delivery": delivery, "changes": [_plain(c) for c in changes]}, delivery, now)
        return [Heard(c.outgoing_id, SystemState.DONE, 1) for c in changes]

    async def check(self) -> Checked:
        """Deliver an empty list of changes."""
        now = datetime.now(UTC)
        try:
            await self._deliver({"delivery": "check", "changes": []}, f"check-{int(now.timestamp())}", now)
        except Later as later:
            return Checked(False, f"{later.why}; check systems.{self._name}.url")
        except Rejected as rejected:
            return Checked(False, rejected.sentence)
        return Checked(True, f"{self._name}: takes signed deliveries")

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    async def _deliver(self, body: dict[str, object], delivery: str, now: datetime) -> None:
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", SIGNATURE: sign(self._secret, raw, now), DELIVERY: delivery}
        answer = await self._wire.send("POST", self._url, content=raw, headers=headers)
        if not 200 <= answer.status_code < 300:
            raise Rejected(f"{self._name} does not take deliveries (status {answer.status_code})", mendable=True)


def sign(secret: bytes, body: bytes, now: datetime) -> str:
    """`t=UNIX SECONDS,v1=HEX`: HMAC-SHA256 over the time, a point and the body. Receivers refuse a time that is not of now."""
    moment = str(int(now.timestamp()))
    return f"t={moment},v1={hmac.digest(secret, moment.encode() + b'.' + body, 'sha256').hex()}"


def _plain(change: Opting) -> dict[str, object]:
    return {
        "id": change.reference,
        "controller": change.controller,
        "address": change.address,
        "scope": change.scope,
        "change": "stop" if change.stop else "allow",
        "asked": change.asked.astimezone(UTC).isoformat(timespec="seconds"),
    }
