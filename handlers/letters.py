"""Fills the letters in `templates/email`: facts in; subject, text part and HTML part out."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import partial
from html import escape as html_escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from handlers.desk import Controller, Desk, Recipient
from handlers.letter_facts import Disclosure, Filled, Letter, LetterFacts, require
from handlers.letter_text import greeted, many_lines, one_line, tidy
from handlers.posts import Alarm, DigestCase, ManagersDigest
from handlers.refused import Refused
from handlers.wording import Words, load_words
from storage.kinds import Ground, LetterName, Right

__all__ = ["Disclosure", "Filled", "Letter", "LetterFacts", "Letters"]

_FALLBACK = "en"
_UK = "UK-GDPR"
_CALIFORNIA = "US-CA-CCPA"
_FOLDER = files("templates") / "email"
_MARKDOWN_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_SITE = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")
_WEB = re.compile(r"https?://[\w.-]+\.[\w-]+([:/?#]|$)", re.IGNORECASE)
_STYLES = {
    "p": "margin:0 0 16px 0;",
    "ul": "margin:0 0 16px 0;padding:0 0 0 22px;",
    "li": "margin:0 0 6px 0;",
    "h2": "margin:28px 0 10px 0;font-size:16px;line-height:1.4;color:#12324a;",
    "a": "color:#0b5c8a;text-decoration:underline;",
}


class _Written(str):
    """Text that is already as its part needs it: not cleaned, not escaped again."""

    __slots__ = ()


class _Lines(str):
    """What staff wrote, of any number of lines: for the middle part alone, which is escaped as a whole."""

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
        require(letter, facts)
        part = self._parts(self._plain, letter, written, self._values(facts, written))
        return Filled(one_line(part("subject")), tidy(part("opening")), tidy(part("middle")), tidy(part("closing")), written)

    def render(self, letter: LetterName, language: str, facts: LetterFacts, middle: str | None = None) -> Letter:
        """The letter with its two parts; `middle` is what staff wrote (plain text), None for what the template says.

        Refused where a fact is missing that the letter must state, or a reply says nothing.
        """
        filled = self.draft(letter, language, facts)
        words = tidy(many_lines(middle)) if middle is not None else filled.middle
        if not words and letter is LetterName.REPLY:
            raise Refused("The reply says nothing yet. Write the answer, then send it.", "middle")
        part = self._parts(self._marked, letter, filled.language, self._values(facts, filled.language))
        body = (self._html(part("opening")), _staff_html(words), self._html(part("closing")))
        company = facts.controller.called(filled.language)
        text = "\n\n".join(p for p in (filled.opening, words, filled.closing) if p) + "\n"
        return Letter(filled.subject, text, self._framed(filled, company, body), filled.language)

    def digest(self, language: str, controller: Controller, facts: ManagersDigest, name: str = "") -> Letter:
        """The managers' digest as a letter to the manager called `name`; times are shown in the desk's zone. English if none fits."""
        written = next(c for c in (language, controller.default_language, _FALLBACK) if _source(f"{LetterName.DIGEST}/{c}.md"))
        words = self._words[written]
        values = {"name": greeted(name), "digest": facts, "groups": {g.name: g for g in facts.groups}, "bullet": _Written(words.bullet)}
        values |= {"on": words.date, "at": partial(self._at, words), "owner": self._owner, "ago": _ago}
        return self._told(LetterName.DIGEST, written, controller, values)

    def alarm(self, language: str, controller: Controller, facts: Alarm, name: str = "") -> Letter:
        """That Slack can't be reached, as a letter to the manager called `name`; times are shown in the desk's zone."""
        written = next(c for c in (language, controller.default_language, _FALLBACK) if _source(f"{LetterName.ALARM}/{c}.md"))
        values = {"name": greeted(name), "alarm": facts, "at": partial(self._at, self._words[written])}
        return self._told(LetterName.ALARM, written, controller, values)

    def _told(self, letter: LetterName, written: str, controller: Controller, values: dict[str, Any]) -> Letter:
        """What managers are told."""
        plain = self._parts(self._plain, letter, written, values)
        marked = self._parts(self._marked, letter, written, values | {"bullet": _Written("- ")})
        filled = Filled(one_line(plain("subject")), tidy(plain("opening")), tidy(plain("middle")), tidy(plain("closing")), written)
        text = "\n\n".join(p for p in (filled.opening, filled.middle, filled.closing) if p) + "\n"
        body = tuple(self._html(marked(block)) for block in ("opening", "middle", "closing"))
        return Letter(filled.subject, text, self._framed(filled, controller.called(written), body), written)

    def _values(self, facts: LetterFacts, language: str) -> dict[str, Any]:
        words, controller = self._words[language], facts.controller
        named = any(facts.authority_name in remedy for remedy in facts.remedies)
        return {
            "company": controller.called(language),
            "brand": controller.marketing_name or controller.called(language),
            "department": controller.section(language),
            "postal_address": controller.located(language),
            "email": controller.email,
            "policy_url": controller.policy_url,
            "recipients": tuple(_recipient(r, words) for r in controller.recipients),
            "safeguards": tuple(words.safeguards[s] for s in controller.safeguards),
            "kept_years": controller.kept_years,
            "name": greeted(facts.name),
            "rights": tuple(words.rights[r] for r in facts.rights),
            "law": words.laws.get(facts.law or "", facts.law_cite),
            "authority_apart": "" if named else facts.authority_name,
            "ground": words.grounds[facts.ground] if facts.ground and facts.ground is not Ground.OTHER else "",
            "bullet": _Written(words.bullet),
            **_as_they_are(facts),
            **_days(facts, words),
            **_turns(facts, words),
        }

    def _parts(self, env: jinja2.Environment, letter: LetterName, language: str, values: Mapping[str, Any]) -> Callable[[str], str]:
        html = env is self._marked
        template = env.get_template(f"{letter.value}/{language}.md")
        both = dict(values) | {"link": _link if html else _bare, "stop": _stop}
        if html:
            both["bullet"] = _Written("- ")

        def part(block: str) -> str:
            return "".join(template.blocks[block](template.new_context(both)))

        return part

    def _html(self, source: str) -> str:
        tokens = self._markdown.parse(tidy(source))
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


def _source(name: str) -> str | None:
    file = _FOLDER.joinpath(*name.split("/"))
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _loader() -> jinja2.BaseLoader:
    return jinja2.FunctionLoader(_source)


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


def _as_they_are(facts: LetterFacts) -> dict[str, Any]:
    """The facts that a template prints as they were given: on one line each, or, for the middle part, as staff wrote them."""
    one = ("ref", "authority_name", "authority_site", "address", "fee", "file_format", "responsible")
    several = ("remedies", "enough", "questions", "systems", "attachments", "told")
    written = ("reason", "payment", "done", "kept", "outcome", "transfers")
    disclosed = {f.name: _lines(getattr(facts.disclosure, f.name)) for f in fields(Disclosure)}
    lines = {name: _lines(getattr(facts, name)) for name in written}
    return {name: getattr(facts, name) for name in (*one, *several)} | lines | {"disclosed": disclosed}


def _days(facts: LetterFacts, words: Words) -> dict[str, str]:
    days = {name: getattr(facts, name) for name in ("received", "due", "new_due", "done_on")}
    days["first_due"] = facts.due if facts.due and facts.new_due and facts.due < facts.new_due else None
    return {name: words.date(day) if day else "" for name, day in days.items()}


def _turns(facts: LetterFacts, words: Words) -> dict[str, Any]:
    """On what a template turns."""
    opt_out = Right.OPT_OUT_SALE in facts.rights
    return {
        "european": facts.european,
        "gdpr": "UK GDPR" if facts.law == _UK else words.gdpr,
        "british": facts.law == _UK,
        "partly": facts.partly,
        "clock_stands": facts.clock_stands,
        "encrypted": facts.encrypted,
        "forwarded": facts.forwarded,
        "opt_out": opt_out,
        "objection": not opt_out or Right.OBJECTION in facts.rights,
        "kept_for_nothing_else": facts.law == _CALIFORNIA and Right.ERASURE in facts.rights,
    }


def _recipient(recipient: Recipient, words: Words) -> str:
    operator = words.operator.format(operator=recipient.operator) if recipient.operator else ""
    places = words.comma.join(words.places.get(c, c) for c in recipient.countries)
    return f"{recipient.name}{operator}{words.colon if places else ''}{places}"


def _lines(text: str) -> _Lines:
    return _Lines(tidy(many_lines(text)))


def _plain_value(value: object) -> str:
    return value if isinstance(value, _Written | _Lines) else one_line(_text(value))


def _marked_value(value: object) -> str:
    if isinstance(value, _Lines):
        raise TypeError("what staff wrote stands in the middle part alone")
    return value if isinstance(value, _Written) else _MARKDOWN_SIGNS.sub(r"\\\1", one_line(_text(value)))


def _text(value: object) -> str:
    if value is None:
        raise TypeError("a letter was given None to print")
    return str(value)


def _stop(name: str) -> str:
    """The full stop after a name that may have one of its own (Inc.)."""
    return _Written("" if one_line(name).endswith(".") else ".")


def _bare(target: str) -> str:
    return target


def _link(target: str) -> str:
    """A link in Markdown, where the target is a web or mail address; else the words alone."""
    target = one_line(target)
    shown = _marked_value(target)
    if "@" in target and "/" not in target and ":" not in target:
        return _Written(f"[{shown}](<mailto:{quote(target, safe='@.+-_')}>)")
    url = f"https://{target}" if _SITE.fullmatch(target) else target
    if not _WEB.match(url):
        return _Written(shown)
    return _Written(f"[{shown}](<{quote(url, safe=':/?#@!$&()*+,;=%~-._')}>)")


def _staff_html(text: str) -> str:
    """What staff wrote, escaped wholly: blank lines part paragraphs, line breaks stay."""
    paragraphs = (html_escape(p).replace("\n", "<br>\n") for p in re.split(r"\n\n+", text) if p.strip())
    return "\n".join(f'<p dir="auto" style="{_STYLES["p"]}">{p}</p>' for p in paragraphs)


def _ago(days_left: int) -> int:
    return -days_left
