"""Salesforce: every lead and contact with the address gets its opt-out, over the REST API.

Queries travel inside a composite batch and records in a collection, so that no address stands in a URL; one record that is refused
does not keep the others from being saved (`allOrNone` false).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.carriers import Later, Rejected
from bot.systems.system import Opting
from bot.systems.wire import AGAIN, Wire
from bot.transport import Checked
from handlers.heard import Heard
from storage.addresses import canonical
from storage.kinds import SystemState

MOST = 100
"""How many addresses go into one query."""
RECORDS = 200
"""A collection takes so many records."""
HOURLY = 3600.0
LOCKED = {"UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"}
GONE = {"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "CANNOT_UPDATE_CONVERTED_LEAD"}
OBJECTS = {"Lead": " AND IsConverted = false", "Contact": ""}
ALL_FIELD = "HasOptedOutOfEmail"


@dataclass(frozen=True)
class SalesforceSettings:
    """How to reach one org: its My Domain address; `fields` names the checkbox of each list's opt-out."""

    name: str
    url: str
    client_id: str
    client_secret: str
    version: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Session:
    """A token, and where it is good for."""

    token: str
    site: str


class Salesforce:
    """One Salesforce org."""

    most = MOST

    def __init__(self, settings: SalesforceSettings, wire: Wire | None = None) -> None:
        self._settings = settings
        self._wire = wire or Wire(settings.name)
        self._session: Session | None = None

    async def tell(self, changes: Sequence[Opting], now: datetime) -> list[Heard]:  # noqa: ARG002 -- the interface's shape
        """Find the records of these addresses, save those that must change, and say for each change how many there were."""
        found = await self._records([c.address for c in changes])
        last = {canonical(c.address) + c.scope: i for i, c in enumerate(changes)}
        wanted: list[dict[str, Any]] = []
        owners: list[int] = []
        counts: dict[int, int] = {}
        for place in sorted(last.values()):
            change, field = changes[place], self._field(changes[place].scope)
            for record in found.get(canonical(change.address), []):
                counts[place] = counts.get(place, 0) + 1
                if record.get(field) is not change.stop:
                    kind = record["attributes"]["type"]
                    wanted.append({"attributes": {"type": kind}, "id": record["Id"], field: change.stop})
                    owners.append(place)
        troubles, waits = await self._save(wanted, owners, counts)
        return [self._heard(c, last[canonical(c.address) + c.scope], counts, troubles, waits) for c in changes]

    def _heard(self, change: Opting, place: int, counts: dict[int, int], troubles: dict[int, str], waits: set[int]) -> Heard:
        count = counts.get(place, 0)
        if place in waits:
            return Heard(change.outgoing_id, SystemState.WAITING, count, f"{self._settings.name}: a record is locked by somebody else")
        if place in troubles:
            return Heard(change.outgoing_id, SystemState.REFUSED, count, troubles[place])
        return Heard(change.outgoing_id, SystemState.DONE if count else SystemState.NOT_FOUND, count)

    async def _save(self, wanted: list[dict[str, Any]], owners: list[int], counts: dict[int, int]) -> tuple[dict[int, str], set[int]]:
        troubles: dict[int, str] = {}
        waits: set[int] = set()
        for start in range(0, len(wanted), RECORDS):
            body = {"allOrNone": False, "records": wanted[start : start + RECORDS]}
            results = await self._call("PATCH", "/composite/sobjects", json=body)
            for owner, result in zip(owners[start : start + RECORDS], results, strict=True):
                codes = {str(e.get("statusCode")) for e in result.get("errors", [])}
                if result.get("success"):
                    continue
                if codes & LOCKED:
                    waits.add(owner)
                elif codes & GONE:
                    counts[owner] -= 1
                else:
                    troubles[owner] = f"{self._settings.name} refuses a record ({', '.join(sorted(codes)) or 'no code'})"
        return troubles, waits

    async def check(self) -> Checked:
        """Get a token and read how many calls are left: no record is read or changed."""
        name = self._settings.name
        try:
            limits = await self._call("GET", "/limits")
            left = limits.get("DailyApiRequests", {}).get("Remaining")
            for kind in OBJECTS:
                described = await self._call("GET", f"/sobjects/{kind}/describe")
                fields = {f["name"] for f in described.get("fields", []) if f.get("updateable")}
                if missing := sorted({ALL_FIELD, *self._settings.fields.values()} - fields):
                    return Checked(False, f"{name}: its user may not change {', '.join(missing)} of {kind}")
        except Later as later:
            return Checked(False, f"{later.why}; check systems.{name}.url and the network")
        except Rejected as rejected:
            return Checked(False, rejected.sentence)
        return Checked(True, f"{name}: token given, leads and contacts can be changed, {left} calls left today")

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    def _field(self, scope: str) -> str:
        return ALL_FIELD if scope == "all" else self._settings.fields[scope]

    async def _records(self, addresses: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        values = ", ".join(f"'{soql(a)}'" for a in dict.fromkeys(a for address in addresses for a in (address, canonical(address))))
        fields = ", ".join(dict.fromkeys(["Id", "Email", ALL_FIELD, *self._settings.fields.values()]))
        queries = [f"SELECT {fields} FROM {kind} WHERE Email IN ({values}){more} ORDER BY Id" for kind, more in OBJECTS.items()]  # noqa: S608 -- SOQL, escaped
        urls = [f"{self._settings.version}/query?q={quote(q, safe='')}" for q in queries]
        found: dict[str, list[dict[str, Any]]] = {}
        while urls:
            body = {"haltOnError": False, "batchRequests": [{"method": "GET", "url": url} for url in urls]}
            answer = await self._call("POST", "/composite/batch", json=body)
            urls = []
            for part in answer["results"]:
                if part["statusCode"] != 200:
                    self._fail(part["statusCode"], part["result"])
                for record in part["result"]["records"]:
                    found.setdefault(canonical(str(record.get("Email") or "")), []).append(record)
                if not part["result"].get("done", True):
                    urls.append(part["result"]["nextRecordsUrl"].removeprefix("/services/data/"))
        return found

    async def _call(self, method: str, path: str, **what: Any) -> Any:
        """One call with a session; one that has run out is renewed once."""
        for attempt in range(2):
            session = self._session or await self._new_session()
            url = f"{session.site}/services/data/{self._settings.version}{path}"
            status, answer = await self._wire.json(method, url, headers={"Authorization": f"Bearer {session.token}"}, **what)
            if status < 300:
                return answer
            if status == 401 and attempt == 0:
                self._session = None
                continue
            self._fail(status, answer)
        raise AssertionError("unreachable: the second attempt returns or raises")

    def _fail(self, status: int, answer: Any) -> None:
        name = self._settings.name
        codes = [str(e.get("errorCode")) for e in answer] if isinstance(answer, list) else []
        if "REQUEST_LIMIT_EXCEEDED" in codes:
            raise Later(HOURLY, f"{name}: the day's calls are used up (REQUEST_LIMIT_EXCEEDED)")
        if set(codes) & LOCKED:
            raise Later(AGAIN, f"{name} asks to wait ({codes[0]})")
        raise Rejected(f"{name} refuses the call (status {status}, {', '.join(codes) or 'no code'})", mendable=True)

    async def _new_session(self) -> Session:
        site = self._settings.url.rstrip("/")
        form = {"grant_type": "client_credentials", "client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        status, answer = await self._wire.json("POST", f"{site}/services/oauth2/token", data=form)
        if status != 200 or not isinstance(answer, dict) or not answer.get("access_token"):
            code = answer.get("error", "no code") if isinstance(answer, dict) else "no code"
            if code == "rate_limit_exceeded":
                raise Later(AGAIN, f"{self._settings.name}: too many logins")
            raise Rejected(f"{self._settings.name} does not know this client id and secret ({code})", mendable=True)
        self._session = Session(str(answer["access_token"]), str(answer.get("instance_url") or site).rstrip("/"))
        return self._session


def soql(text: str) -> str:
    """A text as it stands between quotes in SOQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "".join(c for c in escaped if ord(c) >= 32)
