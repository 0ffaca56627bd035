"""An answer with a file: dropped into the thread, packed into an archive, read, sent; what should not be in it is warned of before."""

import io
import re
from email.message import Message
from pathlib import Path

import pytest
import pyzipper
from playwright.sync_api import Page, expect

from tests.journeys.casework import mailed, opened, text_of
from tests.journeys.running import RunningDesk, access_request
from tests.servers.until import until

DATA = "name;mail\nNora Quist;nora@example.org\n"


def unlocked(letter: Message, password: str) -> dict[str, str]:
    """The files in the archive of a letter."""
    part = next(p for p in letter.walk() if p.get_content_type() == "application/zip")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.browser
def test_a_file_of_the_thread_goes_with_the_answer_in_a_locked_archive(resting: RunningDesk, page: Page, tmp_path: Path) -> None:
    """The password is shown to who sends it, stands in the record and not in the letter; warnings stand over what was written."""
    desk = resting
    slack = opened(desk, page)
    desk.account.append(access_request())
    desk.account.append(access_request("two", "Mark Stone <mark@other.example>"))
    desk.wait(2)
    until(lambda: len(desk.letters()) == 2, 30)
    card = slack.card("Nora Quist")
    slack.press(card, "Take")
    expect(card).to_contain_text("In work")
    export = tmp_path / "export.csv"
    export.write_text(DATA, encoding="utf-8")
    slack.drop_file(slack.open_thread(card), export)

    slack.do(card, "Reply…")
    slack.choose("Letter", "Access: our answer")
    slack.submit("Preview")
    expect(slack.window).to_contain_text("Here is our answer")
    slack.tick("export.csv")
    slack.write("Your words", "We hold what is attached. Mark Stone [name of the colleague] helped.")
    slack.submit("Preview")
    for words in ("export.csv", "In an encrypted archive", "“[name of the colleague]” still waits", "“Mark Stone” is named"):
        expect(slack.window).to_contain_text(words)
    assert len(desk.letters()) == 2, "nothing is mailed before it was read"
    found = re.search(r"Its password: ([A-Z0-9]{5}(?:-[A-Z0-9]{5}){3})", slack.window.inner_text())
    assert found is not None
    slack.submit("Send")
    slack.closed()
    letter = mailed(desk, 3)
    assert unlocked(letter, found[1]) == {"export.csv": DATA}
    assert "password separately" in text_of(letter)
    assert found[1] not in letter.as_string()
    expect(slack.private()).to_contain_text(found[1])
    slack.do(card, "What happened so far?")
    expect(slack.window).to_contain_text(found[1])
