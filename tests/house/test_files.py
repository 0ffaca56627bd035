"""The files at the root say what they must."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_procfile_names_the_release_and_the_three_roles() -> None:
    """Which share one PostgreSQL."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())
    assert list(lines) == ["release", "worker", "web", "clock"]
    assert lines["release"] == "rightsdesk db upgrade"
    assert all(lines[role] == f"rightsdesk run --role {role}" for role in ("worker", "web", "clock"))


def test_ci_skips_nothing() -> None:
    """And runs both the checks and the tests."""
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
    assert "export REQUIRE_ALL=1" in text
    assert text.rstrip().endswith("make check\nmake test")
