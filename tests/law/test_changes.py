"""What a change of the law files would move, said before it is made."""

from datetime import date
from pathlib import Path

from handlers.law import Laws, Query
from handlers.law.changes import changed, moved
from tests.law.asked import happened, laws

FOLDER = Path(__file__).parents[2] / "handlers" / "law"


def altered(tmp_path: Path, law: str, before: str, after: str) -> Laws:
    for file in FOLDER.glob("[A-Z]*.toml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace(before, after) if file.stem == law else text, encoding="utf-8")
    return Laws.load(tmp_path)


def test_the_same_files_move_nothing() -> None:
    query = Query("EU-GDPR", "access", date(2026, 6, 1), "DE")
    assert changed(laws(), laws()) == ()
    assert moved(laws(), laws(), [("PR-2026-00001", query)]) == ()


def test_a_changed_period_is_named_with_the_cases_that_it_moves(tmp_path: Path) -> None:
    new = altered(tmp_path, "CA-PIPEDA", 'respond = "30 days"', 'respond = "45 days"')
    assert {(c.law, c.before, c.after) for c in changed(laws(), new)} == {("CA-PIPEDA", "30 days", "45 days")}
    assert "version.2001-01-01.rights.access.respond" in {c.key for c in changed(laws(), new)}
    cases = [
        ("PR-2026-00001", Query("CA-PIPEDA", "access", date(2026, 6, 1), "CA")),
        ("PR-2026-00002", Query("EU-GDPR", "access", date(2026, 6, 1), "DE")),
    ]
    found = moved(laws(), new, cases)
    assert {m.case for m in found} == {"PR-2026-00001"}
    assert ("respond_due", "2026-07-01", "2026-07-16") in {(m.what, m.before, m.after) for m in found}


def test_a_new_version_leaves_the_cases_alone_that_began_before_it(tmp_path: Path) -> None:
    more = '\n[[version]]\nin_force = 2026-07-01\nact = "S.C. 2026 c. 1"\n\n[version.usual]\nrespond = "20 days"\n'
    path = FOLDER / "CA-PIPEDA.toml"
    new = altered(tmp_path, "CA-PIPEDA", path.read_text(encoding="utf-8"), path.read_text(encoding="utf-8") + more)
    assert any(c.key.startswith("version.2026-07-01.") and c.before == "" for c in changed(laws(), new))
    old_case, new_case = (Query("CA-PIPEDA", "access", date(2026, m, 30 if m == 6 else 1), "CA") for m in (6, 7))
    assert moved(laws(), new, [("old", old_case)]) == ()
    assert {m.what for m in moved(laws(), new, [("new", new_case)])} >= {"respond_due", "safe_due"}


def test_a_law_that_is_gone_shows_as_an_error_of_its_cases(tmp_path: Path) -> None:
    few = Laws({"EU-GDPR": laws().by_id["EU-GDPR"]})
    found = moved(laws(), few, [("PR-2026-00001", Query("JP-APPI", "access", date(2026, 6, 1), "JP"))])
    assert any(m.what == "error" and "JP-APPI" in m.after for m in found)
    assert {c.after for c in changed(laws(), few)} == {""}


def test_a_case_with_an_event_that_cannot_be_counted_shows_its_move_all_the_same(tmp_path: Path) -> None:
    """An extension that a corrected receipt left too late: left out on both sides, not an error on both."""
    new = altered(tmp_path, "CA-PIPEDA", 'respond = "30 days"', 'respond = "20 days"')
    late = Query("CA-PIPEDA", "access", date(2026, 6, 1), "CA", happened("extended=2026-08-01"))
    assert ("respond_due", "2026-07-01", "2026-06-21") in {(m.what, m.before, m.after) for m in moved(laws(), new, [("late", late)])}
