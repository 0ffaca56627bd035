"""HTML to the text that a person saw: hidden text left out, quotations marked with `>` (inscriptis and lxml)."""

import re
from html import unescape

from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

LIMIT = 1_000_000  # characters of HTML that are rendered
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_TAG = re.compile(r"<[^>]{0,2000}>")
_DROPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "meta", "link"})
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?<![a-z-])opacity\s*:\s*0(?:\.0+)?(?![.\d])"
    r"|(?:^|[;\s])font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|!|$)|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)"
    r"|text-indent\s*:\s*-\d{3,}|(?:^|[;\s])left\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|[;\s])(color|background(?:-color)?)\s*:\s*([^;!]{1,60})", re.IGNORECASE)
_RULE = re.compile(r"\.([\w-]{1,80})\s*\{([^{}]{0,500})\}")
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "#fefefe", "snow", "transparent", "rgba(0,0,0,0)"})
_CONFIG = ParserConfig()


def to_text(source: str) -> str:
    """The visible text of an HTML part. Never raises."""
    source = _DECLARATION.sub("", source[:LIMIT].replace("\x00", ""))
    if not source.strip():
        return ""
    try:
        tree = html.document_fromstring(source)
        _clean(tree)
        return _render(tree)
    except Exception:  # noqa: BLE001 -- whatever a tree does to the two libraries, the words are still there between the tags
        return unescape(_TAG.sub(" ", source))


def _render(tree: "etree._Element") -> str:
    text: str = Inscriptis(tree, _CONFIG).get_text()
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _clean(tree: "etree._Element") -> None:
    """Takes out what the reader never saw and turns each outermost quotation into lines that start with `>`."""
    hidden = {name for style in tree.iter("style") for name, body in _RULE.findall((style.text or "")[:100_000]) if _HIDING.search(body)}
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is None:
            continue
        if element.tag in _DROPPED or _is_hidden(element, hidden):
            _drop(element)
    for quote in [element for element in tree.iter("blockquote") if _is_quote(element)]:
        if not any(_is_quote(ancestor) for ancestor in quote.iterancestors("blockquote")):
            _mark_quote(quote)


def _drop(element: "etree._Element") -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _is_hidden(element: "etree._Element", classes: set[str]) -> bool:
    if "hidden" in element.attrib:
        return True
    if classes and any(name in classes for name in element.get("class", "").split()):
        return True
    style = element.get("style", "")
    if style and _HIDING.search(style):
        return True
    colours = {name.lower(): value.replace(" ", "").lower() for name, value in _COLOUR.findall(style)} if "olor" in style.lower() else {}
    ink = colours.get("color") or (element.get("color", "").replace(" ", "").lower() if element.tag == "font" else "")
    if not ink:
        return False
    paper = colours.get("background-color") or colours.get("background")
    return ink == paper or (paper is None and ink in _WHITE and not _painted(element))


def _painted(element: "etree._Element") -> bool:
    """Whether something behind the element is painted in a colour of its own, as behind the white letters of a button."""
    for ancestor in element.iterancestors():
        if "background" in ancestor.get("style", "").lower() or ancestor.get("bgcolor") or ancestor.get("background"):
            return True
    return False


def _is_quote(element: "etree._Element") -> bool:
    kind = element.get("class", "")
    return element.get("type") == "cite" or "quote" in kind or bool(element.get("cite")) or "border-left" in element.get("style", "")


def _mark_quote(quote: "etree._Element") -> None:
    tail, quote.tail = quote.tail, None
    lines = _render(quote).strip("\n").split("\n")
    for child in list(quote):
        quote.remove(child)
    quote.tag = "pre"
    quote.attrib.clear()
    quote.text = "\n".join(f"> {line}" for line in lines)
    quote.tail = tail
