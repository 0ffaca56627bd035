"""Each letter says what the law demands of it, in every language, and the languages do not differ in what they can say."""

import re
from dataclasses import replace
from datetime import date
from importlib.resources import files
from itertools import product

import jinja2
import pytest
from jinja2 import meta

from handlers.desk import LANGUAGES, Safeguard
from handlers.law import Refusal, missing
from handlers.law.remedies import sentences
from handlers.letters import Disclosure
from handlers.refused import Refused
from handlers.wording import load_words, yen
from storage.kinds import Ground, LetterName, Right
from tests.law.asked import laws
from tests.letters.writing import BARE, CASE_LETTERS, DIGEST, FACTS, LETTERS, NPROC, PRIMENUMBER, Seen, write

TODAY = date(2026, 11, 21)
LAWS = {"EU-GDPR": "AT", "UK-GDPR": "GB", "JP-APPI": "JP", "US-CA-CCPA": "US-CA", "US-VA": "US-VA"}
EMAIL = files("templates") / "email"
EIGHT = pytest.mark.parametrize("language", LANGUAGES)


def source(letter: str, language: str) -> str:
    """The template as it lies in its file."""
    return (EMAIL / letter / f"{language}.md").read_text(encoding="utf-8")


def said(letter: LetterName, language: str, **changes: object) -> str:
    """The text part, blanks as one."""
    return " ".join(write(letter, language, **changes).text.split())


@pytest.mark.parametrize("letter", CASE_LETTERS)
def test_every_language_has_the_same_blocks_and_facts(letter: LetterName) -> None:
    """A fact that one language states and another forgets is a fault; partial files count as part of the letter."""

    def facts(name: str, language: str) -> set[str]:
        read = jinja2.Environment().parse(source(name, language))
        partials = [p.partition("/")[0] for p in meta.find_referenced_templates(read) if p]
        return meta.find_undeclared_variables(read).union(*(facts(p, language) for p in partials)) - {"lead", "stop"}

    for language in LANGUAGES:
        text = source(letter.value, language)
        assert re.findall(r"block (\w+)", text) == ["subject", "body", "opening", "middle", "closing"], language
        assert facts(letter.value, language) == facts(letter.value, "en"), language


def test_every_language_has_the_same_words_and_partial_files() -> None:
    """Law ids, countries and the files whose names begin with a line."""
    words = load_words()
    assert set(words) == set(LANGUAGES)
    for language, partial in product(LANGUAGES, [f.name for f in EMAIL.iterdir() if f.name.startswith("_") and f.name != "_words"]):
        assert partial == "_base.html" or (EMAIL / partial / f"{language}.md").is_file(), (partial, language)
        assert set(words[language].laws) == set(words["en"].laws)
        assert set(words[language].places) == set(words["en"].places)
        assert set(words[language].safeguards) == set(Safeguard)


@EIGHT
def test_each_law_right_and_ground_has_a_name_of_its_own(language: str) -> None:
    """No two alike, none English by mistake."""
    words, english = load_words()[language], load_words()["en"]
    for ours, theirs in ((words.rights, english.rights), (words.grounds, english.grounds), (words.laws, english.laws)):
        assert len(set(ours.values())) == len(ours)
        assert language == "en" or not set(ours.values()) & set(theirs.values())


@pytest.mark.parametrize(("law", "ground", "language"), list(product(LAWS, [g for g in Ground if g is not Ground.OTHER], LANGUAGES)))
def test_a_refusal_by_any_ground_says_why_and_what_can_be_done(law: str, ground: Ground, language: str) -> None:
    """GDPR Art. 12(4), UK GDPR Art. 12(4), APPI Art. 36, 11 CCR 7022, Va. Code 59.1-577."""
    refusal = Refusal(law, LAWS[law], language, TODAY)
    remedies = sentences(laws(), refusal)
    text = write(LetterName.REFUSAL, language, law=law, ground=ground, remedies=remedies).text
    assert load_words()[language].grounds[ground] in text
    assert remedies
    assert missing(laws(), refusal, text) == ()
    assert all(remedy in text for remedy in remedies)


