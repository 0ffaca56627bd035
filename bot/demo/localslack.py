"""A Slack of our own on this machine: local-slack in a process, with one channel, two people of staff and a manager."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.demo.child import Child
from bot.demo.ports import LOOPBACK, free_port

BOT_TOKEN = "xoxb-demo-bot"  # noqa: S105 -- known to everybody, valid on loopback only
APP_TOKEN = "xapp-demo-app"  # noqa: S105 -- known to everybody, valid on loopback only
SIGNING_SECRET = "demo-signing-secret"  # noqa: S105 -- known to everybody, valid on loopback only
CHANNEL = "C01DESK"
CHANNEL_NAME = "privacy-desk"
BOT_USER = "U0DESK"


@dataclass(frozen=True)
class Member:
    """A person of the workspace."""

    id: str
    name: str
    real_name: str
    email: str
    manager: bool = False
    locale: str = "en-US"


STAFF = (
    Member("U01AIKO", "aiko", "Aiko Sample", "aiko@desk.example", locale="ja-JP"),
    Member("U02BEN", "ben", "Ben Sample", "ben@desk.example"),
)
MANAGER = Member("U03MARA", "mara", "Mara Sample", "mara@desk.example", manager=True)
STRANGER = Member("U04OTTO", "otto", "Otto Other", "otto@desk.example")
"""In the workspace, though not on the desk: only tests let him in."""


class LocalSlack:
    """Runs `binary` with its state in `folder`. `web` is the page for people, `api` the base address for clients."""

    def __init__(self, binary: Path, folder: Path, *, port: int = 0, people: tuple[Member, ...] = (*STAFF, MANAGER)) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.people = people
        self.port = free_port(port)
        self.web = f"http://{LOOPBACK}:{self.port}"
        self.api = f"{self.web}/api/"
        config = folder / "slack.json"
        config.write_text(json.dumps(workspace(people), indent=1), encoding="utf-8")
        argv = [str(binary), "--config", str(config), "--port", str(self.port), "--base-host", LOOPBACK]
        self._child = Child("local-slack", [*argv, "--files-dir", str(folder / "files")], folder / "slack.log")

    def wait(self) -> "LocalSlack":
        """Return once it answers."""
        self._child.wait_until(self._answers)
        return self

    def _answers(self) -> bool:
        try:
            return bool(self.control("state")["channels"])
        except (OSError, ValueError):
            return False

    def control(self, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask its control interface: GET without a body, POST with one."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.web}/_control/{what}", data, {"Content-Type": "application/json"})  # noqa: S310 -- http on loopback
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 -- http on loopback
            answer = json.load(response)
        if not isinstance(answer, dict):
            raise TypeError(f"local-slack answered {type(answer).__name__} to {what}")
        return answer

    def messages(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """Every message of a channel, replies included, in the order they came."""
        return list(self.control(f"messages/{channel}")["messages"])

    def post(self, user: str, text: str, *, channel: str = CHANNEL, thread: str | None = None) -> dict[str, Any]:
        """A person writes something."""
        body = {"channel": channel, "user": user, "text": text}
        return dict(self.control("message", body | ({"thread_ts": thread} if thread else {}))["message"])

    def press(self, user: str, message: dict[str, Any], action: dict[str, Any]) -> None:
        """A person presses `action`, an element of a block of `message`."""
        self.control("interact", {"channel": message["channel"], "messageTs": message["ts"], "user": user, "action": action})

    def command(self, user: str, command: str, text: str = "", *, channel: str = CHANNEL) -> None:
        """A person types a slash command."""
        self.control("command", {"channel": channel, "user": user, "command": command, "text": text})

    def open_home(self, user: str) -> None:
        """A person opens the app's home."""
        self.control("open-home", {"user": user})

    def reset(self) -> None:
        """Back to an empty channel; connections stay."""
        self.control("reset", {})

    def end(self) -> None:
        """Stop the process; its messages are gone."""
        self._child.end()

    def kill(self) -> None:
        """Stop it without goodbye, as an outage."""
        self._child.kill()


def workspace(people: tuple[Member, ...]) -> dict[str, Any]:
    """The configuration that local-slack reads (JSON is YAML)."""
    return {
        "workspace": {"name": "Rightsdesk demo", "domain": "rightsdesk-demo", "teamId": "T01DEMO"},
        "app": {
            "appId": "A01DESK",
            "botUserId": BOT_USER,
            "botName": "rightsdesk",
            "botToken": BOT_TOKEN,
            "appToken": APP_TOKEN,
            "signingSecret": SIGNING_SECRET,
            "mode": "socket",
        },
        "users": [{"id": p.id, "name": p.name, "real_name": p.real_name, "email": p.email, "tz": "Asia/Tokyo"} for p in people],
        "channels": [{"id": CHANNEL, "name": CHANNEL_NAME, "is_private": True, "members": [*(p.id for p in people), BOT_USER]}],
    }
