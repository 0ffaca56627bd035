"""Lists of cases for people: a person's home, all open cases, finding one again, figures, floods."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from handlers.absences import deputies
from handlers.casebook import masked, named, secrets_of
from handlers.checklist import Checklist
from handlers.desk import Desk, Shown
from handlers.lifecycle import WAITING
from handlers.refused import Refused
from handlers.views import CaseLine, CasePage, Flood, HomeView, TaskLine, TeamFigures
from storage.kinds import Status
from storage.models import Case
from storage.store import Tx

PAGE = 10
FOUND = 25
SOON = 7
TASKS = 20
_REF = re.compile(r"PR-\d{4}-\d{1,7}", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>|@:]+@[^\s<>|@]+")
_TS = re.compile(r"\d{9,11}\.\d{4,6}")
_LINKED_TS = re.compile(r"/archives/[A-Z0-9]+/p(\d{10})(\d{6})")
Rows = Sequence[tuple[Case, date | None]]


class Lists:
    """Makes them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checklist = Checklist(desk)

    def home(self, tx: Tx, actor: str, page: int, now: datetime) -> HomeView:
        """What that person's home shows: their cases and those of whom they act for, page by page."""
        person = self._desk.person(actor)
        if person is None:
            raise Refused("Only the people of the privacy desk have a desk here.")
        today = self._today(now)
        acting = deputies(tx, today)
        covering = tuple(sorted(who for who, deputy in acting.items() if deputy == actor))
        mine, total = tx.listing.of_owners([actor, *covering], page * PAGE, PAGE)
        loose, loose_total = tx.listing.unassigned(0, PAGE)
        everything = self.listed(tx, page, now) if person.manager else None
        absence = tx.course.absences(today).get(actor)
        return HomeView(
            mine=CasePage(self.lines(tx, mine, today), total, page, PAGE),
            unassigned=CasePage(self.lines(tx, loose, today), loose_total, 0, PAGE),
            figures=self.figures(tx, now),
            tasks=self._tasks(tx, (actor, *covering), acting),
            everything=everything,
            covering=covering,
            away_until=absence.until if absence is not None else None,
            away_deputy=absence.deputy if absence is not None else None,
        )

    def listed(self, tx: Tx, page: int, now: datetime) -> CasePage:
        """All open cases, the most urgent first."""
        rows, total = tx.listing.open(page * PAGE, PAGE)
        return CasePage(self.lines(tx, rows, self._today(now)), total, page, PAGE)

    def find(self, tx: Tx, text: str, now: datetime) -> CasePage:
        """Cases by ref, mail address, Message-ID, or the link of a thread or of a post in it; open and closed."""
        wanted = text.strip().strip("<>").partition("|")[0].removeprefix("mailto:")
        if not wanted:
            raise Refused("Say what to find: a case number, a mail address, a Message-ID or the link of a thread.", field="text")
        ids = self._ids(tx, wanted)
        rows, total = tx.listing.numbered(ids, FOUND)
        return CasePage(self.lines(tx, rows, self._today(now)), total, 0, FOUND)

    def line(self, tx: Tx, case: Case, now: datetime) -> CaseLine:
        """One case."""
        rows, _ = tx.listing.numbered([case.id], 1)
        return self.lines(tx, rows, self._today(now))[0]

    def figures(self, tx: Tx, now: datetime) -> TeamFigures:
        """How the desk stands."""
        rows, today, week = tx.listing.standings(), self._today(now), now - timedelta(days=7)
        late = [r for r in rows if r.due is not None and r.due < today]
        owners: dict[str | None, tuple[int, int]] = {}
        for row in rows:
            open_, over = owners.get(row.owner, (0, 0))
            owners[row.owner] = (open_ + 1, over + (row.due is not None and row.due < today))
        return TeamFigures(
            open=len(rows),
            overdue=len(late),
            due_soon=sum(r.due is not None and today <= r.due <= today + timedelta(days=SOON) for r in rows),
            unassigned=sum(r.owner is None for r in rows),
            needs_look=sum(r.needs_look or r.status is Status.NEEDS_LOOK for r in rows),
            waiting=sum(r.status in WAITING for r in rows),
            urgent=sum(r.urgent for r in rows),
            opened_week=tx.listing.opened_since(week),
            closed_week=tx.cases.closed_since(week),
            by_owner=tuple((o, *n) for o, n in sorted(owners.items(), key=lambda pair: (-pair[1][0], pair[0] or ""))),
        )

    def floods(self, tx: Tx, now: datetime) -> tuple[Flood, ...]:
        """Many open cases of one day from one domain: a request service, perhaps, to be handled in one go."""
        since, found = now - timedelta(days=1), []
        for controller, rows in tx.listing.floods(since, self._desk.rules.flood_cases):
            first = tx.cases.get(rows[0][0])
            domain = secrets_of(tx, first).address.rpartition("@")[2] if first is not None else ""
            found.append(Flood(domain, controller, tuple(i for i, _ in rows), tuple(ref for _, ref in rows), since))
        return tuple(found)

    def lines(self, tx: Tx, rows: Rows, today: date) -> tuple[CaseLine, ...]:
        """Cases as lines of a list, opened with a handful of questions to the database whatever their number."""
        ids = [case.id for case, _ in rows]
        tx.open_keys(case.key_id for case, _ in rows)
        rights, counts = tx.cases.rights_of(ids), tx.course.task_counts(ids)
        return tuple(
            CaseLine(
                id=case.id,
                ref=case.ref,
                controller_name=self._desk.controller(case.controller).name,
                category=case.category,
                rights=rights.get(case.id, ()),
                status=case.status,
                urgent=case.urgent,
                needs_look=case.needs_look,
                requester=self._requester(tx, case),
                received=case.received.astimezone(self._desk.rules.zone),
                due=due,
                days_left=(due - today).days if due is not None else None,
                owner=case.owner,
                channel=case.channel,
                thread=case.thread,
                outcome=case.outcome,
                tasks_done=counts.get(case.id, (0, 0))[0],
                tasks=counts.get(case.id, (0, 0))[1],
            )
            for case, due in rows
        )

    def _ids(self, tx: Tx, wanted: str) -> list[int]:
        if ref := _REF.fullmatch(wanted):
            case = tx.cases.by_ref(ref[0])
            if case is None:
                raise Refused(f"There is no case {ref[0].upper()}.", field="text")
            return [case.id]
        if ts := _thread_of(wanted):
            return tx.listing.of_thread(ts)
        if _ADDRESS.fullmatch(wanted):
            of_mail = tx.listing.of_message(tx.vault.look_up("message-id", f"<{wanted}>"))
            return of_mail or tx.listing.of_writer(tx.hash_address(wanted))
        raise Refused(
            "That is neither a case number (PR-2026-00042) nor a mail address, a Message-ID or the link of a thread.", field="text"
        )

    def _tasks(self, tx: Tx, owners: Sequence[str], acting: dict[str, str]) -> tuple[TaskLine, ...]:
        rows = tx.course.open_tasks(owners, TASKS)
        tx.open_keys(case.key_id for _, case in rows)
        dues = {case.id: due for case, due in tx.listing.numbered([case.id for _, case in rows], TASKS)[0]}
        return tuple(
            TaskLine(case.id, case.ref, self._checklist.line(tx, case, task, acting), dues.get(case.id), case.channel, case.thread)
            for task, case in rows
        )

    def _requester(self, tx: Tx, case: Case) -> str:
        secret = secrets_of(tx, case)
        return named(secret) if self._desk.controller(case.controller).shown is not Shown.NONE else masked(secret.address)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._desk.rules.zone).date()


def _thread_of(wanted: str) -> str | None:
    """The ts of the thread that a Slack link (or a bare ts) means."""
    if _TS.fullmatch(wanted):
        return wanted
    link = _LINKED_TS.search(wanted)
    if link is None:
        return None
    asked = parse_qs(urlsplit(wanted.replace("&amp;", "&")).query).get("thread_ts")
    return asked[0] if asked else f"{link[1]}.{link[2]}"
