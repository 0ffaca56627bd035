"""The guide for staff shows every state in both languages, and names buttons as they are called."""

import re
from pathlib import Path

import pytest

from bot.slack.words import LANGUAGES, catalogue
from storage.kinds import Status

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "DESK.md").read_text(encoding="utf-8")
PICTURES = ROOT / "docs" / "desk"
SHOWN = set(re.findall(r"desk/(\w+/[\w-]+)\.png", GUIDE))
FEW_MEGABYTES = 6_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_picture(language: str) -> None:
    """And what may come on top of a state: an alarm, a second person."""
    wanted = {f"{language}/{str(status).replace('_', '-')}" for status in Status}
    assert wanted | {f"{language}/urgent", f"{language}/second-person"} <= SHOWN


def test_every_picture_is_there_and_every_one_is_shown() -> None:
    """The same ones in each language, and not too heavy."""
    there = {f"{path.parent.name}/{path.stem}" for path in PICTURES.rglob("*.png")}
    assert there == SHOWN
    by_language = [{name.partition("/")[2] for name in there if name.startswith(f"{code}/")} for code in LANGUAGES]
    assert all(names == by_language[0] for names in by_language)
    assert sum(path.stat().st_size for path in PICTURES.rglob("*.png")) < FEW_MEGABYTES


def test_what_the_guide_calls_a_button_is_what_stands_on_it() -> None:
    """In Japanese every name in brackets is one that the catalogue gives."""
    said = {str(m.string).rstrip("…") for m in catalogue("ja") if isinstance(m.string, str)}
    names = {name.rstrip("…") for name in re.findall(r"「([^」]+)」", GUIDE)}
    assert names - said == set()


def test_what_the_guide_says_in_english_stands_on_a_button() -> None:
    """Names in italics that begin with a capital."""
    known = {str(m.id[0] if isinstance(m.id, tuple) else m.id).rstrip("…") for m in catalogue("ja")}
    english = GUIDE.partition("# スタッフ向けガイド")[0]
    names = {n.rstrip("…") for found in re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", english) for n in found.split(" → ")}
    names = {" ".join(n.split()) for n in names}
    assert {n for n in names if n not in known and n.rstrip("?") not in known} == set()
