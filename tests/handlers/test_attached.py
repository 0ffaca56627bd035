"""What came with the mails of a case is listed by name, and a likely identity document is marked."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from handlers.attached import Attached, attached
from handlers.deeds import SendLetter
from handlers.desk import Shown
from storage.kinds import LetterName
from tests.handlers.room import ACCESS, DESK, NOW, Room, later


def mail(name: str, file: str, answer: str = "") -> bytes:
    """A mail with a file."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Nora Quist <nora@example.org>", "nproc-support@ghs.tokyo", "My data"
    made["Message-ID"] = f"<{name}@example.org>"
    if answer:
        made["In-Reply-To"] = answer
    made.set_content("Please send me a copy of my data.")
    made.add_attachment(b"\x89PNG....", "image", "png", filename=file)
    return made.as_bytes()


def listed(room: Room) -> tuple[Attached, ...]:
    """What staff see."""
    case = room.case()
    return room.store.run(lambda tx: attached(tx, room.desk, case))


@pytest.mark.parametrize(
    ("file", "document"),
    [("passport.png", True), ("運転免許証.png", True), ("Personalausweis_vorn.png", True), ("my-id-card.png", True),
     ("carte d'identité.png", True),
     ("confidential.png", False), ("screenshot.png", False), ("video.png", False)],
)  # fmt: skip
def test_a_document_is_known_by_its_name(room: Room, file: str, document: bool) -> None:
    """In the languages that we write; not within other words."""
    room.receive(room.arrival(raw=mail("one", file)))
    (one,) = listed(room)
    assert (one.name, one.document, one.mailbox, one.folder, one.at) == (file, document, "nproc", "INBOX", NOW)


def test_what_comes_after_we_asked_for_identity_may_be_a_document_whatever_it_is_called(room: Room) -> None:
    """What came before is what it is."""
    room.receive(room.arrival(raw=mail("one", "scan1.png")))
    room.press(SendLetter(LetterName.IDENTITY_REQUEST, "en", "Please log in."), now=later(hours=1))
    asked = room.letters()[-1]["message_id"]
    room.receive(room.arrival(raw=mail("two", "scan2.png", asked), arrived=later(hours=2)), now=later(hours=2))
    assert [(one.name, one.document) for one in listed(room)] == [("scan1.png", False), ("scan2.png", True)]


def test_a_company_that_shows_nothing_shows_no_names(store_url: str) -> None:
    """Only that there is a file."""
    hidden = replace(DESK, controllers=tuple(replace(c, shown=Shown.NONE) for c in DESK.controllers))
    room = Room(store_url, hidden)
    room.receive(room.arrival(ACCESS, raw=mail("one", "passport.png")))
    (one,) = listed(room)
    assert (one.name, one.document) == ("", True)
    room.close()
