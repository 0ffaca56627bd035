"""Every letter says what it must, in the language and the name of its company, and nothing that is not known."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import product

import pytest

from handlers.desk import LANGUAGES, Controller
from handlers.posts import Alarm
from handlers.refused import Refused
from handlers.wording import load_words
from storage.kinds import Ground, LetterName, Right
from tests.letters.writing import BARE, CASE_LETTERS, CONTROLLERS, DIGEST, FACTS, LETTERS, NPROC, PRIMENUMBER, Seen, fitting, flat, write

EVERY = list(product(CASE_LETTERS, LETTERS.languages, CONTROLLERS))


def test_every_letter_is_there_in_every_language() -> None:
    """A language is one file a letter, its signature and its words."""
    inside = product(("en", "ja"), (LetterName.DIGEST, LetterName.ALARM))
    for language, letter in [*product(load_words(), CASE_LETTERS), *inside]:
        assert files("templates").joinpath("email", letter.value, f"{language}.md").is_file(), (letter, language)
    assert set(LETTERS.languages) == set(LANGUAGES)


@pytest.mark.parametrize(("letter", "language", "controller"), EVERY)
def test_every_letter_names_its_company_and_how_to_reach_it(letter: LetterName, language: str, controller: Controller) -> None:
    """In both parts; what the company's policy doesn't state is left out with its label."""
    written = write(letter, language, controller=controller)
    for part in (written.text, Seen(written.html).text):
        assert flat(controller.called(language)) in flat(part)
        assert controller.email in part
        assert (flat(PRIMENUMBER.address) in flat(part)) is (controller is PRIMENUMBER)
        assert (PRIMENUMBER.policy_url in part) is (controller is PRIMENUMBER)
    links = {f"mailto:{controller.email}", *([controller.policy_url] if controller.policy_url else [])}
    assert links <= Seen(written.html).links
    assert f'<html lang="{language}">' in written.html


@pytest.mark.parametrize(("letter", "language", "controller"), EVERY)
def test_both_parts_of_a_letter_say_the_same(letter: LetterName, language: str, controller: Controller) -> None:
    """Word for word, under the company's name as a heading."""
    written = write(letter, language, controller=controller)
    assert Seen(written.html).text == flat(controller.called(language)) + flat(written.text)


@pytest.mark.parametrize(("letter", "language", "controller"), EVERY)
def test_a_letter_of_which_little_is_known_holds_no_gap(letter: LetterName, language: str, controller: Controller) -> None:
    """No `None`, no empty brackets, no template marks, no three blank lines."""
    _, _, text = write(letter, language, controller=controller, **BARE).text.partition("\n")
    assert not re.search(r"None|\{|\}|\(\)|（）|\n\n\n|  |[:：]\n\n(?!- |・)| ,|[.]{2}", text), text


def test_an_acknowledgement_in_english() -> None:
    """What was received, the rights in words, the law and its date, what happens next."""
    written = write(LetterName.ACKNOWLEDGEMENT, "en")
    assert written.subject == "We have received your request (PR-2026-00042)"
    assert "primeNumber Inc. received your request about your personal data on 5 March 2026." in written.text
    assert "- access to the personal data that we hold about you\n- erasure of your personal data\n" in written.text
    assert "under the General Data Protection Regulation (GDPR) and will answer you by 7 April 2026 at the latest" in written.text
    assert written.text.startswith("Dear Anna Beispiel,\n\n")
    assert "<li" in written.html


def test_an_acknowledgement_in_japanese() -> None:
    """The same, in the company's Japanese name."""
    written = write(LetterName.ACKNOWLEDGEMENT, "ja")
    assert written.subject == "【受付のご連絡】個人情報に関するご請求について（受付番号：PR-2026-00042）"
    assert written.text.startswith("Anna Beispiel 様\n\n")
    assert "2026年3月5日に、個人情報の取扱いに関するご請求を確かに受け付けいたしました。" in written.text
    assert "・個人情報の開示（データへのアクセス）\n・個人情報の消去・削除\n" in written.text
    assert "EU一般データ保護規則（GDPR）に基づいて対応し、遅くとも2026年4月7日までにご回答申し上げます。" in written.text
    assert "株式会社primeNumber" in written.text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_acknowledgement_asks_for_no_identity_and_no_fee(language: str) -> None:
    """Both need a reason and a person's decision."""
    text = write(LetterName.ACKNOWLEDGEMENT, language).text.lower()
    assert not re.search(r"identi|passport|verify|fee\b|本人確認|身分証|手数料", text)


def test_a_law_without_a_date_promises_none() -> None:
    """Japan's Act wants an answer without delay and names no day."""
    english = write(LetterName.ACKNOWLEDGEMENT, "en", law="JP-APPI", due=None).text
    assert "under the Japanese Act on the Protection of Personal Information and will answer you without undue delay." in english
    assert "遅滞なくご回答申し上げます" in write(LetterName.ACKNOWLEDGEMENT, "ja", law="JP-APPI", due=None).text


