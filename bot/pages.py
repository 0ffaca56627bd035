"""The unsubscribe page in the reader's language: pure text in, HTML out; everything works without scripts."""

import base64
import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

LANGUAGES = ("en", "ja")


@dataclass(frozen=True)
class Offer:
    """What the page can offer: whose mailings, and the name of the list that the link is about ('' where it names none)."""

    company: dict[str, str]
    list_name: dict[str, str]


NO_OFFER = Offer({}, {})
"""For a link that names nobody we know: the same page, only plainer."""


def language(accept: str) -> str:
    """The best of our languages by an Accept-Language header (RFC 9110 s. 12.5.4); English where it wants none of them."""
    wanted = []
    for place, part in enumerate(accept[:500].split(",")):
        tag, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=") if parameters.strip().startswith("q=") else "1"
        try:
            weight = float(quality)
        except ValueError:
            continue
        primary = tag.strip().lower().partition("-")[0]
        if primary in LANGUAGES and weight > 0:
            wanted.append((-weight, place, primary))
    return min(wanted)[2] if wanted else LANGUAGES[0]


def ask(lang: str, offer: Offer) -> str:
    """The page that a link opens: one button, and where the link is about one list the choice between it and everything."""
    words = _words(lang)
    company = offer.company.get(lang, "")
    text = words["ask"].format(from_whom=words["from_whom"].format(company=company) if company else "")
    list_name = offer.list_name.get(lang, "")
    choice = ""
    if list_name:
        choice = (
            f"<fieldset><legend>{_t(words['topics'])}</legend>"
            f'<label><input type="radio" name="topic" value="list" checked> {_t(words["list"].format(list=list_name))}</label>'
            f'<label><input type="radio" name="topic" value="all"> {_t(words["all"])}</label></fieldset>'
        )
    form = f'<form method="post"><input type="hidden" name="page" value="{lang}">{choice}<button>{_t(words["button"])}</button></form>'
    return _page(lang, words["ask_title"], f"<p>{_t(text)}</p>{form}<p>{_t(words['service'])}</p>")


def done(lang: str, undo_at: str, ticket: str) -> str:
    """What pressing the button shows, the same for every link; with a way back for a mis-click."""
    words = _words(lang)
    hidden = f'<input type="hidden" name="page" value="{lang}"><input type="hidden" name="ticket" value="{_t(ticket)}">'
    form = f'<form method="post" action="{_t(undo_at)}">{hidden}<button class="second">{_t(words["undo_button"])}</button></form>'
    body = f'<p role="status">{_t(words["done"])}</p><p>{_t(words["service"])}</p><p>{_t(words["undo"])}</p>{form}'
    return _page(lang, words["done_title"], body)


def undone(lang: str) -> str:
    """What undoing shows."""
    words = _words(lang)
    return _page(lang, words["undone_title"], f'<p role="status">{_t(words["undone"])}</p>')


def busy(lang: str) -> str:
    """What is shown while the database can't be reached."""
    words = _words(lang)
    return _page(lang, words["busy_title"], f'<p role="alert">{_t(words["busy"])}</p>')


def policy() -> str:
    """The Content-Security-Policy under which the page runs: its own style, forms to itself, nothing else."""
    style = base64.b64encode(hashlib.sha256(_file("page.css").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def _page(lang: str, title: str, content: str) -> str:
    values = {"lang": lang, "title": _t(title), "style": _file("page.css"), "content": content, "footer": _t(_words(lang)["footer"])}
    return Template(_file("page.html")).substitute(values)


def _t(text: str) -> str:
    return escape(text, quote=True)


@cache
def _file(name: str) -> str:
    return (files("templates") / "web" / name).read_text(encoding="utf-8")


@cache
def _words(lang: str) -> dict[str, str]:
    return tomllib.loads(_file(f"{lang}.toml"))
