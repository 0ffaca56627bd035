"""The wheel brings everything that the desk reads at run time, and works from anywhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = ("handlers/law/*.toml", "templates/**/*.md", "templates/**/*.html", "handlers/sorting/**/*.toml", "handlers/sorting/**/*.jsonl",
           "storage/migrations/**/*.py", "storage/migrations/*.mako", "bot/demo/mails/*.*ml")  # fmt: skip

LOOK = """
import bot, sys
from pathlib import Path
from handlers.law import Laws
from storage import schema
assert Path(bot.__file__).is_relative_to(sys.argv[1]), bot.__file__
assert {"EU-GDPR", "UK-GDPR", "JP-APPI", "US-CA-CCPA"} <= set(Laws.load().ids)
assert schema.newest()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what git tracks, without asking any index."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, tracked):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(source)]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_file_that_is_read_at_run_time(wheel: Path) -> None:
    """Laws, letters, phrases, migrations, sample mails."""
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    wanted = {name for name in tracked for pattern in CARRIED if (ROOT / name) in set(ROOT.glob(pattern))}
    assert len(wanted) > 30
    assert wanted - names == set()
    assert not [n for n in names if n.startswith("tests/")]


def test_the_wheel_works_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    """Unpacked in one folder, run from another."""
    place = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(place)
    env = {**os.environ, "PYTHONPATH": str(place)}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run([sys.executable, "-c", LOOK, str(place)], cwd=elsewhere, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=elsewhere, env=env, capture_output=True, text=True, check=False)
    assert "demo" in said.stdout, said.stderr[-2000:]
