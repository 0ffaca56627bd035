"""What journeys of the staff's desk share: a desk with the systems of a company, mails of people, and the page of Slack."""

from email.message import Message
from typing import Any

from playwright.sync_api import Page

from bot.demo.localslack import MANAGER, STAFF, STRANGER
from tests.journeys.running import RunningDesk
from tests.journeys.slack_page import SlackPage
from tests.servers.until import until

AIKO, BEN = (p.real_name for p in STAFF)
MARA, OTTO = MANAGER.real_name, STRANGER.real_name
PRIME = "secretary@primenumber.co.jp"

SYSTEMS = f"""
[[controllers]]
id = "primenumber"
name = "primeNumber Inc."
email = "{PRIME}"
country = "JP"
address = "JR Tokyu Meguro Building 5F, 3-1-1 Kamiosaki, Shinagawa-ku, Tokyo"
department = "Corporate division"
default_language = "ja"
disclosure_fee_yen = 1000

[[holdings]]
id = "service"
controllers = ["nproc"]
name = "The service itself"
names = {{ ja = "サービス本体" }}
holds = {{ en = "account: user name, mail address", ja = "アカウント: ユーザー名、メールアドレス" }}
owner = "{STAFF[0].id}"

[[holdings]]
id = "salesforce"
controllers = ["primenumber"]
name = "Salesforce"
holds = {{ en = "inquiries: name, company, telephone", ja = "問い合わせ: 氏名、会社名、電話番号" }}
owner = "{STAFF[1].id}"
"""


def opened(desk: RunningDesk, page: Page, *, rules: str = "", who: str = BEN) -> SlackPage:
    """The desk, running with the systems of both companies, and somebody at its page. `rules` are further lines of [desk]."""
    text = desk.settings.read_text(encoding="utf-8")
    text = text.replace('controllers = ["nproc"]', 'controllers = ["nproc", "primenumber"]', 1)
    text = text.replace("[desk]\n", f"[desk]\n{rules}\n", 1)
    desk.settings.write_text(text + SYSTEMS, encoding="utf-8")
    desk.start()
    slack = SlackPage(page, desk.slack.slack.web)
    slack.act_as(who)
    return slack


def mailed(desk: RunningDesk, number: int) -> Message:
    """The letter of that number, counted from 1, once it has left."""
    until(lambda: len(desk.letters()) >= number, 30)
    return desk.letters()[number - 1].message


def text_of(message: Message) -> str:
    """What a person reads of a letter."""
    part: Any = next(p for p in message.walk() if p.get_content_type() == "text/plain")
    return str(part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8"))


def kinds(desk: RunningDesk) -> list[str]:
    """What the history of the one case records, in order."""
    return desk.store.run(lambda tx: [str(e.kind) for e in tx.events.of(1)])
