"""`rightsdesk laws --diff`: what other law files would change, and which open cases they would move."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from storage.vault import Vault

ROOT = Path(__file__).parents[2]
REQUEST = """From: Nora Quist <nora@example.org>\r
To: nproc-support@ghs.tokyo\r
Subject: Access under Article 15 GDPR\r
Message-ID: <one@example.org>\r
Date: Tue, 17 Nov 2026 03:00:00 +0900\r
\r
I live in Germany. Under Article 15 GDPR, please send me a copy of all personal data that you hold about me.\r
"""


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    """The shipped law files with the GDPR's month made two."""
    folder = tmp_path / "laws"
    folder.mkdir()
    for file in (ROOT / "handlers" / "law").glob("*.toml"):
        shutil.copy(file, folder / file.name)
    text = (folder / "EU-GDPR.toml").read_text(encoding="utf-8")
    (folder / "EU-GDPR.toml").write_text(text.replace('respond = "1 month"', 'respond = "2 months"'), encoding="utf-8")
    return folder


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """A command on a desk of its own."""
    settings = tmp_path / "rightsdesk.toml"
    if not settings.exists():
        settings.write_text((ROOT / "rightsdesk.example.toml").read_text(encoding="utf-8"), encoding="utf-8")
        monkeypatch.setenv("RIGHTSDESK_SETTINGS", str(settings))
        monkeypatch.setenv("RIGHTSDESK_MASTER_KEY", Vault.new_master())
    return CliRunner().invoke(app, list(words))


def test_a_changed_period_shows_as_a_rule_and_as_the_dates_of_open_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laws: Path
) -> None:
    mail = tmp_path / "one.eml"
    mail.write_text(REQUEST, encoding="utf-8")
    assert run(tmp_path, monkeypatch, "import", str(mail)).exit_code == 0
    done = run(tmp_path, monkeypatch, "laws", "--diff", str(laws), "--json")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    rules, dates = ([r for r in rows if r["kind"] == kind] for kind in ("rule", "date"))
    assert any(r["law"] == "EU-GDPR" and r["before"] == "1 month" and r["after"] == "2 months" for r in rules)
    assert any(d["case"].startswith("PR-") and d["what"] == "respond_due" for d in dates)
    assert "EU-GDPR" in run(tmp_path, monkeypatch, "laws", "--diff", str(laws)).stdout


def test_the_same_laws_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(tmp_path, monkeypatch, "laws", "--diff", str(ROOT / "handlers" / "law"))
    assert "No rule differs." in done.stdout
    assert "No open case moves." in done.stdout


def test_a_folder_that_is_no_set_of_laws_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(tmp_path, monkeypatch, "laws", "--diff", str(tmp_path / "nothing"))
    assert done.exit_code == 1
    assert "nothing" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
