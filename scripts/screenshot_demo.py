"""Takes docs/demo.png: runs the demo's servers and the bot, delivers the sample mails, and photographs a case with its thread."""

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect, sync_playwright
from rich.console import Console
from rich.progress import Progress

from bot.demo.play import Bars, handle
from bot.demo.samples import samples
from bot.demo.stage import Stage
from storage.store import Store
from storage.vault import Vault

ROOT = Path(__file__).parents[1]
CASE = "01-access-en"
"""The sample whose case is shown: it comes last into the channel, and its follow-up into the thread."""


def main(target: Path) -> int:
    """Write the picture; 1 where Chromium is missing."""
    out = Console(stderr=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        out.print("Chromium is not installed (Debian: chromium fonts-noto-cjk fonts-noto-color-emoji).")
        return 1
    mails = samples(datetime.now(UTC))
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(console=out, transient=True) as progress,
        Stage(Path(folder) / "demo", ROOT / ".tools", out.print) as stage,
    ):
        store = Store(stage.papers.database_url, Vault.parse(stage.papers.secrets["RIGHTSDESK_MASTER_KEY"]))
        shown = [m for m in mails if m.name == CASE]
        for group in ([m for m in mails if not m.late and m not in shown], shown, [m for m in mails if m.late]):
            handle(stage, store, group, Bars(progress, "mails", len(group)))
        store.close()
        photograph(chromium, stage.slack.web, target)
    return 0


def photograph(chromium: str, address: str, target: Path) -> None:
    """The channel with a case, taken, and its thread beside it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, device_scale_factor=1.5, timezone_id="Asia/Tokyo")
        page = context.new_page()
        page.goto(address)
        card = page.locator(".msg").filter(has_text="PR-").last
        card.get_by_role("button", name="Take").click()
        expect(card).to_contain_text("In work")
        card.locator(".thread-summary").click()
        expect(page.locator(".thread-pane")).to_contain_text("A further mail came")
        page.evaluate("document.querySelector('.messages').scrollTop = 1e9")
        page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "demo.png"))
