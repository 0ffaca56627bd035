"""The parts of a modal, and what somebody filled in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.slack.text import OPTION, TITLE, Block, option, plain

View = dict[str, Any]


def modal(title: str, blocks: list[Block], close: str, **more: str) -> View:
    """A modal; `more` may hold `submit`, `callback` and `remembered` (its private_metadata)."""
    made: View = {"type": "modal", "title": plain(title, TITLE), "close": plain(close, TITLE), "blocks": blocks}
    made["callback_id"] = more.get("callback") or "rd:note"
    if submit := more.get("submit"):
        made["submit"] = plain(submit, TITLE)
    if remembered := more.get("remembered"):
        made["private_metadata"] = remembered
    return made


def field(block_id: str, label: str, element: Block, **more: Any) -> Block:
    """An input; `more` may hold `optional`, `hint` and `dispatch_action`."""
    return {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element, "optional": False, **more}


def select(block_id: str, label: str, options: list[Block], chosen: str | None = None, **more: Any) -> Block:
    """An input that is one choice of `options`; `chosen` is the value shown at first."""
    element: Block = {"type": "static_select", "action_id": f"rd:{block_id}", "options": options}
    if first := next((o for o in options if o["value"] == chosen), None):
        element["initial_option"] = first
        element["placeholder"] = first["text"]
    return field(block_id, label, element, **more)


def words_of(block_id: str, label: str, shown: str = "", *, most: int = 2000, lines: bool = False, **more: Any) -> Block:
    """An input of words, at most so many; `lines` for several."""
    element: Block = {"type": "plain_text_input", "action_id": f"rd:{block_id}", "multiline": lines, "max_length": most}
    if shown:
        element["initial_value"] = shown[:most]
    return field(block_id, label, element, **more)


def day_of(block_id: str, label: str, shown: date, **more: Any) -> Block:
    """An input that is a date."""
    return field(block_id, label, {"type": "datepicker", "action_id": f"rd:{block_id}", "initial_date": shown.isoformat()}, **more)


def boxes(block_id: str, label: str, options: list[Block], ticked: Iterable[str] = (), **more: Any) -> Block:
    """An input of boxes, at most ten; any number of them may be ticked."""
    element: Block = {"type": "checkboxes", "action_id": f"rd:{block_id}", "options": options[:10]}
    chosen = set(ticked)
    if first := [o for o in element["options"] if o["value"] in chosen]:
        element["initial_options"] = first
    return field(block_id, label, element, optional=True, **more)


def described(label: str, value: str, more: str) -> Block:
    """A choice with a line of explanation."""
    return option(label, value) | ({"description": plain(more, OPTION)} if more.strip() else {})


def hint(text: str) -> Block:
    """Small print under an input."""
    return plain(text, 2000)


def answers(view: View) -> dict[str, Any]:
    """What was filled in, by the name of the input (the first part of its block_id).

    An input that must be filled and comes back empty was left as it was shown: some clients leave out what nobody touched.
    """
    given: dict[str, Any] = {}
    state = (view.get("state") or {}).get("values") or {}
    for block in view.get("blocks") or []:
        if block.get("type") != "input":
            continue
        element = block["element"]
        filled: Block = next(iter((state.get(block["block_id"]) or {}).values()), {})
        value = _value(filled or {})
        if not value and not block.get("optional"):
            value = _value(_shown(element))
        given[block["block_id"].partition(":")[0]] = value
    return given


def field_block(view: View, field: str | None) -> str | None:
    """The block_id of the input of that name, else of the first input; None where the modal has none."""
    inputs = [b["block_id"] for b in view.get("blocks") or [] if b.get("type") == "input"]
    named = [i for i in inputs if i.partition(":")[0] == field]
    return next(iter(named or inputs), None)


def kept(view: View) -> View:
    """The modal with what was filled in as what is shown at first, so that nothing that was written is lost when it is drawn anew."""
    state = (view.get("state") or {}).get("values") or {}
    blocks = []
    for block in view["blocks"]:
        filled = next(iter((state.get(block.get("block_id")) or {}).values()), None)
        if block["type"] == "input" and filled:
            block = {**block, "element": {**block["element"], **_as_shown(filled)}}
        blocks.append(block)
    return {**view, "blocks": blocks}


def _as_shown(filled: Block) -> Block:
    shown = {
        "initial_value": filled.get("value"),
        "initial_option": filled.get("selected_option"),
        "initial_options": filled.get("selected_options"),
        "initial_date": filled.get("selected_date"),
    }
    return {key: value for key, value in shown.items() if value}


def _shown(element: Block) -> Block:
    return {
        "value": element.get("initial_value"),
        "selected_option": element.get("initial_option"),
        "selected_options": element.get("initial_options"),
        "selected_date": element.get("initial_date"),
        "selected_user": element.get("initial_user"),
    }


def _value(given: Block) -> Any:
    if given.get("selected_options") is not None:
        return tuple(str(o["value"]) for o in given["selected_options"])
    if given.get("selected_option"):
        return str(given["selected_option"]["value"])
    return given.get("selected_date") or given.get("selected_user") or given.get("value")
