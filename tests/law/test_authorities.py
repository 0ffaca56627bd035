"""The right authority is named, and a refusal says what its law requires, for every law."""

from datetime import date

import pytest

from handlers.law import Refusal, authorities, authority, duties, missing, remedies
from handlers.law.offices import offices
from handlers.law.remedies import sentences
from handlers.law.schema import DutyKind, Refusing
from handlers.refused import Refused
from tests.law.asked import laws

TODAY = date(2026, 11, 21)
EEA = laws().named("EU-GDPR").territory


@pytest.mark.parametrize("country", EEA)
def test_every_state_of_the_eea_has_an_authority_with_names_and_a_site(country: str) -> None:
    office = authority(laws(), "EU-GDPR", country)
    assert office.en
    assert office.local
    assert any(ord(c) > 0x3000 for c in office.ja)
    assert office.site


LAENDER = "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH"


@pytest.mark.parametrize("land", LAENDER.split())
def test_in_germany_the_authority_is_that_of_the_land(land: str) -> None:
    office = authority(laws(), "EU-GDPR", f"DE-{land}")
    assert office != authority(laws(), "EU-GDPR", "DE")
    assert office.site


def test_a_person_outside_the_territory_is_pointed_to_the_authority_where_they_live() -> None:
    assert "where you live or work" in authority(laws(), "EU-GDPR", "JP").en
    with pytest.raises(Refused) as refused:
        authority(laws(), "EU-GDPR", "ZZ")
    assert refused.value.field == "place"


def test_a_law_names_its_own_authority_wherever_the_person_is() -> None:
    assert authority(laws(), "UK-GDPR", "JP").site == "ico.org.uk"
    assert authority(laws(), "JP-APPI", "DE").called("ja") == "個人情報保護委員会"
    assert [a.site for a in authorities(laws(), "US-CA-CCPA", "US-CA")] == ["cppa.ca.gov", "oag.ca.gov"]
    assert authority(laws(), "US-VA", "US-VA").en == "the Attorney General of Virginia"


def test_every_authority_has_its_names() -> None:
    for key, office in offices().items():
        assert office.en, key
        assert office.ja, key
        assert all("/" not in s.partition("/")[0] and "." in s and "://" not in s for s in office.sites), key


@pytest.mark.parametrize("law", laws().ids)
def test_a_refusal_gives_reasons_and_its_sentences_are_whole_in_both_languages(law: str) -> None:
    territory = laws().named(law).territory[0]
    for language in ("en", "ja"):
        for refusing in Refusing:
            refusal = Refusal(law, territory, language, TODAY, refusing)
            found = duties(laws(), refusal)
            assert {DutyKind.REASONS, DutyKind.OTHER} & {d.kind for d in found}
            for said in sentences(laws(), refusal):
                assert "{" not in said
                assert said.endswith("." if language == "en" else ("。", "）", ")")) or "：" in said


R, A, C, K, P, X = (DutyKind.REASONS, DutyKind.AUTHORITY, DutyKind.COURT, DutyKind.CONTROLLER, DutyKind.APPEAL, DutyKind.OTHER)
REQUIRED = {
    "EU-GDPR": {R, A, C},
    "UK-GDPR": {R, K, A, C},
    "UK-DPA-164A": {R},
    "JP-APPI": {R},
    "JP-ANTISPAM": {X},
    "US-CA-CCPA": {R, X},
    "US-CANSPAM": {X},
    "CA-CASL": {X},
    "BR-LGPD": {R, A},
    "CA-PIPEDA": {R, A},
    "CA-QC": {R, A},
    "CH-FADP": {R},
    "KR-PIPA": {R, K},
    "SG-PDPA": {R},
    "AU-PRIVACY": {R, K, A},
    "NZ-PRIVACY": {R, A},
    "IN-DPDP": {R, A},
    "ZA-POPIA": {R, A},
    "TH-PDPA": {R},
    "CN-PIPL": {R, C},
} | {f"US-{s}": {R} for s in ("AL", "LA", "UT", "VT")}
"""What a refusal must say by law; the states that are not named have Virginia's duties: the reasons and the way to appeal."""


@pytest.mark.parametrize("law", laws().ids)
def test_a_refusal_contains_what_its_law_requires(law: str) -> None:
    found = duties(laws(), Refusal(law, laws().named(law).territory[0], "en", TODAY))
    assert {d.kind for d in found if d.must} == REQUIRED.get(law, {R, P})


AUTHORITY = {
    "EU-GDPR": "dsb.gv.at",
    "UK-GDPR": "ico.org.uk",
    "UK-DPA-164A": "ico.org.uk",
    "JP-APPI": "ppc.go.jp",
    "JP-ANTISPAM": "soumu.go.jp",
    "US-CA-CCPA": "cppa.ca.gov",
    "US-CANSPAM": "ftc.gov",
    "US-STATES": "the Attorney General of your state",
    "CA-CASL": "crtc.gc.ca",
    "BR-LGPD": "gov.br/anpd",
    "CA-PIPEDA": "priv.gc.ca",
    "CA-QC": "cai.gouv.qc.ca",
    "CH-FADP": "edoeb.admin.ch",
    "KR-PIPA": "pipc.go.kr",
    "SG-PDPA": "pdpc.gov.sg",
    "AU-PRIVACY": "oaic.gov.au",
    "NZ-PRIVACY": "privacy.org.nz",
    "IN-DPDP": "the Data Protection Board of India",
    "ZA-POPIA": "inforegulator.org.za",
    "TH-PDPA": "pdpc.or.th",
    "CN-PIPL": "cac.gov.cn",
}
"""Who is named; under the laws of the states their Attorney General."""


