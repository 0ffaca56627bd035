"""One HTTP exchange with a sending system, its failures in the words that the courier understands."""

from typing import Any

import httpx

from bot.carriers import Later, Rejected

PATIENCE = httpx.Timeout(30.0, connect=10.0)
AGAIN, BUSY = 60.0, 20.0


class Wire:
    """A connection to one system; never follows a redirect, never logs what it carries."""

    def __init__(self, name: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._name = name
        self._client = httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False, transport=transport)

    async def send(self, method: str, url: str, **what: Any) -> httpx.Response:
        """The answer, whatever its status below 500; Later where there is none or the far side is unwell."""
        try:
            answer = await self._client.request(method, url, **what)
        except httpx.InvalidURL as error:
            raise Rejected(f"{self._name}: its address in the settings is none.", mendable=True) from error
        except httpx.HTTPError as error:
            raise Later(AGAIN, f"{self._name} does not answer ({type(error).__name__})") from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Later(_retry_after(answer), f"{self._name} answers with status {answer.status_code}")
        return answer

    async def json(self, method: str, url: str, **what: Any) -> tuple[int, Any]:
        """Status and JSON body; Later where the body is none (a page of a proxy, say)."""
        answer = await self.send(method, url, **what)
        try:
            return answer.status_code, answer.json() if answer.content else None
        except ValueError as error:
            raise Later(AGAIN, f"{self._name} answers with something that is no JSON (status {answer.status_code})") from error

    async def close(self) -> None:
        """Let go."""
        await self._client.aclose()


def _retry_after(answer: httpx.Response) -> float:
    try:
        return min(3600.0, max(1.0, float(answer.headers.get("retry-after", BUSY))))
    except ValueError:
        return BUSY
