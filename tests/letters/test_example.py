"""The settings that come with the desk hold what the two policies state, in words of every language."""

from datetime import date
from pathlib import Path

from bot import settings
from handlers.desk import LANGUAGES, Safeguard
from handlers.wording import load_words

DESK = settings.load(Path(__file__).parents[2] / "rightsdesk.example.toml", {}).desk(date(2026, 12, 1))


def test_both_companies_write_in_every_language_that_has_letters() -> None:
    for controller in DESK.controllers:
        assert set(controller.languages) == set(LANGUAGES)


def test_primenumber_names_the_services_and_safeguards_of_its_policy() -> None:
    """Sections 5 and 6 and the addendum for the EEA and the UK; no Japanese address, for its policy states none."""
    company = DESK.controller("primenumber")
    assert [(r.name, r.countries) for r in company.recipients] == [
        ("Amazon Web Services", ("JP",)),
        ("Salesforce", ("JP",)),
        ("Google Cloud Platform", ("JP", "US")),
        ("Adobe Marketo Engage", ("US",)),
        ("Slack", ("US",)),
    ]
    assert company.safeguards == tuple(Safeguard)
    assert company.kept_years == 3
    assert company.addresses == {}


def test_nproc_names_none_for_its_policy_does_not() -> None:
    company = DESK.controller("nproc")
    assert (company.recipients, company.safeguards, company.kept_years, company.address) == ((), (), 0, "")


def test_every_country_that_is_named_has_its_word_in_every_language() -> None:
    named = {country for c in DESK.controllers for r in c.recipients for country in r.countries}
    for language, words in load_words().items():
        assert named <= set(words.places), language
