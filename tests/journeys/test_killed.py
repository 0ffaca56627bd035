"""The process killed at any moment: started again, every mail is handled once, and no letter or thread is doubled."""

from collections import Counter

from storage.kinds import Fate, OutgoingKind, OutgoingState
from storage.models import Fingerprint, Outgoing
from storage.store import Tx
from tests.journeys.dying import POINTS
from tests.journeys.running import PATIENCE, RunningDesk, access_request, mail
from tests.servers.until import until


def test_killed_at_every_point_of_the_path_it_loses_and_doubles_nothing(resting: RunningDesk) -> None:
    """Each life brings a request and an unsubscribe and ends at the next point; the last life lives on."""
    desk = resting
    for number, point in enumerate(POINTS):
        sender = f"p{number}@example.org"
        desk.account.append(
            access_request(f"request-{number}", f"Person {number} <{sender}>"),
            mail("Unsubscribe", f"Please unsubscribe me ({number}).", f"Q <q{number}@example.net>", f"stop-{number}"),
        )
        life = desk.born(point=number)
        until(lambda one=life: not one.running, PATIENCE)
        assert life.running is False, point
    desk.start()
    desk.wait(2 * len(POINTS), 3 * PATIENCE)

    fates, letters = desk.store.run(_fates), desk.store.run(_letters)
    assert fates == {Fate.CASE_OPENED: len(POINTS), Fate.UNSUBSCRIBED: len(POINTS)}
    cards = Counter(ref for m in desk.cards() for ref in [_ref(m)] if ref)
    assert len(cards) == len(POINTS)
    assert set(cards.values()) == {1}
    mailed = Counter(x.message["To"] for x in desk.letters())
    assert set(mailed.values()) == {1}, "a letter was mailed twice"
    unknown = [x for x in letters if x.state is OutgoingState.UNKNOWN]
    assert len(mailed) + len(unknown) >= 2 * len(POINTS)
    assert {x.state for x in letters} <= {OutgoingState.SENT, OutgoingState.UNKNOWN}
    assert len(unknown) <= 10, "more letters are in doubt than were handed over at a death"
    asked = [m for m in desk.slack.slack.messages() if "It was sent" in str(m)]
    assert len(asked) >= len([x for x in unknown if x.case_id is not None])


def _fates(tx: Tx) -> dict[Fate, int]:
    return dict(Counter(f.fate for f in tx.session.query(Fingerprint)))


def _letters(tx: Tx) -> list[Outgoing]:
    return list(tx.session.query(Outgoing).filter(Outgoing.kind == OutgoingKind.LETTER))


def _ref(message: dict[str, str]) -> str | None:
    text = message.get("text", "")
    return text[text.index("PR-") :][:13] if "PR-" in text else None
