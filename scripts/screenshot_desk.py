"""Takes docs/desk/LANGUAGE/*.png: works through the sample mails on a running demo, and photographs each state and window in a browser."""

import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.demo.findings import handled, outbound
from bot.demo.localslack import CHANNEL_NAME, MANAGER, STAFF
from bot.demo.samples import samples
from bot.demo.stage import Stage
from bot.slack.words import LANGUAGES, translator
from storage.store import Store
from storage.vault import Vault
from tests.servers.until import until

ROOT = Path(__file__).parents[1]
MAILS = ("01", "02", "03", "05", "08", "09", "12", "20", "22")
DOUBT = ("Kim Osei <kim.osei@mail.example>", "Question", "Hi, do you still have my old records? I would rather you did not. Thanks, Kim")
SENDERS = {m.name[:2]: m.sender for m in samples(datetime.now(UTC))}
BEN = STAFF[1].real_name
TALLEST = 1300
"""Pixels of a picture: a long list is cut."""


class DeskStage(Stage):
    """The demo with the systems of the companies, a second pair of eyes for refusals, and the channel in a language."""

    language = "en"

    def _start_bot(self, ends: ExitStack, web: int) -> None:
        text = self.papers.settings.read_text(encoding="utf-8")
        example = (ROOT / "rightsdesk.example.toml").read_text(encoding="utf-8")
        holdings = "\n".join(part for part in example.split("\n\n") if part.lstrip().startswith("[[holdings]]"))
        rules = f'[desk]\nlanguage = "{self.language}"\nsecond_pair = ["refusal"]\n'
        fee = 'id = "primenumber"\nname = "primeNumber Inc."\ndisclosure_fee_yen = 1000\n'
        text = text.replace("[desk]\n", rules, 1)
        if "disclosure_fee_yen" not in text:
            text = text.replace('id = "primenumber"\nname = "primeNumber Inc."\n', fee, 1)
        if "[[holdings]]" not in text:
            text += "\n" + holdings
        self.papers.settings.write_text(text, encoding="utf-8")
        super()._start_bot(ends, web)


class Photographer:
    """Somebody at the page who keeps pictures."""

    def __init__(self, page: Page, language: str, folder: Path) -> None:
        self._page = page
        self.say = translator(language)
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        page.get_by_text(CHANNEL_NAME).first.click()

    @property
    def window(self) -> Locator:
        """The window on top."""
        return self._page.locator(".modal")

    def keep(self, name: str, what: Locator) -> None:
        """A picture of one thing, without what floats over it."""
        self._page.mouse.move(5, 5)
        what.scroll_into_view_if_needed()
        what.evaluate(f"e => {{ e.style.maxHeight = '{TALLEST}px'; e.style.overflow = 'hidden' }}")
        what.screenshot(path=self._folder / f"{name}.png", animations="disabled")

    def act_as(self, name: str) -> None:
        """Go on as somebody else."""
        self._page.locator(".actas select").first.select_option(label=name)

    def drop_file(self, card: Locator, name: str, text: str) -> None:
        """Somebody posts a file into the thread of a card, and closes it."""
        card.locator(".thread-summary").click()
        thread = self._page.locator(".thread-pane")
        thread.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
        box = thread.locator("textarea")
        box.fill("📎")
        box.press("Enter")
        expect(thread).to_contain_text(name)
        expect(box).to_have_value("")
        thread.locator("button").first.click()
        expect(thread).to_be_hidden()

    def card(self, words: str) -> Locator:
        """The card of a person."""
        return self._page.locator(".messages .msg").filter(has_text=words).filter(has_text="PR-").first

    def do(self, card: Locator, deed: str) -> None:
        """By its button, or by the menu of everything else."""
        label = self.say(deed)
        if card.get_by_role("button", name=label).count():
            card.get_by_role("button", name=label).first.click()
            return
        card.get_by_role("button", name=self.say("More…")).click()
        self.window.locator("select").first.select_option(label=label)
        self.submit("Next")

    def choose(self, label: str, choice: str) -> None:
        """One of a list."""
        self.window.locator(".bk-input", has_text=self.say(label)).locator("select").select_option(label=self.say(choice))

    def write(self, label: str, text: str) -> None:
        """Words."""
        self.window.locator(".bk-input", has_text=self.say(label)).locator("input").fill(text)

    def submit(self, label: str) -> None:
        """The window's button."""
        self.window.locator(".modal-btn.primary", has_text=self.say(label)).click()

    def send(self, middle: str) -> None:
        """Write the middle, read, send."""
        self.write("Your words", middle)
        self.submit("Preview")
        expect(self.window).to_contain_text(self.say("Read before it goes"))
        self.submit("Send")
        expect(self.window).to_be_hidden()

    def type(self, text: str) -> None:
        """A slash command."""
        box = self._page.locator("textarea").first
        box.fill(text)
        box.press("Enter")

    def see(self, where: Locator, words: str) -> None:
        """Until it says so."""
        expect(where).to_contain_text(self.say(words))


