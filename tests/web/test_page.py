"""The unsubscribe page: over HTTP, and in a real browser with scripts turned off."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from handlers import tokens
from handlers.tokens import Named
from tests.web.conftest import Served
from tests.web.test_one_click import link, suppressed

NEWS = Named("nproc", "nora@example.org", "news")


@pytest.mark.parametrize(
    ("accept", "language"),
    [("ja,en;q=0.8", "ja"), ("de-DE, ja;q=0.3, en;q=0.7", "en"), ("", "en"), ("fr", "en"), ("en;q=0, ja;q=0.1", "ja"), (";;q=x", "en")],
)
def test_the_page_speaks_the_readers_language(served: Served, accept: str, language: str) -> None:
    """English or Japanese by Accept-Language."""
    answer = httpx.get(link(served), headers={"Accept-Language": accept})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language


def test_the_page_keeps_to_itself(served: Served) -> None:
    """No cookie, no script, nothing from elsewhere, not kept, not indexed, no referrer; and it names no address."""
    answer = httpx.get(link(served, NEWS))
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert "nora" not in answer.text
    assert not re.findall(r'(?:src|href)="', answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_what_the_button_answers_is_the_same_for_every_token(served: Served) -> None:
    """But for the sealed ticket, whose length is the same as well."""
    other = tokens.mint(type(served.room.store.vault)({1: b"x" * 32}), NEWS)
    texts = set()
    for address in (link(served, NEWS), link(served, NEWS), link(served), f"{served.url}/u/{other}", f"{served.url}/u/rd1"):
        answer = httpx.post(address, data={"page": "en", "topic": "all"})
        found = re.search(r'name="ticket" value="([^"]+)"', answer.text)
        assert found is not None
        texts.add(answer.text.replace(found[1], "x" * len(found[1])))
    assert len(texts) == 1


def test_a_mark_in_the_name_of_a_list_stays_text(served: Served) -> None:
    """Everything on the page is escaped."""
    answer = httpx.post(link(served), data={"page": '"><script>'})
    assert "<script" not in answer.text


@pytest.fixture
def plain_page(page: Page) -> Page:
    """A browser without scripts."""
    browser = page.context.browser
    assert browser is not None
    return browser.new_context(java_script_enabled=False, locale="en-US", viewport={"width": 420, "height": 800}).new_page()


@pytest.mark.browser
def test_a_person_unsubscribes_and_undoes_it_without_scripts(sqlite_url: str, plain_page: Page) -> None:
    """The link of the news opened, the list left, and the mis-click undone."""
    served = Served(sqlite_url)
    plain_page.goto(link(served, NEWS))
    expect(plain_page.get_by_role("heading", name="Unsubscribe")).to_be_visible()
    expect(plain_page.get_by_role("radio", name="Only the list “Monthly news”")).to_be_checked()
    plain_page.get_by_role("button", name="Unsubscribe").click()
    expect(plain_page.get_by_role("status")).to_contain_text("took effect at once")
    assert (suppressed(served, scope="news"), suppressed(served, scope="all")) == (True, False)
    plain_page.get_by_role("button", name="Undo").click()
    expect(plain_page.get_by_role("heading", name="Undone")).to_be_visible()
    assert not suppressed(served, scope="news")
    served.end()


@pytest.mark.browser
def test_a_person_leaves_everything_in_japanese_by_keyboard(sqlite_url: str, page: Page) -> None:
    """Tab, arrow, Enter: every control is reached and named."""
    served = Served(sqlite_url)
    browser = page.context.browser
    assert browser is not None
    japanese = browser.new_context(locale="ja-JP").new_page()
    japanese.goto(link(served, NEWS))
    japanese.keyboard.press("Tab")
    japanese.keyboard.press("ArrowDown")
    japanese.keyboard.press("Tab")
    expect(japanese.get_by_role("button", name="配信を停止する")).to_be_focused()
    japanese.keyboard.press("Enter")
    expect(japanese.get_by_role("heading", name="配信を停止しました")).to_be_visible()
    assert suppressed(served, scope="all")
    served.end()


@pytest.mark.browser
def test_the_page_can_be_read_by_everybody(sqlite_url: str, page: Page) -> None:
    """Contrast of at least 4.5 to 1 in light and dark, targets of at least 44 px, no scrolling sideways on a small phone, a label each."""
    served = Served(sqlite_url)
    page.set_viewport_size({"width": 320, "height": 600})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
        page.goto(link(served, NEWS))
        button = page.get_by_role("button")
        for element in (page.locator("h1"), page.locator("p").first, button):
            colours = element.evaluate(
                "e => { let b = e; while (getComputedStyle(b).backgroundColor === 'rgba(0, 0, 0, 0)') b = b.parentElement;"
                " return [getComputedStyle(e).color, getComputedStyle(b).backgroundColor]; }"
            )
            assert _contrast(*colours) >= 4.5, (scheme, colours)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("input[type=radio]").evaluate_all("all => all.every(i => i.labels.length === 1)")
    served.end()


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    lights = sorted(_luminance(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(p) / 255 for p in re.findall(r"\d+", colour)[:3]]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
