"""A Marketo that answers as Adobe's developer documentation says: tokens, leads by filter, updates with one result a lead."""

from collections.abc import Callable
from typing import Any

from tests.systems.faking import Answer, Asked, FakeServer

CLIENT, SECRET = "client-of-the-desk", "secret-of-the-client"
FIELDS = ("id", "email", "unsubscribed", "unsubscribedReason", "optOutNews")


class MarketoServer(FakeServer):
    """`leads` by number; `heard` is every update in order."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: dict[int, dict[str, Any]] = {}
        self.heard: list[tuple[str, bool]] = []
        self.tokens: list[str] = []
        self.valid: set[str] = set()
        self.page = 300

    def lead(self, email: str) -> int:
        """A lead more."""
        number = len(self.leads) + 1
        self.leads[number] = {"id": number, "email": email, "unsubscribed": False, "unsubscribedReason": None}
        return number

    def serve(self, asked: Asked) -> Answer:
        """One of the three endpoints."""
        if asked.path == "/identity/oauth/token":
            return self._identity({**asked.query, **asked.form})
        if "access_token" in asked.query:
            return error("600")
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.valid:
            return error("602" if token in self.tokens else "601")
        if asked.path == "/rest/v1/leads/describe.json":
            return success([{"id": i, "rest": {"name": name}} for i, name in enumerate(FIELDS)])
        if asked.path == "/rest/v1/leads.json":
            wants = asked.method if asked.query.get("_method") is None else asked.query["_method"]
            return self._find({**asked.query, **asked.form}) if wants == "GET" else self._update(asked.json)
        return Answer(404, {})

    def _identity(self, form: dict[str, str]) -> Answer:
        if (form.get("grant_type"), form.get("client_id"), form.get("client_secret")) != ("client_credentials", CLIENT, SECRET):
            return Answer(401, {"error": "invalid_client", "error_description": "Bad client credentials"})
        token = f"token-{len(self.tokens) + 1}:int"
        self.tokens.append(token)
        self.valid.add(token)
        return Answer(json={"access_token": token, "token_type": "bearer", "expires_in": 3599, "scope": "desk@example.com"})

    def _find(self, form: dict[str, str]) -> Answer:
        values = form["filterValues"].split(",")
        if len(values) > 300:
            return error("1003")
        found = [lead for lead in self.leads.values() if lead["email"].lower() in {v.lower() for v in values}]
        start = int(form.get("nextPageToken") or 0)
        rows = [{k: lead[k] for k in ("id", "email")} for lead in found[start : start + self.page]]
        more = {"nextPageToken": str(start + self.page), "moreResult": True} if start + self.page < len(found) else {}
        return success(rows, **more)

    def _update(self, body: dict[str, Any]) -> Answer:
        if len(body["input"]) > 300 or body["action"] != "updateOnly":
            return error("1003")
        results = []
        for given in body["input"]:
            key = body["lookupField"]
            matches = [lead for lead in self.leads.values() if lead.get(key) == given.get(key)]
            if not matches:
                results.append({"status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]})
            elif len(matches) > 1:
                results.append({"status": "skipped", "reasons": [{"code": "1007", "message": "Multiple lead match lookup criteria"}]})
            else:
                matches[0].update(given)
                self.heard.append((matches[0]["email"], matches[0]["unsubscribed"]))
                results.append({"id": matches[0]["id"], "status": "updated"})
        return success(results)


def success(result: list[dict[str, Any]], **more: Any) -> Answer:
    """A call that was carried out."""
    return Answer(json={"requestId": "e42b#14272d07d78", "success": True, "result": result, **more})


def error(code: str) -> Answer:
    """A call that was refused: status 200, as documented."""
    return Answer(json={"requestId": "e42b#14272d07d78", "success": False, "errors": [{"code": code, "message": "said in words"}]})


def on_leads(code: str) -> Callable[[Asked], Answer | None]:
    """That error for the next call about leads."""
    return lambda asked: error(code) if asked.path.startswith("/rest/") else None
