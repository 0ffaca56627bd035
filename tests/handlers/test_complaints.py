"""The answer to a complaint says who else can be turned to, by the law and the place of the person."""

from dataclasses import replace

import pytest

from handlers.deeds import SendLetter
from handlers.verdict import Verdict
from storage.kinds import Category, LetterName
from tests.handlers.room import Room

COMPLAINT = Verdict(Category.COMPLAINT, language="en", confidence=0.5, words="You never answered me.")


@pytest.mark.parametrize(
    ("law", "place", "named", "unsaid"),
    [
        ("EU-GDPR", "DE-BY", "lda.bayern.de", "reply to this letter"),
        ("EU-GDPR", "FR", "cnil.fr", "dsb.gv.at"),
        ("UK-GDPR", "GB-SCT", "s. 165 Data Protection Act 2018", "complain to us"),
        ("JP-APPI", "JP", "ppc.go.jp", "complain to us"),
        ("US-CA-CCPA", "US-CA", "cppa.ca.gov", "appeal"),
        ("US-CO", "US-CO", "the Attorney General of Colorado", "appeal"),
        ("CA-QC", "CA-QC", "cai.gouv.qc.ca", "priv.gc.ca"),
    ],
)
def test_the_outcome_of_a_complaint_names_the_authority_and_not_ourselves_again(
    room: Room, law: str, place: str, named: str, unsaid: str
) -> None:
    room.receive(room.arrival(replace(COMPLAINT, law=law, place=place)))
    room.press(SendLetter(LetterName.COMPLAINT_OUTCOME, "en", "We should have answered, and have done so now."))
    text = " ".join(room.letters()[-1]["text"].split())
    assert named in text
    assert unsaid not in text


def test_a_complaint_in_the_uk_is_answered_under_its_own_section_in_every_language(room: Room) -> None:
    room.receive(room.arrival(replace(COMPLAINT, law="UK-GDPR", place="GB", language="de")))
    room.press(SendLetter(LetterName.COMPLAINT_OUTCOME, "de", "Sie haben recht."))
    assert "Wenn Sie mit dem Ergebnis nicht einverstanden sind" in room.letters()[-1]["text"]
