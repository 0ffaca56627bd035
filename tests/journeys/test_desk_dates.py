"""What moves a case's dates: an extension that the person is told of; and a complaint, acknowledged as one."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.casework import mailed, opened, text_of
from tests.journeys.running import RunningDesk, access_request, mail


@pytest.mark.browser
def test_an_extension_is_told_and_moves_the_date(resting: RunningDesk, page: Page) -> None:
    """With its reason, and how the new date came about can be read."""
    desk = resting
    slack = opened(desk, page)
    desk.account.append(access_request())
    desk.wait(1)
    card = slack.card()
    before = card.inner_text()
    slack.press(card, "Take")
    expect(card).to_contain_text("In work")
    slack.do(card, "Extend…")
    expect(slack.window).to_contain_text("Notice of extension")
    slack.read_letter("Your request concerns many systems, so we need more time.")
    slack.submit("Send")
    slack.closed()
    letter = text_of(mailed(desk, 2))
    assert "Your request concerns many systems" in letter
    expect(card).to_contain_text("Longer period told on")

    def due(text: str) -> str:
        return next(line for line in text.splitlines() if "Answer by" in line)

    assert due(card.inner_text()) != due(before)
    slack.do(card, "How were the dates computed?")
    expect(slack.window).to_contain_text("How it was computed")
    expect(slack.window).to_contain_text("Art. 12(3)")


@pytest.mark.browser
def test_a_complaint_is_acknowledged_as_one(resting: RunningDesk, page: Page) -> None:
    """The letter is read before it goes; a second press finds nothing left to acknowledge."""
    desk = resting
    slack = opened(desk, page, rules="auto_acknowledge = false")
    words = "I complain about how you handle my personal data: you gave my address to others. I live in Leeds, United Kingdom."
    desk.account.append(mail("Complaint about data protection", words, "Tom Field <tom@example.net>"))
    desk.wait(1)
    assert desk.letters() == []
    card = slack.card()
    expect(card).to_contain_text("Complaint")
    slack.press(card, "Acknowledge…")
    expect(slack.window).to_contain_text("This is the whole letter.")
    assert desk.letters() == []
    slack.submit("Send")
    slack.closed()
    assert "complaint" in text_of(mailed(desk, 1)).lower()
    expect(card).to_contain_text("Acknowledged")
    expect(card.get_by_role("button", name="Acknowledge…")).to_be_hidden()
