"""A disclosure under Japanese law, with its fee, in Japanese on both sides."""

from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.casework import AIKO, PRIME, mailed, opened, text_of
from tests.journeys.running import RunningDesk


def disclosure() -> bytes:
    """保有個人データの開示の請求。"""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "山田 花子 <hanako@example.jp>", PRIME, "保有個人データの開示請求"
    message["Message-ID"] = "<ja@example.jp>"
    words = "個人情報の保護に関する法律に基づき、貴社が保有する私の個人データの開示を請求します。"
    message.set_content(f"{words}\n東京都品川区に住んでおります。\n\n山田 花子\n")
    return message.as_bytes()


@pytest.mark.browser
def test_a_japanese_disclosure_costs_its_fee(resting: RunningDesk, page: Page) -> None:
    """The channel, the windows and the letters are Japanese; the fee is asked with tax, paid, and recorded."""
    desk = resting
    slack = opened(desk, page, rules='language = "ja"', who=AIKO)
    desk.account.append(disclosure())
    desk.wait(1)
    assert "お問い合わせ番号" in text_of(mailed(desk, 1)) or "PR-" in text_of(mailed(desk, 1))
    card = slack.card()
    expect(card).to_contain_text("開示")
    expect(card).to_contain_text("個人情報保護法")
    slack.press(card, "担当する")
    expect(card).to_contain_text("対応中")

    slack.press(card, "その他…")
    slack.window.locator("select").first.select_option(label="手数料を案内…")
    slack.submit("次へ")
    expect(slack.window).to_contain_text("手数料のご案内")
    expect(slack.window).to_contain_text("1,100")
    slack.write("本文", "下記の口座へお振り込みください。")
    slack.submit("プレビュー")
    expect(slack.window).to_contain_text("これが送信される全文です。")
    slack.submit("送信")
    slack.closed()
    letter = text_of(mailed(desk, 2))
    assert "1,100円" in letter
    assert "下記の口座へお振り込みください。" in letter
    expect(card).to_contain_text("手数料の入金待ち")

    slack.press(card, "入金を記録…")
    slack.write("金額", "1100")
    slack.submit("保存")
    slack.closed()
    expect(card).to_contain_text("手数料 1,100 円")
    expect(card).to_contain_text("対応中")
    (case,) = desk.cases()
    assert (case["law"], case["status"], case["owner"]) == ("JP-APPI", "in_work", AIKO)
