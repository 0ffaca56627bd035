"""A letter is read once more before it goes; what goes with it is kept, and shown to a second person."""

from datetime import timedelta

import pytest

from handlers.correspondence import Reread
from handlers.deeds import Approve, Close, SendLetter
from handlers.enclosures import Enclosure, unpacked
from handlers.lettering import Wanted
from handlers.looking import Looking
from handlers.refused import Refused
from storage.kinds import Ground, Guarded, LetterName, Outcome
from tests.handlers.desks import guarded
from tests.handlers.room import NOW, Room, later, written

CSV = Enclosure("export.csv", "text/csv", b"name;mail\n\x00\xff")
MARK = "Mark Stone <mark@other.example>"


def reread(room: Room, middle: str, letter: LetterName = LetterName.REPLY, password: str = "", **more: timedelta) -> Reread:
    """The letter to the first person, as it would be mailed."""
    now = NOW + more.get("after", timedelta())
    ground = Ground.LEGAL_CLAIMS if letter is LetterName.REFUSAL else None
    wanted = Wanted(letter, "en", middle, ground, attachments=("export.csv",), password=password)

    def look(tx):  # type: ignore[no-untyped-def]  # a transaction of the store
        case = tx.cases.get(1)
        return room.correspondence.reread(tx, case, wanted, now)

    found: Reread = room.store.run(look)
    return found


def two(room: Room) -> None:
    """Two persons have written."""
    room.receive(room.arrival())
    room.receive(room.arrival(raw=written(name="two", sender=MARK, body="And mine, please.")))


@pytest.mark.parametrize(
    ("middle", "named"),
    [("As we told Mark Stone.", "PR-2026-00002"), ("Ask mark@other.example.", "PR-2026-00002"), ("See PR-2026-00077.", "PR-2026-00077")],
)
def test_the_person_of_another_case_is_warned_of(room: Room, middle: str, named: str) -> None:
    """By name, by address, by number; the case's own person is not."""
    two(room)
    (warned,) = reread(room, f"Dear Nora Quist (nora@example.org). {middle}").warnings
    assert named in warned.en


def test_a_name_is_forgotten_some_time_after_its_case_was_closed_and_an_address_never(room: Room) -> None:
    """A common name of years ago would warn for ever."""
    two(room)
    room.press(Close(Outcome.WITHDRAWN), case_id=2)
    assert reread(room, "Mark Stone helped.").warnings
    assert reread(room, "Mark Stone helped.", after=timedelta(days=40)).warnings == ()
    assert reread(room, "mark@other.example", after=timedelta(days=40)).warnings


def test_what_waits_to_be_filled_in_and_a_password_are_warned_of(room: Room) -> None:
    """In both languages of the desk."""
    room.receive(room.arrival())
    gap, password = reread(room, "We hold [what?]. It is ABCDE-FGHJK.", password="ABCDE-FGHJK").warnings
    assert "[what?]" in gap.said("ja")
    assert "パスワード" in password.said("ja")
    assert reread(room, "We hold your name.").warnings == ()


def test_a_refusal_that_says_its_remedies_has_no_warning(room: Room) -> None:
    """The template says them; were one deleted there, the check would find it (tests/letters/test_checks.py)."""
    room.receive(room.arrival())
    assert reread(room, "A lawsuit is running.", LetterName.REFUSAL).warnings == ()


def test_a_file_goes_with_its_letter_and_the_password_into_the_record(room: Room) -> None:
    """Sealed with the case, shown in its history, never in the letter."""
    room.receive(room.arrival())
    room.press(SendLetter(LetterName.ACCESS_ANSWER, "en", "Here it is.", attachments=(CSV,), password="ABCDE-FGHJK"))
    letter = room.letters()[-1]
    assert unpacked(letter["attachments"]) == (CSV,)  # type: ignore[arg-type]  # a payload's value
    assert "export.csv" in letter["text"]
    assert "password separately" in letter["text"]
    assert "ABCDE" not in letter["text"]
    case = room.case()
    lines = room.store.run(lambda tx: Looking(room.desk).history(tx, case))
    assert any("ABCDE-FGHJK" in one.said for one in lines)


def test_a_program_is_not_sent(room: Room) -> None:
    """Whatever it is called by Slack; nothing is queued."""
    room.receive(room.arrival())
    with pytest.raises(Refused, match="Programs are not sent"):
        room.press(SendLetter(LetterName.REPLY, "en", "Run this.", attachments=(Enclosure("a.exe", "text/plain", b"x"),)))
    assert len(room.letters()) == 1


def test_a_second_person_sees_what_would_be_mailed_and_it_is_mailed_as_it_was(store_url: str) -> None:
    """Words, ground and files wait with the step, byte by byte."""
    room = Room(store_url, guarded(*Guarded))
    room.receive(room.arrival())
    room.press(SendLetter(LetterName.REFUSAL, "en", "A lawsuit.", Ground.LEGAL_CLAIMS, attachments=(CSV,)))
    (waiting,) = room.view().approvals
    assert (waiting.middle, waiting.ground, waiting.attachments) == ("A lawsuit.", Ground.LEGAL_CLAIMS, ("export.csv",))
    assert len(room.letters()) == 1
    room.press(Approve(waiting.id), actor="U9", now=later(hours=1))
    assert unpacked(room.letters()[-1]["attachments"]) == (CSV,)  # type: ignore[arg-type]  # a payload's value
    room.close()
