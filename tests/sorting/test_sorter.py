"""The sorter on the traps that the house knows."""

import pytest

from handlers.mail import Address, Attachment, Forward, Mail, Report, parse
from storage.kinds import Category, Machine, Right
from tests.sorting.shared import PRIME, sort, sorter, written

REQUESTS = {
    "en": ("Please delete all the personal data you hold about me.", {Right.ERASURE}),
    "ja": ("貴社が保有する私の個人情報の開示を請求いたします。", {Right.ACCESS}),
    "de": ("Hiermit verlange ich Auskunft gemäß Art. 15 DSGVO über alle zu meiner Person gespeicherten Daten.", {Right.ACCESS}),
    "fr": ("Je vous demande d'effacer toutes les données personnelles que vous détenez sur moi.", {Right.ERASURE}),
    "es": ("Solicito la supresión de todos mis datos personales conforme al artículo 17 del RGPD.", {Right.ERASURE}),
    "it": ("Chiedo l'accesso ai miei dati personali ai sensi dell'articolo 15 del GDPR.", {Right.ACCESS}),
    "nl": ("Ik verzoek u al mijn persoonsgegevens te verwijderen op grond van artikel 17 AVG.", {Right.ERASURE}),
    "pt": ("Solicito o acesso aos meus dados pessoais nos termos do artigo 15.º do RGPD.", {Right.ACCESS}),
    "pl": ("Żądam usunięcia wszystkich moich danych osobowych na podstawie art. 17 RODO.", {Right.ERASURE}),
    "sv": ("Jag begär registerutdrag över alla personuppgifter ni har om mig enligt artikel 15 GDPR.", {Right.ACCESS}),
    "da": ("Jeg anmoder om sletning af alle mine personoplysninger efter artikel 17 GDPR.", {Right.ERASURE}),
    "cs": ("Žádám o výmaz všech mých osobních údajů podle článku 17 GDPR.", {Right.ERASURE}),
    "ko": ("귀사가 보유한 제 개인정보를 모두 삭제해 주시기 바랍니다.", {Right.ERASURE}),
    "zh": ("请删除贵公司持有的我的全部个人信息。", {Right.ERASURE}),
}


@pytest.mark.parametrize("language", REQUESTS)
def test_a_plain_request_is_read_in_every_language_we_promise(language: str) -> None:
    """Category, language and the exact right of one sentence."""
    text, rights = REQUESTS[language]
    verdict = sort(text)
    assert (verdict.category, verdict.language, set(verdict.rights)) == (Category.RIGHTS_REQUEST, language, rights)


def test_a_wish_for_a_copy_before_deletion_is_both_rights() -> None:
    """One mail may hold several requests."""
    verdict = sort("First send me a copy of my personal data, then delete my account and everything you have about me.")
    assert {Right.ACCESS, Right.ERASURE} <= set(verdict.rights)


def test_stop_mailing_and_delete_is_erasure_and_unsubscribe_and_not_automatic() -> None:
    """A right beside the wish to stop goes to a human."""
    verdict = sort("Stop e-mailing me and delete my account.")
    assert Category.RIGHTS_REQUEST in verdict.categories
    assert Category.UNSUBSCRIBE in verdict.categories
    assert not verdict.auto_unsubscribe


def test_a_newsletter_stop_alone_is_carried_out_for_the_sender() -> None:
    """The address is the sender's own and nothing stands beside it."""
    verdict = sort("Please unsubscribe me from your newsletter. Thank you.", subject="Unsubscribe")
    assert verdict.category is Category.UNSUBSCRIBE
    assert (verdict.auto_unsubscribe, verdict.unsubscribe_address) == (True, "ada.lund@mail.example")


def test_a_stop_that_names_another_address_waits_for_a_human() -> None:
    """Somebody could unsubscribe somebody else."""
    verdict = sort("Please unsubscribe otto.meier@mail.example from your newsletter.")
    assert (verdict.auto_unsubscribe, verdict.unsubscribe_address, verdict.needs_human) == (False, None, True)


@pytest.mark.parametrize(
    "text",
    [
        "I can no longer get access to my account, the dashboard says 403. Please help.",
        "Could you delete ticket #4411? I opened it twice by accident.",
        "I complain that your site is slow, pages take 30 seconds.",
        "トライアル環境のサービス利用停止をお願いします。料金は日割りになりますか。",
        "Ich lege Widerspruch gegen die Rechnung 2231 ein, der Betrag stimmt nicht.",
        "Nous souhaitons résilier notre contrat de licence au 31 décembre.",
        "De AVG antivirus blokkeert jullie installatieprogramma, wat nu?",
    ],
)
def test_what_only_looks_like_a_request_is_ordinary_mail(text: str) -> None:
    """Access to an account, a deleted ticket, a slow site, an invoice, an end of contract, a virus scanner."""
    assert sort(text).category in (Category.INQUIRY, Category.OTHER)


