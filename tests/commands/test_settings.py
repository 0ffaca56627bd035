"""A wrong setting is one line that names the key, the file and what is expected; no secret is ever shown."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.house import mailbox_access
from bot.settings import SettingsFault, load

EXAMPLE = Path(__file__).parents[2] / "rightsdesk.example.toml"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A copy of the example, to be spoilt."""
    return Path(shutil.copy(EXAMPLE, tmp_path / "rightsdesk.toml"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_example_is_right_and_invents_nothing(settings: Path) -> None:
    desk = load(settings, {}).desk(date(2026, 12, 1))
    nproc, prime = desk.controllers
    assert (nproc.email, nproc.address) == ("nproc-support@ghs.tokyo", "")
    assert prime.address.startswith("JR Tokyu Meguro Building 5F")
    assert "controllers.nproc.address is empty: letters do without it" in load(settings, {}).gaps()
    assert desk.mailbox("nproc").read_from == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('channel = "C0123456789"', "", "desk.channel"),
        ("port = 993", "port = 99999", "mailboxes.0.port"),
        ('security = "tls"', 'security = "plain"', "mailboxes.nproc.security"),
        ('time_zone = "Asia/Tokyo"', 'time_zone = "Mars/Base"', "desk.time_zone"),
        ("auto_acknowledge = true", "auto_acknowlege = true", "desk.auto_acknowlege"),
        ('controllers = ["nproc"]', 'controllers = ["nprog"]', "mailboxes.nproc.controllers"),
        ("manager = true", "manager = false", "people"),
        ("[desk]", "[desk", "rightsdesk.toml"),
        ('id = "primenumber"', 'id = "nproc"', "controllers"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file_in_one_line(settings: Path, old: str, new: str, named: str) -> None:
    spoil(settings, old, new)
    with pytest.raises(SettingsFault) as fault:
        load(settings, {})
    said = str(fault.value)
    assert named in said
    assert str(settings) in said
    assert "\n" not in said


def test_commands_end_with_status_2_on_a_wrong_setting(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(settings, "port = 993", "port = 0")
    monkeypatch.setenv("RIGHTSDESK_SETTINGS", str(settings))
    done = CliRunner().invoke(app, ["cases", "list"])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1


def test_a_missing_secret_is_named_by_its_variable(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTSDESK_SETTINGS", str(settings))
    monkeypatch.delenv("RIGHTSDESK_MASTER_KEY", raising=False)
    done = CliRunner().invoke(app, ["cases", "list"])
    assert done.exit_code == 2
    assert "RIGHTSDESK_MASTER_KEY" in done.stderr


def test_secrets_come_from_variables_or_files_and_are_never_printed(settings: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("xoxb-very-secret\n")
    variables = {"RIGHTSDESK_SLACK_BOT_TOKEN_FILE": str(file), "RIGHTSDESK_MAILBOX_PASSWORD__NPROC": "hunter2"}
    loaded = load(settings, variables)
    assert loaded.need("slack_bot_token", "a token") == "xoxb-very-secret"
    assert loaded.mailbox_secret("nproc") == "hunter2"
    assert not re.search("very-secret|hunter2", repr(loaded.secrets) + str(loaded.secrets))
    with pytest.raises(SettingsFault, match="MAILBOX_PASSWORD__PRIMENUMBER"):
        loaded.mailbox_secret("primenumber")
    with pytest.raises(SettingsFault, match="can't be read"):
        load(settings, {"RIGHTSDESK_SMTP_PASSWORD_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://desk@db/name", "postgresql+psycopg://desk@db/name"),
        ("postgresql://desk@db/name", "postgresql+psycopg://desk@db/name"),
        ("sqlite:////var/desk.db", "sqlite:////var/desk.db"),
    ],
)
def test_a_database_is_named_in_the_usual_ways(settings: Path, given: str, wanted: str) -> None:
    assert load(settings, {"RIGHTSDESK_DATABASE_URL": given}).database_url == wanted


def test_a_relative_database_lies_beside_the_settings(settings: Path) -> None:
    assert load(settings, {}).database_url == f"sqlite:///{settings.parent / 'rightsdesk.sqlite3'}"


def test_settings_that_are_no_file_are_one_line_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="can't be read"):
        load(tmp_path, {})


@pytest.mark.parametrize(
    ("given", "folders", "junk"),
    [
        ("", ("INBOX",), None),
        ('sent = "Sent"', ("INBOX", "Sent"), None),
        ('folders = ["INBOX", "Privacy"]\njunk = "Spam"', ("INBOX", "Privacy"), "Spam"),
        ('junk = "none"', ("INBOX",), ""),
    ],
)
def test_which_folders_are_read_is_a_setting(settings: Path, given: str, folders: tuple[str, ...], junk: str | None) -> None:
    """Junk is found by its special use, named, or left unread; the folder of sent mail is read where it is named."""
    spoil(settings, 'auth = "password"', f'{given}\nauth = "password"')
    loaded = load(settings, {"RIGHTSDESK_MAILBOX_PASSWORD__NPROC": "x"})
    access = mailbox_access(loaded, loaded.tables.mailboxes[0])
    assert (access.folders, access.junk) == (folders, junk)


def test_a_desk_without_any_folder_is_refused(settings: Path) -> None:
    spoil(settings, 'auth = "password"', 'folders = []\nauth = "password"')
    with pytest.raises(SettingsFault, match=r"mailboxes\.0\.folders"):
        load(settings, {})
