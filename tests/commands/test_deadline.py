"""`rightsdesk deadline` and `laws`: every worked example through the command itself, odd bytes, our own target, a table one can read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.commands import shown
from bot.house import build
from bot.settings import SettingsFault, load

EXAMPLE = Path(__file__).parents[2] / "rightsdesk.example.toml"
VECTORS = json.loads((Path(__file__).parents[1] / "law" / "vectors.json").read_text(encoding="utf-8"))
QUERY = {"law": "EU-GDPR", "right": "access", "received": "2026-01-31", "place": "DE"}
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RIGHTSDESK_SETTINGS", raising=False)

    def command(*words: str, given: bytes = b"") -> Result:
        done = CliRunner().invoke(app, list(words), input=given)
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    return command


def answers(done: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_worked_example_comes_out_of_the_command_exactly(run: Run) -> None:
    given = "\n".join(json.dumps(v["query"]) for v in VECTORS).encode()
    found = answers(run("deadline", "--json", "-", given=given))
    assert len(found) == len(VECTORS)
    for vector, got in zip(VECTORS, found, strict=True):
        assert {key: got.get(key) for key in vector["expect"]} == vector["expect"], vector["id"]


def test_bytes_that_are_no_text_stop_nothing(run: Run) -> None:
    good = json.dumps(QUERY).encode()
    found = answers(run("deadline", "--json", "-", given=b"\xff\xfe{\n" + good + b'\n{"law\\ud800": 1}\n\n' + good))
    assert ["error" in x for x in found] == [True, False, True, False]


def test_our_own_target_is_that_of_the_settings_that_are_here(run: Run, tmp_path: Path) -> None:
    given = json.dumps(QUERY).encode()
    assert answers(run("deadline", "--json", "-", given=given))[0]["work_due"] == "2026-02-23"
    text = EXAMPLE.read_text(encoding="utf-8").replace("work_days_before = 5 ", "work_days_before = 10 ")
    (tmp_path / "rightsdesk.toml").write_text(text, encoding="utf-8")
    assert answers(run("deadline", "--json", "-", given=given))[0]["work_due"] == "2026-02-16"
    (tmp_path / "rightsdesk.toml").write_text("nonsense", encoding="utf-8")
    assert answers(run("deadline", "--json", "-", given=given))[0]["work_due"] == "2026-02-23"


@pytest.mark.parametrize("width", [80, 160])
def test_the_table_of_laws_breaks_no_law_s_name(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr(shown.console, "_width", width)
    lines = run("laws").stdout.splitlines()
    assert all(len(line) <= width for line in lines)
    assert {line.split()[0] for line in lines} >= {"EU-GDPR", "UK-DPA-164A", "JP-ANTISPAM", "US-CA-CCPA", "US-STATES"}


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('fallback_laws = ["EU-GDPR"', 'fallback_laws = ["EU-GPDR"', "desk.fallback_laws"),
        ("# [reminders.JP-APPI]", "[reminders.JP-APPY]\ndays_before = [3]\n# [reminders.JP-APPI]", "reminders.JP-APPY"),
        ("# [reminders.JP-APPI]", "[reminders.JP-APPI]\ndays_before = [-3]\n# [reminders.JP-APPI]", "reminders.JP-APPI.days_before.0"),
        ("pause_rungs = [14, 30]", "pause_rungs = []", "desk.pause_rungs"),
    ],
)
def test_a_ladder_that_nobody_would_climb_is_a_wrong_setting(tmp_path: Path, before: str, after: str, key: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "rightsdesk.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(SettingsFault) as fault:
        build(load(path, {"RIGHTSDESK_MASTER_KEY": "1:" + "00" * 32}))
    assert str(fault.value).startswith(key)
