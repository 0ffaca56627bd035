"""A browser shows the page of local-slack as a person sees it."""

import pytest
from playwright.sync_api import Page, expect

from bot.demo.localslack import CHANNEL_NAME, STAFF
from tests.servers.slack_proxy import SlackProxy


@pytest.mark.browser
def test_a_person_sees_what_is_said_in_the_channel(page: Page, local_slack: SlackProxy) -> None:
    """Chromium, the real page, no account."""
    local_slack.slack.post(STAFF[0].id, "good morning to everybody")
    page.goto(local_slack.slack.web)
    page.get_by_text(CHANNEL_NAME).first.click()
    expect(page.get_by_text("good morning to everybody")).to_be_visible()
