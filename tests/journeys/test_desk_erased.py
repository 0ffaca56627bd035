"""A case that is erased leaves nothing of the person in its Slack thread."""

from datetime import UTC, datetime

from handlers.purging import Purging
from storage.kinds import EventKind
from tests.journeys.running import RunningDesk, access_request
from tests.servers.until import until


def said(desk: RunningDesk) -> str:
    """All that stands in the channel."""
    return str(desk.slack.slack.messages())


def test_what_the_bot_posted_of_an_erased_case_is_gone_from_slack(resting: RunningDesk) -> None:
    """Its letter's post is deleted, its card says that it was erased; the person's words are nowhere in the channel."""
    desk = resting
    desk.start()
    desk.account.append(access_request())
    desk.wait(1)
    until(lambda: "Acknowledgement sent" in said(desk), 30)
    assert "nora@example.org" in said(desk)
    desk.store.run(lambda tx: Purging().purge(tx, 1, "command line", EventKind.ERASED, datetime.now(UTC)))
    until(lambda: "nora" not in said(desk).lower(), 40)
    until(lambda: "Erased" in said(desk), 40)
    assert [m["ts"] for m in desk.slack.slack.messages() if m.get("thread_ts") not in (None, m["ts"])] == []
