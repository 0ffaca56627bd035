"""A running desk on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.smtpsink import SmtpSink
from tests.journeys.nursery import Nursery
from tests.journeys.running import RunningDesk, Servers
from tests.servers.imap import Account
from tests.servers.slack_proxy import SlackProxy


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where the bots of all journeys are born."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def servers(nursery: Nursery, pymap_account: Account, smtp_sink: SmtpSink, local_slack: SlackProxy) -> Servers:
    """A mailbox, an SMTP server and a Slack."""
    return Servers(pymap_account, smtp_sink, local_slack, nursery)


@pytest.fixture
def desk(store_url: str, tmp_path: Path, servers: Servers) -> Iterator[RunningDesk]:
    """The bot, running: on SQLite as one process, on PostgreSQL as worker, web and clock."""
    made = RunningDesk(tmp_path / "desk", store_url, servers)
    yield made.start()
    made.close()


@pytest.fixture
def resting(sqlite_url: str, tmp_path: Path, servers: Servers) -> Iterator[RunningDesk]:
    """The bot on SQLite, not started yet."""
    made = RunningDesk(tmp_path / "desk", sqlite_url, servers)
    yield made
    made.close()
