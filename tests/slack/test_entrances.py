"""The ways in besides the card, on a real local Slack: `/privacy`, each person's home, and who may come in at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.demo.localslack import MANAGER, STAFF, STRANGER
from bot.slack.commands import helped, understood, unknown
from handlers.deeds import ByHand, Take
from handlers.refused import Refused
from storage.kinds import Category, Right, Source
from tests.servers.until import until
from tests.slack.conftest import Scene
from tests.slack.limits import every_text, message_faults, view_faults
from tests.slack.samples import CASE, DESK, HOME, FakeOffice, pages

AIKO, BEN = (p.id for p in STAFF)


def answered(scene: Scene, words: str) -> str:
    """The private answer to an order, once it holds these words."""

    def look() -> str | None:
        found = ["\n".join(every_text(m.get("blocks") or [])) for m in scene.private()]
        return next((text for text in found if words in text), None)

    said = until(look)
    assert said is not None
    return said


def typed(scene: Scene, text: str, user: str = BEN) -> None:
    """Somebody types an order."""
    scene.slack.slack.command(user, "/privacy", text)


def home(scene: Scene, user: str, words: str) -> dict[str, Any]:
    """That person's home, once it holds these words."""

    def look() -> dict[str, Any] | None:
        view = scene.slack.homes.get(user)
        return view if view and words in str(view) else None

    found = until(look)
    assert found is not None
    return found


def press_home(scene: Scene, user: str, action_id: str) -> None:
    """Somebody presses a button of their home."""
    elements = [e for b in scene.slack.homes[user]["blocks"] for e in [*b.get("elements", []), b.get("accessory")] if e]
    element = next(e for e in elements if e.get("action_id") == action_id)
    action = {"type": "button", "action_id": action_id, "value": element["value"]}
    scene.slack._say({"t": "block_action", "channel": "", "messageTs": "", "user": user, "action": action})


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [("", "help", ""), ("help", "help", ""), ("LIST", "list", ""), ("find ada@example.org", "find", "ada@example.org"),
     ("ada@example.org", "find", "ada@example.org"), ("PR-2026-00042", "find", "PR-2026-00042"), ("検索 山田", "find", "山田"),
     ("一覧", "list", ""), ("  new  by phone ", "new", "by phone"), ("fnd x", "", "x"), ("<!channel>", "", "")],
)  # fmt: skip
def test_what_is_typed_is_understood(text: str, name: str, rest: str) -> None:
    """In either language; a bare address or number is looked for."""
    order = understood(text)
    assert (order.name, order.rest) == (name, rest)


def test_an_order_that_is_none_is_told_what_was_perhaps_meant() -> None:
    """And what was typed is shown harmlessly."""
    assert unknown(understood("fnd ada")) == "I don't know “fnd”. Did you mean `/privacy find`?"
    said = unknown(understood("<!channel>"))
    assert "<!" not in said
    assert "`/privacy help`" in said
    assert message_faults("-", helped()) == []


def test_the_list_shows_the_most_urgent_first_and_turns_its_pages(scene: Scene) -> None:
    """Only to who asked, with links to the threads."""
    typed(scene, "list")
    said = answered(scene, "20 cases")
    assert "PR-2026-00001" in said
    assert "/archives/C01DESK/p1771000000000100" in said
    assert "Page 1 of 3" in said
    assert {m["ephemeral_to"] for m in scene.private()} == {BEN}
    assert [m for m in scene.slack.slack.messages() if m.get("subtype") != "ephemeral"] == []


def test_a_person_is_found_by_mail_address(scene: Scene) -> None:
    """What is looked for goes to the house as it was typed."""
    scene.office.found = pages(1)
    typed(scene, "find ada@example.org")
    assert "1 case" in answered(scene, "PR-2026-00001")
    assert scene.office.asked == [("find", "ada@example.org")]


@pytest.mark.parametrize(
    ("text", "said"),
    [("find", "What shall I look for?"), ("find eva@example.org", "There is no case for “eva@example.org”."),
     ("frobnicate", "I don't know “frobnicate”."), ("help", "What you can type")],
)  # fmt: skip
def test_errors_and_help_say_what_to_do(scene: Scene, text: str, said: str) -> None:
    """Privately."""
    scene.office.found = pages(0)
    typed(scene, text)
    answered(scene, said)


def test_the_digest_is_asked_for(scene: Scene) -> None:
    """It comes as a direct message."""
    typed(scene, "digest", MANAGER.id)
    answered(scene, "The digest is on its way to you.")
    assert scene.office.asked == [("digest", MANAGER.id)]


