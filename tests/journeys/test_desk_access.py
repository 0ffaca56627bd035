"""An access request, from the mail to its fulfilment, without leaving the page of Slack."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.casework import BEN, mailed, opened, text_of
from tests.journeys.running import RunningDesk, access_request


@pytest.mark.browser
def test_an_access_request_goes_from_mail_to_fulfilled(resting: RunningDesk, page: Page) -> None:
    """Taken, searched, answered with a letter that was read first, and closed; the person got two letters and nothing else."""
    desk = resting
    slack = opened(desk, page)
    desk.account.append(access_request())
    desk.wait(1)
    assert "received your request" in text_of(mailed(desk, 1))
    card = slack.card()
    expect(card).to_contain_text("Acknowledged")
    expect(card).to_contain_text("EU GDPR")
    slack.press(card, "Take")
    expect(card).to_contain_text("In work")
    expect(card).to_contain_text(BEN)

    expect(card).to_contain_text("0 of 1")
    slack.press(card, "Checklist…")
    slack.tick("The service itself")
    slack.submit("Save")
    slack.closed()
    expect(card).to_contain_text("1 of 1")

    slack.press(card, "Reply…")
    expect(slack.window).to_contain_text("Here is our answer")
    slack.read_letter("We hold your name and your mail address and nothing else.")
    assert len(desk.letters()) == 1, "nothing is mailed before it was read"
    slack.submit("Send")
    slack.closed()
    letter = mailed(desk, 2)
    assert letter["To"] == "nora@example.org"
    assert "We hold your name and your mail address and nothing else." in text_of(letter)
    assert "supervisory authority" in text_of(letter)

    expect(card).to_contain_text("Answered")
    slack.press(card, "Close…")
    slack.choose("How did it end?", "Fulfilled: we did all that was asked")
    slack.submit("Close the case")
    slack.closed()
    expect(card).to_contain_text("Closed · fulfilled")
    thread = slack.open_thread(card)
    for words in ("Acknowledgement sent automatically", "Access: our answer sent by", "closed the case: fulfilled"):
        expect(thread).to_contain_text(words)
    (case,) = desk.cases()
    assert (case["status"], case["outcome"]) == ("closed", "fulfilled")
    assert len(desk.letters()) == 2
