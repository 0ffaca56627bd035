"""Nothing that a stranger or a colleague wrote becomes more than words in a letter."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk import Controller, Recipient
from handlers.posts import DigestCase, DigestGroup, MailboxHealth
from storage.kinds import LetterName
from tests.letters.writing import CASE_LETTERS, CONTROLLERS, DIGEST, FACTS, LETTERS, NPROC, Seen, fitting, flat

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1)) ![i](https://evil.example/p.png)",
    "<https://evil.example> https://evil.example www.evil.example",
    "**bold** _it_ `code` ~~x~~ # head\n## Head\n\n- item\n1. one\n> quote\n    code\n```\nfence\n```\n---\n| a | b |",
    "[ref]\n\n[ref]: https://evil.example",
    "&lt;b&gt; &amp; &#60;i&#62; \\* \\<b>",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "line one\r\nBcc: victim@x.example\r\n\r\nbody",
    "abc\u202egnp.exe\u2066 \u0000\u0007 עברית العربية",
    "a\u2028b\u2029c\x85d\x0be",
    "テスト<br>試験*強調*［リンク］",
)
TAGS = {"html", "head", "meta", "title", "body", "table", "tr", "td", "p", "ul", "li", "a", "br", "h2"}
ATTRIBUTES = {
    "style",
    "lang",
    "charset",
    "name",
    "content",
    "role",
    "width",
    "cellpadding",
    "cellspacing",
    "border",
    "align",
    "href",
    "dir",
}

EVERY = list(product(CASE_LETTERS, LETTERS.languages, CONTROLLERS, HOSTILE))


def poisoned(controller: Controller, value: str) -> Controller:
    """Even the settings."""
    services = (Recipient(value, value, (value,)),)
    return replace(controller, address=value, department=value, marketing_name=value, recipients=services)


def harmless(html: str, links: set[str]) -> Seen:
    """What is seen of an HTML part that holds nothing but our own tags and links."""
    seen = Seen(html)
    assert seen.tags <= TAGS
    assert {name for _, name, _ in seen.attributes} <= ATTRIBUTES
    assert seen.links <= links, seen.links
    return seen


@pytest.mark.parametrize(("letter", "language", "controller", "value"), EVERY)
def test_hostile_values_stay_words(letter: LetterName, language: str, controller: Controller, value: str) -> None:
    """In every letter, language and company: the same words in both parts, no tag, no link, no header of theirs."""
    facts = replace(
        FACTS,
        controller=poisoned(controller, value),
        ref=value,
        name=value,
        law=None,
        law_cite=value,
        authority_name=value,
        authority_site="",
        address=value,
        reason=value,
        remedies=(value, value),
        fee=f"1 yen {value}",
        systems=(value, value),
        attachments=(value,),
        told=(value,),
        responsible=value,
        file_format=value,
    )
    written = LETTERS.render(letter, language, fitting(letter, facts), value)
    seen = harmless(written.html, {f"mailto:{controller.email}", controller.policy_url})
    assert unlisted(seen.text) == unlisted(flat(controller.called(language)) + flat(written.text))
    assert "\n" not in written.subject
    assert "\r" not in written.text
    assert not any(c in written.text + written.subject for c in "\u202e\u2066\u2028\0\x07")


@given(st.text(st.sampled_from("\\`*_{}[]()<>#+-.!|~&;:/@\"'= \n\t1a漢א") | st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_value_stays_words(value: str) -> None:
    """Whatever the signs: what the HTML part shows is what the text part says."""
    facts = replace(
        FACTS, controller=NPROC, ref=value, authority_name=value, authority_site="", law=None, law_cite=value, remedies=(f"x{value}",)
    )
    written = LETTERS.render(LetterName.REFUSAL, "en", facts, f"x\n\n{value}")
    seen = harmless(written.html, {f"mailto:{NPROC.email}"})
    assert unlisted(seen.text) == unlisted(flat("Nproc" + written.text))


def unlisted(text: str) -> str:
    """Without hyphens and rules, which the text part also uses for lists and a value may begin with."""
    return text.replace("-", "").replace("・", "")


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_words_in_the_digest(value: str) -> None:
    """Names of mailboxes and what is wrong with them come from outside too."""
    groups = (DigestGroup("overdue", 1, (DigestCase(value, value, None, None, value),)),)
    written = LETTERS.digest("en", NPROC, replace(DIGEST, groups=groups, mailboxes=(MailboxHealth(value, None, value),)), value)
    assert harmless(written.html, set()).text == flat("Nproc" + written.text)


def test_what_staff_wrote_keeps_its_lines() -> None:
    """Escaped wholly; blank lines part paragraphs; right-to-left text reads right."""
    html = LETTERS.render(LetterName.REPLY, "en", FACTS, "1 < 2 & <b>x</b>\nsecond *line*\n\nשלום").html
    assert "1 &lt; 2 &amp; &lt;b&gt;x&lt;/b&gt;<br>\nsecond *line*</p>" in html
    assert '<p dir="auto"' in html


@pytest.mark.parametrize(
    "name", ["BUY at https://evil.example", "www.evil.example", "x@evil.example", "<b>Anna</b>", "A" * 61, "a/b", "{{ 1 }}", "Anna | Bob"]
)
def test_a_name_that_is_none_is_not_greeted(name: str) -> None:
    """A stranger may write under any name to any address: our letter carries no message of theirs."""
    text = LETTERS.render(LetterName.ACKNOWLEDGEMENT, "en", replace(FACTS, name=name)).text
    assert text.startswith("Dear Sir or Madam,")
    assert name not in text


@pytest.mark.parametrize("name", ["Anna Beispiel", "Dr. O'Neill-Łuczak, Jr.", "山田 太郎", "محمد بن سلمان", "Zoë"])
def test_a_name_in_any_script_is_greeted(name: str) -> None:
    """As it is written."""
    assert f"Dear {name}," in LETTERS.render(LetterName.ACKNOWLEDGEMENT, "en", replace(FACTS, name=name)).text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example/", "data:text/html,x", 'https://x.example/"><b>', "https://x.example/ a\nb", "http://"]
)
def test_a_policy_address_is_a_link_only_to_the_web(url: str) -> None:
    """Else its words stand alone."""
    facts = replace(FACTS, controller=replace(NPROC, policy_url=url))
    seen = Seen(LETTERS.render(LetterName.ACKNOWLEDGEMENT, "en", facts).html)
    assert all(link.startswith(("https://x.example/", "mailto:")) for link in seen.links), seen.links
    assert seen.tags <= TAGS
