"""A running desk on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.smtpsink import SmtpSink
from tests.journeys.running import RunningDesk
from tests.servers.imap import Account
from tests.servers.slack_proxy import SlackProxy


@pytest.fixture
def desk(store_url: str, tmp_path: Path, pymap_account: Account, smtp_sink: SmtpSink, local_slack: SlackProxy) -> Iterator[RunningDesk]:
    """The bot, running: on SQLite as one process, on PostgreSQL as worker, web and clock."""
    made = RunningDesk(tmp_path / "desk", store_url, pymap_account, smtp_sink, local_slack)
    yield made.start()
    made.close()


@pytest.fixture
def resting(sqlite_url: str, tmp_path: Path, pymap_account: Account, smtp_sink: SmtpSink, local_slack: SlackProxy) -> Iterator[RunningDesk]:
    """The bot on SQLite, not started yet."""
    made = RunningDesk(tmp_path / "desk", sqlite_url, pymap_account, smtp_sink, local_slack)
    yield made
    made.close()