@EIGHT
def test_the_authority_is_named_once(language: str) -> None:
    """Where a remedy names it, the line of its own is left out."""
    text = write(LetterName.REFUSAL, language, remedies=("You may complain to the Datenschutzbehörde, dsb.gv.at.",)).text
    assert text.count("Datenschutzbehörde") == 1
    assert write(LetterName.REFUSAL, language).text.count("Datenschutzbehörde") == 1


@EIGHT
def test_what_is_kept_after_a_refused_deletion_in_california_is_used_for_nothing_else(language: str) -> None:
    """11 CCR 7022(f)."""
    kept = len(said(LetterName.REFUSAL, language, law="US-CA-CCPA")) - len(said(LetterName.REFUSAL, language, law="US-CA-CCPA", rights=()))
    elsewhere = len(said(LetterName.REFUSAL, language, law="US-VA", law_cite="")) - len(
        said(LetterName.REFUSAL, language, law="US-VA", law_cite="", rights=())
    )
    assert kept > elsewhere + 15


PROOF = {
    "en": ("no copy of an identity document", "black out the photo", "delete the copy"),
    "ja": ("身分証明書の写しはお送りにならない", "顔写真と番号を黒塗り", "写しを消去"),
    "de": ("keine Ausweiskopie", "schwärzen", "löschen, sobald"),
    "fr": ("pas de copie d'une pièce d'identité", "masquer la photo", "effacerions la copie"),
    "es": ("ninguna copia de un documento de identidad", "tapar la fotografía", "borraríamos la copia"),
    "it": ("nessuna copia di un documento d'identità", "oscurare la fotografia", "cancelleremmo la copia"),
    "nl": ("geen kopie van een identiteitsbewijs", "de foto en het nummer onleesbaar", "de kopie wissen"),
    "pt": ("nenhuma cópia de um documento de identidade", "ocultar a fotografia", "eliminaríamos a cópia"),
}
ARTICLE_12_6 = {
    "en": "Art. 12(6) GDPR", "ja": "GDPR第12条第6項", "de": "Art. 12 Abs. 6 DSGVO", "fr": "art. 12, paragraphe 6, du RGPD",
    "es": "art. 12, apartado 6, del RGPD", "it": "art. 12, paragrafo 6, del GDPR", "nl": "art. 12, lid 6, AVG",
    "pt": "art. 12, n.º 6, do RGPD",
}  # fmt: skip


@EIGHT
def test_identity_is_asked_on_doubt_with_little_and_without_a_document(language: str) -> None:
    """GDPR Art. 12(6), 5(1)(c): why, what is enough, a copy only as the last resort, blacked out and deleted."""
    text = said(LetterName.IDENTITY_REQUEST, language, reason="Your address is new to us.")
    assert "Your address is new to us." in text
    assert "your customer number" in text
    assert all(words in text for words in PROOF[language]), text
    assert ARTICLE_12_6[language] in text
    assert "12" not in said(LetterName.IDENTITY_REQUEST, language, **BARE | {"law": "JP-APPI"})


@EIGHT
@pytest.mark.parametrize("letter", [LetterName.IDENTITY_REQUEST, LetterName.CLARIFICATION])
def test_a_question_says_whether_the_clock_stands(letter: LetterName, language: str) -> None:
    """If it does not, the date stays; if there is none, nothing is said."""
    standing, running = said(letter, language, clock_stands=True), said(letter, language)
    due = load_words()[language].date(date(2026, 4, 7))
    assert due not in standing
    assert due in running
    assert len(said(letter, language, due=None)) < min(len(standing), len(running))