def test_a_footer_of_a_newsletter_unsubscribes_nobody() -> None:
    """A newsletter that merely carries a link is bulk mail."""
    verdict = sort("Our autumn news.\nTo unsubscribe click here.", headers=(("list-unsubscribe", "<https://news.example/u>"),))
    assert (verdict.category, verdict.machine, verdict.auto_unsubscribe, verdict.reply_allowed) == (
        Category.MACHINE,
        Machine.LIST,
        False,
        False,
    )


def test_rights_wording_in_automatic_mail_reaches_a_human_and_is_never_answered() -> None:
    """Rule 2 of the design."""
    verdict = sort(REQUESTS["en"][0], headers=(("auto-submitted", "auto-generated"),))
    assert (verdict.category, verdict.machine) == (Category.RIGHTS_REQUEST, Machine.AUTO_REPLY)
    assert verdict.needs_human
    assert not verdict.reply_allowed


def test_auto_submitted_no_is_a_person() -> None:
    """RFC 3834 s. 5.2: the value `no` says that a person sent it."""
    verdict = sort(REQUESTS["en"][0], headers=(("auto-submitted", "no"),))
    assert (verdict.machine, verdict.reply_allowed) == (None, True)


def test_a_forward_by_a_colleague_names_who_wrote_it_and_is_confirmed_by_a_human() -> None:
    """The requester is the one whose words were passed on."""
    forward = Forward(Address("Eve Orr", "eve.orr@home.example"), None, "my data", "Please delete all my personal data.")
    verdict = sorter().sort(written("FYI", "Fwd: my data", sender="colleague@primenumber.example", forward=forward))
    assert (verdict.category, verdict.requester, verdict.needs_human) == (Category.RIGHTS_REQUEST, "eve.orr@home.example", True)


def test_a_feedback_report_unsubscribes_whom_it_is_about() -> None:
    """RFC 5965: the address that complained gets no more mail."""
    report = Report("message/feedback-report", (("feedback-type", "abuse"), ("original-rcpt-to", "<lise@home.example>")))
    verdict = sorter().sort(written("An abuse report.", sender="fbl@provider.example", reports=(report,)))
    assert (verdict.machine, verdict.auto_unsubscribe, verdict.unsubscribe_address) == (Machine.FEEDBACK_REPORT, True, "lise@home.example")


def test_a_report_that_it_was_no_spam_unsubscribes_nobody() -> None:
    """Feedback-Type: not-spam takes a complaint back."""
    report = Report("message/feedback-report", (("feedback-type", "not-spam"), ("original-rcpt-to", "lise@home.example")))
    verdict = sorter().sort(written("Not spam.", sender="fbl@provider.example", reports=(report,)))
    assert (verdict.auto_unsubscribe, verdict.unsubscribe_address) == (False, None)


def test_an_authority_and_a_child_are_urgent() -> None:
    """What cannot wait is flagged."""
    assert sort("We have received a complaint about your company. Please send us your statement.", sender="case@ico.org.uk").urgent
    assert sort("My daughter is 9 years old and has signed up without my permission. Delete her account and data at once.").urgent


def test_an_encrypted_mail_goes_to_a_human() -> None:
    """What nobody can read is not ordinary."""
    assert sorter().sort(written("", "Encrypted", encrypted=True)).needs_human


def test_a_mail_of_nothing_goes_to_a_human() -> None:
    """No subject, no words."""
    assert sorter().sort(written("")).needs_human


def test_the_words_may_stand_in_the_subject_alone() -> None:
    """Empty mails whose whole message is the subject."""
    assert sort("", subject="Bitte löschen Sie alle meine personenbezogenen Daten").category is Category.RIGHTS_REQUEST


def test_a_fault_inside_sends_the_mail_to_a_human() -> None:
    """`sort` never raises."""
    broken = Mail(subject=None, text=None, words=None)  # type: ignore[arg-type]  # what no parser gives
    assert sorter().sort(broken).needs_human


def test_what_the_parser_gives_for_rubbish_is_sorted() -> None:
    """Bytes that are no mail."""
    assert sorter().sort(parse(b"\x00\xff\xfe garbage")).category in Category


def test_a_dmarc_report_is_told_by_the_name_of_its_attachment() -> None:
    """receiver!domain!begin!end.xml.gz."""
    attachment = Attachment("google.com!primenumber.co.jp!1764547200!1764633599.zip", "application/zip", 900)
    verdict = sorter().sort(written("", "Report domain", sender="noreply-dmarc@google.example", attachments=(attachment,)))
    assert verdict.machine is Machine.DMARC_REPORT


def test_a_list_that_is_our_own_address_is_how_people_reach_us() -> None:
    """secretary@ may be a group: its list headers make nobody a machine."""
    verdict = sort(REQUESTS["en"][0], headers=(("list-id", "secretary <secretary.primenumber.co.jp>"), ("list-post", f"<mailto:{PRIME}>")))
    assert (verdict.machine, verdict.reply_allowed) == (None, True)
