"""The commands do what the table of interfaces says."""

import json
import logging
import mailbox
import sqlite3
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.logs import begin_logging
from bot.running import SoleRun
from handlers.refused import Refused
from storage.vault import Vault

EXAMPLE = Path(__file__).parents[2] / "rightsdesk.example.toml"
KEYS = {
    *("file", "message_id", "category", "also", "rights", "law", "law_candidates", "language", "confidence", "needs_human", "machine"),
    *("reply_allowed", "auto_unsubscribe", "urgent", "evidence", "subject", "from", "text"),
}
REQUEST = (
    "From: Nora Quist <nora@example.org>\nTo: nproc-support@ghs.tokyo\nSubject: My data\nMessage-ID: <{n}@example.org>\n"
    "Received: from mx.example.org by imap.example.net; Mon, 16 Nov 2026 10:00:00 +0000\nDate: Mon, 16 Nov 2026 09:59:00 +0000\n\n"
    "Under Article 15 GDPR I request a copy of all personal data you hold about me. I live in Berlin. {n}\n"
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a fresh SQLite desk."""
    (tmp_path / "rightsdesk.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("RIGHTSDESK_SETTINGS", str(tmp_path / "rightsdesk.toml"))
    monkeypatch.setenv("RIGHTSDESK_MASTER_KEY", Vault.new_master())

    def command(*words: str, status: int = 0, text: str | None = None) -> Result:
        done = CliRunner().invoke(app, list(words), input=text)
        assert done.exit_code == status, (done.output, done.exception)
        return done

    return command


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with an .eml, an mbox and something that is no mail."""
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "one.eml").write_text(REQUEST.format(n="one"), encoding="utf-8")
    box = mailbox.mbox(folder / "old.mbox")
    for name in ("two", "three"):
        box.add(REQUEST.format(n=name).encode())
    box.close()
    return folder


