"""What staff read is translated: the catalogue holds every sentence of the code, and nothing that is shown goes round it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Message as Entry

from bot.slack import byhand, commands, home, lookups, modals
from bot.slack.buttons import chosen
from bot.slack.byhand import Typed
from bot.slack.cards import card, fallback
from bot.slack.modals import Choice, Read, Where
from bot.slack.posts import worded
from bot.slack.windows import WINDOWS, Sheet
from bot.slack.words import HOUSE, LANGUAGES, Words, catalogue, tongue, translator
from handlers.law.wording import Step
from handlers.views import HistoryLine
from scripts.catalogue import sentences
from storage.kinds import EventKind, LetterName, NextStep, Status
from tests.slack.limits import every_text
from tests.slack.samples import ATTACHED, DESK, DRAFT, FULL, HOME, RECEIVED, TODAY, ZONE, Written, due, pages
from tests.slack.test_posts import EXAMPLES

OTHERS = [language for language in LANGUAGES if language != "en"]
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SAME = {"EU GDPR", "{day}, {clock}", "{day} ({distance})"}
"""What is the same in Japanese, or only places what is filled in."""


def strings(entry: Entry) -> tuple[str, ...]:
    """Every translation of an entry."""
    return tuple(entry.string) if isinstance(entry.string, (tuple, list)) else (str(entry.string),)


def english(entry: Entry) -> str:
    """What is translated."""
    return str(entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_code_is_translated_and_no_other(language: str) -> None:
    """`python -m scripts.catalogue` brings the catalogue up to date."""
    found, said = {(m.context, english(m)): m for m in catalogue(language) if m.id}, sentences()
    missing = [key for key in said if key not in found or not all(strings(found[key]))]
    assert missing == []
    gone = [key for key, m in found.items() if key not in said and not m.user_comments]
    assert gone == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_filled_in_stands_in_the_translation_too(language: str) -> None:
    """The same names in braces, and as much bold type."""
    for entry in catalogue(language):
        if not entry.id:
            continue
        for text in strings(entry):
            wanted = sorted(re.findall(r"\{\w*\}", english(entry)))
            assert sorted(re.findall(r"\{\w*\}", text)) == wanted, english(entry)
            assert text.count("*") == english(entry).count("*"), english(entry)
            assert text.count("`") == english(entry).count("`"), english(entry)
            assert text == text.strip()


def test_a_translation_into_japanese_is_japanese() -> None:
    """No sentence was forgotten in English, and no half-width katakana or full-width letters were left."""
    for entry in catalogue("ja"):
        if entry.id and english(entry) not in SAME:
            assert all(JAPANESE.search(text) for text in strings(entry)), english(entry)
            assert not re.search(r"[\uff21-\uff5a\uff66-\uff9f]", "".join(strings(entry))), english(entry)


class Blots(Words):
    """Words that blot out every sentence they are asked for: what can still be read went round them."""

    def __init__(self) -> None:
        super().__init__("en", ZONE)

    def __call__(self, sentence: str) -> str:
        return "".join(re.findall(r"\{\w+\}", sentence)) if sentence else ""

    def said(self, sentence: str) -> str:
        return "■"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return "■"

    def day(self, day: date) -> str:
        return "■"


KANA = replace(
    FULL,
    requester="エイダ",
    controller_name="会社",
    subject="件名",
    excerpt="本文",
    law_reason="■",
    place=None,
    folder="迷惑メール",
    ref="PR-2026-00042",
    evidence=(),
    tasks=tuple(replace(t, note="メモ", place={"en": "場所"}, holds={"en": "氏名"}) for t in FULL.tasks),
    approvals=tuple(replace(a, reason="理由") for a in FULL.approvals),
    split_from="PR-2026-00041",
)
READABLE = re.compile(r"[A-Za-z]{3,}")
OURS = re.compile(r"<[@!#][^>]*>|<https?:[^>|]*\|?|rightsdesk[a-z ]*|/privacy [a-z]*|[\w.…-]+@[\w.-]+|\bPR-|verbatim")


def readable(blocks: Any) -> list[str]:
    """Letters that can still be read, besides what is a name or typed as it stands."""
    return [text for text in every_text(blocks) if READABLE.search(OURS.sub("", text))]


@pytest.mark.parametrize(("status", "step"), list(product(Status, NextStep)))
def test_no_card_says_anything_that_is_not_translated(status: Status, step: NextStep) -> None:
    """In any state, with all that a case can have."""
    view = replace(KANA, status=status, next_step=step, owner="U01AIKO", deputy="U02BEN")
    assert readable(card(view, TODAY, 1, Blots())) == []
    assert readable([{"text": fallback(view, Blots())}]) == []


def test_no_window_says_anything_that_is_not_translated() -> None:
    """Names of people and companies aside."""
    people = tuple(replace(p, name="担当") for p in DESK.people)
    desk = replace(DESK, people=people, controllers=tuple(replace(c, name="会社") for c in DESK.controllers))
    words, where = Blots(), Where(7, 3, letter="refusal", language="en", ground="legal_claims")
    sheet = Sheet(KANA, desk, TODAY, words, ("EU-GDPR", "JP-APPI"))
    views = [modals.window(name, shape, sheet, where) for name, shape in WINDOWS.items()]
    draft = replace(DRAFT, letter=LetterName.REFUSAL, subject="件名", to="", opening="拝啓", middle="本文", closing="敬具")
    dated = replace(KANA, dates=(due(9, trace=(Step("手順", "手順", ""),), cite="", version="1"),))
    views += [
        modals.loading("■", words),
        modals.compose(draft, where, Choice(tuple(LetterName), ("en", "ja"), KANA.rights), words),
        modals.preview(Read(draft.to, Written("件名", "本文"), "本文"), where, words),
        modals.more(KANA, chosen(KANA).more, where, words),
        lookups.dates(dated, words),
        lookups.history(KANA, [HistoryLine(1, RECEIVED, "desk", kind) for kind in EventKind], words),
        lookups.revealed(Written("件名", "本文"), words),
        lookups.files(KANA, (replace(ATTACHED, name="旅券", type="画像", mailbox="窓口", folder="受信"),), words),
        byhand.new(desk, Typed(TODAY), ("EU-GDPR",), where, words),
        byhand.away(desk, TODAY, where, words),
    ]
    for view in views:
        assert readable([view["title"], view.get("submit") or {}, view["close"], *view["blocks"]]) == [], view["callback_id"]


def test_no_home_list_or_help_says_anything_that_is_not_translated() -> None:
    """For managers, who see the most."""
    lines = pages(20, requester="エイダ", controller_name="会社", owner="U01AIKO", urgent=True)
    view = replace(HOME, mine=lines, unassigned=lines, everything=lines, away_until=TODAY, covering=("U02BEN",))
    assert readable(home.home(view, 1, "", Blots())["blocks"]) == []
    assert readable(home.listing(lines, "list", "", Blots())) == []
    assert readable(commands.helped(Blots())) == []
    assert readable([{"text": commands.unknown(commands.understood("検策"), Blots())}]) == []


@pytest.mark.parametrize("post", EXAMPLES, ids=lambda p: type(p).__name__)
def test_no_post_says_anything_that_is_not_translated(post: Any) -> None:
    """What the examples fill in is blotted out by hand."""
    filled = {n: "■" for n in ("subject", "excerpt", "text", "reason", "mailbox", "controller_name", "source", "system", "limit", "problem",
                               "sender", "domain", "sentence", "to", "what") if isinstance(getattr(post, n, None), str)}  # fmt: skip
    message = worded(replace(post, **filled), 1, Blots())
    found = [text for text in readable(message.blocks) if not re.search(r"AWS|Nproc|primeNumber", text)]
    assert found == []


def test_dates_and_counts_read_as_japanese_offices_write_them() -> None:
    """Year, month, day, weekday; no spaces inside."""
    words = translator("ja", ZoneInfo("Asia/Tokyo"))
    assert words.day(date(2026, 3, 2)) == "2026年3月2日(月)"
    assert words.moment(datetime(2026, 3, 2, 0, 30, tzinfo=UTC)) == "2026年3月2日(月)09:30"
    assert words.due(date(2026, 3, 2), 9) == "2026年3月2日(月)・あと9日"
    assert words.due(date(2026, 3, 2), -5) == "2026年3月2日(月)・5日前"


def test_what_the_house_refuses_is_said_in_the_persons_language() -> None:
    """Also where something is filled in, which is translated too."""
    words = translator("ja", ZONE)
    said = words.said("This case is closed already, so it can't be taken.")
    assert said == "この案件は完了済みのため、担当の設定はできません。"
    assert words.said("There is no case PR-2026-00099.") == "案件 PR-2026-00099 はありません。"
    assert words.said("A sentence that nobody knows.") == "A sentence that nobody knows."
    assert translator("en", ZONE).said("There is no such case.") == "There is no such case."


@pytest.mark.parametrize(("locale", "language"), [("ja-JP", "ja"), ("ja_JP", "ja"), ("en-GB", "en"), ("de-DE", "en"), ("", "en")])
def test_a_locale_is_a_language_that_the_desk_speaks(locale: str, language: str) -> None:
    """Any other falls back."""
    assert tongue(locale) == language
    assert tongue("de-DE", "ja") == "ja"


def test_the_catalogue_names_its_context() -> None:
    """The house's sentences are apart from Slack's own."""
    assert {m.context for m in catalogue("ja") if m.id} == {None, HOUSE}
