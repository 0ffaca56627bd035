"""Posts on their way to Slack: once, in place, found again, and every trouble named."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.carriers import Later, Rejected, Unknown
from bot.demo.localslack import APP_TOKEN, BOT_TOKEN, BOT_USER, CHANNEL, MANAGER, STAFF
from bot.slack.app import SlackSide
from bot.slack.carrier import Parcel
from handlers import posts
from storage.kinds import Status
from tests.servers.slack_proxy import SlackProxy, Trouble
from tests.slack.conftest import Loop, Scene, nothing
from tests.slack.samples import CASE, TODAY, FakeOffice

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
JUST_NOW = timedelta(seconds=30)


@pytest.fixture
def scene(local_slack: SlackProxy, loop: Loop) -> Scene:
    """The carrier alone, nobody listening."""
    office = FakeOffice()
    side = SlackSide(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url=local_slack.api, office=office)
    return Scene(local_slack, office, side, loop)


def parcel(outgoing_id: int = 1, **more: object) -> Parcel:
    """A case's card for the desk's channel."""
    return replace(Parcel(outgoing_id, CHANNEL, CASE, TODAY), **more)  # type: ignore[arg-type]  # tests name real fields


def find(scene: Scene, outgoing_id: int, *, thread: str | None = None, since: datetime = LONG_AGO, channel: str = CHANNEL) -> str | None:
    """What the carrier finds."""
    return scene.loop.do(scene.side.carrier.find(channel, thread, outgoing_id, since))


def test_a_card_is_posted_and_redrawn_in_place(scene: Scene) -> None:
    """One message, as the case now stands."""
    first = scene.put(CASE)
    again = scene.put(replace(CASE, status=Status.ACKNOWLEDGED, owner=STAFF[0].id), ts=first.ts)
    assert (first.channel, again) == (CHANNEL, first)
    assert len(scene.slack.slack.messages()) == 1
    assert "Acknowledged" in str(scene.message(first.ts)["blocks"])


def test_a_post_stands_in_its_thread_without_unfurling(scene: Scene) -> None:
    """Links in a stranger's mail are never fetched by Slack."""
    root = scene.put(CASE).ts
    scene.put(posts.UnsubscribeLine("a…@example.org", "Nproc", LONG_AGO), thread=root)
    call = scene.slack.desk.calls[-1]
    assert call.args["thread_ts"] == root
    assert [str(call.args[name]).lower() in ("0", "false") for name in ("unfurl_links", "unfurl_media")] == [True, True]


def test_a_manager_gets_the_digest_as_a_direct_message(scene: Scene) -> None:
    """The channel is a person's id then."""
    done = scene.put(posts.ManagersDigest(TODAY, 0, ()), channel=MANAGER.id)
    assert done.channel.startswith("D")
    assert "Nothing is overdue" in str(scene.message(done.ts, done.channel)["blocks"])
    assert find(scene, 1, channel=MANAGER.id) == done.ts


def test_a_private_note_is_seen_by_one_person(scene: Scene) -> None:
    """In the channel where they work, in their own language."""
    for person in STAFF:
        scene.put(posts.PrivateNote(person.id, "This case is yours already."))
    said = [(m["ephemeral_to"], m["text"]) for m in scene.private()]
    assert said == [(STAFF[0].id, "すでにご自身の担当案件です。"), (STAFF[1].id, "This case is yours already.")]


def test_handing_is_awaited_right_before_the_call(scene: Scene) -> None:
    """What is committed there says that Slack may have it."""
    seen: list[int] = []

    async def handing() -> None:
        seen.append(scene.slack.count("chat.postMessage"))

    scene.loop.do(scene.side.carrier.deliver(parcel(), handing))
    assert seen == [0]
    assert scene.slack.count("chat.postMessage") == 1


def test_nothing_is_posted_where_handing_fails(scene: Scene) -> None:
    """Somebody else has the row, say."""

    async def handing() -> None:
        raise Later(60, "somebody else has this row now")

    with pytest.raises(Later):
        scene.loop.do(scene.side.carrier.deliver(parcel(), handing))
    assert scene.slack.count("chat.postMessage") == 0


def deliver(scene: Scene, what: Parcel, handing: Callable[[], Awaitable[None]] = nothing) -> None:
    """Carry it."""
    scene.loop.do(scene.side.carrier.deliver(what, handing))


def test_slack_s_own_wait_is_honoured(scene: Scene) -> None:
    """429 with Retry-After: nothing was posted."""
    scene.slack.slow_down("chat.postMessage", retry_after=17)
    with pytest.raises(Later) as later:
        deliver(scene, parcel())
    assert later.value.after == 17
    assert scene.slack.count("chat.postMessage") == 1, "the client must not try again by itself"


MURKY = (Trouble(lose_answer=True), Trouble(status=503), Trouble(status=500), Trouble(drop=True), Trouble(error="internal_error"))


@pytest.mark.parametrize("trouble", MURKY)
def test_no_clear_answer_to_a_new_post_is_unknown(scene: Scene, trouble: Trouble) -> None:
    """It may have arrived: nobody posts it again before looking."""
    scene.slack.trouble("chat.postMessage", trouble)
    with pytest.raises(Unknown):
        deliver(scene, parcel())
    assert scene.slack.count("chat.postMessage") == 1


@pytest.mark.parametrize("trouble", MURKY)
def test_no_clear_answer_to_a_redraw_is_only_later(scene: Scene, trouble: Trouble) -> None:
    """Drawing twice does no harm."""
    first = scene.put(CASE)
    scene.slack.trouble("chat.update", trouble)
    with pytest.raises(Later):
        deliver(scene, parcel(2, ts=first.ts))