MIDDLES = {
    "en": ("Please log in and confirm your account.", "We hold your name and [what else?].", "The invoices must be kept."),
    "ja": ("アカウントにログインしてご確認ください。", "We hold your name and [what else?].", "請求書は法令により保存が必要です。"),
}


def work(desk: Photographer, language: str, page: Page) -> None:
    """From the first mail to the last state."""
    identity, answer, refusal = MIDDLES[language]
    desk.act_as(BEN)
    grace, urgent = desk.card(SENDERS["01"]), page.locator(".messages .msg").filter(has_text="🚨").first
    desk.keep("urgent", urgent)
    desk.keep("needs-look", desk.card("Kim Osei"))
    desk.see(grace, "Acknowledged")
    desk.keep("acknowledged", grace)
    desk.do(grace, "More…")
    desk.see(desk.window, "What do you want to do?")
    desk.keep("window-more", desk.window)
    desk.window.locator(".modal-x").click()
    desk.do(grace, "Take")
    desk.see(grace, "In work")
    desk.keep("in-work", grace)
    desk.do(grace, "Checklist…")
    expect(desk.window.locator("input[type=checkbox]").first).to_be_visible()
    desk.keep("window-checklist", desk.window)
    for box in desk.window.locator("input[type=checkbox]").all():
        box.check()
    desk.submit("Save")
    expect(desk.window).to_be_hidden()
    desk.do(grace, "How were the dates computed?")
    desk.see(desk.window, "How it was computed")
    desk.keep("window-dates", desk.window)
    desk.window.locator(".modal-x").click()
    letters(desk, grace, answer)
    waits(desk, identity, refusal)
    ways_in(desk, language, page)


def letters(desk: Photographer, card: Locator, answer: str) -> None:
    """The answer with a file, and the end."""
    desk.drop_file(card, "export.csv", "name;mail\nGrace Hollis;grace.hollis@example.org\n")
    desk.do(card, "Reply…")
    desk.see(desk.window, "Your words")
    for box in desk.window.locator("input[type=checkbox]").all():
        box.check()
    desk.write("Your words", answer)
    desk.keep("window-reply", desk.window)
    desk.submit("Preview")
    desk.see(desk.window, "Read before it goes")
    expect(desk.window).to_contain_text(desk.say("Attachments"))
    desk.keep("window-preview", desk.window)
    desk.submit("Send")
    expect(desk.window).to_be_hidden()
    desk.see(card, "Answered")
    desk.keep("answered", card)
    desk.do(card, "Close…")
    desk.see(desk.window, "How did it end?")
    desk.keep("window-close", desk.window)
    desk.choose("How did it end?", "Fulfilled: we did all that was asked")
    desk.submit("Close the case")
    expect(desk.window).to_be_hidden()
    desk.see(card, "Closed")
    desk.keep("closed", card)


