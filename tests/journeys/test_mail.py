"""Journey 1: a mail becomes a thread, a letter and a date; and nothing is lost or doubled when a part of the world fails."""

from datetime import UTC, datetime, timedelta

from bot.demo.localslack import STAFF
from storage.kinds import Fate
from tests.journeys.running import RunningDesk, access_request, button, mail
from tests.servers.until import until


def test_a_mail_becomes_a_thread_a_letter_and_a_date_and_its_answer_joins(desk: RunningDesk) -> None:
    """Also a button: the card is redrawn in place, and the reply of the person lands in the same thread."""
    desk.account.append(access_request())
    desk.wait(1)
    (card,) = desk.cards()
    (letter,) = desk.letters()
    assert "PR-" in card["text"]
    assert letter.message["Auto-Submitted"] == "auto-replied"
    assert letter.message["In-Reply-To"] == "<one@example.org>"
    (case,) = desk.cases()
    assert (case["law"], case["rights"], case["status"]) == ("EU-GDPR", ["access"], "acknowledged")

    desk.slack.slack.press(STAFF[0].id, card, button(card, "Take"))
    until(lambda: desk.cases()[0]["owner"] == STAFF[0].real_name)
    answer = mail("Re: Access request", "Thank you, here is my customer number.", name="two", In_Reply_To=letter.message["Message-ID"])
    desk.account.append(answer)
    desk.wait(2)
    assert len(desk.cards()) == 1
    assert any("customer number" in str(m) for m in desk.replies(desk.cards()[0]))
    assert len(desk.letters()) == 1


def test_every_kind_of_mail_has_its_place_and_ordinary_mail_is_left_alone(desk: RunningDesk) -> None:
    desk.account.append(
        access_request(),
        mail("Unsubscribe", "Please unsubscribe me from your newsletter.", "Tom <tom@example.net>", "stop"),
        mail("Meeting next week", "Shall we meet on Tuesday to talk about the booth at the trade fair?", "Eva <eva@example.com>", "fair"),
    )
    desk.wait(3)
    fates = desk.store.run(lambda tx: [f.fate for uid in (1, 2, 3) for f in _prints(tx, desk, uid)])
    assert sorted(fates) == [Fate.CASE_OPENED, Fate.ORDINARY, Fate.UNSUBSCRIBED]
    assert sorted(x.message["To"] for x in desk.letters()) == ["nora@example.org", "tom@example.net"]
    assert desk.command("suppressions", "check", "tom@example.net", "--controller", "nproc").strip() == "suppressed"
    flags = desk.account.flags()
    assert not any("\\Seen" in f for f in flags.values())
    texts = [m["text"] for m in desk.slack.slack.messages()]
    assert any("t…@example.net" in str(m) for m in desk.slack.slack.messages()), texts


def _prints(tx, desk, uid):  # type: ignore[no-untyped-def]
    from storage.models import Fingerprint

    return tx.session.query(Fingerprint).order_by(Fingerprint.id).offset(uid - 1).limit(1).all()


def test_an_outage_of_slack_delays_no_letter_and_doubles_no_post(desk: RunningDesk) -> None:
    with desk.slack.outage():
        desk.account.append(access_request())
        until(desk.letters, 30)
    desk.wait(1)
    assert len(desk.cards()) == 1


def test_a_post_whose_answer_was_lost_is_found_again_and_not_posted_twice(desk: RunningDesk) -> None:
    desk.slack.lose_answer("chat.postMessage", times=2)
    desk.account.append(access_request(), access_request("two", "Ida <ida@example.net>"))
    desk.wait(2)
    assert len(desk.cards()) == 2


def test_slack_that_asks_for_patience_gets_it(desk: RunningDesk) -> None:
    desk.slack.slow_down("chat.postMessage", retry_after=1, times=2)
    desk.account.append(access_request())
    desk.wait(1)
    assert len(desk.cards()) == 1


def test_commands_work_beside_the_running_desk(desk: RunningDesk) -> None:
    desk.account.append(access_request())
    desk.wait(1)
    ref = desk.cases()[0]["ref"]
    desk.command("cases", "erase", ref, "--yes")
    assert "nora@example.org" not in desk.command("cases", "show", ref)
    assert "all chains hold" in desk.command("audit", "verify")


def test_an_ordinary_mail_is_fetched_again_where_a_person_says_that_it_is_a_request(desk: RunningDesk) -> None:
    arrived = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    booth = "Shall we meet on Tuesday to talk about the booth at the trade fair?"
    desk.account.append(mail("Booth", booth, "Eva <eva@example.com>"), arrived=arrived)
    desk.wait(1)
    (line,) = [m for m in desk.slack.slack.messages() if "rd:request" in str(m)]
    desk.slack.slack.press(STAFF[0].id, line, button(line, "This is a request"))
    (case,) = until(desk.cases, 30)
    assert case["needs_look"]
    assert datetime.fromisoformat(str(case["received"])).astimezone(UTC) == arrived.replace(second=0)
    assert desk.letters() == []


def test_the_first_reading_is_announced_once_and_answers_nobody(resting: RunningDesk) -> None:
    resting.account.append(access_request(), arrived=datetime.now(UTC) - timedelta(days=3))
    resting.start()
    resting.wait(1)
    until(lambda: [m for m in resting.slack.slack.messages() if "go-live" in str(m).lower()])
    resting.end()
    resting.start()
    resting.wait(1)
    said = [m for m in resting.roots() if "go-live" in m["text"].lower()]
    assert len(said) == 1
    assert resting.letters() == []
    assert resting.cases()[0]["live"] is False
