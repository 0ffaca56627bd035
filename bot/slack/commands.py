"""What somebody may type after `/privacy`: which order it is, and what is said to an order that is none; pure."""

import difflib
from dataclasses import dataclass

from bot.slack.names import N_
from bot.slack.text import Block, context, line, section, sender
from bot.slack.words import ENGLISH, Words
from handlers.stopping import Stopped

COMMAND = "/privacy"
ORDERS: dict[str, tuple[str, str]] = {
    "list": ("", N_("all open cases, the most urgent first")),
    "find": (N_("mail address, case number or thread link"), N_("cases of a person, open and closed")),
    "new": ("", N_("a request that came by phone or letter, also of an earlier day")),
    "unsubscribe": (N_("mail address, company, list"), N_("stop marketing to an address at once; company and list may be left out")),
    "floods": ("", N_("many cases from one sender, handled in one go")),
    "digest": ("", N_("the digest as of now, sent to you")),
    "away": ("", N_("say when you are away, and who acts for you")),
    "help": ("", N_("this list")),
}
"""Every order: what belongs after it, and what it does."""
ALSO = {
    "一覧": "list", "リスト": "list", "検索": "find", "探す": "find", "新規": "new", "作成": "new", "日報": "digest", "レポート": "digest",
    "配信停止": "unsubscribe", "停止": "unsubscribe", "stop": "unsubscribe", "optout": "unsubscribe", "opt-out": "unsubscribe",
    "不在": "away", "大量": "floods", "一括": "floods", "bulk": "floods", "many": "floods",
    "ヘルプ": "help", "使い方": "help", "?": "help", "ls": "list", "search": "find", "open": "new", "create": "new",
}  # fmt: skip
"""Other ways to say them."""


@dataclass(frozen=True)
class Order:
    """What was typed. `name` '' where it is no order; `written` is the first word as it was typed."""

    name: str
    rest: str
    written: str = ""


def understood(text: str) -> Order:
    """The order in what was typed; nothing typed asks for help, and a bare mail address or case number is looked for."""
    words = text.replace("\u3000", " ").split(maxsplit=1)
    if not words:
        return Order("help", "")
    first, rest = words[0], words[1].strip() if len(words) > 1 else ""
    name = first.lower()
    name = ALSO.get(name, name)
    if name in ORDERS:
        return Order(name, rest, first)
    if "@" in first or name.startswith("pr-") or "/archives/" in first:
        return Order("find", text.strip(), first)
    return Order("", rest, first)


def helped(words: Words = ENGLISH) -> list[Block]:
    """What can be typed."""
    lines = [
        f"• `{COMMAND} {name}{f' {words(more)}' if more else ''}` – {words(does)}" for name, (more, does) in ORDERS.items()
    ]
    small = words("In a case's thread, use the buttons of its card: slash commands don't work in threads. Only you see these answers.")
    return [section("\n".join([f"*{words('What you can type')}*", *lines])), context(small)]


def stopped(done: Stopped, words: Words = ENGLISH) -> str:
    """What became of an `unsubscribe`."""
    what = words("the list “{list}”").format(list=line(done.list_name, 80)) if done.list_name else words("all marketing")
    before = words("{address} was stopped before: {companies}, {what}.")
    said = words("✅ {address} gets no more mail of {companies}: {what}.") if done.new else before
    return said.format(address=sender(done.address), companies=line(", ".join(done.companies), 300), what=what)


def unknown(order: Order, words: Words = ENGLISH) -> str:
    """What is said to a word that is no order: what was perhaps meant."""
    said = words("I don't know “{word}”.").format(word=line(order.written, 60))
    near = difflib.get_close_matches(order.written.lower(), ORDERS, n=1, cutoff=0.5)
    if near:
        return f"{said} {words('Did you mean `{command}`?').format(command=f'{COMMAND} {near[0]}')}"
    return f"{said} {words('Type `{command}` to see what there is.').format(command=f'{COMMAND} help')}"
