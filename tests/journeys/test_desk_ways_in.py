"""Other ways in: a request by phone, typed at /privacy; a stranger, who gets nowhere; two people at once, of whom one is first."""

import pytest
from playwright.sync_api import Page, expect

from bot.demo.localslack import STAFF
from tests.journeys.casework import AIKO, BEN, OTTO, opened
from tests.journeys.running import RunningDesk, access_request
from tests.journeys.slack_page import HeldNews, SlackPage
from tests.servers.until import until


@pytest.mark.browser
def test_a_request_by_phone_becomes_a_case_and_is_found_again(resting: RunningDesk, page: Page) -> None:
    """With the day on which it came, and no letter by itself."""
    desk = resting
    slack = opened(desk, page)
    slack.type("/privacy new")
    slack.choose("Which company?", "Nproc")
    slack.tick("Erasure: delete their data")
    slack.write("What was said?", "Please delete everything you know of me.")
    slack.write("Name", "Eva Falk")
    slack.write("Mail address", "eva@example.org")
    slack.write("Where does the person live?", "DE")
    slack.submit("Open the case")
    slack.closed()
    card = slack.card("by phone")
    expect(card).to_contain_text("Erasure")
    expect(card).to_contain_text("Please delete everything you know of me.")
    (case,) = desk.cases()
    assert (case["rights"], case["status"]) == (["erasure"], "new")
    assert desk.letters() == []
    slack.type("/privacy find eva@example.org")
    expect(slack.private()).to_contain_text(case["ref"])
    slack.type("/privacy find nobody@example.org")
    expect(slack.private()).to_contain_text("There is no case")
    slack.open_home()
    expect(slack.home).to_contain_text("Nobody has taken")
    expect(slack.home).to_contain_text(case["ref"])
    slack.home.get_by_role("button", name="Take").click()
    until(lambda: desk.cases()[0]["owner"] == BEN)


@pytest.mark.browser
def test_a_stranger_s_click_is_refused(resting: RunningDesk, page: Page) -> None:
    """Privately, and nothing happens."""
    desk = resting
    slack = opened(desk, page, who=OTTO)
    desk.account.append(access_request())
    desk.wait(1)
    slack.press(slack.card(), "Take")
    expect(slack.private()).to_contain_text("Only the people of the privacy desk can do this.")
    slack.press(slack.card(), "Reply…")
    expect(slack.window).to_be_hidden()
    assert desk.cases()[0]["owner"] in (None, "")


@pytest.mark.browser
def test_of_two_people_who_click_at_once_one_has_it_and_the_other_is_told(resting: RunningDesk, page: Page) -> None:
    """The case has one owner, and its history one taking."""
    desk = resting
    news = HeldNews()
    page.route_web_socket("**/ui", news.held)
    first = opened(desk, page, who=BEN)
    desk.account.append(access_request())
    desk.wait(1)
    beside = page.context.new_page()
    beside.route_web_socket("**/ui", news.held)
    second = SlackPage(beside, desk.slack.slack.web)
    second.act_as(AIKO)
    buttons = [slack.card().get_by_role("button", name="Take") for slack in (first, second)]
    for button in buttons:
        expect(button).to_be_visible()
    news.hold()
    for button in buttons:
        button.click()
    owner = until(lambda: desk.cases()[0]["owner"])
    news.let_go()
    loser = first if owner == STAFF[0].id else second
    expect(loser.private()).to_contain_text("nothing was done")
    history = desk.store.run(lambda tx: [str(e.kind) for e in tx.events.of(1)])
    assert history.count("taken") == 1
