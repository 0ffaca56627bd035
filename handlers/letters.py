"""Fills the letters in `templates/email`: facts in; subject, text part and HTML part out."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from html import escape as html_escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from handlers.desk import Controller, Desk
from handlers.posts import DigestCase, ManagersDigest
from handlers.refused import Refused
from handlers.wording import Words, load_words
from storage.kinds import Ground, LetterName, Right

_FALLBACK = "en"
_FOLDER = files("templates") / "email"
_MARKDOWN_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_LONGEST_NAME = 60
_SITE = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")
_WEB = re.compile(r"https?://[\w.-]+\.[\w-]+([:/?#]|$)", re.IGNORECASE)
_NO_NAME = re.compile(r"[/\\@<>\[\]{}|=]|www\.|https?:", re.IGNORECASE)
_STYLES = {
    "p": "margin:0 0 16px 0;",
    "ul": "margin:0 0 16px 0;padding:0 0 0 22px;",
    "li": "margin:0 0 6px 0;",
    "h2": "margin:28px 0 10px 0;font-size:16px;line-height:1.4;color:#12324a;",
    "a": "color:#0b5c8a;text-decoration:underline;",
}


@dataclass(frozen=True)
class LetterFacts:
    """What a letter may say. What is not known stays empty, and the letter does without it.

    `received` and `due` are dates in the law's zone. `address` is the person's mail address, `reason` what staff wrote as grounds,
    `remedies` whole sentences in the language of the letter.
    """

    controller: Controller
    ref: str = ""
    name: str = ""
    rights: tuple[Right, ...] = ()
    received: date | None = None
    due: date | None = None
    law: str | None = None
    law_cite: str = ""
    authority_name: str = ""
    authority_site: str = ""
    ground: Ground | None = None
    address: str = ""
    reason: str = ""
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A letter filled for a person to look at: opening and closing stand as the template wrote them, `middle` may be edited."""

    subject: str
    opening: str
    middle: str
    closing: str
    language: str


@dataclass(frozen=True)
class Letter:
    """A letter as it is sent. `language` is the one it was written in."""

    subject: str
    text: str
    html: str
    language: str


class _Written(str):
    """Text that is already as its part needs it: not cleaned, not escaped again."""

    __slots__ = ()


