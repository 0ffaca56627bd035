"""Adobe Marketo Engage: every lead with the address is marked as unsubscribed, over its REST API.

Leads are looked up by address first and updated by their number: one address may belong to several leads, and an update by address
is refused then (1007) or would reach only one of them. Addresses and credentials travel in bodies, never in a URL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.carriers import Later, Rejected
from bot.systems.system import Opting
from bot.systems.wire import AGAIN, BUSY, Wire
from bot.transport import Checked
from handlers.heard import Heard
from storage.addresses import canonical
from storage.kinds import SystemState

MOST = 300
"""Marketo takes so many leads, and so many filter values, in one call."""
RENEW = {"600", "601", "602"}
WAIT = {"604": AGAIN, "606": BUSY, "608": 120.0, "611": AGAIN, "613": AGAIN, "615": 5.0, "713": AGAIN, "1029": AGAIN}
OURS = {"603": "its API user may not read and write leads", "610": "its address in the settings leads nowhere"}
GONE = {"1004"}
QUOTA = "607"
CENTRAL = ZoneInfo("America/Chicago")
"""Marketo's daily quota begins anew at midnight of this zone."""
REASON = "Opt-out handled by Rightsdesk"


@dataclass(frozen=True)
class MarketoSettings:
    """How to reach one subscription. `fields` names the field that each list's opt-out stands in; `all` is `unsubscribed`."""

    name: str
    url: str
    client_id: str
    client_secret: str
    fields: dict[str, str]


class Marketo:
    """One Marketo subscription."""

    most = MOST

    def __init__(self, settings: MarketoSettings, wire: Wire | None = None) -> None:
        self._settings = settings
        self._site = settings.url.rstrip("/").removesuffix("/rest")
        self._wire = wire or Wire(settings.name)
        self._token: str | None = None

    async def tell(self, changes: Sequence[Opting], now: datetime) -> list[Heard]:
        """Look up all leads of these addresses, update them by number, and say for each change how many there were."""
        leads = await self._leads([c.address for c in changes], now)
        inputs: list[dict[str, Any]] = []
        owners: list[int] = []
        last = {canonical(c.address) + c.scope: i for i, c in enumerate(changes)}
        for place, change in enumerate(changes):
            if last[canonical(change.address) + change.scope] != place:
                continue
            for lead in leads.get(canonical(change.address), []):
                inputs.append({"id": lead, **self._fields(change)})
                owners.append(place)
        troubles: dict[int, str] = {}
        updated: dict[int, int] = {}
        for start in range(0, len(inputs), MOST):
            results = await self._update(inputs[start : start + MOST], now)
            for owner, result in zip(owners[start : start + MOST], results, strict=True):
                codes = {str(r.get("code")) for r in result.get("reasons", [])}
                if result.get("status") == "updated":
                    updated[owner] = updated.get(owner, 0) + 1
                elif not codes <= GONE or not codes:
                    troubles[owner] = f"{self._settings.name} refuses a lead (code {', '.join(sorted(codes)) or 'none'})"
        return [self._heard(c, last[canonical(c.address) + c.scope], updated, troubles) for c in changes]

    def _heard(self, change: Opting, place: int, updated: dict[int, int], troubles: dict[int, str]) -> Heard:
        if place in troubles:
            return Heard(change.outgoing_id, SystemState.REFUSED, updated.get(place, 0), troubles[place])
        count = updated.get(place, 0)
        return Heard(change.outgoing_id, SystemState.DONE if count else SystemState.NOT_FOUND, count)

    async def check(self) -> Checked:
        """Get a token and read one field's description: no lead is read or changed."""
        name = self._settings.name
        try:
            answer = await self._call("GET", "/rest/v1/leads/describe.json", datetime.now(UTC))
        except Later as later:
            return Checked(False, f"{later.why}; check systems.{name}.url and the network")
        except Rejected as rejected:
            return Checked(False, rejected.sentence)
        known = {f.get("rest", {}).get("name") for f in answer.get("result", [])}
        wanted = {"unsubscribed", "unsubscribedReason", *self._settings.fields.values()}
        if missing := sorted(wanted - known):
            return Checked(False, f"{name}: leads have no field {', '.join(missing)} that its user may see")
        return Checked(True, f"{name}: token given, leads can be described")

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    def _fields(self, change: Opting) -> dict[str, Any]:
        if change.scope == "all":
            return {"unsubscribed": change.stop, "unsubscribedReason": REASON if change.stop else ""}
        return {self._settings.fields[change.scope]: change.stop}

    async def _leads(self, addresses: Sequence[str], now: datetime) -> dict[str, list[int]]:
        """The numbers of all leads by canonical address; several pages where there are many."""
        found: dict[str, list[int]] = {}
        values = [a for a in dict.fromkeys(a for address in addresses for a in (address, canonical(address))) if "," not in a]
        for start in range(0, len(values), MOST):
            form = {"filterType": "email", "filterValues": ",".join(values[start : start + MOST]), "fields": "id,email"}
            while True:
                answer = await self._call("POST", "/rest/v1/leads.json?_method=GET", now, data=form)
                for lead in answer.get("result", []):
                    numbers = found.setdefault(canonical(str(lead.get("email") or "")), [])
                    if lead["id"] not in numbers:
                        numbers.append(lead["id"])
                if not answer.get("nextPageToken"):
                    break
                form = {**form, "nextPageToken": answer["nextPageToken"]}
        return found

    async def _update(self, inputs: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
        body = {"action": "updateOnly", "lookupField": "id", "asyncProcessing": False, "input": inputs}
        results: list[dict[str, Any]] = (await self._call("POST", "/rest/v1/leads.json", now, json=body)).get("result", [])
        if len(results) != len(inputs):
            raise Later(AGAIN, f"{self._settings.name} answers for {len(results)} of {len(inputs)} leads")
        return results

    async def _call(self, method: str, path: str, now: datetime, **what: Any) -> dict[str, Any]:
        """One call with a token; one that has run out is renewed once."""
        for attempt in range(2):
            token = self._token or await self._new_token()
            status, answer = await self._wire.json(method, self._site + path, headers={"Authorization": f"Bearer {token}"}, **what)
            if not isinstance(answer, dict):
                raise Later(AGAIN, f"{self._settings.name} answers with status {status}")
            if answer.get("success"):
                return answer
            codes = [str(e.get("code")) for e in answer.get("errors", [])]
            if attempt == 0 and RENEW & set(codes):
                self._token = None
                continue
            self._fail(status, codes, now)
        raise AssertionError("unreachable: the second attempt returns or raises")

    def _fail(self, status: int, codes: list[str], now: datetime) -> None:
        name = self._settings.name
        if QUOTA in codes:
            midnight = (now.astimezone(CENTRAL) + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
            raise Later(max(60.0, (midnight - now).total_seconds()), f"{name}: the day's quota of calls is used up (607)")
        for code in codes:
            if code in OURS:
                raise Rejected(f"{name}: {OURS[code]} ({code})", mendable=True)
            if code in WAIT:
                raise Later(WAIT[code], f"{name} asks to wait ({code})")
        if RENEW & set(codes):
            raise Later(AGAIN, f"{name} does not take the token that it gave ({codes[0]})")
        raise Rejected(f"{name} refuses the call (status {status}, code {', '.join(codes) or 'none'})", mendable=True)

    async def _new_token(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        status, answer = await self._wire.json("POST", f"{self._site}/identity/oauth/token", data=form)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if status != 200 or not token:
            raise Rejected(f"{self._settings.name} does not know this client id and secret (status {status})", mendable=True)
        self._token = str(token)
        return self._token
