"""The checker of Slack's limits lets good blocks through and names what is wrong with bad ones."""

from typing import Any

import pytest

from tests.servers.blockkit import faults


def plain(text: str) -> dict[str, str]:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    """A text object with markup."""
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> dict[str, Any]:
    """A button that Slack takes, with changes."""
    return {"type": "button", "action_id": "go", "text": plain("Go")} | more


def option(value: str) -> dict[str, Any]:
    """A choice."""
    return {"text": plain(f"option {value}"), "value": value}


def section(text: str) -> dict[str, Any]:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text)}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    """A row of elements."""
    return {"type": "actions", "elements": list(elements)}


GOOD = [
    {"type": "header", "text": plain("PR-2026-00042")},
    section("words"),
    {"type": "section", "fields": [mrkdwn("a"), mrkdwn("b")]},
    {"type": "context", "elements": [mrkdwn("small")]},
    {"type": "divider"},
    {"type": "actions", "elements": [button(), {"type": "overflow", "action_id": "more", "options": [option("1"), option("2")]}]},
    {"type": "input", "label": plain("Words"), "element": {"type": "plain_text_input", "action_id": "typed", "initial_value": "x" * 3000}},
]


def test_good_blocks_pass() -> None:
    """In a message, a modal and a home."""
    modal = {"type": "modal", "title": plain("Close"), "submit": plain("Close"), "blocks": GOOD}
    assert faults("chat.postMessage", {"text": "t", "blocks": GOOD}) == []
    assert faults("views.open", {"view": modal}) == []
    assert faults("views.publish", {"view": {"type": "home", "blocks": GOOD}}) == []
    assert faults("conversations.history", {}) == []


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([section("x")] * 51, "51 blocks in a message, 50 are allowed"),
        ([section("x" * 2900)] * 5, "14500 characters in all blocks of a message, 13000 are allowed"),
        ([section("")], "text of a section is empty"),
        ([{"type": "section"}], "a section without text and fields"),
        ([{"type": "header", "text": mrkdwn("x")}], "text of a header is no plain_text"),
        ([{"type": "header", "text": plain("x" * 151)}], "text of a header has 151 characters, 150 are allowed"),
        ([{"type": "context", "elements": []}], "0 elements in a context, at least 1 must be there"),
        ([actions(*[button(action_id=str(n)) for n in range(26)])], "26 elements in an actions block, 25 are allowed"),
        ([actions(button(), button())], "two elements with the action_id 'go' in one block"),
        ([actions(button(value="x" * 2001))], "value of a button has 2001 characters, 2000 are allowed"),
        ([actions(button(style="green"))], "a button of style 'green'"),
        ([section("x") | {"block_id": "a"}, section("y") | {"block_id": "a"}], "two blocks with the block_id 'a'"),
        ([{"type": "table"}], "a block of type 'table'"),
        (
            [section("x") | {"accessory": {"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]}}],
            "6 options of overflow, 5 are allowed",
        ),
        (
            [actions({"type": "static_select", "action_id": "s", "options": [option("1")], "initial_option": option("2")})],
            "the initial option of 's' is none of its options",
        ),
    ],
)
def test_a_message_over_a_limit_is_named(blocks: list[dict[str, Any]], fault: str) -> None:
    """In the words of the limit."""
    assert faults("chat.postMessage", {"text": "t", "blocks": blocks}) == [fault]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title": plain("x" * 25)}, "title of a modal has 25 characters, 24 are allowed"),
        ({"submit": None}, "a modal with inputs and no submit"),
        ({"private_metadata": "x" * 3001}, "private_metadata has 3001 characters, 3000 are allowed"),
        ({"blocks": [section("x")] * 101}, "101 blocks in a view, 100 are allowed"),
        ({"type": "sheet"}, "a view of type 'sheet'"),
    ],
)
def test_a_view_over_a_limit_is_named(change: dict[str, Any], fault: str) -> None:
    """Modals have limits of their own."""
    view = {"type": "modal", "title": plain("Close"), "submit": plain("Close"), "blocks": GOOD} | change
    assert faults("views.open", {"view": view}) == [fault]


def test_a_message_without_text_is_named() -> None:
    """Notifications show the text only."""
    assert faults("chat.postMessage", {"blocks": GOOD}) == ["a message without text: notifications and screen readers show nothing"]