def test_an_open_law_is_not_guessed() -> None:
    """The date stands without it."""
    text = write(LetterName.ACKNOWLEDGEMENT, "en", law=None, law_cite="").text
    assert "We will answer you by 7 April 2026 at the latest." in text
    assert "GDPR" not in text


def test_a_law_without_a_name_is_cited() -> None:
    """As the table of laws does."""
    assert "under Va. Code 59.1-577 and" in write(LetterName.ACKNOWLEDGEMENT, "en", law="US-VA", law_cite="Va. Code 59.1-577").text


def test_a_complaint_is_answered_with_the_way_to_the_authority() -> None:
    """Where one is known."""
    written = write(LetterName.COMPLAINT_RECEIVED, "en", rights=(), due=None)
    assert written.subject == "We have received your complaint (PR-2026-00042)"
    assert "keep you informed of our progress" in written.text
    assert "We will tell you the outcome without undue delay." in written.text
    assert "the supervisory authority: Datenschutzbehörde (dsb.gv.at)." in written.text
    assert "https://dsb.gv.at" in Seen(written.html).links
    assert "authority" not in write(LetterName.COMPLAINT_RECEIVED, "en", authority_name="").text


def test_a_refusal_says_ground_reason_and_remedies() -> None:
    """GDPR Art. 12(4): the reasons, the authority, the court."""
    text = write(LetterName.REFUSAL, "en").text
    assert (
        "The reason is the following: We are required by law to keep the data concerned.\n\nInvoices must be kept.\nFor ten years." in text
    )
    assert "- You may complain to the authority.\n- You may go to court.\n" in text
    assert "The authority is Datenschutzbehörde (dsb.gv.at)." in text
    japanese = write(LetterName.REFUSAL, "ja").text
    assert "理由は次のとおりです。対象となる個人情報は、法令により保存が義務付けられております。" in japanese


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ground": None}, "ground"),
        ({"remedies": ()}, "remedies"),
        ({"remedies": (" ",)}, "remedies"),
        ({"ground": Ground.OTHER, "reason": " "}, "reason"),
    ],
)
def test_a_refusal_without_what_the_law_demands_is_not_written(changes: dict[str, object], field: str) -> None:
    """Neither filled nor rendered."""
    with pytest.raises(Refused) as refused:
        LETTERS.draft(LetterName.REFUSAL, "en", replace(FACTS, **changes))  # type: ignore[arg-type]  # the fields vary
    assert refused.value.field == field


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_right_and_ground_has_its_words(language: str) -> None:
    """Each of its own."""
    words = load_words()[language]
    assert len(set(words.rights.values())) == len(Right)
    assert len(set(words.grounds.values())) == len(Ground) - 1
    for ground in words.grounds:
        assert words.grounds[ground] in write(LetterName.REFUSAL, language, ground=ground).text


def test_an_unsubscribe_is_confirmed_plainly() -> None:
    """For which address, from whom, and what may still come."""
    english = write(LetterName.UNSUBSCRIBE_CONFIRMED, "en", name="", ref="")
    assert english.subject == "You will get no more marketing emails from primeNumber Inc."
    assert "we have taken anna@sender.example off our mailing list" in english.text
    assert "Emails that are needed for a service that you use" in english.text
    assert "anna@sender.example 宛ての広告・宣伝メールの配信を停止いたしました" in write(LetterName.UNSUBSCRIBE_CONFIRMED, "ja").text
    branded = replace(PRIMENUMBER, marketing_name="primeNumber News")
    assert "no more marketing emails from primeNumber News" in write(LetterName.UNSUBSCRIBE_CONFIRMED, "en", controller=branded).text
    with pytest.raises(Refused):
        write(LetterName.UNSUBSCRIBE_CONFIRMED, "en", address="")


def test_a_reply_frames_what_staff_wrote() -> None:
    """Opening and closing stand, the middle is theirs; it is filled empty and not sent empty."""
    draft = LETTERS.draft(LetterName.REPLY, "en", FACTS)
    assert draft.middle == ""
    assert draft.opening.endswith("Our reference is PR-2026-00042.")
    letter = LETTERS.render(LetterName.REPLY, "en", FACTS, "Your data:\r\n\r\n- a name\r\n- an address")
    assert letter.text == f"{draft.opening}\n\nYour data:\n\n- a name\n- an address\n\n{draft.closing}\n"
    for nothing in (None, "", " \n\t"):
        with pytest.raises(Refused) as refused:
            LETTERS.render(LetterName.REPLY, "en", FACTS, nothing)
        assert refused.value.field == "middle"


