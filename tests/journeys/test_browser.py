"""A person at the page of Slack: presses a button of a case, fills in a window, and sees what came of it."""

import pytest
from playwright.sync_api import Page, expect

from bot.demo.localslack import STAFF
from tests.journeys.running import RunningDesk, access_request
from tests.journeys.slack_page import SlackPage

BEN = STAFF[1].real_name


@pytest.mark.browser
def test_a_person_takes_a_case_and_closes_it_in_a_window(resting: RunningDesk, page: Page) -> None:
    """The card says so at once, the thread says who and why, and nothing more is mailed."""
    desk = resting.start()
    desk.account.append(access_request())
    desk.wait(1)
    slack = SlackPage(page, desk.slack.slack.web)
    slack.act_as(BEN)
    card = slack.card()
    expect(card).to_contain_text("Acknowledged")
    slack.press(card, "Take")
    expect(card).to_contain_text(BEN)

    slack.do(card, "Close…")
    slack.choose("How did it end?", "Withdrawn by the requester")
    slack.write("Note for the record", "They wrote that all is settled.")
    slack.submit("Close the case")
    slack.closed()
    expect(card).to_contain_text("Closed · withdrawn")
    expect(slack.open_thread(card)).to_contain_text("They wrote that all is settled.")
    (case,) = desk.cases()
    assert (case["status"], case["outcome"], case["owner"]) == ("closed", "withdrawn", BEN)
    assert len(desk.letters()) == 1, "only the acknowledgement"
