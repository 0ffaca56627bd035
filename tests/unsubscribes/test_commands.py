"""`rightsdesk suppressions`, as somebody types it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from typer.testing import CliRunner

from bot.__main__ import app
from storage.store import Store
from storage.vault import Vault

KEY = Vault.new_master()
EXAMPLE = Path(__file__).parents[2] / "rightsdesk.example.toml"
MORE = """
[[lists]]
id = "news"
controller = "nproc"
[[systems]]
id = "files"
kind = "csv"
controllers = ["nproc"]
folder = "drop"
"""


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Settings as in the example, with a public address, a list and a system; the store behind them."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("[web]\n", '[web]\npublic_url = "https://privacy.example.com"\n') + MORE
    (tmp_path / "rightsdesk.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("RIGHTSDESK_SETTINGS", str(tmp_path / "rightsdesk.toml"))
    monkeypatch.setenv("RIGHTSDESK_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("RIGHTSDESK_MASTER_KEY", KEY)
    store = Store(sqlite_url, Vault.parse(KEY))
    yield store
    store.close()


def run(*words: str, status: int = 0, given: str | None = None) -> Result:
    """One command."""
    done = CliRunner().invoke(app, ["suppressions", *words, "--controller", "nproc"], input=given)
    assert done.exit_code == status, (words, done.output, done.exception)
    return done


def test_add_and_check(desk: Store) -> None:
    """Exit status 0 if it is on the list, 1 if not, whatever the case."""
    run("check", "nora@example.org", status=1)
    run("add", "Nora@Example.org")
    run("check", "nora@example.org")
    assert json.loads(run("check", "nora+x@example.org", "--json").stdout)["suppressed"] is True
    assert len(desk.run(lambda tx: tx.outgoing.lanes("system"))) == 1  # type: ignore[arg-type]  # an enum's word


@pytest.mark.parametrize("name", ["old.csv", "old.jsonl", "old.json"])
def test_a_list_comes_in_each_form(desk: Store, tmp_path: Path, name: str) -> None:
    """CSV with a mark at its start, JSON lines, one JSON list; what is no address is counted and passed over."""
    rows = [
        {"address": "nora@example.org", "asked": "2024-02-03T04:05:06+09:00"},
        {"address": "nonsense"},
        {"address": "tom@example.net", "scope": "news"},
    ]
    text = io.StringIO()
    if name.endswith(".csv"):
        writer = csv.DictWriter(text, ["address", "asked", "scope"])
        writer.writeheader()
        writer.writerows(rows)
    elif name.endswith(".jsonl"):
        text.write("\n".join(json.dumps(r) for r in rows))
    else:
        json.dump(rows, text)
    (tmp_path / name).write_text("\ufeff" + text.getvalue(), encoding="utf-8")
    said = json.loads(run("import", str(tmp_path / name), "--json").stdout)
    assert said == {"read": 2, "new": 2, "known": 0, "no_address": 1}
    run("check", "nora@example.org")
    run("check", "tom@example.net", status=1)
    run("check", "tom@example.net", "--list", "news")
    assert json.loads(run("import", str(tmp_path / name), "--json").stdout)["new"] == 0
    entries = desk.run(lambda tx: list(tx.suppressions.listed()))
    assert entries[0].asked.isoformat() == "2024-02-02T19:05:06+00:00"


def test_what_was_exported_is_what_was_imported(desk: Store, tmp_path: Path) -> None:
    """Through a signed file, whose signature the public key checks."""
    (tmp_path / "in.csv").write_text("address\nnora@example.org\ntom@example.net\n")
    run("import", str(tmp_path / "in.csv"))
    out = tmp_path / "out.csv"
    run("export", "--out", str(out), "--sign")
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [r["address"] for r in rows] == ["nora@example.org", "tom@example.net"]
    key = CliRunner().invoke(app, ["suppressions", "key"]).stdout
    public = load_pem_public_key(key.encode())
    public.verify((tmp_path / "out.csv.sig").read_bytes(), out.read_bytes())  # type: ignore[union-attr, call-arg, arg-type]  # Ed25519
    lines = [json.loads(one) for one in run("export", "--json").stdout.splitlines()]
    assert [one["address"] for one in lines] == ["nora@example.org", "tom@example.net"]


def test_links_for_many_come_from_standard_input(desk: Store) -> None:
    """One line each, in their order."""
    said = run("link", "--json", "--list", "news", given="nora@example.org\n\ntom@example.net\n").stdout
    rows = [json.loads(one) for one in said.splitlines()]
    assert [r["address"] for r in rows] == ["nora@example.org", "tom@example.net"]
    assert all(r["url"].startswith("https://privacy.example.com/u/rd1") for r in rows)
    table = list(csv.DictReader(run("link", "nora@example.org", "--short").stdout.splitlines()))
    assert "nproc-support+" in table[0]["list_unsubscribe"]


def test_a_release_needs_its_proof(desk: Store) -> None:
    """And is refused where it is older than the wish."""
    run("add", "nora@example.org")
    old = run("release", "nora@example.org", "--how", "form", "--at", "2020-01-01", "--proof", "record 7", status=1)
    assert "unsubscribed after" in old.output
    run("check", "nora@example.org")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nonsense"), "no mail address"),
        (("check", "a@example.org", "--list", "none"), "no list"),
        (("import", "/nowhere/list.csv"), "can't be read"),
        (("export", "--sign"), "--out"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(desk: Store, words: tuple[str, ...], said: str) -> None:
    """Exit status 1, no traceback."""
    output = run(*words, status=1).output
    assert said in output
    assert len(output.strip().splitlines()) == 1


def test_times_are_reported(desk: Store) -> None:
    """From the wish to the list, and to each system."""
    run("add", "nora@example.org")
    done = CliRunner().invoke(app, ["suppressions", "report", "--json"])
    rows = [json.loads(one) for one in done.stdout.splitlines()]
    assert [(r["where"], r["done"], r["waiting"]) for r in rows] == [("suppressed here", 1, 0), ("CSV file", 0, 1)]