@pytest.mark.parametrize("law", laws().ids)
def test_the_answer_to_a_complaint_names_the_authority_and_no_way_back_to_us(law: str) -> None:
    refusal = Refusal(law, laws().named(law).territory[0], "en", TODAY, Refusing.COMPLAINT)
    found = duties(laws(), refusal)
    named = AUTHORITY.get(law, "the Attorney General of ")
    assert [named in d.sentence for d in found if d.kind is DutyKind.AUTHORITY] == [True]
    assert not {d.kind for d in found} & {DutyKind.CONTROLLER, DutyKind.APPEAL}
    assert (DutyKind.COURT in {d.kind for d in found}) == (C in REQUIRED.get(law, set()))


@pytest.mark.parametrize("law", [law for law in laws().ids if A in REQUIRED.get(law, set())])
def test_a_refusal_names_the_authority_where_the_law_wants_it(law: str) -> None:
    said = " ".join(remedies(laws(), law, laws().named(law).territory[0], "en", TODAY))
    assert AUTHORITY[law] in said


def test_a_letter_that_lacks_a_remedy_is_found_out() -> None:
    refusal = Refusal("UK-GDPR", "GB-ENG", "en", TODAY)
    letter = "We refuse.\n\n" + "\n\n".join(remedies(laws(), "UK-GDPR", "GB-ENG", "en", TODAY)).replace(" ", "\n", 3)
    assert missing(laws(), refusal, letter) == ()
    without = letter.replace("ico.org.uk", "")
    assert [d.kind for d in missing(laws(), refusal, without)] == [DutyKind.AUTHORITY]


def test_the_uk_cites_the_section_that_holds_since_june_2026() -> None:
    before = " ".join(remedies(laws(), "UK-GDPR", "GB", "en", date(2026, 6, 18)))
    after = " ".join(remedies(laws(), "UK-GDPR", "GB", "en", date(2026, 6, 19)))
    assert "s. 164A" not in before
    assert "s. 164A" in after
    assert "s. 165" in after


def test_a_state_names_the_appeal_in_a_refusal_and_the_attorney_general_after_it() -> None:
    first = sentences(laws(), Refusal("US-CO", "US-CO", "en", TODAY))
    assert first == ("You may appeal this decision by replying to this letter; we answer an appeal within 45 days.",)
    then = sentences(laws(), Refusal("US-CO", "US-CO", "en", TODAY, Refusing.APPEAL))
    assert len(then) == 1
    assert "the Attorney General of Colorado" in then[0]


SPOKEN = ("en", "ja", "de", "fr", "es", "it", "nl", "pt")


@pytest.mark.parametrize(
    ("law", "place"), [("EU-GDPR", "AT"), ("EU-GDPR", "JP"), ("UK-GDPR", "GB"), ("UK-DPA-164A", "GB"), ("JP-APPI", "JP")]
)
def test_the_laws_of_our_companies_and_of_europe_speak_every_language_of_letters(law: str, place: str) -> None:
    """Eight languages, eight different sentences for each remedy, each naming the authority."""
    said = [remedies(laws(), law, place, language, TODAY) for language in SPOKEN]
    assert len({len(sentences) for sentences in said}) == 1
    for told in zip(*said, strict=True):
        assert len(set(told)) == len(SPOKEN)
    assert not any("{" in sentence for sentences in said for sentence in sentences)


def test_remedies_cite_the_law_as_their_language_does() -> None:
    for language, cited in zip(SPOKEN, ("GDPR", "GDPR", "DSGVO", "RGPD", "RGPD", "GDPR", "AVG", "RGPD"), strict=True):
        assert all(cited in sentence for sentence in remedies(laws(), "EU-GDPR", "DE-BY", language, TODAY)), language
    assert "AEPD" in remedies(laws(), "EU-GDPR", "ES", "es", TODAY)[0]
    assert "Bayerisches Landesamt für Datenschutzaufsicht, lda.bayern.de" in remedies(laws(), "EU-GDPR", "DE-BY", "de", TODAY)[0]
    assert "EWR" in remedies(laws(), "EU-GDPR", "JP", "de", TODAY)[0]
    assert remedies(laws(), "EU-GDPR", "PL", "pl", TODAY) == remedies(laws(), "EU-GDPR", "PL", "en", TODAY)
    assert "Agência Nacional" in remedies(laws(), "BR-LGPD", "BR", "pt", TODAY)[0]
    assert "Incaricato federale" in remedies(laws(), "CH-FADP", "CH", "it", TODAY)[0]


def test_a_name_in_another_script_stands_beside_the_english_one() -> None:
    assert authority(laws(), "JP-APPI", "JP").called("de") == "Personal Information Protection Commission (PPC) (個人情報保護委員会)"
    assert authority(laws(), "EU-GDPR", "FR").called("de") == authority(laws(), "EU-GDPR", "FR").local
