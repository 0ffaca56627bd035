"""Cases, drafts and hostile words for the tests of what Slack shows."""

import asyncio
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.localslack import CHANNEL, MANAGER, STAFF
from handlers.correspondence import Wanted
from handlers.deeds import Pressed
from handlers.desk import Controller, Desk, Person, Rules
from handlers.refused import Refused
from handlers.verdict import Evidence
from handlers.views import CaseView, DateView, Draft
from storage.kinds import Category, ClockState, DeadlineKind, LetterName, Right, Status

TODAY = date(2026, 2, 21)
ZONE = ZoneInfo("Asia/Tokyo")
RECEIVED = datetime(2026, 2, 2, 3, 4, tzinfo=UTC)

HOSTILE = (
    "",
    " ",
    "<!channel> <!here> <@U01AIKO> <https://evil.example|click>",
    "& < > &amp; &lt;!channel&gt;",
    "*bold* _under_ ~gone~ `code` ```block```",
    "line one\r\nline two\n\n\n\n> quoted\n" * 40,
    "x" * 3000,
    "&" * 3000,
    "😀" * 2000,
    "👩‍👩‍👧‍👦" * 600,
    "טקסט מימין לשמאל \u202e נסתר " * 50,
    "e\u0301" * 2000,
    "本人の個人データの開示を請求します。" * 200,
    "\x00\x07\ud800 control",
    "\u200b",
)


def due(days: int | None, **more: object) -> DateView:
    """An open statutory date so many days from today."""
    on = None if days is None else TODAY + timedelta(days=days)
    made = DateView(
        law="EU-GDPR",
        kind=DeadlineKind.RESPOND,
        rights=(Right.ACCESS,),
        state=ClockState.RUNNING,
        statutory=on,
        safe=on,
        work=None if on is None else on - timedelta(days=7),
        done=False,
        cite="Art. 12(3) GDPR",
        days_left=days,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # tests name real fields


CASE = CaseView(
    id=7,
    ref="PR-2026-00042",
    version=3,
    controller="nproc",
    controller_name="Nproc",
    category=Category.RIGHTS_REQUEST,
    rights=(Right.ACCESS, Right.ERASURE),
    status=Status.NEW,
    outcome=None,
    ground=None,
    urgent=False,
    needs_look=False,
    live=True,
    law="EU-GDPR",
    law_reason="writes from Germany",
    law_candidates=("EU-GDPR", "UK-GDPR"),
    place="DE",
    language="en",
    requester="Ada Beispiel <ada@example.org>",
    subject="My data",
    excerpt="Hello,\nplease send me a copy of everything you hold about me, and then delete it.\n\nKind regards\nAda",
    received=RECEIVED,
    received_confirmed=True,
    folder="INBOX",
    owner=None,
    dates=(due(9),),
    evidence=(Evidence("right.access", "send me a copy of everything"), Evidence("right.erasure", "delete it")),
    authentication="pass",
    attachments=1,
    channel=None,
    thread=None,
)

DRAFT = Draft(
    case_id=7,
    ref=CASE.ref,
    version=3,
    letter=LetterName.REPLY,
    language="en",
    to="ada@example.org",
    subject="Your request PR-2026-00042",
    opening="Dear Ada Beispiel,\n\nThank you for your request of 2 February 2026 (reference PR-2026-00042).",
    middle="We have looked into it. Here is what we found.",
    closing="You may complain to a supervisory authority.\n\nKind regards\nNproc",
)

DESK = Desk(
    controllers=(
        Controller("nproc", "Nproc", "desk@nproc.example", "JP", policy_url="https://nproc.example/privacy"),
        Controller("prime", "Prime", "desk@prime.example", "JP", languages=("en", "ja"), default_language="ja"),
    ),
    mailboxes=(),
    people=tuple(Person(p.id, p.name, p.email, manager=p.manager) for p in (*STAFF, MANAGER)),
    rules=Rules(channel=CHANNEL, zone=ZONE),
)


def filled(view: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The modal as Slack hands it back: `given` by block name; a tuple is ticked boxes, a str is text or a choice."""
    values = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        name, element = block["block_id"].partition(":")[0], block["element"]
        value = given.get(name)
        if element["type"] == "checkboxes":
            state: dict[str, Any] = {"selected_options": [{"value": v} for v in value or ()]}
        elif element["type"] == "static_select":
            state = {"selected_option": {"value": value} if value else None}
        else:
            state = {"value": value}
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **state}}
    return {**view, "state": {"values": values}}


@dataclass(frozen=True)
class Written:
    """A letter as it would be mailed."""

    subject: str
    text: str


@dataclass
class FakeOffice:
    """The house behind Slack: remembers what was pressed, refuses or breaks where a test wants it."""

    desk: Desk = DESK
    case: CaseView = CASE
    filled: Draft = DRAFT
    acted: list[Pressed] = field(default_factory=list)
    requests: list[tuple[str, int]] = field(default_factory=list)
    refusal: Refused | None = None
    error: Exception | None = None
    held: threading.Event | None = None

    def _stop(self) -> None:
        if self.refusal:
            raise self.refusal
        if self.error:
            raise self.error

    async def act(self, pressed: Pressed) -> None:
        """Remember it; a version that is not the case's is refused, as the house does."""
        if self.held:
            await asyncio.to_thread(self.held.wait, 10)
        self._stop()
        if pressed.version != self.case.version:
            raise Refused("This case has changed since you opened it.", field="version")
        self.acted.append(pressed)
        self.case = replace(self.case, version=self.case.version + 1)

    async def view(self, case_id: int) -> CaseView:
        """The one case."""
        self._stop()
        return self.case

    async def draft(self, case_id: int, wanted: Wanted) -> Draft:
        """The letter, its middle naming what was wanted."""
        self._stop()
        middle = f"[{wanted.letter} {wanted.language} {wanted.ground or ''}] {self.filled.middle}"
        return replace(self.filled, letter=wanted.letter, language=wanted.language, middle=middle, version=self.case.version)

    async def preview(self, case_id: int, wanted: Wanted) -> Written:
        """The whole letter."""
        self._stop()
        return Written(self.filled.subject, f"{self.filled.opening}\n\n{wanted.middle}\n\n{self.filled.closing}")

    async def laws(self) -> tuple[tuple[str, str], ...]:
        """A few laws."""
        return (("EU-GDPR", "EU GDPR"), ("UK-GDPR", "UK GDPR"), ("JP-APPI", "Japan APPI"))

    async def request_from_ordinary(self, actor: str, fingerprint_id: int) -> None:
        """Remember it."""
        self._stop()
        self.requests.append((actor, fingerprint_id))