@EIGHT
def test_a_fee_is_asked_only_for_disclosure_under_japanese_law(language: str) -> None:
    """Policy of primeNumber s. 7, APPI Art. 38: the amount with its tax, and how to pay."""
    text = said(LetterName.FEE_NOTICE, language, fee=yen(1100, language))
    assert yen(1100, language).replace("\u202f", " ") in text.replace("\u202f", " ")
    assert "38" in text
    assert "By bank transfer." in text
    right = replace(FACTS, law="JP-APPI", rights=(Right.ACCESS,))
    for wrong in ({"law": "EU-GDPR"}, {"law": None}, {"rights": (Right.ERASURE,)}, {"fee": " "}):
        with pytest.raises(Refused):
            LETTERS.render(LetterName.FEE_NOTICE, language, replace(right, **wrong))  # type: ignore[arg-type]  # the fields vary


@EIGHT
def test_an_extension_says_the_new_date_and_why(language: str) -> None:
    """GDPR Art. 12(3); the UK's in Art. 12A(3) since 2026."""
    text, words = said(LetterName.EXTENSION_NOTICE, language, reason="Nine systems."), load_words()[language]
    assert words.date(date(2026, 6, 8)) in text
    assert words.date(date(2026, 4, 7)) in text
    assert "Nine systems." in text
    assert all(remedy in text for remedy in FACTS.remedies)
    assert "12A" in said(LetterName.EXTENSION_NOTICE, language, law="UK-GDPR").replace("第12A条", "12A")
    assert "12" not in said(LetterName.EXTENSION_NOTICE, language, **BARE)
    assert words.date(date(2026, 4, 7)) not in said(LetterName.EXTENSION_NOTICE, language, due=FACTS.new_due)
    for wrong in (None, date(2026, 4, 1)):
        with pytest.raises(Refused) as refused:
            write(LetterName.EXTENSION_NOTICE, language, new_due=wrong)
        assert refused.value.field == "new_due"


@EIGHT
def test_an_access_answer_has_a_place_for_all_that_article_15_names(language: str) -> None:
    """Eight headings in the part that staff edit; rights and authority fixed; what the policy states filled in; under 3,000 signs."""
    draft = LETTERS.draft(LetterName.ACCESS_ANSWER, language, FACTS)
    words = load_words()[language]
    assert len(re.findall(r"[:：]\n", draft.middle)) == 8
    assert f"Salesforce{words.operator.format(operator='Salesforce Japan Co., Ltd.')}{words.colon}{words.places['JP']}" in draft.middle
    assert f"Slack{words.colon}{words.places['US']}{words.comma}XX" in draft.middle
    assert re.search(r"(?<!\d)3(?!\d)", draft.middle)
    assert len(re.findall(r"[\[［]", draft.middle)) == 6
    assert len(draft.middle) < 3000
    assert "Datenschutzbehörde" in draft.closing
    assert "data.zip" in draft.opening
    assert "Salesforce" in draft.opening
    bare = LETTERS.draft(LetterName.ACCESS_ANSWER, language, replace(FACTS, controller=NPROC))
    assert len(re.findall(r"[\[［]", bare.middle)) == 8
    told = Disclosure("D1", "P2", "C3", "R4", "K5", "S6", "A7", "T8")
    whole = LETTERS.draft(LetterName.ACCESS_ANSWER, language, replace(FACTS, disclosure=told)).middle
    assert [part.split("\n")[1] for part in whole.split("\n\n")] == ["D1", "P2", "C3", "R4", "K5", "S6", "A7", "T8"]


LAWFUL = {
    "en": "does not affect the lawfulness", "ja": "適法性に影響を及ぼすものではございません",
    "de": "Rechtmäßigkeit der Verarbeitung nicht berührt",
    "fr": "ne compromet pas la licéité", "es": "no afecta a la licitud", "it": "non pregiudica la liceità",
    "nl": "geen afbreuk aan de rechtmatigheid", "pt": "não compromete a licitude",
}  # fmt: skip


@EIGHT
def test_a_withdrawal_leaves_what_went_before_lawful(language: str) -> None:
    """GDPR Art. 7(3); section 3(c) of primeNumber's policy. It stands where staff cannot delete it."""
    assert LAWFUL[language] in " ".join(LETTERS.draft(LetterName.CONSENT_WITHDRAWN, language, FACTS).opening.split())


