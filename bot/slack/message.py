"""A message as it goes to Slack."""

from dataclasses import dataclass

from bot.slack.text import Block, section


@dataclass(frozen=True)
class Message:
    """What goes to Slack: blocks, and the one line for notifications and screen readers."""

    text: str
    blocks: list[Block]


def saying(text: str, *more: Block) -> Message:
    """A message of one text, and what stands under it."""
    return Message(text, [section(text), *more])
