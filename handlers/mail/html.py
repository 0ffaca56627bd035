"""HTML to the text that a person saw: hidden text left out, quotations marked with `>` (inscriptis and lxml)."""

import re
from html import unescape

from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

LIMIT = 1_000_000  # characters of HTML that are rendered
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_TOKEN = re.compile(r"(<(/?[a-zA-Z][a-zA-Z0-9]{0,10}|[!?])[^<>]{0,5000}>)|([^<]+|<)")
_CELL = re.compile(r"<(/?)(table|tbody|thead|tfoot|tr|td|th)\b[^<>]{0,2000}>", re.IGNORECASE)
_LINES = frozenset({"p", "div", "br", "tr", "li", "table", "blockquote", "h1", "h2", "h3", "ul", "ol"})
_SILENT = frozenset({"script", "style", "head", "title"})
MAX_CELLS = 3_000  # of tables that are laid out
_DROPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "meta", "link"})
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?<![a-z-])opacity\s*:\s*0(?:\.0+)?(?![.\d])"
    r"|(?:^|[;\s])font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|!|$)|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)"
    r"|text-indent\s*:\s*-\d{3,}|(?:^|[;\s])left\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|[;\s])(color|background(?:-color)?)\s*:\s*([^;!]{1,60})", re.IGNORECASE)
_RULE = re.compile(r"([.#][\w-]{1,80})\s*\{([^{}]{0,500})\}")
_MEDIA = re.compile(r"@media[^{}]{0,300}\{(?:[^{}]*\{[^{}]*\})*", re.IGNORECASE)  # what only some screens hide is said all the same
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "#fefefe", "snow", "transparent", "rgba(0,0,0,0)"})
_CONFIG = ParserConfig()


def to_text(source: str) -> str:
    """The visible text of an HTML part. Never raises."""
    source = _DECLARATION.sub("", source[:LIMIT].replace("\x00", ""))
    if not source.strip():
        return ""
    if source.count("<td") + source.count("<TD") > MAX_CELLS:
        source = _CELL.sub(_uncell, source)
    try:
        parser = html.HTMLParser()
        tree = html.document_fromstring(source, parser=parser)
        if any("depth" in entry.message for entry in parser.error_log):
            return _between_tags(source)  # libxml2 left out what lies deeper
        _clean(tree)
        return _render(tree)
    except Exception:  # noqa: BLE001 -- whatever a tree does to the two libraries, the words are still there between the tags
        return _between_tags(source)


def _uncell(match: re.Match[str]) -> str:
    """A table too large to lay out, as lines."""
    slash, name = match.group(1), match.group(2).lower()
    if name == "tr":
        return f"<{slash}div>"
    return " " if name in ("td", "th") else ""


def _between_tags(source: str) -> str:
    """The text of HTML that no tree can hold: tags taken out, what never shows left out."""
    out: list[str] = []
    silent = ""
    for tag, name, text in _TOKEN.findall(source):
        name = name.lower()
        if silent:
            silent = "" if name == "/" + silent else silent
        elif name in _SILENT:
            silent = name
        elif name:
            out.append("\n" if name.lstrip("/") in _LINES else "")
        else:
            out.append(text or tag)
    return unescape("".join(out))


def _render(tree: "etree._Element") -> str:
    text: str = Inscriptis(tree, _CONFIG).get_text()
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _clean(tree: "etree._Element") -> None:
    """Takes out what the reader never saw and turns each outermost quotation into lines that start with `>`."""
    rules = [rule for style in tree.iter("style") for rule in _RULE.findall(_MEDIA.sub("", (style.text or "")[:100_000]))]
    hidden = {selector for selector, body in rules if _HIDING.search(body)}
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


def _is_hidden(element: "etree._Element", selectors: set[str]) -> bool:
    if "hidden" in element.attrib:
        return True
    if selectors and (
        "#" + element.get("id", "") in selectors or any("." + name in selectors for name in element.get("class", "").split())
    ):
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
