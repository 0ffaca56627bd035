"""Two companies, facts for every letter, and what a person sees of an HTML part: what the letter tests share."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from handlers.desk import Controller, Desk, Person, Recipient, Rules, Safeguard
from handlers.letters import Letter, LetterFacts, Letters
from handlers.posts import DigestCase, DigestGroup, MailboxHealth, ManagersDigest
from storage.kinds import Ground, LetterName, Right

NPROC = Controller("nproc", "Nproc", "nproc-support@ghs.tokyo", "US")
PRIMENUMBER = Controller(
    "primenumber",
    "primeNumber Inc.",
    "secretary@primenumber.co.jp",
    "JP",
    address="JR Tokyu Meguro Building 5F, 3-1-1 Kamiosaki, Shinagawa-ku, Tokyo",
    department="Corporate division",
    policy_url="https://primenumber.example/privacy?lang=ja&v=2",
    default_language="ja",
    names={"ja": "株式会社primeNumber"},
    recipients=(Recipient("Salesforce", "Salesforce Japan Co., Ltd.", ("JP",)), Recipient("Slack", "", ("US", "XX"))),
    safeguards=tuple(Safeguard),
    kept_years=3,
)
CONTROLLERS = (NPROC, PRIMENUMBER)
DESK = Desk(CONTROLLERS, (), (Person("U1", "Aoi Tanaka"),), Rules("C1", zone=ZoneInfo("Asia/Tokyo")))
LETTERS = Letters(DESK)
CASE_LETTERS = tuple(letter for letter in LetterName if letter not in (LetterName.DIGEST, LetterName.ALARM))

FACTS = LetterFacts(
    controller=PRIMENUMBER,
    ref="PR-2026-00042",
    name="Anna Beispiel",
    rights=(Right.ACCESS, Right.ERASURE),
    received=date(2026, 3, 5),
    due=date(2026, 4, 7),
    law="EU-GDPR",
    law_cite="Art. 12(3)",
    authority_name="Datenschutzbehörde",
    authority_site="dsb.gv.at",
    ground=Ground.LEGAL_DUTY_TO_KEEP,
    address="anna@sender.example",
    reason="Invoices must be kept.\nFor ten years.",
    remedies=("You may complain to the authority.", "You may go to court."),
    fee="1,100 yen",
    payment="By bank transfer.",
    new_due=date(2026, 6, 8),
    systems=("Salesforce", "Slack"),
    attachments=("data.zip",),
    encrypted=True,
    told=("Adobe Inc.",),
    done_on=date(2026, 4, 1),
    done="Your telephone number.\nYour job title.",
    kept="Invoices, for the tax office.",
    outcome="You were right.",
    transfers="Your address, to Slack.",
    responsible="Example GmbH",
    enough=("your customer number",),
    questions=("Which seminar was it?",),
)
BARE: dict[str, Any] = {
    "ref": "", "name": "", "rights": (), "received": None, "due": None, "law": None, "law_cite": "",
    "authority_name": "", "authority_site": "", "reason": "", "payment": "", "systems": (),
    "attachments": (), "encrypted": False, "told": (), "done_on": None, "done": "", "kept": "",
    "outcome": "", "transfers": "", "responsible": "", "enough": (), "questions": (),
}  # fmt: skip
"""Nothing that a letter can do without."""

OVERDUE = (DigestCase("PR-2026-00001", "Nproc", date(2026, 4, 3), -2, "U1"),)
SOON = (
    DigestCase("PR-2026-00002", "Nproc", date(2026, 4, 6), 1, None),
    DigestCase("PR-2026-00003", "Nproc", date(2026, 4, 5), 0, "U9"),
)
DOUBTFUL = (DigestCase("PR-2026-00004", "Nproc", None, None, None),)
DIGEST = ManagersDigest(
    day=date(2026, 4, 5),
    open=7,
    groups=(DigestGroup("overdue", 3, OVERDUE), DigestGroup("due_soon", 2, SOON), DigestGroup("needs_look", 1, DOUBTFUL)),
    opened=4,
    closed=5,
    unsubscribed=6,
    ordinary=8,
    quarantined=9,
    letters_in_doubt=10,
    letters_failed=11,
    mailboxes=(
        MailboxHealth("nproc", datetime(2026, 4, 4, 23, 20, tzinfo=UTC)),
        MailboxHealth("secretary", None, "imap.example refused the login."),
    ),
)


def fitting(letter: LetterName, facts: LetterFacts) -> LetterFacts:
    """The facts as that letter may have them: a fee is asked for disclosure under Japanese law alone."""
    return replace(facts, law="JP-APPI", rights=(Right.ACCESS,)) if letter is LetterName.FEE_NOTICE else facts


def write(letter: LetterName, language: str, facts: LetterFacts = FACTS, **changes: Any) -> Letter:
    """The letter; a reply says something."""
    middle = "Your data is attached." if letter is LetterName.REPLY else None
    return LETTERS.render(letter, language, fitting(letter, replace(facts, **changes)), middle)


class Seen(HTMLParser):
    """What is in an HTML part: the words that a person sees, every tag, every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "body" in self._inside:
            self.words.append(data)

    @property
    def links(self) -> set[str]:
        """Where it leads."""
        return {value for _, name, value in self.attributes if name == "href"}

    @property
    def text(self) -> str:
        """Everything seen, blanks as one."""
        return flat(" ".join(self.words))


def flat(text: str) -> str:
    """Without blanks and list marks: what both parts of a letter have in common."""
    return re.sub(r"\s+", "", re.sub(r"^(- |・|---$)", "", text, flags=re.MULTILINE))
