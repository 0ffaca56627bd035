"""Whether Slack would take it: the limits of messages and modals, counted cautiously, and nothing that calls a channel or a person."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from tests.servers.blockkit import faults

OURS = re.compile(r"<(@[UW][A-Z0-9]+|https?://[^|<>]+(\|[^<>]*)?)>")


def message_faults(text: str, blocks: Sequence[dict[str, Any]], *, most_buttons: int = 5) -> list[str]:
    """Everything that Slack or the house would not like about a message."""
    found = faults("chat.postMessage", {"text": text, "blocks": list(blocks)})
    found += [f"unescaped in {where!r}: {bad!r}" for where, bad in unescaped([{"type": "mrkdwn", "text": text}, *blocks])]
    found += sdk_faults(list(blocks))
    for block in blocks:
        buttons = [e for e in block.get("elements", []) if e["type"] == "button"]
        if len(buttons) > most_buttons:
            found.append(f"{len(buttons)} buttons are visible")
    return found + wide(list(blocks))


def view_faults(view: dict[str, Any]) -> list[str]:
    """Everything that Slack or the house would not like about a modal."""
    found = faults("views.open", {"view": view})
    found += [f"unescaped in {where!r}: {bad!r}" for where, bad in unescaped(view["blocks"])]
    try:
        SdkView(**view).validate_json()
    except Exception as error:  # noqa: BLE001 -- whatever the library says is a finding
        found.append(f"slack_sdk: {error}")
    return found + sdk_faults(view["blocks"]) + wide(view["blocks"])


def sdk_faults(blocks: list[dict[str, Any]]) -> list[str]:
    """What slack_sdk's own models know of limits."""
    found = []
    for block in blocks:
        parsed = SdkBlock.parse(block)
        if parsed is None:
            found.append(f"slack_sdk knows no block {block['type']}")
            continue
        try:
            parsed.validate_json()
        except Exception as error:  # noqa: BLE001 -- whatever the library says is a finding
            found.append(f"slack_sdk: {block['type']}: {error}")
    return found


def wide(value: Any, limit: int = 3000) -> list[str]:
    """Texts that are too long where an emoji counts twice."""
    return [f"{len(t.encode('utf-16-le')) // 2} units" for t in every_text(value) if len(t.encode("utf-16-le", "replace")) // 2 > limit]


def every_text(value: Any) -> Iterator[str]:
    """Every `text` that is a string."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            yield from every_text(item)
    elif isinstance(value, list):
        for item in value:
            yield from every_text(item)


def unescaped(value: Any) -> Iterator[tuple[str, str]]:
    """`<` or `>` in mrkdwn that is neither ours (a person's mention, a web link) nor a quotation mark, and a bare `&`."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            text = OURS.sub("", re.sub(r"(?m)^> ?", "", value["text"]))
            for bad in re.findall(r"[<>]|&(?!amp;|lt;|gt;)", text):
                yield value["text"][:60], bad
            if value.get("verbatim") is not True and value["type"] == "mrkdwn" and "verbatim" in value:
                yield value["text"][:60], "not verbatim"
        for item in value.values():
            yield from unescaped(item)
    elif isinstance(value, list):
        for item in value:
            yield from unescaped(item)
