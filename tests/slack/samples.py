"""Cases, drafts and hostile words for the tests of what Slack shows."""

import asyncio
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.localslack import CHANNEL, MANAGER, STAFF
from handlers.attached import Attached
from handlers.deeds import ByHand, Deed, Pressed, SetAbsence
from handlers.desk import Controller, Desk, Person, Rules
from handlers.letter_checks import Warned
from handlers.lettering import Wanted
from handlers.refused import Refused
from handlers.stopping import Stopped
from handlers.verdict import Evidence
from handlers.views import (
    ApprovalView,
    BulkOutcome,
    CaseLine,
    CasePage,
    CaseView,
    DateView,
    Draft,
    Flood,
    HistoryLine,
    HomeView,
    IdentityView,
    OtherCase,
    Pausing,
    RightView,
    TaskView,
    TeamFigures,
    UndoView,
)
from storage.kinds import (
    Category,
    ClockState,
    DeadlineKind,
    EventKind,
    IdentityMethod,
    LetterName,
    Right,
    RightState,
    Status,
    TaskKind,
    TaskState,
)

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

FULL = replace(
    CASE,
    urgent=True,
    needs_look=True,
    live=False,
    folder="Junk",
    authentication="fail",
    received_confirmed=False,
    attachments=12,
    settled=(RightView(Right.ACCESS, RightState.FULFILLED), RightView(Right.ERASURE, RightState.OPEN)),
    tasks=(
        TaskView(1, TaskKind.SEARCH, Right.ACCESS, TaskState.DONE, {"en": "AWS", "ja": "AWS"}, {"en": "Logs"}, STAFF[0].id,
                 settled_by=STAFF[0].id, settled=RECEIVED, note="nothing special"),
        TaskView(2, TaskKind.ERASE, Right.ERASURE, TaskState.OPEN, {"en": "Marketo", "ja": "Marketo"},
                 {"en": "Name, mail address, what was opened", "ja": "氏名、メールアドレス、開封履歴"}, STAFF[1].id),
    ),
    approvals=(ApprovalView(3, "SendLetter", LetterName.REFUSAL, STAFF[1].id, RECEIVED, "a lawsuit", (MANAGER.id,)),),
    pausing=Pausing(Status.WAITING_IDENTITY, RECEIVED, 19, stands=True),
    identity=IdentityView(date(2026, 2, 3), IdentityMethod.DOCUMENT, shown=True, checked=date(2026, 2, 5), by=STAFF[0].id),
    fee_yen=1100,
    fee_asked=date(2026, 2, 3),
    fee_paid=date(2026, 2, 6),
    extended=date(2026, 2, 20),
    others=(OtherCase(4, "PR-2026-00007", Status.IN_WORK, (Right.ACCESS,), RECEIVED, CHANNEL, "1771000000.000100"),),
    split_from="PR-2026-00041",
    masked=True,
    with_managers=True,
    unread=True,
    bounced=True,
    notes=2,
    undo=UndoView(9, "Take", STAFF[0].id, RECEIVED),
    by_hand="phone",
)  # fmt: skip
"""A case with all that a case can have at once."""

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


LINE = CaseLine(
    id=7,
    ref=CASE.ref,
    controller_name="Nproc",
    category=Category.RIGHTS_REQUEST,
    rights=(Right.ACCESS,),
    status=Status.NEW,
    urgent=False,
    needs_look=False,
    requester="Ada Beispiel <ada@example.org>",
    received=RECEIVED,
    due=TODAY + timedelta(days=9),
    days_left=9,
    owner=None,
    channel=CHANNEL,
    thread="1771000000.000100",
)
ATTACHED = Attached("passport.jpg", "image/jpeg", 240_000, RECEIVED, "nproc", "INBOX", document=True)
FIGURES = TeamFigures(14, 1, 3, 5, 2, 4, 1, 6, 7, ((STAFF[0].id, 6, 1), (None, 5, 0)))


