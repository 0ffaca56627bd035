"""The wording of every post, with the worst words that a mail can bring."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.slack.links import thread_link, thread_of
from bot.slack.message import Message
from bot.slack.posts import worded
from bot.slack.words import LANGUAGES, translator
from handlers import posts
from storage.kinds import Action, Category, DeadlineKind, Ground, LetterName, Outcome, Right, Status, TaskKind
from tests.slack.limits import every_text, message_faults
from tests.slack.samples import HOSTILE, ZONE

_WORDS = translator("en", ZONE)
_AT = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
_DAY = date(2026, 3, 2)
_REF = "PR-2026-00042"
_TO = "ada@example.org"

EXAMPLES: tuple[posts.Post, ...] = (
    posts.FollowUp(_REF, "Ada Beispiel <ada@example.org>", "Re: my data", "Any news?", _AT, 2, reopened=True),
    posts.Reminder(_REF, DeadlineKind.RESPOND, "EU-GDPR", _DAY, 3, "U01AIKO"),
    posts.LetterSent(_REF, LetterName.REPLY, _TO, "Your request", "Dear Ada", "U01AIKO"),
    posts.LetterFailed(_REF, LetterName.REPLY, _TO, "The server knows no such address."),
    posts.LetterUnknown(7, 3, 12, _REF, LetterName.REPLY, _TO, _AT),
    posts.LetterBounced(_REF, _TO, "No such user."),
    posts.Moved(_REF, "U01AIKO", Action.CLOSE, Outcome.REFUSED, Ground.LEGAL_CLAIMS, "A lawsuit is pending."),
    posts.UnsubscribesOfDay(_DAY),
    posts.UnsubscribeLine("a…@example.org", "Nproc", _AT),
    posts.OtherMailOfDay(_DAY),
    posts.OtherMailLine(5, "example.com", "Invoice …", "Nproc", _AT, Category.INQUIRY),
    posts.Quarantined(3, "office", _AT, "The parser stopped."),
    posts.ManagersDigest(_DAY, 0, ()),
    posts.GoLive("office", _DAY, _DAY - timedelta(days=92), 12, 400),
    posts.SortingLearned("U9", 4, 2),
    posts.SortingLearned("U9", 0, 0, undone=True),
    posts.PrivateNote("U01AIKO", "This case is yours already."),
    posts.UnsubscribesHeld(3, 500, _AT, _AT + timedelta(hours=12), ("U01AIKO",)),
    posts.HoldSettled("U01AIKO", 812, released=False),
    posts.Alarm("nproc", _AT, "The login was refused.", 0, ("U01AIKO",)),
    posts.Alarm("SMTP", _AT, "", 3),
    posts.SystemLate("Marketo", "24 hours", 37, _AT, "It does not answer.", ("U01AIKO",)),
    posts.UnsubscribesOfWeek(_DAY, (("Nproc", 12), ("primeNumber Inc.", 1)), 2),
    posts.ApprovalAsked(_REF, 7, 3, 5, "U02BEN", Action.REFUSE, LetterName.REFUSAL, "A lawsuit.", ("U03MARA",)),
    posts.Waiting(_REF, Status.WAITING_IDENTITY, _DAY, 14, "U01AIKO"),
    posts.Escalated(_REF, DeadlineKind.RESPOND, "EU-GDPR", _DAY, 1, 2, ("U03MARA",), None),
    posts.DatesMoved(_REF, (posts.DateMove("JP-APPI", DeadlineKind.RESPOND, (Right.ACCESS,), _DAY, None),)),
    posts.TasksDue("U01AIKO", 12, (posts.TaskDue(_REF, "AWS", _DAY, "C01DESK", "1771.0001"),) * 10, "U02BEN"),
    posts.SentElsewhere(_REF, _TO, "Re: my data", "Here you are.", _AT),
    posts.Joined(_REF, "PR-2026-00007", "U01AIKO", (Right.ERASURE,)),
)


def seen(message: Message) -> str:
    """All that a reader sees."""
    return "\n".join(every_text(message.blocks))


def test_every_kind_of_post_has_an_example() -> None:
    """A kind that is added gets its wording and its example."""
    assert {type(p) for p in EXAMPLES} == set(posts.Post.__args__)


@pytest.mark.parametrize(("post", "language"), list(product(EXAMPLES, LANGUAGES)), ids=lambda p: p if p in LANGUAGES else type(p).__name__)
def test_every_post_fits_the_limits_and_carries_its_mark(post: posts.Post, language: str) -> None:
    """The mark is the first block's id; a letter's fate gets two buttons, no other post more than one."""
    message = worded(post, 4711, translator(language, ZONE))
    assert message_faults(message.text, message.blocks, most_buttons=2) == []
    assert message.blocks[0]["block_id"] == "rd:4711"


def hostile(post: Any, words: str) -> Any:
    """The post with those words in every free text of it, and in those of what it holds."""
    held = {f.name: getattr(post, f.name) for f in fields(post)}
    changed = {name: words for name, value in held.items() if type(value) is str and name != "user"}
    return replace(post, **changed)


@pytest.mark.parametrize(("post", "words"), list(product(EXAMPLES, HOSTILE)))
def test_no_words_break_a_post(post: posts.Post, words: str) -> None:
    """Whatever stands in every field at once."""
    message = worded(hostile(post, words), 1, _WORDS, "https://desk.example/")
    assert message_faults(message.text, message.blocks, most_buttons=2) == []


def digest(count: int, words: str = "Nproc") -> posts.ManagersDigest:
    """A digest in which everything is full."""
    case = posts.DigestCase(words, words, _DAY, -1, words, "C01DESK", "1771.0001")
    names = ("overdue", "due_soon", "unassigned", "needs_look", "waiting")
    groups = tuple(posts.DigestGroup(name, count, (case,) * min(count, 40)) for name in names)
    boxes = tuple(posts.MailboxHealth(words, _AT, words) for _ in range(6))
    return posts.ManagersDigest(_DAY, count, groups, 1, 1, 1, 1, 1, 1, 1, boxes)


@pytest.mark.parametrize("words", HOSTILE)
def test_a_full_digest_fits_the_limits(words: str) -> None:
    """Five thousand cases, hostile names."""
    message = worded(digest(5000, words), 1, _WORDS, "https://desk.example/")
    assert message_faults(message.text, message.blocks) == []


def test_a_digest_lists_ten_and_counts_the_rest() -> None:
    """Each with a link to its thread."""
    text = seen(worded(digest(12), 1, _WORDS, "https://desk.example/"))
    assert text.count("<https://desk.example/archives/C01DESK/p17710001|Nproc>") == 50
    assert text.count("… and 2 more") == 5


def test_a_digest_on_a_quiet_day_says_that_nothing_is_due() -> None:
    """It is sent all the same."""
    assert "Nothing is overdue and nothing is due soon" in seen(worded(posts.ManagersDigest(_DAY, 3, ()), 1, _WORDS))


@pytest.mark.parametrize("action", Action)
def test_every_move_is_told_in_the_thread(action: Action) -> None:
    """Who did what, to whom, with whose word, and why."""
    post = posts.Moved(_REF, "U01AIKO", action, reason="Because.", about="PR-2026-00007", approved_by="U03MARA")
    for language in LANGUAGES:
        text = seen(worded(post, 1, translator(language, ZONE)))
        assert "<@U01AIKO>" in text
        assert "PR-2026-00007" in text
        assert "<@U03MARA>" in text
        assert "> Because." in text


def test_a_thread_is_told_from_its_link() -> None:
    """As Slack copies it."""
    link = "https://desk.slack.example/archives/C01DESK/p1771000000000100?thread_ts=1771000000.000100&cid=C01DESK"
    assert thread_of(link) == ("C01DESK", "1771000000.000100")
    assert thread_of("PR-2026-00042") is None


def test_a_thread_that_is_not_known_gets_no_link() -> None:
    """Only its label."""
    assert thread_link("https://desk.example", None, None, "PR-1") == "PR-1"
    assert thread_link("", "C1", "1.2", "PR-1") == "PR-1"


@pytest.mark.parametrize(
    ("days", "expected"),
    [(14, "🟢 The answer is due *Mon 16 Mar 2026 (in 14 days)*"), (3, "🟠"), (1, "(tomorrow)"), (0, "🔴 *Due today:*"),
     (-1, "🔴 *Overdue:* the answer was due Sun 1 Mar 2026 (yesterday)"), (-5, "(5 days ago)")],
)  # fmt: skip
def test_a_reminder_says_how_near_the_date_is(days: int, expected: str) -> None:
    """In words and with an emoji."""
    post = posts.Reminder(_REF, DeadlineKind.RESPOND, "EU-GDPR", _DAY + timedelta(days=days), days, "U01AIKO")
    assert expected in seen(worded(post, 1, _WORDS))


def test_a_reminder_calls_the_owner_and_an_overdue_one_the_managers() -> None:
    """By mention, so that they are told."""
    owned = posts.Reminder(_REF, DeadlineKind.RESPOND, "EU-GDPR", _DAY, -1, "U01AIKO", ("U03MARA",))
    text = seen(worded(owned, 1, _WORDS))
    assert "<@U01AIKO>" in text
    assert "<@U03MARA>" in text
    assert "Nobody has taken this case yet." in seen(worded(replace(owned, owner=None), 1, _WORDS))


def test_a_letter_whose_fate_is_unknown_asks_with_two_buttons() -> None:
    """Each carries case, version and letter; sending again asks once more."""
    actions = worded(EXAMPLES[4], 1, _WORDS).blocks[-1]["elements"]
    assert [e["action_id"] for e in actions] == ["rd:sent", "rd:again"]
    assert {e["value"] for e in actions} == {"7:3:12"}
    assert "confirm" in actions[1]


def test_an_ordinary_mail_can_be_made_a_request() -> None:
    """By the button on its line, which carries its fingerprint."""
    press = worded(EXAMPLES[10], 1, _WORDS).blocks[0]["accessory"]
    assert (press["action_id"], press["value"]) == ("rd:request", "5")


def test_an_automatic_letter_is_told_from_one_that_somebody_sent() -> None:
    """Staff see who wrote."""
    sent = EXAMPLES[2]
    assert isinstance(sent, posts.LetterSent)
    assert "by <@U01AIKO>" in seen(worded(sent, 1, _WORDS))
    assert "automatically" in seen(worded(replace(sent, actor=None), 1, _WORDS))


def test_the_notification_line_shows_no_words_of_a_mail() -> None:
    """Only what happened."""
    assert "Any news" not in worded(EXAMPLES[0], 1, _WORDS).text


def test_times_are_the_desk_s() -> None:
    """00:30 UTC is 09:30 in Tokyo."""
    assert "Mon 2 Mar 2026, 09:30" in seen(worded(EXAMPLES[0], 1, _WORDS))


def test_tasks_are_said_in_the_language_of_who_reads_them() -> None:
    """A place by its name there, a task without a place by what it is."""
    place = posts.TaskDue(_REF, "Recruitment", _DAY, kind=TaskKind.SEARCH, places={"en": "Recruitment", "ja": "採用"})
    offer = posts.TaskDue(_REF, "", _DAY, kind=TaskKind.OFFER_ACCESS)
    said = str(worded(posts.TasksDue("U01AIKO", 2, (place, offer)), 1, translator("ja")).blocks)
    assert "採用" in said
    assert "Recruitment" not in said
    assert "Offer" not in said