def lines(done: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_sort_prints_one_object_a_mail_with_the_fixed_keys(run: Run, archive: Path) -> None:
    found = lines(run("sort", "--json", str(archive)))
    assert len(found) == 3
    assert all(set(x) == KEYS for x in found)
    assert {x["category"] for x in found} == {"rights_request"}
    assert found[0]["rights"] == ["access"]


def test_sort_says_what_could_not_be_read_and_goes_on(run: Run, archive: Path) -> None:
    (archive / "empty.eml").write_bytes(b"")
    found = lines(run("sort", "--json", str(archive)))
    assert [set(x) for x in found if "error" in x] == [{"file", "error"}]
    assert len([x for x in found if "category" in x]) == 3
    run("sort", "--json", str(archive / "empty.eml"), status=1)
    run("sort", str(archive / "none.eml"), status=1)


def test_deadline_prints_what_the_design_says(run: Run) -> None:
    (found,) = lines(run("deadline", "--json", "--law", "EU-GDPR", "--right", "access", "--received", "2026-01-31", "--place", "DE"))
    assert found["state"] == "running"
    assert found["respond_due"] == "2026-03-02"
    assert found["safe_due"] == "2026-02-28"
    assert set(found) == {
        *("state", "acknowledge_due", "respond_due", "safe_due", "work_due", "extension_notice_by", "immediate", "trace"),
    }


def test_deadline_reads_queries_line_by_line_and_a_wrong_one_stops_nothing(run: Run) -> None:
    good = '{"law":"EU-GDPR","right":"access","received":"2026-01-31","place":"DE","events":[]}'
    found = lines(run("deadline", "-", "--json", text=f'{good}\nnonsense\n{{"law":"XX"}}\n{good}\n'))
    assert ["error" in x for x in found] == [False, True, True, False]


def test_deadline_names_what_is_missing_or_wrong(run: Run) -> None:
    assert "--place" in run("deadline", "--law", "EU-GDPR", "--right", "access", "--received", "2026-01-31", status=2).stderr
    said = run("deadline", "--law", "EU", "--right", "access", "--received", "2026-01-31", "--place", "DE", status=2).stderr
    assert said.startswith("law: ")


def test_laws_are_listed(run: Run) -> None:
    assert {"EU-GDPR", "JP-APPI", "US-VA"} <= {x["law"] for x in lines(run("laws", "--json"))}


def test_an_archive_goes_down_the_real_path_and_sends_and_posts_nothing(run: Run, archive: Path) -> None:
    run("import", str(archive))
    cases = lines(run("cases", "list", "--json"))
    assert len(cases) == 3
    assert all(str(c["received"]).startswith("2026-11-16T19:00") for c in cases), "the topmost Received of our own server counts"
    with sqlite3.connect(archive.parent / "rightsdesk.sqlite3") as rows:
        assert rows.execute("SELECT count(*) FROM outgoing").fetchone() == (0,)
    run("import", str(archive))
    assert len(lines(run("cases", "list", "--json"))) == 3


def test_a_case_is_found_shown_exported_and_erased(run: Run, archive: Path, tmp_path: Path) -> None:
    run("import", str(archive / "one.eml"))
    (case,) = lines(run("cases", "find", "NORA@example.org", "--json"))
    ref = str(case["ref"])
    assert "nora@example.org" in run("cases", "show", ref).stdout
    run("cases", "export", ref, "--out", str(tmp_path / "case.json"))
    assert json.loads((tmp_path / "case.json").read_text())["requester"]["name"] == "Nora Quist"
    run("cases", "erase", ref, "--yes")
    assert "nora" not in run("cases", "show", ref).stdout.lower()
    run("cases", "find", "nora@example.org")
    run("audit", "verify")
    assert "There is no case" in run("cases", "show", "PR-1999-00001", status=1).stderr


def test_another_master_key_is_refused_before_anything_is_read(run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under it every known mail would be new, and nobody's unsubscribe would be found."""
    run("import", str(archive / "one.eml"))
    monkeypatch.setenv("RIGHTSDESK_MASTER_KEY", Vault.new_master())
    said = run("import", str(archive / "one.eml"), status=2).stderr
    assert said.startswith("RIGHTSDESK_MASTER_KEY (environment): wrong")
    assert said.count("\n") == 1


def test_a_history_that_was_changed_is_found_out(run: Run, archive: Path) -> None:
    run("import", str(archive / "one.eml"))
    with sqlite3.connect(archive.parent / "rightsdesk.sqlite3") as rows:
        rows.execute("UPDATE event SET actor = 'somebody' WHERE number = 2")
    assert "does not hold from event 2" in run("audit", "verify", status=1).stdout


def test_a_copy_brings_the_desk_back_and_never_overwrites_one(run: Run, archive: Path, tmp_path: Path) -> None:
    run("import", str(archive / "one.eml"))
    copy = tmp_path / "copy.sqlite3"
    run("backup", str(copy))
    assert "never overwrites" in run("backup", str(copy), status=1).stderr
    ref = str(lines(run("cases", "list", "--json"))[0]["ref"])
    run("cases", "erase", ref, "--yes")
    run("restore", str(copy), "--yes")
    assert "nora@example.org" in run("cases", "show", ref).stdout
    (tmp_path / "junk").write_bytes(b"no database at all" * 100)
    run("restore", str(tmp_path / "junk"), "--yes", status=1)
    assert "nora@example.org" in run("cases", "show", ref).stdout


@pytest.mark.parametrize("words", [("backup",), ("restore", "--yes")])
def test_the_database_password_stands_on_no_command_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """PostgreSQL's own programs get it by their environment."""
    for program in ("pg_dump", "pg_restore"):
        fake = tmp_path / program
        fake.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "[$PGPASSWORD]" > {tmp_path}/told\ntouch {tmp_path}/copy\n')
        fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("RIGHTSDESK_DATABASE_URL", "postgresql://desk:s%40cret@db.example.net:5433/desk?sslmode=require")
    if words[0] == "restore":
        (tmp_path / "copy").touch()
    run(*words, str(tmp_path / "copy"))
    *arguments, password = (tmp_path / "told").read_text(encoding="utf-8").splitlines()
    assert "--dbname=postgresql://desk@db.example.net:5433/desk?sslmode=require" in arguments
    assert "cret" not in " ".join(arguments)
    assert password == "[s@cret]"


def test_the_digest_is_shown_also_when_nothing_is_due(run: Run) -> None:
    assert lines(run("digest", "--json"))[0]["open"] == 0
    assert run("digest").stdout.strip()


def test_purging_an_empty_desk_is_no_trouble(run: Run) -> None:
    assert "0 cases purged" in run("purge").stdout


def test_init_writes_settings_that_are_right_and_a_key_nobody_else_can_read(tmp_path: Path) -> None:
    company = ["acme", "Acme", "privacy@example.com", "jp"]
    servers = ["imap.example.net", "", "2026-12-01", "", ""]
    people = ["C1", "U1", "Mio", "mio@example.com", ""]
    answers = "\n".join([*company, *servers, *people])
    done = CliRunner().invoke(app, ["init", str(tmp_path / "rightsdesk.toml")], input=answers + "\n")
    assert done.exit_code == 0, done.output
    from bot.settings import load

    loaded = load(tmp_path / "rightsdesk.toml", {"RIGHTSDESK_MASTER_KEY_FILE": str(tmp_path / "rightsdesk.key")})
    assert loaded.tables.controllers[0].country == "JP"
    assert Vault.parse(loaded.need("master_key", "a key"))
    assert (tmp_path / "rightsdesk.key").stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(app, ["init", str(tmp_path / "rightsdesk.toml")], input=answers).exit_code == 1


def test_a_second_run_on_sqlite_refuses(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    with SoleRun(url), pytest.raises(Refused, match="runs on this database already"), SoleRun(url):
        pass
    with SoleRun(url):
        pass


def test_logs_hold_no_address_and_no_token() -> None:
    stream = StringIO()
    begin_logging(stream=stream)
    try:
        try:
            raise ValueError("no such user nora@example.org")
        except ValueError:
            structlog.get_logger().exception("mail quarantined", note="xoxb-123456789-abc", who="Nora <nora@example.org>")
    finally:
        structlog.reset_defaults()
    said = stream.getvalue()
    assert "nora@" not in said
    assert "xoxb-1" not in said
    assert json.loads(said)["event"] == "mail quarantined"


def test_what_libraries_log_holds_no_address_and_no_token_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task or a listener that broke is told by asyncio and Slack's library, with the exception's own words."""
    stream = StringIO()
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    begin_logging(stream=stream)
    try:
        try:
            raise ValueError("no such user nora@example.org")
        except ValueError:
            logging.getLogger("asyncio").exception("Task of %s failed, xoxb-123456789-abc", "Nora <nora@example.org>")
    finally:
        structlog.reset_defaults()
    said = stream.getvalue()
    assert "nora@" not in said
    assert "xoxb-1" not in said
    assert json.loads(said)["level"] == "error"