def test_a_slack_that_cannot_be_reached_is_later(loop: Loop) -> None:
    """Nothing was handed over."""
    side = SlackSide(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url="http://127.0.0.1:9/api/", office=FakeOffice())
    with pytest.raises(Later):
        loop.do(side.carrier.deliver(parcel(), nothing))


def test_an_outage_between_looking_and_posting_is_later(scene: Scene) -> None:
    """The connection was refused, so nothing arrived."""
    scene.put(CASE)
    with scene.slack.outage(), pytest.raises((Later, Unknown)):
        deliver(scene, parcel(2))


@pytest.mark.parametrize(
    ("error", "mendable", "words"),
    [("channel_not_found", True, "invite the app"), ("not_in_channel", True, "invite it"), ("invalid_auth", True, "set the new token"),
     ("missing_scope", True, "slack-manifest.yaml"), ("msg_too_long", False, "too long"), ("something_new", False, "something_new")],
)  # fmt: skip
def test_what_slack_refuses_for_good_says_how_to_mend_it(scene: Scene, error: str, mendable: bool, words: str) -> None:
    """And whether the post itself is at fault or our settings."""
    scene.slack.refuse("chat.postMessage", error)
    with pytest.raises(Rejected) as rejected:
        deliver(scene, parcel())
    assert words in rejected.value.sentence
    assert rejected.value.mendable is mendable


def test_a_card_that_was_deleted_cannot_be_redrawn(scene: Scene) -> None:
    """It is said, not tried for ever."""
    with pytest.raises(Rejected, match="deleted"):
        deliver(scene, parcel(ts="1.000001"))


def test_an_unknown_post_is_found_by_its_mark(scene: Scene) -> None:
    """In the channel and in a thread; another row's is not."""
    scene.slack.lose_answer("chat.postMessage")
    with pytest.raises(Unknown):
        deliver(scene, parcel(41))
    root = find(scene, 41, since=datetime.now(UTC) - JUST_NOW)
    assert root == scene.slack.slack.messages()[0]["ts"]
    line = scene.put(posts.LetterBounced(CASE.ref, "ada@example.org", "Full."), thread=root).ts
    assert find(scene, scene.posted, thread=root) == line
    assert find(scene, 42) is None
    assert find(scene, 41, thread=line) is None


def test_a_post_is_found_behind_many_pages(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other people talk a lot."""
    monkeypatch.setattr("bot.slack.carrier._PAGE", 3)
    wanted = scene.put(CASE).ts
    for n in range(10):
        scene.slack.slack.post(STAFF[0].id, f"talk {n}")
    assert find(scene, 1) == wanted
    assert scene.slack.count("conversations.history") == 4


def test_only_our_own_posts_are_looked_at(scene: Scene) -> None:
    """Anybody could write a block with our mark."""
    body = {"channel": CHANNEL, "user": STAFF[0].id, "text": "x"}
    scene.slack.slack.control("message", body)
    message = scene.slack.slack.messages()[0]
    assert message["user"] != BOT_USER
    assert find(scene, 1) is None


def test_a_post_from_long_before_the_first_attempt_is_not_taken_for_it(scene: Scene) -> None:
    """Only what came since is read."""
    scene.put(CASE)
    assert find(scene, 1, since=datetime.now(UTC) + timedelta(hours=1)) is None


def test_looking_for_a_post_while_slack_is_away_is_later(scene: Scene) -> None:
    """Not found must mean not there."""
    scene.put(CASE)
    scene.slack.trouble("conversations.history", Trouble(status=503))
    with pytest.raises(Later):
        find(scene, 1)


def test_a_digest_s_links_lead_to_the_workspace(scene: Scene) -> None:
    """Its address comes from Slack itself."""
    case = posts.DigestCase(CASE.ref, "Nproc", TODAY, 0, None, CHANNEL, "1771.0001")
    done = scene.put(posts.ManagersDigest(TODAY, 1, (posts.DigestGroup("due_soon", 1, (case,)),)))
    assert f"/archives/{CHANNEL}/p17710001|{CASE.ref}>" in str(scene.message(done.ts)["blocks"])


def test_a_post_is_taken_out_of_its_thread(scene: Scene) -> None:
    """The card stays; a post that has gone already is no trouble."""
    root = scene.put(CASE).ts
    post = scene.put(posts.UnsubscribeLine("a…@example.org", "Nproc", LONG_AGO), thread=root).ts
    for _ in range(2):
        scene.loop.do(scene.side.carrier.remove(CHANNEL, post, nothing))
    assert [m["ts"] for m in scene.slack.slack.messages() if not m.get("deleted")] == [root]


@pytest.mark.parametrize(("error", "outcome"), [("cant_delete_message", Rejected), ("fatal_error", Later), ("ratelimited", Later)])
def test_a_post_that_cannot_be_deleted_now_is_tried_again_or_said(scene: Scene, error: str, outcome: type[Exception]) -> None:
    """Deleting twice does no harm."""
    scene.slack.refuse("chat.delete", error)
    with pytest.raises(outcome):
        scene.loop.do(scene.side.carrier.remove(CHANNEL, scene.put(CASE).ts, nothing))


def test_the_card_of_an_erased_case_says_only_that(scene: Scene) -> None:
    """Nothing of the person, no buttons."""
    first = scene.put(CASE)
    scene.put(replace(CASE, erased=True, requester="", subject="", excerpt="", evidence=()), ts=first.ts)
    shown = str(scene.message(first.ts)["blocks"])
    assert "Erased" in shown
    assert "actions" not in shown
    assert "Ada" not in shown
