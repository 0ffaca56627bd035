"""Takes the pictures of the unsubscribe page for docs/UNSUBSCRIBES.md: English, Japanese, and after the click."""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from bot.api import Api
from bot.demo.ports import free_port
from bot.public import Doorway
from bot.rates import Rates
from bot.web import Public, application
from handlers import tokens
from handlers.desk import MailingList
from handlers.tokens import Named
from tests.handlers.room import DESK, Room, replace
from tests.servers.database import make_tables
from tests.servers.until import until

LISTS = (MailingList("news", "primenumber", {"en": "Monthly news", "ja": "月刊ニュース"}),)


def pictures(folder: Path) -> None:
    """Three pictures into that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        url = f"sqlite:///{scratch}/page.sqlite3"
        make_tables(url)
        room = Room(url, replace(DESK, lists=LISTS))
        doorway = Doorway(room.store, room.desk, room.unsubscribes, lambda: None)
        web = application(lambda: {"ok": True}, Public(doorway, Api(room.store, room.desk, doorway, {}, ""), Rates(6000)))
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(web, port=port, log_config=None, access_log=False, lifespan="off"))
        threading.Thread(target=server.run, daemon=True).start()
        until(lambda: server.started, 20)
        link = f"http://127.0.0.1:{port}/u/{tokens.mint(room.store.vault, Named('primenumber', 'nora@example.org', 'news'))}"
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for locale in ("en", "ja"):
            page = browser.new_context(java_script_enabled=False, locale=locale, viewport={"width": 640, "height": 620}).new_page()
            page.goto(link)
            page.screenshot(path=folder / f"page-{locale}.png")
            if locale == "en":
                page.get_by_role("button").click()
                page.screenshot(path=folder / "done-en.png")
        browser.close()
        server.should_exit = True
        room.close()


if __name__ == "__main__":
    pictures(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/unsubscribes"))