@pytest.mark.parametrize("letter", [n for n in CASE_LETTERS if n is not LetterName.REPLY])
def test_a_letter_that_nobody_edited_is_the_letter_that_was_shown(letter: LetterName) -> None:
    """Preview and mail are one."""
    facts = fitting(letter, FACTS)
    draft = LETTERS.draft(letter, "en", facts)
    assert LETTERS.render(letter, "en", facts, draft.middle) == LETTERS.render(letter, "en", facts)


@pytest.mark.parametrize(
    ("controller", "wanted", "written"),
    [
        (NPROC, "ja", "ja"),
        (NPROC, "ja-JP", "ja"),
        (NPROC, "und", "en"),
        (PRIMENUMBER, "und", "ja"),
        (PRIMENUMBER, "", "ja"),
        (replace(NPROC, default_language="xx"), "yy", "en"),
        (NPROC, "../en", "en"),
    ],
)
def test_a_language_that_the_letters_lack_becomes_the_companys_own(controller: Controller, wanted: str, written: str) -> None:
    """And the letter says which it is in."""
    assert LETTERS.language(controller, wanted) == written
    assert write(LetterName.ACKNOWLEDGEMENT, wanted, controller=controller).language == written


def test_the_digest_tells_managers_everything() -> None:
    """Each group with its number, each case with date and owner, and how mailboxes and letters fare."""
    text = LETTERS.digest("en", NPROC, DIGEST, "Aoi Tanaka").text
    for line in (
        "this is how the privacy desk stands on 5 April 2026. 7 cases are open.",
        "Overdue: 3\n---\n\n- PR-2026-00001, Nproc, due 3 April 2026 (2 days overdue), with Aoi Tanaka\n\nand 2 more\n",
        "- PR-2026-00002, Nproc, due 6 April 2026 (1 day left), with nobody\n- PR-2026-00003, Nproc, due 5 April 2026 (today), with U9\n",
        "Waiting for the requester: 0\n---\nNone.\n",
        "- PR-2026-00004, Nproc, with nobody\n",
        "- Cases opened: 4\n- Cases closed: 5\n- Unsubscribes carried out: 6\n- Other mail, left in the mailbox: 8\n",
        "- Mails that could not be read: 9\n- Letters of which nobody knows whether they arrived: 10\n- Letters that failed: 11\n",
        "- Mailbox nproc: last read 5 April 2026 08:20\n- Mailbox secretary: not read yet. PROBLEM: imap.example refused the login.\n",
    ):
        assert line in text, line
    assert LETTERS.digest("en", NPROC, DIGEST).subject == "Privacy desk, 5 April 2026: 3 overdue, 2 due soon"


def test_the_digest_in_japanese() -> None:
    """The same figures."""
    written = LETTERS.digest("ja", PRIMENUMBER, DIGEST)
    assert written.subject == "【個人情報窓口】2026年4月5日の状況：期限超過 3件、期限間近 2件"
    for line in (
        "期限超過：3件\n---\n\n・PR-2026-00001（Nproc）　期限 2026年4月3日（2日超過）　担当 Aoi Tanaka\n\nほか2件\n",
        "・新規案件：4件\n・完了案件：5件\n・配信停止：6件\n・その他のメール（メールボックスに残置）：8件\n",
        "・メールボックス nproc：最終確認 2026年4月5日 08:20\n",
        "・メールボックス secretary：未確認　【異常】imap.example refused the login.\n",
    ):
        assert line in written.text, line


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_digest_of_a_quiet_day_is_written_too(language: str) -> None:
    """Managers know then that the desk lives."""
    quiet = replace(DIGEST, open=0, groups=(), mailboxes=())
    written = LETTERS.digest(language, NPROC, quiet)
    assert "<h2" in written.html
    assert not re.search(r"None(?!\.)|\{|\n\n\n", written.text)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_both_parts_of_the_digest_say_the_same(language: str) -> None:
    """Headings and lists in HTML, underlined and marked in text."""
    written = LETTERS.digest(language, NPROC, DIGEST, "Aoi Tanaka")
    assert Seen(written.html).text == flat("Nproc" + written.text)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "can't reach Slack. It has tried since 5 April 2026 08:20"), ("ja", "2026年4月5日 08:20から")]
)
def test_an_alarm_about_slack_is_a_letter_to_a_manager(language: str, said: str) -> None:
    """Since when, what Slack said, and what to do; both parts say the same."""
    alarm = Alarm("Slack", datetime(2026, 4, 4, 23, 20, tzinfo=UTC), "Slack <b>refuses</b> this token.", 12)
    written = LETTERS.alarm(language, NPROC, alarm, "Aoi Tanaka")
    for part in (said, "Slack <b>refuses</b> this token.", "12", "rightsdesk check"):
        assert part in written.text
    assert "<b>" not in written.html
    assert Seen(written.html).text == flat("Nproc" + written.text)