def test_an_address_is_stopped_from_slack_in_either_language(scene: Scene) -> None:
    """The address as Slack may link it, company and list are handed on as typed; the answer, seen by nobody else, names only a mask."""
    for order in ("unsubscribe", "配信停止"):
        typed(scene, f"{order} nora@example.org nproc news", BEN)
    assert "n…@example.org" in answered(scene, "gets no more mail of Nproc, primeNumber Inc.: all marketing.")
    until(lambda: len(scene.private()) == 2)
    assert scene.office.asked == [("stop", BEN, "nora@example.org nproc news")] * 2


def test_what_the_house_refuses_is_said_to_who_typed(scene: Scene) -> None:
    """With its own sentence."""
    scene.office.refusal = Refused("There is no such case.")
    typed(scene, "list")
    answered(scene, "There is no such case.")


def test_a_stranger_gets_no_list(scene: Scene) -> None:
    """Nor a window, nor a home."""
    for text in ("list", "find ada@example.org", "digest", "unsubscribe ada@example.org"):
        typed(scene, text, STRANGER.id)
    typed(scene, "new", STRANGER.id)
    until(lambda: len(scene.private()) == 5)
    assert all("Only the people of the privacy desk" in str(m) for m in scene.private())
    assert scene.slack.modal is None
    scene.slack.slack.open_home(STRANGER.id)
    assert len(home(scene, STRANGER.id, "Only the people of the privacy desk")["blocks"]) == 1
    assert scene.office.asked == []


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "is_bot"])
def test_a_guest_may_not_act_even_on_the_list(scene: Scene, flag: str) -> None:
    """Nor people of other companies, apps, closed accounts."""
    until(lambda: len(scene.side._people._known) == 3)
    scene.slack.desk.people[MANAGER.id] = {flag: True}
    scene.side._people._known.clear()
    scene.press(MANAGER.id, scene.put(CASE).ts, "rd:take")
    assert "Guests and people of other companies" in scene.told()["text"]
    assert scene.office.acted == []


def test_nothing_is_done_while_slack_does_not_say_who_somebody_is(scene: Scene) -> None:
    """Better to press again than to trust a guest."""
    until(lambda: len(scene.side._people._known) == 3)
    scene.side._people._known.clear()
    scene.slack.refuse("users.info", "fatal_error", times=9)
    scene.press(BEN, scene.put(CASE).ts, "rd:take")
    assert "Try again in a moment" in scene.told()["text"]
    assert scene.office.acted == []


def test_the_members_of_a_user_group_are_staff(scene: Scene) -> None:
    """Without being on the list; guests among them are not, and who leaves the group is staff no more."""
    desk = replace(DESK, rules=replace(DESK.rules, staff_group="S0PRIVACY"))
    scene.side._people._desk = scene.office.desk = desk
    scene.slack.desk.usergroups["S0PRIVACY"] = {"id": "S0PRIVACY", "users": [STRANGER.id, BEN]}
    scene.loop.do(scene.side._people.gather())
    scene.press(STRANGER.id, scene.put(CASE).ts, "rd:take")
    until(lambda: [p.deed for p in scene.office.acted] == [Take()])
    scene.slack.desk.usergroups["S0PRIVACY"]["users"] = [BEN]
    scene.loop.do(scene.side._people.gather())
    assert desk.person(STRANGER.id) is None
    scene.slack.desk.usergroups["S0PRIVACY"]["users"] = [STRANGER.id]
    scene.slack.desk.people[STRANGER.id] = {"is_restricted": True}
    scene.side._people._known.clear()
    scene.loop.do(scene.side._people.gather())
    assert desk.person(STRANGER.id) is None


def test_private_surfaces_speak_the_persons_language(scene: Scene) -> None:
    """Windows, answers and homes; the channel keeps its own."""
    until(lambda: len(scene.side._people._known) == 3)
    scene.slack.desk.people[AIKO] = {"locale": "ja-JP"}
    scene.side._people._known.clear()
    card = scene.put(CASE)
    assert "Next:" in str(scene.message(card.ts)["blocks"])
    scene.press(AIKO, card.ts, "rd:sort")
    assert scene.modal("区分を変更")["submit"]["text"] == "保存"
    scene.submit(AIKO, category="rights_request")
    assert until(lambda: scene.slack.errors) == {"rights": "ご本人の請求内容を1つ以上選んでください。"}
    typed(scene, "xyz", AIKO)
    answered(scene, "「xyz」というコマンドはありません。")
    scene.slack.slack.open_home(AIKO)
    home(scene, AIKO, "自分の案件")


