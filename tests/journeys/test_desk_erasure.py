"""An erasure, with proof of identity and a refusal in part that a manager must agree to."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.casework import BEN, MARA, mailed, opened, text_of
from tests.journeys.running import RunningDesk, mail


@pytest.mark.browser
def test_an_erasure_asks_who_it_is_and_is_refused_in_part(resting: RunningDesk, page: Page) -> None:
    """The clock waits for the answer; the refusal leaves only when a second person agrees; the rest is erased."""
    desk = resting
    slack = opened(desk, page, rules='second_pair = ["refusal"]')
    asked = "please send me a copy of my data (Art. 15 GDPR) and then delete all of it (Art. 17 GDPR). I live in Lyon, France."
    desk.account.append(mail("My data", f"Dear Nproc,\n\n{asked}\n", "Nora Quist <nora@example.org>"))
    desk.wait(1)
    card = slack.card()
    expect(card).to_contain_text("Access, Erasure")
    slack.press(card, "Take")
    expect(card).to_contain_text(BEN)

    slack.do(card, "Ask for identity…")
    expect(slack.window).to_contain_text("Request for proof of identity")
    slack.read_letter("Please write to us from the address of your account.")
    slack.submit("Send")
    slack.closed()
    assert "from the address of your account" in text_of(mailed(desk, 2))
    expect(card).to_contain_text("Waiting for proof of identity")

    desk.account.append(mail("Re: My data", "Here I am.", name="two", In_Reply_To=str(mailed(desk, 2)["Message-ID"])))
    desk.wait(2)
    expect(card).to_contain_text("The person has written")
    slack.do(card, "Identity checked…")
    slack.choose("How did they show who they are?", "They write from the address that we know")
    slack.choose("Is it this person?", "Yes, this is the person")
    slack.submit("Save")
    slack.closed()
    expect(card).to_contain_text("identity shown")
    expect(card).to_contain_text("In work")

    slack.do(card, "Refuse…")
    slack.choose("Why do we refuse?", "A law obliges us to keep the data")
    slack.submit("Preview")
    expect(slack.window).to_contain_text("What do we refuse?")
    slack.tick("Erasure: delete their data")
    slack.read_letter("We must keep the invoices for ten years.")
    slack.submit("Send")
    slack.closed()
    expect(card).to_contain_text("wants: Refusal")
    assert len(desk.letters()) == 2, "a second person must agree first"

    slack.act_as(MARA)
    slack.press(card, "Agree…")
    slack.submit("Agree")
    slack.closed()
    refusal = text_of(mailed(desk, 3))
    assert "We must keep the invoices for ten years." in refusal
    assert "lodge a complaint" in refusal
    expect(card).to_contain_text("⛔ Erasure")

    slack.act_as(BEN)
    slack.do(card, "Checklist…")
    slack.tick("Search: The service itself")
    slack.choose("One of them otherwise", "Erase: The service itself")
    slack.choose("How does it stand?", "Not needed (say why)")
    slack.write("What was found, or why not", "Refused: the invoices must be kept.")
    slack.submit("Save")
    slack.closed()
    expect(card).to_contain_text("2 of 2")
    slack.do(card, "Reply…")
    slack.read_letter("This is all that we hold.")
    slack.submit("Send")
    slack.closed()
    assert "This is all that we hold." in text_of(mailed(desk, 4))
    expect(card).to_contain_text("☑️ Access")
    slack.do(card, "Close…")
    slack.choose("How did it end?", "Partly fulfilled: we did a part of it")
    slack.submit("Close the case")
    slack.closed()
    expect(card).to_contain_text("Closed · partly fulfilled")
