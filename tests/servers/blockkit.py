"""The limits that Slack sets to messages and views and local-slack does not: each breach is one sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
WHOLE_MESSAGE = 13_000
TEXT = 40_000

OPTION_LIMITS = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10, "static_select": 100, "multi_static_select": 100}
INTERACTIVE = {
    "button", "overflow", "checkboxes", "radio_buttons", "static_select", "multi_static_select", "users_select", "multi_users_select",
    "channels_select", "conversations_select", "external_select", "datepicker", "timepicker", "datetimepicker", "plain_text_input",
    "email_text_input", "url_text_input", "number_input",
}
INPUTS = INTERACTIVE - {"button", "overflow"}
BLOCKS = {"section", "header", "divider", "context", "image", "actions", "input", "rich_text"}

Args = Mapping[str, Any]


def faults(method: str, args: Args) -> list[str]:
    """What Slack would refuse in a call of `method` with `args`; [] if nothing."""
    if method in {"chat.postMessage", "chat.update", "chat.postEphemeral"}:
        return list(message_faults(args))
    if method in {"views.open", "views.push", "views.update", "views.publish"}:
        view = args.get("view")
        return list(view_faults(view)) if isinstance(view, Mapping) else [f"{method}: no view"]
    return []


def message_faults(args: Args) -> Iterator[str]:
    """A message: its text and its blocks."""
    blocks = args.get("blocks") or []
    if not isinstance(blocks, list):
        yield "blocks are no list"
        return
    text = args.get("text") or ""
    if not text:
        yield "a message without text: notifications and screen readers show nothing"
    yield from longer("text of the message", text, TEXT)
    yield from more("blocks in a message", blocks, MESSAGE_BLOCKS)
    whole = sum(len(t) for t in texts(blocks))
    if whole > WHOLE_MESSAGE:
        yield f"{whole} characters in all blocks of a message, {WHOLE_MESSAGE} are allowed"
    yield from blocks_faults(blocks)


def view_faults(view: Args) -> Iterator[str]:
    """A modal or a home."""
    kind, blocks = view.get("type"), view.get("blocks")
    if kind not in {"modal", "home"}:
        yield f"a view of type {kind!r}"
    if not isinstance(blocks, list):
        yield "a view without blocks"
        return
    yield from more("blocks in a view", blocks, VIEW_BLOCKS)
    yield from longer("private_metadata", view.get("private_metadata"), 3000)
    yield from longer("callback_id", view.get("callback_id"), 255)
    yield from longer("external_id", view.get("external_id"), 255)
    if kind == "modal":
        yield from plain("title of a modal", view.get("title"), 24, required=True)
        yield from plain("submit of a modal", view.get("submit"), 24)
        yield from plain("close of a modal", view.get("close"), 24)
        if any(b.get("type") == "input" for b in blocks) and not view.get("submit"):
            yield "a modal with inputs and no submit"
    yield from blocks_faults(blocks)


def blocks_faults(blocks: list[Args]) -> Iterator[str]:
    """Each block, and that no two share a block_id."""
    seen: set[str] = set()
    for block in blocks:
        block_id = block.get("block_id")
        if block_id is not None:
            yield from longer("block_id", block_id, 255)
            if block_id in seen:
                yield f"two blocks with the block_id {block_id!r}"
            seen.add(block_id)
        yield from block_faults(block)


def block_faults(block: Args) -> Iterator[str]:
    """One block and its elements."""
    kind = block.get("type")
    if kind not in BLOCKS:
        yield f"a block of type {kind!r}"
    elif kind == "section":
        yield from section_faults(block)
    elif kind == "header":
        yield from plain("text of a header", block.get("text"), 150, required=True)
    elif kind == "context":
        yield from between("elements in a context", block.get("elements") or [], 1, 10)
        for element in block.get("elements") or []:
            yield from text_faults("text of a context", element, 3000) if element.get("type") != "image" else image_faults(element)
    elif kind == "image":
        yield from image_faults(block)
    elif kind == "actions":
        yield from between("elements in an actions block", block.get("elements") or [], 1, 25)
        yield from elements_faults(block.get("elements") or [])
    elif kind == "input":
        yield from input_faults(block)


def section_faults(block: Args) -> Iterator[str]:
    """A section: text or fields, and what stands beside them."""
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield "a section without text and fields"
    if block.get("text") is not None:
        yield from text_faults("text of a section", block["text"], 3000)
    if fields is not None:
        yield from between("fields of a section", fields, 1, 10)
        for field in fields:
            yield from text_faults("field of a section", field, 2000)
    if block.get("accessory"):
        yield from elements_faults([block["accessory"]])


def input_faults(block: Args) -> Iterator[str]:
    """An input with its label and element."""
    yield from plain("label of an input", block.get("label"), 2000, required=True)
    yield from plain("hint of an input", block.get("hint"), 2000)
    element = block.get("element") or {}
    if element.get("type") not in INPUTS:
        yield f"an input with an element of type {element.get('type')!r}"
    yield from elements_faults([element])


def elements_faults(elements: list[Args]) -> Iterator[str]:
    """Interactive elements, and that no two share an action_id."""
    seen: set[str] = set()
    for element in elements:
        action_id = element.get("action_id")
        if action_id is not None:
            yield from longer("action_id", action_id, 255)
            if action_id in seen:
                yield f"two elements with the action_id {action_id!r} in one block"
            seen.add(action_id)
        kind = element.get("type")
        if kind == "image":
            yield from image_faults(element)
        elif kind not in INTERACTIVE:
            yield f"an element of type {kind!r}"
        elif kind == "button":
            yield from button_faults(element)
        elif kind in OPTION_LIMITS:
            yield from options_faults(element, OPTION_LIMITS[kind])
        elif kind == "plain_text_input":
            yield from typed_faults(element)
        yield from plain("placeholder", element.get("placeholder"), 150)
        yield from confirm_faults(element.get("confirm"))


def button_faults(button: Args) -> Iterator[str]:
    """A button."""
    yield from plain("text of a button", button.get("text"), 75, required=True)
    yield from longer("value of a button", button.get("value"), 2000)
    yield from longer("url of a button", button.get("url"), 3000)
    if button.get("style") not in {None, "primary", "danger"}:
        yield f"a button of style {button.get('style')!r}"
    if not button.get("action_id"):
        yield "a button without action_id"


def typed_faults(element: Args) -> Iterator[str]:
    """A field to type in: 3,000 characters, what it begins with included."""
    yield from longer("initial_value of an input", element.get("initial_value"), element.get("max_length") or 3000)
    if (element.get("max_length") or 0) > 3000:
        yield "max_length of an input is over 3000"


def options_faults(element: Args, limit: int) -> Iterator[str]:
    """A choice, its options, and what is chosen at first."""
    groups = element.get("option_groups") or []
    options = element.get("options") or [o for g in groups for o in g.get("options") or []]
    yield from between(f"options of {element.get('type')}", options, 1, limit)
    for group in groups:
        yield from plain("label of an option group", group.get("label"), 75, required=True)
    for option in options:
        text = option.get("text") or {}
        yield from text_faults("text of an option", text, 75)
        yield from longer("value of an option", option.get("value"), 150)
        yield from longer("description of an option", (option.get("description") or {}).get("text"), 75)
    values = [o.get("value") for o in options]
    if len(set(values)) != len(values):
        yield f"two options of one value in {element.get('action_id')!r}"
    first = [element["initial_option"]] if element.get("initial_option") else list(element.get("initial_options") or [])
    if "initial_options" in element and not first:
        yield "initial_options is an empty list"
    if any(o not in options for o in first):
        yield f"the initial option of {element.get('action_id')!r} is none of its options"


def confirm_faults(confirm: Args | None) -> Iterator[str]:
    """The question before a button does its work."""
    if not confirm:
        return
    yield from plain("title of a confirm", confirm.get("title"), 100, required=True)
    yield from text_faults("text of a confirm", confirm.get("text") or {}, 300)
    yield from plain("confirm of a confirm", confirm.get("confirm"), 30)
    yield from plain("deny of a confirm", confirm.get("deny"), 30)


def image_faults(image: Args) -> Iterator[str]:
    """A picture: what it shows in words."""
    if not image.get("alt_text"):
        yield "an image without alt_text"
    yield from longer("alt_text", image.get("alt_text"), 2000)
    yield from longer("image_url", image.get("image_url"), 3000)


def text_faults(what: str, text: Args, limit: int) -> Iterator[str]:
    """A text object, neither empty nor too long."""
    if text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{what} is of type {text.get('type')!r}"
    if not text.get("text"):
        yield f"{what} is empty"
    yield from longer(what, text.get("text"), limit)


def plain(what: str, text: Args | None, limit: int, *, required: bool = False) -> Iterator[str]:
    """A text object that must be plain text."""
    if text is None:
        if required:
            yield f"{what} is missing"
        return
    if text.get("type") != "plain_text":
        yield f"{what} is no plain_text"
    yield from text_faults(what, text, limit)


def longer(what: str, text: str | None, limit: int) -> Iterator[str]:
    """Too long."""
    if text is not None and len(text) > limit:
        yield f"{what} has {len(text)} characters, {limit} are allowed"


def more(what: str, items: list[Any], limit: int) -> Iterator[str]:
    """Too many."""
    if len(items) > limit:
        yield f"{len(items)} {what}, {limit} are allowed"


def between(what: str, items: list[Any], least: int, limit: int) -> Iterator[str]:
    """Too many or too few."""
    if len(items) < least:
        yield f"{len(items)} {what}, at least {least} must be there"
    yield from more(what, items, limit)


def texts(value: Any) -> Iterator[str]:
    """Every string that a reader sees somewhere inside `value`."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key == "text" and isinstance(item, str):
                yield item
            else:
                yield from texts(item)