class Letters:
    """Every letter in every language that has its file; templates are read once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._words = load_words()
        self._markdown = _markdown()
        self._plain = _environment(_plain_value)
        self._marked = _environment(_marked_value)
        self._frame = jinja2.Environment(loader=_loader(), autoescape=True, undefined=jinja2.StrictUndefined)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages (ISO 639-1) that letters can be written in."""
        return tuple(sorted(self._words))

    def language(self, controller: Controller, wanted: str) -> str:
        """The language that a letter of this controller is written in if `wanted` is asked for: itself, else the controller's own."""
        choices = (wanted.partition("-")[0].lower(), controller.default_language, _FALLBACK)
        return next(c for c in choices if c in self._words)

    def draft(self, letter: LetterName, language: str, facts: LetterFacts) -> Filled:
        """The letter filled and not yet sent, as plain text. Refused where a fact is missing that the letter must state."""
        written = self.language(facts.controller, language)
        _require(letter, facts)
        part = self._parts(self._plain, letter, written, self._values(facts, written))
        return Filled(_one_line(part("subject")), _tidy(part("opening")), _tidy(part("middle")), _tidy(part("closing")), written)

    def render(self, letter: LetterName, language: str, facts: LetterFacts, middle: str | None = None) -> Letter:
        """The letter with its two parts; `middle` is what staff wrote (plain text), None for what the template says.

        Refused where a fact is missing that the letter must state, or a reply says nothing.
        """
        filled = self.draft(letter, language, facts)
        words = _tidy(_many_lines(middle)) if middle is not None else filled.middle
        if not words and letter is LetterName.REPLY:
            raise Refused("The reply says nothing yet. Write the answer, then send it.", "middle")
        part = self._parts(self._marked, letter, filled.language, self._values(facts, filled.language))
        body = (self._html(part("opening")), _staff_html(words), self._html(part("closing")))
        company = facts.controller.called(filled.language)
        text = "\n\n".join(p for p in (filled.opening, words, filled.closing) if p) + "\n"
        return Letter(filled.subject, text, self._framed(filled, company, body), filled.language)

    def digest(self, language: str, controller: Controller, facts: ManagersDigest, name: str = "") -> Letter:
        """The managers' digest as a letter to the manager called `name`; times are shown in the desk's zone."""
        written = self.language(controller, language)
        words = self._words[written]
        values = {"name": _name(name), "digest": facts, "groups": {g.name: g for g in facts.groups}, "bullet": _Written(words.bullet)}
        values |= {"on": words.date, "at": partial(self._at, words), "owner": self._owner, "ago": _ago}
        plain = self._parts(self._plain, LetterName.DIGEST, written, values)
        marked = self._parts(self._marked, LetterName.DIGEST, written, values | {"bullet": _Written("- ")})
        filled = Filled(_one_line(plain("subject")), _tidy(plain("opening")), _tidy(plain("middle")), _tidy(plain("closing")), written)
        text = "\n\n".join(p for p in (filled.opening, filled.middle, filled.closing) if p) + "\n"
        body = tuple(self._html(marked(block)) for block in ("opening", "middle", "closing"))
        return Letter(filled.subject, text, self._framed(filled, controller.called(written), body), written)

    def _values(self, facts: LetterFacts, language: str) -> dict[str, Any]:
        words, controller = self._words[language], facts.controller
        return {
            "company": controller.called(language),
            "brand": controller.marketing_name or controller.called(language),
            "department": controller.department,
            "postal_address": controller.address,
            "email": controller.email,
            "policy_url": controller.policy_url,
            "ref": facts.ref,
            "name": _name(facts.name),
            "rights": tuple(words.rights[r] for r in facts.rights),
            "received": words.date(facts.received) if facts.received else "",
            "due": words.date(facts.due) if facts.due else "",
            "law": words.laws.get(facts.law or "", facts.law_cite),
            "authority_name": facts.authority_name,
            "authority_site": facts.authority_site,
            "ground": words.grounds[facts.ground] if facts.ground and facts.ground is not Ground.OTHER else "",
            "address": facts.address,
            "reason": _Written(_tidy(_many_lines(facts.reason))),
            "remedies": facts.remedies,
            "bullet": _Written(words.bullet),
        }

    def _parts(self, env: jinja2.Environment, letter: LetterName, language: str, values: Mapping[str, Any]) -> Callable[[str], str]:
        html = env is self._marked
        template = env.get_template(f"{letter.value}/{language}.md")
        both = dict(values) | {"link": _link if html else _bare}
        if html:
            both["bullet"] = _Written("- ")

        def part(block: str) -> str:
            return "".join(template.blocks[block](template.new_context(both)))

        return part

    def _html(self, source: str) -> str:
        tokens = self._markdown.parse(_tidy(source))
        for token in (t for block in tokens for t in (block, *(block.children or ()))):
            if token.nesting == 1 and token.tag in _STYLES:
                token.attrSet("style", _STYLES[token.tag])
        rendered: str = self._markdown.renderer.render(tokens, self._markdown.options, {})
        return rendered

    def _framed(self, filled: Filled, company: str, body: Iterable[str]) -> str:
        parts = [Markup(p) for p in body if p.strip()]  # noqa: S704 -- made by _html and _staff_html, which escape every value
        return self._frame.get_template("_base.html").render(language=filled.language, subject=filled.subject, company=company, parts=parts)

    def _at(self, words: Words, moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(self._desk.rules.zone)
        return f"{words.date(local.date())} {local:%H:%M}"

    def _owner(self, case: DigestCase) -> str:
        person = self._desk.person(case.owner) if case.owner else None
        return person.name if person else (case.owner or "")


def _require(letter: LetterName, facts: LetterFacts) -> None:
    if letter is LetterName.DIGEST:
        raise Refused("The digest is written by `digest`, from figures.")
    if letter is LetterName.UNSUBSCRIBE_CONFIRMED and not facts.address:
        raise Refused("The confirmation must name the address that was taken off the list.", "address")
    if letter is not LetterName.REFUSAL:
        return
    if facts.ground is None:
        raise Refused("A refusal must say its ground.", "ground")
    if facts.ground is Ground.OTHER and not facts.reason.strip():
        raise Refused("A refusal on another ground must say the reason in words.", "reason")
    if not any(r.strip() for r in facts.remedies):
        raise Refused("A refusal must say what the person can do against it.", "remedies")


def _loader() -> jinja2.BaseLoader:
    def read(name: str) -> str | None:
        source = _FOLDER.joinpath(*name.split("/"))
        return source.read_text(encoding="utf-8") if source.is_file() else None

    return jinja2.FunctionLoader(read)


def _environment(finalize: Callable[[object], str]) -> jinja2.Environment:
    return jinja2.Environment(
        loader=_loader(),
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 -- one is plain text; in the other `finalize` escapes every value for Markdown, and raw HTML is off
    )


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    return md.disable(["autolink", "html_inline", "html_block", "image", "code", "fence", "backticks", "reference", "entity", "blockquote"])


def _plain_value(value: object) -> str:
    return value if isinstance(value, _Written) else _one_line(_text(value))


def _marked_value(value: object) -> str:
    return value if isinstance(value, _Written) else _MARKDOWN_SIGNS.sub(r"\\\1", _one_line(_text(value)))


def _text(value: object) -> str:
    if value is None:
        raise TypeError("a letter was given None to print")
    return str(value)


def _bare(target: str) -> str:
    return target


def _link(target: str) -> str:
    """A link in Markdown, where the target is a web or mail address; else the words alone."""
    target = _one_line(target)
    shown = _marked_value(target)
    if "@" in target and "/" not in target and ":" not in target:
        return _Written(f"[{shown}](<mailto:{quote(target, safe='@.+-_')}>)")
    url = f"https://{target}" if _SITE.fullmatch(target) else target
    if not _WEB.match(url):
        return _Written(shown)
    return _Written(f"[{shown}](<{quote(url, safe=':/?#@!$&()*+,;=%~-._')}>)")


def _name(name: str) -> str:
    """The name as a greeting may use it: '' where it is none, so that no letter of ours carries a stranger's advertisement."""
    clean = _one_line(name)
    return "" if len(clean) > _LONGEST_NAME or _NO_NAME.search(clean) else clean


def _clean(text: str) -> str:
    visible = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return _OVERRIDES.sub("", visible)


def _one_line(text: str) -> str:
    return " ".join(_clean(re.sub(r"[\r\n\t\u2028\u2029\x0b\x0c\x85]+", " ", text)).split(" ")).strip()


def _many_lines(text: str) -> str:
    return _clean(re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)).replace("\t", "    ")


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n ")


def _staff_html(text: str) -> str:
    """What staff wrote, escaped wholly: blank lines part paragraphs, line breaks stay."""
    paragraphs = (html_escape(p).replace("\n", "<br>\n") for p in re.split(r"\n\n+", text) if p.strip())
    return "\n".join(f'<p dir="auto" style="{_STYLES["p"]}">{p}</p>' for p in paragraphs)


def _ago(days_left: int) -> int:
    return -days_left
