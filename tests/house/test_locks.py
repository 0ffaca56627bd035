"""The pinned packages: each with its hashes, none with an address, all of what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(name: str) -> dict[str, list[Requirement]]:
    """Package -> its pinned requirements (several where markers tell platforms apart)."""
    found: dict[str, list[Requirement]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8")):
        first = block.splitlines()[0]
        if first and not first.startswith("#"):
            requirement = Requirement(first.rstrip("\\ "))
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_a_hash(name: str) -> None:
    """pip's --require-hashes would refuse anything else."""
    blocks = re.split(r"\n(?=[a-z])", (ROOT / name).read_text(encoding="utf-8").strip())
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_index(name: str) -> None:
    """Everybody fetches from where their own pip is told to."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    """Each requirement has a pin that satisfies it; `make lock` was not forgotten."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["demo"]]
    for name, wanted in (("requirements.lock", asked), ("requirements-dev.lock", asked + project["dependency-groups"]["dev"])):
        have = pins(name)
        for requirement in map(Requirement, wanted):
            versions = [str(p.specifier).removeprefix("==") for p in have.get(canonicalize_name(requirement.name), [])]
            assert versions, f"{requirement} is not in {name}"
            assert all(requirement.specifier.contains(v) for v in versions), f"{requirement} is pinned to {versions} in {name}"


def test_tests_run_on_the_very_packages_of_production() -> None:
    """The test lock adds to the other and changes nothing in it."""
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime
