"""Every post survives the queue."""

from datetime import UTC, date, datetime

import pytest

from handlers import posts
from storage.kinds import Action, DeadlineKind, Ground, LetterName, Outcome, Right, Status

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

EXAMPLES: tuple[posts.Post, ...] = (
    posts.FollowUp("PR-2026-00042", "Ada <ada@example.org>", "Re: my data", "Any news?", _AT, 1, reopened=True),
    posts.Reminder("PR-2026-00042", DeadlineKind.RESPOND, "EU-GDPR", date(2026, 3, 2), -1, "U1", ("U2", "U3")),
    posts.LetterSent("PR-2026-00042", LetterName.REPLY, "ada@example.org", "Your request", "Dear Ada", "U1"),
    posts.LetterFailed("PR-2026-00042", LetterName.REPLY, "ada@example.org", "The server knows no such address."),
    posts.LetterUnknown(7, 3, 12, "PR-2026-00042", LetterName.REPLY, "ada@example.org", _AT),
    posts.LetterBounced("PR-2026-00042", "ada@example.org", "No such user."),
    posts.Moved("PR-2026-00042", "U1", Action.CLOSE, Outcome.REFUSED, Ground.LEGAL_CLAIMS, "Court case"),
    posts.ApprovalAsked("PR-2026-00042", 7, 3, 5, "U1", Action.REFUSE, LetterName.REFUSAL, "Lawsuit.", ("U9",)),
    posts.Waiting("PR-2026-00042", Status.WAITING_IDENTITY, date(2026, 3, 2), 14, "U1"),
    posts.Escalated("PR-2026-00042", DeadlineKind.RESPOND, "EU-GDPR", date(2026, 3, 2), 3, 1, ("U1", "U2"), "U1"),
    posts.DatesMoved(
        "PR-2026-00042", (posts.DateMove("EU-GDPR", DeadlineKind.RESPOND, (Right.ACCESS,), date(2026, 3, 2), date(2026, 3, 3)),)
    ),
    posts.TasksDue("U1", 1, (posts.TaskDue("PR-2026-00042", "Salesforce", date(2026, 3, 2)),), "U2"),
    posts.SentElsewhere("PR-2026-00042", "ada@example.org", "Your request", "Dear Ada", _AT),
    posts.Joined("PR-2026-00042", "PR-2026-00043", "U1", (Right.ERASURE,)),
    posts.UnsubscribesOfDay(date(2026, 3, 2)),
    posts.UnsubscribeLine("a…@example.org", "Nproc", _AT),
    posts.UnsubscribesHeld(3, 500, _AT, _AT, ("U9",)),
    posts.HoldSettled("U9", 812, released=True),
    posts.SystemLate("Marketo", "24 hours", 37, _AT, "It does not answer.", ("U9",)),
    posts.Alarm("nproc", _AT, "The login was refused.", 2, ("U9",)),
    posts.UnsubscribesOfWeek(date(2026, 3, 2), (("Nproc", 12), ("primeNumber Inc.", 3)), 2),
    posts.OtherMailOfDay(date(2026, 3, 2)),
    posts.OtherMailLine(5, "example.com", "Invoice …", "primeNumber Inc.", _AT),
    posts.Quarantined(3, "office", _AT, "the parser stopped"),
    posts.ManagersDigest(
        date(2026, 3, 2),
        4,
        (posts.DigestGroup("overdue", 1, (posts.DigestCase("PR-2026-00042", "Nproc", date(2026, 3, 1), -1, None),)),),
        mailboxes=(posts.MailboxHealth("office", _AT),),
    ),
    posts.GoLive("office", date(2026, 3, 1), date(2025, 12, 1), 12, 400),
    posts.SortingLearned("U9", 4, 2),
    posts.PrivateNote("U1", "Done."),
)


def test_every_kind_of_post_has_an_example() -> None:
    """A kind that is added gets its example here."""
    assert {type(p) for p in EXAMPLES} == set(posts.Post.__args__)


@pytest.mark.parametrize("post", EXAMPLES, ids=lambda p: type(p).__name__)
def test_a_post_read_back_is_the_post_that_was_queued(post: posts.Post) -> None:
    """Nothing is lost on the way through JSON, times keep their zone."""
    assert posts.from_json(posts.to_json(post)) == post


def test_a_field_of_a_later_version_is_passed_over() -> None:
    """A row queued by a newer process does not stop an older one."""
    data = posts.to_json(EXAMPLES[-1]) | {"colour": "red"}
    assert posts.from_json(data) == EXAMPLES[-1]


def test_an_unknown_kind_is_refused() -> None:
    """It goes to the outbox as a fault, never as an empty post."""
    with pytest.raises(ValueError, match="unknown kind"):
        posts.from_json({"post": "Nonsense"})
