"""The sorting explains itself, is scored on labelled mail, and learns from corrections only by a manager's word."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.house import build
from bot.settings import Settings, load
from handlers.deeds import Pressed, Resort
from handlers.posts import SortingLearned, from_json
from handlers.sorting import examples, training
from storage.kinds import Category, Right
from storage.models import Outgoing
from tests.commands.test_commands import REQUEST, Run, run

__all__ = ["run"]
GOLDEN_LINE = {"id": "x1", "language": "en", "subject": "mine", "text": "Please delete all my data.", "category": "rights_request"}


def labelled(path: Path, **more: object) -> Path:
    path.write_text(json.dumps({**GOLDEN_LINE, "rights": ["erasure"], **more}) + "\n", encoding="utf-8")
    return path


def manager(settings: Settings) -> str:
    return next(p.slack_id for p in settings.desk(date(2026, 12, 1)).people if p.manager)


def test_a_verdict_is_explained_by_rule_phrases_and_features(run: Run, tmp_path: Path) -> None:
    mail = tmp_path / "one.eml"
    mail.write_text(REQUEST.format(n="one"), encoding="utf-8")
    said = run("sort", "--explain", str(mail)).output
    for words in ("rights_request", "by the rule:", "phrases", "what moved it", "character n-grams"):
        assert words in said
    row = json.loads(run("sort", "--explain", "--json", str(mail)).output)
    assert row["category"] == "rights_request"
    assert ("copy", "en") in {(p["idea"], p["language"]) for p in row["phrases"]}
    assert dict(row["chances"])["right access"] > 0.5


def test_labelled_mail_of_ones_own_is_scored(run: Run, tmp_path: Path) -> None:
    said = run("sorting", "score", str(labelled(tmp_path / "mine.jsonl"))).output
    assert next(line.split()[:3] for line in said.splitlines() if line.startswith("all")) == ["all", "1", "100.0%"]
    assert "truth, taken for" in said


@pytest.mark.parametrize(("content", "named"), [("{", "mine.jsonl:1"), ('{"id": "x"}', "mine.jsonl:1"), ("", "holds no labelled mail")])
def test_what_is_no_labelled_mail_is_named_by_its_line(run: Run, tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "mine.jsonl").write_text(content, encoding="utf-8")
    done = run("sorting", "score", str(tmp_path / "mine.jsonl"), status=1)
    assert named in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_corrections_there_is_nothing_to_learn(run: Run) -> None:
    assert "nothing to learn" in run("sorting", "retrain", status=1).stderr
    assert "nothing to take back" in run("sorting", "undo", "--by", manager(load()), status=1).stderr


def test_corrections_are_shown_first_adopted_by_a_manager_and_taken_back(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking changes nothing; who is no manager is refused; the channel hears of both steps."""
    few = examples.load(examples.TRAINING)[::40]
    monkeypatch.setattr(examples, "load", lambda folder: few)
    cache = load().cache_dir
    mail = tmp_path / "one.eml"
    mail.write_text(REQUEST.format(n="one"), encoding="utf-8")
    run("import", str(mail))
    house = build(load())
    boss = manager(load())
    (case,) = house.store.run(lambda tx: list(tx.cases.listed()))
    now = datetime.now(UTC)
    resort = Resort(Category.RIGHTS_REQUEST, (Right.ERASURE,), None)
    house.store.run(lambda tx: house.actions.act(tx, Pressed(boss, case.id, case.version, resort), now))
    run("sorting", "retrain")
    assert not (cache / training.ADOPTED).exists()
    assert "is no manager" in run("sorting", "retrain", "--adopt", "U000", status=1).stderr
    run("sorting", "retrain", "--adopt", boss)
    assert (cache / training.ADOPTED).exists()
    run("sorting", "undo", "--by", boss)
    assert not (cache / training.ADOPTED).exists()
    told = [p for p in posts(house) if isinstance(p, SortingLearned)]
    assert [(p.manager, p.corrections, p.undone) for p in told] == [(boss, 1, False), (boss, 0, True)]
    house.store.close()


def posts(house: object) -> list[object]:
    def look(tx: object) -> list[object]:
        rows = tx.session.query(Outgoing).filter(Outgoing.case_id.is_(None)).order_by(Outgoing.id)  # type: ignore[attr-defined]
        return [from_json(tx.unseal(r.key_id, r.sealed)) for r in rows if r.kind == "notice"]  # type: ignore[attr-defined]

    return house.store.run(look)  # type: ignore[attr-defined, no-any-return]

