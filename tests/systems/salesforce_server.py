"""A Salesforce that answers as its REST documentation says: client credentials, SOQL in composite batches, sObject collections."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.systems.faking import Answer, Asked, FakeServer

CLIENT, SECRET = "consumer-key", "consumer-secret"
_QUERY = re.compile(r"SELECT (?P<fields>[\w, ]+) FROM (?P<kind>Lead|Contact) WHERE Email IN \((?P<values>.*)\)(?P<more>.*) ORDER BY Id$")


class SalesforceServer(FakeServer):
    """`records` by Id; `refusing` Ids get that error code when they are saved."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict[str, Any]] = {}
        self.refusing: dict[str, str] = {}
        self.sessions: set[str] = set()
        self.logins = 0
        self.saves: list[str] = []
        self.page = 2000
        self._cursors: dict[str, list[dict[str, Any]]] = {}

    def record(self, kind: str, email: str, **more: Any) -> str:
        """A lead or contact more."""
        number = f"{'00Q' if kind == 'Lead' else '003'}{len(self.records):012d}AAA"
        fields = {"Id": number, "Email": email, "HasOptedOutOfEmail": False, "IsConverted": False, **more}
        self.records[number] = {"attributes": {"type": kind, "url": f"/services/data/v62.0/sobjects/{kind}/{number}"}, **fields}
        return number

    def serve(self, asked: Asked) -> Answer:
        """One of the endpoints."""
        if asked.path == "/services/oauth2/token":
            return self._login(asked.form)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.sessions:
            return Answer(401, [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])
        path = asked.path.removeprefix("/services/data/v62.0")
        if path == "/limits":
            return Answer(json={"DailyApiRequests": {"Max": 15000, "Remaining": 14998}})
        if path.endswith("/describe"):
            return Answer(json={"fields": [{"name": "HasOptedOutOfEmail", "updateable": True}, {"name": "Id", "updateable": False}]})
        if path == "/composite/batch":
            results = [self._part(r["url"]) for r in asked.json["batchRequests"]]
            return Answer(json={"hasErrors": any(r["statusCode"] >= 400 for r in results), "results": results})
        if path == "/composite/sobjects" and asked.method == "PATCH":
            return self._save(asked.json)
        return Answer(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])

    def _login(self, form: dict[str, str]) -> Answer:
        if (form.get("grant_type"), form.get("client_id"), form.get("client_secret")) != ("client_credentials", CLIENT, SECRET):
            return Answer(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
        self.logins += 1
        token = f"00D{self.logins:06d}!session"
        self.sessions.add(token)
        return Answer(json={"access_token": token, "instance_url": self.url, "token_type": "Bearer", "issued_at": "1795000000000"})

    def _part(self, url: str) -> dict[str, Any]:
        parts = urlsplit(url)
        if parts.path.startswith("v62.0/query/"):
            return self._paged(self._cursors.pop(parts.path.rpartition("/")[2]))
        found = _QUERY.match(parse_qs(parts.query)["q"][0])
        if found is None:
            return {"statusCode": 400, "result": [{"errorCode": "MALFORMED_QUERY", "message": "unexpected token"}]}
        values = {unquoted(v).lower() for v in re.findall(r"'((?:\\.|[^'\\])*)'", found["values"])}
        rest = re.sub(r"'(?:\\.|[^'\\])*'(, )?", "", found["values"])
        if rest:
            return {"statusCode": 400, "result": [{"errorCode": "MALFORMED_QUERY", "message": f"unexpected token: {rest}"}]}
        rows = [r for r in self.records.values() if r["attributes"]["type"] == found["kind"] and r["Email"].lower() in values]
        if "IsConverted = false" in found["more"]:
            rows = [r for r in rows if not r["IsConverted"]]
        names = [n.strip() for n in found["fields"].split(",")]
        return self._paged([{"attributes": r["attributes"], **{n: r[n] for n in names}} for r in rows])

    def _paged(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {"totalSize": len(rows), "done": len(rows) <= self.page, "records": rows[: self.page]}
        if not result["done"]:
            cursor = f"01g{len(self._cursors):06d}-{self.page}"
            self._cursors[cursor] = rows[self.page :]
            result["nextRecordsUrl"] = f"/services/data/v62.0/query/{cursor}"
        return {"statusCode": 200, "result": result}

    def _save(self, body: dict[str, Any]) -> Answer:
        if len(body["records"]) > 200 or body["allOrNone"]:
            return Answer(400, [{"errorCode": "EXCEEDED_ID_LIMIT", "message": "record limit reached"}])
        results = []
        for given in body["records"]:
            code = self.refusing.get(given["id"])
            if code:
                trouble = {"statusCode": code, "message": "said in words", "fields": []}
                results.append({"id": given["id"], "success": False, "errors": [trouble]})
                continue
            self.records[given["id"]].update({k: v for k, v in given.items() if k not in ("attributes", "id")})
            self.saves.append(given["id"])
            results.append({"id": given["id"], "success": True, "errors": []})
        return Answer(json=results)


def unquoted(text: str) -> str:
    """A SOQL string as it is meant."""
    return re.sub(r"\\(.)", r"\1", unquote(text))