def waits(desk: Photographer, identity: str, refusal: str) -> None:
    """What waits for the person, or for a second pair of eyes."""
    for name, sender, deed, status in (
        ("waiting-identity", SENDERS["02"], "Ask for identity…", "Waiting for proof of identity"),
        ("waiting-fee", SENDERS["03"], "Ask for the fee…", "Waiting for the fee"),
        ("waiting-clarification", SENDERS["08"], "Ask what they mean…", "Waiting for clarification"),
    ):
        card = desk.card(sender)
        desk.do(card, deed)
        desk.see(desk.window, "Your words")
        desk.send(identity)
        desk.see(card, status)
        desk.keep(name, card)
    card = desk.card(SENDERS["05"])
    desk.do(card, "Refuse…")
    desk.choose("Why do we refuse?", "A law obliges us to keep the data")
    desk.submit("Preview")
    desk.see(desk.window, "Your words")
    desk.send(refusal)
    desk.see(card, "Agree…")
    desk.keep("second-person", card)
    desk.act_as(MANAGER.real_name)
    desk.do(card, "Agree…")
    desk.see(desk.window, "Which step?")
    desk.keep("window-agree", desk.window)
    desk.window.locator(".modal-x").click()
    desk.act_as(BEN)
    card = desk.card(SENDERS["09"])
    desk.do(card, "Pause…")
    desk.write("Why?", "…")
    desk.submit("Pause")
    desk.see(card, "Waiting for the requester")
    desk.keep("waiting-requester", card)


def ways_in(desk: Photographer, language: str, page: Page) -> None:
    """A request by phone, finding it again, the home of a manager."""
    desk.type("/privacy new")
    desk.see(desk.window, "New request")
    desk.see(desk.window, "What was said?")
    desk.keep("window-new", desk.window)
    desk.choose("Which company?", "Nproc")
    desk.window.locator("label", has_text=desk.say("Erasure: delete their data")).locator("input").check()
    desk.write("What was said?", {"en": "Please delete my account.", "ja": "アカウントを削除してください。"}[language])
    name = {"en": "Eva Falk", "ja": "伊藤 恵"}[language]
    desk.write("Name", name)
    desk.submit("Open the case")
    expect(desk.window).to_be_hidden()
    card = desk.card(name)
    desk.see(card, "New")
    desk.keep("new", card)
    desk.type("/privacy list")
    private = page.locator(".msg", has=page.locator(".badge-eph")).last
    expect(private).to_contain_text("PR-")
    desk.keep("list", private)
    desk.act_as(MANAGER.real_name)
    page.locator(".sidebar").get_by_text("rightsdesk").last.click()
    home = page.locator(".home-inner")
    desk.see(home, "🗺️ Everything that is open")
    desk.keep("home", home)


def _doubtful() -> bytes:
    """A mail of which nobody could say what it is."""
    sender, subject, body = DOUBT
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, "nproc-support@ghs.tokyo", subject, "<doubt@mail.example>"
    mail.set_content(body)
    return mail.as_bytes()


def shoot(browser: Browser, language: str, target: Path) -> None:
    """Everything in one language."""
    mails = [m for m in samples(datetime.now(UTC)) if m.name[:2] in MAILS]
    DeskStage.language = language
    with tempfile.TemporaryDirectory() as folder, DeskStage(Path(folder) / "demo", ROOT / ".tools", lambda what: None) as stage:  # noqa: ARG005
        store = Store(stage.papers.database_url, Vault.parse(stage.papers.secrets["RIGHTSDESK_MASTER_KEY"]))
        mails.append(replace(mails[0], name="99-doubt.eml", raw=_doubtful()))
        stage.deliver(mails)
        until(lambda: handled(store, mails) == len(mails) and not outbound(store).waiting, 120)
        store.close()
        context = browser.new_context(viewport={"width": 1000, "height": 1800}, device_scale_factor=1, timezone_id="Asia/Tokyo")
        context.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        page = context.new_page()
        page.goto(stage.slack.web)
        work(Photographer(page, language, target / language), language, page)
        context.close()


def main(target: Path) -> int:
    """Write all pictures; 1 where Chromium is missing."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("Chromium is not installed (Debian: chromium fonts-noto-cjk fonts-noto-color-emoji).\n")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for language in LANGUAGES:
            shoot(browser, language, target)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "desk"))