def test_the_channel_speaks_the_language_of_the_settings(scene: Scene) -> None:
    """Cards, and what is said in threads."""
    japanese = replace(DESK, rules=replace(DESK.rules, language="ja"))
    side = type(scene.side)
    from bot.demo.localslack import APP_TOKEN, BOT_TOKEN
    from tests.slack.conftest import Scene as Another

    other = side(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url=scene.slack.api, office=FakeOffice(desk=japanese))
    card = Another(scene.slack, FakeOffice(), other, scene.loop).put(CASE)
    assert "次の対応:" in str(scene.message(card.ts)["blocks"])


def test_a_home_shows_my_cases_and_turns_its_pages(scene: Scene) -> None:
    """The most urgent first, with what nobody has taken and the figures of the team."""
    scene.slack.slack.open_home(BEN)
    view = home(scene, BEN, "Page 1 of 3")
    text = "\n".join(every_text(view["blocks"]))
    for words in ("*14 cases open*", "overdue: 1", "My cases", "Nobody has taken", "PR-2026-00001"):
        assert words in text
    assert "Everything that is open" not in text
    press_home(scene, BEN, "rd:home:after")
    assert "PR-2026-00009" in str(home(scene, BEN, "Page 2 of 3"))


def test_a_managers_home_shows_the_whole_horizon(scene: Scene) -> None:
    """All open cases and how many each person has."""
    scene.office.homes = replace(HOME, everything=pages(20))
    scene.slack.slack.open_home(MANAGER.id)
    view = home(scene, MANAGER.id, "Everything that is open")
    assert "<@U01AIKO>: 6 open, 1 overdue" in str(view)
    assert view_faults(view) == []


def test_a_case_is_taken_from_a_home(scene: Scene) -> None:
    """As it stands, unless somebody was quicker."""
    scene.slack.slack.open_home(BEN)
    home(scene, BEN, "Nobody has taken")
    press_home(scene, BEN, "rd:home-take")
    until(lambda: [(p.actor, p.deed) for p in scene.office.acted] == [(BEN, Take())])
    scene.office.case = replace(scene.office.case, owner=AIKO)
    press_home(scene, BEN, "rd:home-take")
    until(lambda: scene.slack.count("chat.postMessage") == 1)
    assert len(scene.office.acted) == 1


def test_a_request_by_phone_is_typed_in_and_answered_with_its_number(scene: Scene) -> None:
    """With a receipt of an earlier day."""
    typed(scene, "new")
    scene.modal("New request")
    scene.submit(BEN, controller="nproc", on="2026-02-16", words="Please delete me.", name="Eva")
    assert until(lambda: scene.slack.errors) == {"rights": "Tick at least one: what does the person ask for?"}
    scene.submit(BEN, controller="nproc", source="phone", on="2026-02-16", rights=("erasure",), words="Please delete me.", name="Eva")
    (fact,) = until(lambda: scene.office.opened)
    assert isinstance(fact, ByHand)
    assert (fact.source, fact.received, fact.category, fact.rights) == (
        Source.PHONE, date(2026, 2, 16), Category.RIGHTS_REQUEST, (Right.ERASURE,)
    )  # fmt: skip
    answered(scene, "PR-2026-00042 is open")


def test_an_absence_is_said_with_its_deputy(scene: Scene) -> None:
    """And confirmed."""
    typed(scene, "away")
    scene.modal("I am away")
    scene.submit(BEN, since="2027-03-01", until="2027-03-09", who=AIKO)
    until(lambda: scene.office.asked == [("away", BEN, "2027-03-01", "2027-03-09", AIKO)])
    answered(scene, "acts for you")


def test_a_covered_number_is_revealed_to_one_person(scene: Scene) -> None:
    """The house is told who looked."""
    masked = replace(CASE, masked=True, excerpt="My card is •••• •••• 1111")
    scene.office.case = masked
    scene.press(BEN, scene.put(masked).ts, "rd:reveal")
    view = scene.modal("The mail, uncovered")
    assert "4444 4444 1111" in str(view)
    assert scene.office.asked == [("reveal", BEN)]


def test_a_menu_leads_to_how_a_date_was_computed_and_to_what_happened(scene: Scene) -> None:
    """Windows that only tell."""
    scene.choose(BEN, scene.put(CASE).ts, "history")
    assert "case opened: a human must look" in str(scene.modal("What happened so far"))


def test_a_hold_is_settled_by_its_buttons(scene: Scene) -> None:
    """And the post says who decided."""
    from datetime import UTC, datetime, timedelta

    from handlers import posts

    at = datetime(2026, 3, 2, tzinfo=UTC)
    post = scene.put(posts.UnsubscribesHeld(3, 500, at, at + timedelta(hours=12), (MANAGER.id,))).ts
    scene.press(MANAGER.id, post, "rd:hold-drop")
    until(lambda: scene.office.asked == [("hold", MANAGER.id, "3", "False")])
    until(lambda: "dropped them" in str(scene.message(post)["blocks"]))
