"""The life of a case as a machine: whatever people do in whatever order, its rules hold and undoing restores."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from handlers.audit import Audit
from handlers.deeds import (
    AddNote,
    Assign,
    Close,
    CorrectReceipt,
    Deed,
    Fulfil,
    MarkUrgent,
    Pause,
    RecordClarification,
    RecordIdentity,
    RefuseRights,
    Release,
    Reopen,
    Resort,
    Resume,
    SendLetter,
    Take,
    Undo,
)
from handlers.lifecycle import ALLOWED, IN_PART, LEADS_TO, WAITING, WORDS, move
from handlers.refused import Refused
from storage import schema
from storage.kinds import Action, Category, ClockState, Ground, IdentityMethod, LetterName, Outcome, OutgoingState, Right, Status
from storage.store import Store
from storage.vault import Vault
from tests.handlers.room import ACCESS, NOW, Room, replace

RIGHTS = (Right.ACCESS, Right.ERASURE)
DEEDS: tuple[Deed, ...] = (
    Take(),
    Release(),
    Assign("U2"),
    MarkUrgent(),
    MarkUrgent(urgent=False),
    AddNote("A word."),
    SendLetter(LetterName.REPLY, "en", "A word."),
    SendLetter(LetterName.IDENTITY_REQUEST, "en", "A word."),
    SendLetter(LetterName.CLARIFICATION, "en", "A word."),
    SendLetter(LetterName.EXTENSION_NOTICE, "en", "A word.", reason="Many systems."),
    SendLetter(LetterName.ACCESS_ANSWER, "en", "A word."),
    SendLetter(LetterName.REFUSAL, "en", "A word.", Ground.LEGAL_CLAIMS),
    RecordIdentity(IdentityMethod.ACCOUNT, shown=True),
    RecordIdentity(IdentityMethod.ACCOUNT, shown=False),
    RecordClarification(),
    Pause("They will write."),
    Resume(),
    Fulfil((Right.ACCESS,)),
    Fulfil((Right.ERASURE,)),
    RefuseRights((Right.ERASURE,), Ground.LEGAL_CLAIMS),
    Resort(Category.RIGHTS_REQUEST, RIGHTS, "EU-GDPR", "DE"),
    Resort(Category.RIGHTS_REQUEST, (Right.ERASURE,), "UK-GDPR", "GB"),
    Resort(Category.COMPLAINT, (), "EU-GDPR", "FR"),
    CorrectReceipt(NOW.date() - timedelta(days=3), "The reception had it."),
    Close(Outcome.FULFILLED),
    Close(Outcome.WITHDRAWN),
    Close(Outcome.REFUSED, Ground.LEGAL_CLAIMS),
    Reopen("Again."),
)


def test_the_table_names_every_deed_and_only_moves_that_are_allowed() -> None:
    assert set(ALLOWED) == set(WORDS) == set(Action)
    for table in (LEADS_TO, IN_PART):
        assert set(table) <= {(a, s) for a, statuses in ALLOWED.items() for s in statuses}


@pytest.mark.parametrize(("status", "action"), list(itertools.product(Status, Action)))
def test_every_move_is_allowed_or_refused_and_none_but_reopening_leaves_a_closed_case(status: Status, action: Action) -> None:
    for in_part in (True, False):
        try:
            after = move(status, action, in_part=in_part)
        except Refused:
            assert status not in ALLOWED[action]
            continue
        if status is Status.CLOSED and after is not Status.CLOSED:
            assert action is Action.REOPEN


def test_every_status_can_be_reached_and_every_open_one_can_be_left() -> None:
    reached = {Status.NEW, Status.NEEDS_LOOK}
    for _ in Status:
        reached |= {move(s, a) for s in set(reached) for a in Action if s in ALLOWED[a]}
    assert reached == set(Status)
    assert all(any(move(s, a) is not s for a in Action if s in ALLOWED[a]) for s in Status)


class Life(RuleBasedStateMachine):
    """Somebody of the desk does this and that; days pass; the last step is taken back."""

    @initialize()
    def begin(self) -> None:
        store = Store("sqlite://", Vault({1: b"k" * 32}))
        schema.upgrade(store)
        self.room = Room("sqlite://", store=store)
        self.now = NOW
        self.room.receive(self.room.arrival(replace(ACCESS, rights=RIGHTS, confidence=0.5)))

    @rule(deed=st.sampled_from(DEEDS), actor=st.sampled_from(["U1", "U2", "U9"]))
    def act(self, deed: Deed, actor: str) -> None:
        before, status = self.picture(), self.room.case().status
        version = self.room.case().version
        try:
            self.room.press(deed, actor=actor, now=self.now)
        except Refused:
            assert self.picture() == before
            assert self.room.case().version == version
            return
        assert self.room.case().version == version + 1
        if status is Status.CLOSED:
            assert isinstance(deed, (Reopen, AddNote))
        with pytest.raises(Refused):
            self.room.press(deed, actor=actor, version=version, now=self.now)
        last = self.room.view(self.now).undo
        if not isinstance(deed, AddNote):
            assert last is not None
            assert last.barred == ""

    @rule()
    def undo(self) -> None:
        last = self.room.view(self.now).undo
        if last is None:
            return
        try:
            self.room.press(Undo(last.step), now=self.now)
        except Refused:
            assert last.barred
        else:
            assert not last.barred

    @rule(deed=st.sampled_from([d for d in DEEDS if not isinstance(d, AddNote)]))
    def do_and_undo(self, deed: Deed) -> None:
        before = self.picture()
        try:
            self.room.press(deed, now=self.now)
        except Refused:
            return
        last = self.room.view(self.now).undo
        assert last is not None
        self.room.press(Undo(last.step), now=self.now)
        assert self.picture() == before

    @rule()
    def letters_leave(self) -> None:
        for row in self.room.rows():
            if row.state is OutgoingState.QUEUED and str(row.kind) == "letter":
                self.room.settle(row, now=self.now)

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def the_case_makes_sense(self) -> None:
        if not hasattr(self, "room"):
            return
        case, view = self.room.case(), self.room.view(self.now)
        assert (case.status is Status.CLOSED) == (case.closed is not None) == (case.outcome is not None)
        assert (case.waiting_since is not None) == (case.status in WAITING)
        assert not set(view.allowed) & {a for a, _ in view.barred}
        if any(d.state is ClockState.PAUSED and not d.done for d in view.dates):
            assert case.status in WAITING, "a clock that stands has a wait that is reminded of"
        if case.status is Status.CLOSED:
            assert all(d.done for d in view.dates)

    def picture(self) -> object:
        """Everything that undoing restores."""
        case, view = self.room.case(), self.room.view(self.now)
        dates = frozenset(
            (d.law, d.kind, d.rights, d.state, d.statutory, d.safe, d.work, d.done, d.extension_notice_by) for d in view.dates
        )
        plain = (case.owner, case.urgent, case.needs_look, case.ground, case.answered, case.waiting_since, case.clock_from, case.clock_day)
        return (view.status, view.outcome, view.category, view.law, view.place, view.settled, dates, plain)

    def teardown(self) -> None:
        if hasattr(self, "room"):
            assert self.room.store.run(Audit().verify).broken == ()
            self.room.close()


Life.TestCase.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
TestLife = Life.TestCase