@EIGHT
def test_safeguards_are_those_that_the_policy_states(language: str) -> None:
    """primeNumber's addendum names three; Nproc's policy none, so its letter asks staff for them."""
    words = load_words()[language]
    text = write(LetterName.TRANSFER_SAFEGUARDS, language).text
    assert all(safeguard in text for safeguard in words.safeguards.values())
    assert words.places["US"] in text
    nproc = LETTERS.draft(LetterName.TRANSFER_SAFEGUARDS, language, replace(FACTS, controller=NPROC, transfers=""))
    assert not any(safeguard in nproc.opening for safeguard in words.safeguards.values())
    assert re.search(r"[\[［]", nproc.middle)


@EIGHT
@pytest.mark.parametrize("letter", [LetterName.RECTIFICATION_DONE, LetterName.ERASURE_DONE, LetterName.RESTRICTION_DONE])
def test_recipients_are_named_or_offered(letter: LetterName, language: str) -> None:
    """GDPR Art. 19."""
    told, untold = said(letter, language), said(letter, language, told=())
    assert "Adobe Inc." in told
    assert "Adobe Inc." not in untold
    assert len(untold.split("Your telephone")[1]) > 60


@EIGHT
def test_an_opt_out_speaks_of_sale_and_an_objection_of_purposes(language: str) -> None:
    """California knows no objection, Europe no sale."""
    objection = write(LetterName.OBJECTION_UPHELD, language, rights=(Right.OBJECTION,))
    opt_out = write(LetterName.OBJECTION_UPHELD, language, rights=(Right.OPT_OUT_SALE,))
    both = write(LetterName.OBJECTION_UPHELD, language, rights=(Right.OBJECTION, Right.OPT_OUT_SALE))
    assert objection.subject != opt_out.subject
    assert len(both.text) > max(len(objection.text), len(opt_out.text))


@EIGHT
def test_who_is_responsible_is_said_where_it_is_known(language: str) -> None:
    """Passed on or not."""
    known = {said(LetterName.NOT_THE_CONTROLLER, language, forwarded=f, responsible=r) for f in (True, False) for r in ("Example Inc.", "")}
    assert len(known) == 3
    assert sum("Example Inc." in text for text in known) == 2
    assert not any("Inc.." in text for text in known)


@EIGHT
def test_a_password_never_travels_with_its_archive(language: str) -> None:
    """The letter says so where there is one."""
    for letter in (LetterName.ACCESS_ANSWER, LetterName.PORTABILITY_HANDOVER):
        assert len(said(letter, language)) > len(said(letter, language, encrypted=False))


@EIGHT
def test_a_signature_is_in_the_language_of_its_letter(language: str) -> None:
    """Where the settings hold the department and the address in it; else as they are."""
    controller = replace(PRIMENUMBER, addresses={language: f"Street {language}"}, departments={language: f"Office {language}"})
    for part in (write(LetterName.REPLY, language, controller=controller).text, Seen(write(LetterName.REPLY, language).html).text):
        assert (f"Street {language}" in part) is (f"Office {language}" in part)
    text = write(LetterName.REPLY, language, controller=controller).text
    assert f"Street {language}" in text
    assert PRIMENUMBER.address not in text


@EIGHT
def test_the_first_of_a_month_and_large_amounts_are_written_as_the_language_does(language: str) -> None:
    """1er mars, 1° marzo, 1º de março."""
    first = ("1 March", "3月1日", "1. März", "1er mars", "1 de marzo", "1° marzo", "1 maart", "1º de março")
    assert dict(zip(LANGUAGES, first, strict=True))[language] in load_words()[language].date(date(2026, 3, 1))
    assert re.search(r"1[.,\u202f]100", yen(1100, language))


def test_a_digest_in_a_language_without_one_comes_in_the_companys_or_in_english() -> None:
    """Only staff read it."""
    assert LETTERS.digest("de", NPROC, DIGEST).language == "en"
    assert LETTERS.digest("de", PRIMENUMBER, DIGEST).language == "ja"