def pages(number: int, *, page: int = 0, size: int = 8, **more: Any) -> CasePage:
    """A page of so many cases."""
    here = range(number)[page * size : (page + 1) * size]
    lines = tuple(replace(LINE, **{"id": i + 1, "ref": f"PR-2026-{i + 1:05}", **more}) for i in here)
    return CasePage(lines, number, page, size)


HOME = HomeView(pages(3, owner=STAFF[0].id), pages(2), FIGURES)


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
        elif element["type"] == "datepicker":
            state = {"selected_date": value}
        else:
            state = {"value": value}
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **state}}
    return {**view, "state": {"values": values}}


@dataclass(frozen=True)
class Written:
    """A letter as it would be mailed."""

    subject: str
    text: str
    warnings: tuple[Warned, ...] = ()


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
    homes: HomeView = HOME
    found: CasePage = field(default_factory=lambda: pages(20))
    opened: list[ByHand] = field(default_factory=list)
    masses: tuple[Flood, ...] = ()
    bulk: list[tuple[str, tuple[int, ...], Deed]] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)

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

    async def letters(self, case_id: int) -> tuple[LetterName, ...]:
        """The usual ones."""
        return (LetterName.REPLY, LetterName.REFUSAL, LetterName.ACKNOWLEDGEMENT)

    async def reveal(self, actor: str, case_id: int) -> Written:
        """The words, uncovered; who asked is remembered."""
        self._stop()
        self.asked.append(("reveal", actor))
        return Written(self.case.subject, self.case.excerpt.replace("•", "4"))

    async def attached(self, case_id: int) -> tuple[Attached, ...]:
        """A passport and a letter."""
        return (ATTACHED, replace(ATTACHED, name="letter.pdf", document=False))

    async def history(self, case_id: int) -> tuple[HistoryLine, ...]:
        """Two events."""
        return (
            HistoryLine(2, RECEIVED, STAFF[0].id, EventKind.TAKEN),
            HistoryLine(1, RECEIVED, "desk", EventKind.OPENED, said="a human must look"),
        )

    async def home(self, actor: str, page: int) -> HomeView:
        """The home, the same for everybody."""
        self._stop()
        self.asked.append(("home", actor, str(page)))
        return replace(self.homes, mine=pages(20, page=page, owner=actor))

    async def listed(self, actor: str, page: int) -> CasePage:
        """Twenty cases."""
        self._stop()
        return pages(20, page=page)

    async def find(self, actor: str, text: str) -> CasePage:
        """What the test says that there is."""
        self._stop()
        self.asked.append(("find", text))
        return self.found

    async def floods(self, actor: str) -> tuple[Flood, ...]:
        """What the test says that there is."""
        self._stop()
        return self.masses

    async def act_on_all(self, actor: str, case_ids: tuple[int, ...], deed: Deed) -> BulkOutcome:
        """All but the last one is done."""
        self.bulk.append((actor, case_ids, deed))
        refs = tuple(f"PR-2026-{i:05}" for i in case_ids)
        return BulkOutcome(refs[:-1], ((refs[-1], "This case is yours already."),))

    async def open_by_hand(self, actor: str, fact: ByHand) -> CaseLine:
        """Remember it."""
        self._stop()
        self.opened.append(fact)
        return LINE

    async def stop_mail(self, actor: str, text: str) -> Stopped:
        """Remember who said what."""
        self._stop()
        self.asked.append(("stop", actor, text))
        return Stopped("n…@example.org", ("Nproc", "primeNumber Inc."), "", new=True)

    async def digest(self, actor: str) -> None:
        """Remember who asked."""
        self._stop()
        self.asked.append(("digest", actor))

    async def set_absence(self, actor: str, absence: SetAbsence) -> None:
        """Remember it."""
        self._stop()
        self.asked.append(("away", absence.who, absence.since.isoformat(), absence.until.isoformat(), absence.deputy or ""))

    async def settle_hold(self, actor: str, hold_id: int, *, release: bool) -> None:
        """Remember it."""
        self._stop()
        self.asked.append(("hold", actor, str(hold_id), str(release)))
