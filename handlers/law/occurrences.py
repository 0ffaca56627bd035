"""What happened to a request, checked and put in order: questions with their answers, and the extension."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from handlers.law.places import local_day
from handlers.law.query import Occurrence
from handlers.law.wording import day_en
from handlers.refused import Refused
from storage.kinds import OccurrenceKind as Kind

_FIELD = "events"
_QUESTIONS = {Kind.IDENTITY_ASKED: "identity", Kind.CLARIFICATION_ASKED: "clarification", Kind.FEE_ASKED: "fee"}
_ANSWERS = {Kind.IDENTITY_RECEIVED: "identity", Kind.CLARIFICATION_RECEIVED: "clarification", Kind.FEE_PAID: "fee"}


@dataclass(frozen=True)
class Question:
    """Something asked of the person, and when it was answered: `asked` None for an answer that came unasked, `answered` None while open."""

    kind: str
    asked: date | None
    answered: date | None

    @property
    def begins(self) -> date:
        """The day from which it could matter."""
        return self.asked or self.answered or date.max


@dataclass(frozen=True)
class Course:
    """All that happened, in order of days."""

    questions: tuple[Question, ...] = ()
    extended: date | None = None


def course(events: Sequence[Occurrence], received: date, zones: tuple[ZoneInfo, ...]) -> Course:
    """The events of a request in order.

    Refused (field "events") for one before the receipt, an answer before its question, pauses that overlap, a second extension.
    """
    if not events:
        return Course()
    listed = [(e.kind, local_day(e.on, zones)) for e in events]
    for kind, day in listed:
        if day < received:
            raise Refused(f"{kind} on {day} lies before the receipt on {received}", _FIELD)
    _answers_follow(listed)
    extensions = [day for kind, day in listed if kind is Kind.EXTENDED]
    if len(extensions) > 1:
        raise Refused(f"a period is extended once, not on {extensions[0]} and again on {extensions[1]}", _FIELD)
    questions = _paired(sorted(listed, key=lambda e: e[1]))
    _apart(questions)
    return Course(questions, extensions[0] if extensions else None)


def _answers_follow(listed: list[tuple[Kind, date]]) -> None:
    """An answer listed after its question must not be dated before it."""
    open_: dict[str, date] = {}
    for kind, day in listed:
        if kind in _QUESTIONS:
            open_.setdefault(_QUESTIONS[kind], day)
        elif kind in _ANSWERS:
            asked = open_.pop(_ANSWERS[kind], None)
            if asked is not None and day < asked:
                raise Refused(f"{kind} on {day} is dated before its question on {asked}", _FIELD)


def _paired(ordered: list[tuple[Kind, date]]) -> tuple[Question, ...]:
    """Each question with the first answer of its kind that follows. The sort was stable, so the events of a day keep their order."""
    questions: list[Question] = []
    open_: dict[str, int] = {}
    for kind, day in ordered:
        if kind in _QUESTIONS:
            name = _QUESTIONS[kind]
            if name in open_:
                raise Refused(f"{name} was asked again on {day} before the first question was answered: pauses overlap", _FIELD)
            open_[name] = len(questions)
            questions.append(Question(name, day, None))
        elif kind in _ANSWERS:
            name = _ANSWERS[kind]
            at = open_.pop(name, None)
            if at is None:
                questions.append(Question(name, None, day))
            else:
                questions[at] = Question(name, questions[at].asked, day)
    return tuple(questions)


def _apart(questions: tuple[Question, ...]) -> None:
    """No pause begins while another is open; one may begin on the day the other ends."""
    last: Question | None = None
    for q in questions:
        if q.asked is None:
            continue
        if last is not None and (last.answered is None or q.asked < last.answered):
            since = day_en(last.asked) if last.asked else ""
            raise Refused(f"{q.kind} asked on {q.asked} while the {last.kind} question of {since} was open: pauses overlap", _FIELD)
        last = q
