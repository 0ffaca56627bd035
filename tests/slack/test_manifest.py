"""The manifest of the Slack app names exactly what the code uses."""

import re
from pathlib import Path
from typing import Any

from bot.slack import needs

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"\.((?:auth|views|chat|conversations|users|apps|files|reactions|usergroups|bots|team)_[a-zA-Z_]+)\b")
METHODS = {
    "auth_test": (), "views_open": (), "views_update": (), "apps_connections_open": (), "chat_postMessage": ("chat:write",),
    "chat_postEphemeral": ("chat:write",), "chat_update": ("chat:write",), "conversations_open": ("im:write",),
    "conversations_info": ("channels:read", "groups:read"), "conversations_history": ("channels:history", "groups:history", "im:history"),
    "conversations_replies": ("channels:history", "groups:history", "im:history"), "users_info": ("users:read",),
    "usergroups_users_list": ("usergroups:read",), "views_publish": (), "files_info": ("files:read",),
    "chat_delete": ("chat:write",),
}  # fmt: skip
"""Which permission each call needs, from Slack's reference."""


def source() -> str:
    """All code of our Slack side."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot" / "slack").rglob("*.py")))


def manifest() -> dict[str, Any]:
    """The manifest, read as the plain YAML that it is: mappings, lists of words, words."""
    text = (ROOT / "slack-manifest.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return dict(block(lines, 0))


def block(lines: list[str], depth: int) -> Any:
    """Takes the lines of one depth off the front."""
    made: dict[str, Any] = {}
    items: list[Any] = []
    while lines and len(lines[0]) - len(lines[0].lstrip()) == depth:
        line = lines.pop(0).strip()
        if line.startswith("- ") and re.match(r"- \w+: ", line):
            lines.insert(0, " " * (depth + 2) + line[2:])
            items.append(block(lines, depth + 2))
            continue
        if line.startswith("- "):
            items.append(line[2:])
            continue
        key, _, value = line.partition(":")
        inner = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
        made[key] = {"true": True, "false": False}.get(value.strip(), value.strip().strip('"')) if value.strip() else block(lines, inner)
    return items or made


def test_the_manifest_asks_for_exactly_the_permissions_that_the_code_uses() -> None:
    """Calls in the code, the reasons in needs.py and the manifest agree."""
    called = set(CALL.findall(source()))
    assert called == set(METHODS)
    wanted = {scope for method in called for scope in METHODS[method]}
    wanted |= {"commands"} if needs.COMMANDS or needs.SHORTCUTS else set()
    assert wanted == set(needs.SCOPES)
    assert manifest()["oauth_config"]["scopes"] == {"bot": sorted(needs.SCOPES)}


def test_the_manifest_names_exactly_the_events_shortcuts_and_commands_that_the_code_hears() -> None:
    """What isn't listened to isn't asked for."""
    heard = {kind: set(re.findall(rf"\bapp\.{kind}\(\s*\"([^\"]+)\"", source())) for kind in ("event", "shortcut", "command")}
    known = manifest()
    events = (known["settings"].get("event_subscriptions") or {}).get("bot_events") or []
    shortcuts = [s["callback_id"] for s in known["features"].get("shortcuts") or []]
    commands = [c["command"] for c in known["features"].get("slash_commands") or []]
    assert heard["event"] == set(events) == set(needs.EVENTS)
    assert heard["shortcut"] == set(shortcuts) == set(needs.SHORTCUTS)
    assert heard["command"] == set(commands) == set(needs.COMMANDS)
    assert known["settings"]["interactivity"]["is_enabled"] is True
    assert known["settings"]["socket_mode_enabled"] is True
