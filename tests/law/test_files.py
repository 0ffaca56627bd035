"""Law files: complete, checked, and at fault by name."""

import re
from datetime import date
from pathlib import Path

import pytest

from handlers.law import BadLawFile, Laws, Query
from handlers.law.files import read_laws
from handlers.law.schema import Effect
from tests.law.asked import asked, laws, moment

FOLDER = Path(__file__).parents[2] / "handlers" / "law"
STATES = "AL CO CT DE FL IA IN KY LA MD MN MT NE NH NJ OK OR RI TN TX UT VA VT"
FIRST = (
    "EU-GDPR UK-GDPR UK-DPA-164A JP-APPI JP-ANTISPAM US-CA-CCPA US-STATES US-CANSPAM CA-CASL BR-LGPD CA-PIPEDA CA-QC CH-FADP KR-PIPA "
    "SG-PDPA AU-PRIVACY NZ-PRIVACY IN-DPDP ZA-POPIA TH-PDPA CN-PIPL"
)

NEW = """
id = "XX-TEST"
territory = ["JP"]
authority = "JP"
name = { en = "A law", ja = "ある法律" }
starts = { en = "runs from receipt", ja = "受領時から" }

[[version]]
in_force = 2020-01-01
act = "Act 1 of 2020"
cite = "Act 1"
source = "invented"
mark = "from memory"
counting = { day_cite = "Art. 1" }
fee = { en = "Free.", ja = "無料。" }
refusal = [{ kind = "reasons", cite = "Art. 3", what = { en = "the reasons", ja = "理由" } }]

[version.rights.access]
cite = "Art. 2"
respond = "2 weeks"
"""


def folder(tmp_path: Path, text: str, name: str = "XX-TEST.toml") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_all_laws_and_states_are_there() -> None:
    assert {*FIRST.split(), *(f"US-{s}" for s in STATES.split())} == set(laws().ids)


def test_a_law_is_added_by_adding_a_file(tmp_path: Path) -> None:
    for file in FOLDER.glob("[A-Z]*.toml"):
        folder(tmp_path, file.read_text(encoding="utf-8"), file.name)
    more = Laws.load(folder(tmp_path, NEW))
    assert set(more.ids) == {*laws().ids, "XX-TEST"}
    assert more.dates(Query("XX-TEST", "access", date(2026, 6, 1), "JP")).respond_due == date(2026, 6, 15)


def test_hours_are_counted_from_the_moment_of_receipt(tmp_path: Path) -> None:
    hours = Laws.load(folder(tmp_path, NEW.replace("2 weeks", "48 hours")))
    due = {
        r: str(hours.dates(Query("XX-TEST", "access", moment(r), "JP")).respond_due) for r in ("2026-06-01T23:00:00+09:00", "2026-06-01")
    }
    assert set(due.values()) == {"2026-06-03"}


@pytest.mark.parametrize(
    ("wrong", "right", "named"),
    [
        ('respond = "2 weeks"', 'respond = "two weeks"', "version.0.rights.access.respond"),
        ('respond = "2 weeks"', 'respond = "2 weeks"\nrespnod = "1 month"', "version.0.rights.access.respnod"),
        ('respond = "2 weeks"', 'respond = "2 weeks"\nextend = "1 month"', "version.0.rights.access.extend"),
        ('respond = "2 weeks"', 'respond = "10 business days"', "business"),
        ('respond = "2 weeks"', "", "version.0.rights.access.reason"),
        ('cite = "Art. 2"', "", "version.0.rights.access.cite"),
        ("[version.rights.access]", "[version.rights.acces]", "version.0.rights.acces"),
        ('mark = "from memory"', 'mark = "guessed"', "version.0.mark"),
        ("in_force = 2020-01-01", 'in_force = "soon"', "version.0.in_force"),
        ("in_force = 2020-01-01", "", "version.0.in_force"),
        ('territory = ["JP"]', 'territory = ["ZZ"]', "territory.0"),
        ('authority = "JP"', 'authority = "ZZ"', "authority"),
        ('id = "XX-TEST"', 'id = "XX-OTHER"', "id"),
        ('id = "XX-TEST"', 'id = "XX-TEST"\nmodel = "XX-NONE"', "model"),
        (', ja = "ある法律"', "", "name.ja"),
        ("[[version]]", "[[versions]]", "version"),
        ('id = "XX-TEST"', 'id = "XX-TEST', "no valid TOML"),
        ('counting = { day_cite = "Art. 1" }', 'counting = { day_cite = "Art. 1", roll = ["monday"] }', "version.0.counting.roll.0"),
    ],
)
def test_a_fault_is_one_line_that_names_file_and_key(tmp_path: Path, wrong: str, right: str, named: str) -> None:
    assert wrong in NEW
    with pytest.raises(BadLawFile) as fault:
        read_laws(folder(tmp_path, NEW.replace(wrong, right, 1)))
    said = str(fault.value)
    assert said.startswith("XX-TEST.toml: ")
    assert named in said
    assert "\n" not in said


def test_every_version_has_source_citation_fee_and_refusal_and_every_period_its_citation() -> None:
    for id_ in laws().ids:
        law = laws().named(id_)
        for version in law.version:
            assert version.source, id_
            assert version.cite, id_
            assert version.refusal, id_
            for right, rule in version.rights.items():
                assert rule.respond is None or rule.cite, (id_, right)
                assert rule.extend is None or rule.extend_cite, (id_, right)
                assert not rule.immediate or rule.cite or rule.immediate_cite, (id_, right)
            for kind in ("identity", "clarification", "fee"):
                pause = getattr(version.pauses, kind)
                assert pause.effect is Effect.NONE or pause.cite, (id_, kind)


def test_nobody_is_asked_for_identity_to_stop_mailings_or_a_sale() -> None:
    for id_ in laws().ids:
        for version in laws().named(id_).version:
            for right in ("unsubscribe", "complaint", "information"):
                rule = version.rights.get(right)
                assert rule is None or rule.identity == "never", (id_, right)
            if id_.startswith("US-") and "opt_out_sale" in version.rights:
                assert version.rights["opt_out_sale"].identity == "never", id_


@pytest.mark.parametrize("state", STATES.split())
def test_a_state_is_silent_before_its_act_and_speaks_from_its_first_day(state: str) -> None:
    law = laws().named(f"US-{state}")
    first = law.version[0].in_force
    before = asked(law.id, "access", str(first.replace(day=first.day - 1) if first.day > 1 else f"{first.year - 1}-12-31"), law.id)
    assert before.state == "not_in_force"
    assert asked(law.id, "access", str(first), law.id).state == ("no_period" if state in {"AL", "LA", "VT"} else "running")


def test_law_files_say_nothing_twice_that_their_model_says() -> None:
    """A state's file is short: what is Virginia's stands in the model only."""
    for state in STATES.split():
        text = (FOLDER / f"US-{state}.toml").read_text(encoding="utf-8")
        assert re.search(r'^model = "US-STATES"$', text, re.M)
        assert len(text.splitlines()) < 70, state
