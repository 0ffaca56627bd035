"""The page of Slack as a person uses it: cards, their threads and windows, found by the words that the person reads."""

from pathlib import Path

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from bot.demo.localslack import CHANNEL_NAME


class SlackPage:
    """A person at the page; `act_as` changes who that is."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        page.goto(address)
        page.get_by_text(CHANNEL_NAME).first.click()

    @property
    def window(self) -> Locator:
        """The modal on top."""
        return self._page.locator(".modal")

    @property
    def thread(self) -> Locator:
        """The thread that is open beside the channel."""
        return self._page.locator(".thread-pane")

    def act_as(self, name: str) -> None:
        """Go on as another person of the workspace."""
        self._page.locator(".actas select").first.select_option(label=name)

    def card(self, words: str = "PR-") -> Locator:
        """The card in the channel that holds these words."""
        return self._page.locator(".msg", has_text=words).first

    def press(self, card: Locator, label: str) -> None:
        """A button of a card."""
        card.get_by_role("button", name=label).first.click()

    def do(self, card: Locator, deed: str) -> None:
        """What the card offers: by its button, or by the menu of everything else."""
        if card.get_by_role("button", name=deed).count():
            self.press(card, deed)
            return
        self.press(card, "More…")
        self.window.locator("select").first.select_option(label=deed)
        self.submit("Next")

    def open_thread(self, card: Locator) -> Locator:
        """The thread under a card."""
        card.locator(".thread-summary").click()
        return self.thread

    def drop_file(self, thread: Locator, file: Path) -> None:
        """Somebody posts a file into an open thread."""
        thread.locator("input[type=file]").set_input_files(file)
        box = thread.locator("textarea")
        box.fill("The export.")
        box.press("Enter")
        expect(thread).to_contain_text(file.name)
        expect(box).to_have_value("")

    def field(self, label: str) -> Locator:
        """The input of that name in the window."""
        return self.window.locator(".bk-input", has_text=label)

    def choose(self, label: str, choice: str) -> None:
        """One of a list."""
        self.field(label).locator("select").select_option(label=choice)

    def write(self, label: str, text: str) -> None:
        """Words or a date."""
        self.field(label).locator("input").fill(text)

    def tick(self, label: str) -> None:
        """A box of the window."""
        self.window.locator("label", has_text=label).locator("input").check()

    def submit(self, label: str) -> None:
        """The window's own button."""
        self.window.locator(".modal-btn.primary", has_text=label).click()

    def write_letter(self, letter: str, begins: str, middle: str) -> None:
        """Another letter is chosen, and once its beginning is shown, its middle is written and it is read."""
        self.choose("Letter", letter)
        self.submit("Preview")
        expect(self.window).to_contain_text(begins)
        self.read_letter(middle)

    def read_letter(self, middle: str) -> None:
        """The middle is written, and the whole letter shown."""
        self.write("Your words", middle)
        self.submit("Preview")
        expect(self.window).to_contain_text("This is the whole letter.")
        expect(self.window).to_contain_text(middle)

    @property
    def home(self) -> Locator:
        """The app's home."""
        return self._page.locator(".home")

    def open_home(self) -> None:
        """Go to the app's home."""
        self._page.locator(".sidebar").get_by_text("rightsdesk").last.click()

    def type(self, text: str) -> None:
        """Write something in the channel, a slash command say."""
        box = self._page.locator(".composer textarea, textarea").first
        box.fill(text)
        box.press("Enter")

    def private(self) -> Locator:
        """The newest answer that only this person sees."""
        return self._page.locator(".msg", has=self._page.locator(".badge-eph")).last

    def closed(self) -> None:
        """The window has gone."""
        expect(self.window).to_be_hidden()


class HeldNews:
    """What Slack tells open pages, held back for as long as a test wants them to be behind."""

    def __init__(self) -> None:
        self._holding = False
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] = []

    def held(self, socket: WebSocketRoute) -> None:
        """A page connects."""
        socket.connect_to_server().on_message(lambda news: self._tell(socket, news))

    def _tell(self, socket: WebSocketRoute, news: str | bytes) -> None:
        if self._holding:
            self._waiting.append((socket, news))
        else:
            socket.send(news)

    def hold(self) -> None:
        """From now on the pages stay as they are."""
        self._holding = True

    def let_go(self) -> None:
        """They hear of all that happened meanwhile."""
        self._holding = False
        for socket, news in self._waiting:
            socket.send(news)
        self._waiting.clear()
