"""What every test may ask for: databases, mail servers and a Slack, all real, all on this machine; and the rule that CI skips nothing."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Page, sync_playwright

from bot.demo.fetch import CannotFetch, fetch
from bot.demo.localslack import MANAGER, STAFF, STRANGER, LocalSlack
from bot.demo.smtpsink import SmtpSink
from tests.servers.certificate import write_certificate
from tests.servers.database import Postgres, Sqlite
from tests.servers.imap import Account, Dovecot, ImapServer, Pymap
from tests.servers.require_all import not_skipped
from tests.servers.slack_proxy import SlackProxy

ROOT = Path(__file__).parents[1]

# -- how long properties are tried ------------------------------------------------

settings.register_profile("test", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", deadline=None, max_examples=20_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

# -- nothing may be skipped where REQUIRE_ALL=1 ---------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A skipped test is a failed one where everything is required."""
    report = yield
    return not_skipped(report, item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    """A skipped module too."""
    report = yield
    return not_skipped(report, collector.nodeid)


# -- databases ----------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Sqlite]:
    """Where SQLite files come from."""
    server = Sqlite()
    yield server
    server.end()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of our own."""
    server = Postgres()
    yield server
    server.end()


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Sqlite | Postgres:
    """Each kind of database in turn."""
    server: Sqlite | Postgres = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def store_url(databases: Sqlite | Postgres) -> Iterator[str]:
    """The SQLAlchemy address of a fresh database with its tables: the test runs once on SQLite and once on PostgreSQL."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_url(databases: Sqlite | Postgres) -> Iterator[str]:
    """The same without any table, for migrations."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture
def sqlite_url(sqlite: Sqlite) -> Iterator[str]:
    """SQLite alone, with its tables."""
    url = sqlite.fresh()
    yield url
    sqlite.drop(url)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """PostgreSQL alone, with its tables."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


# -- mail ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def pymap() -> Iterator[Pymap]:
    """The IMAP server that is always there."""
    server = Pymap()
    yield server
    server.end()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """The IMAP server of the real world, where it is installed."""
    if not Dovecot.installed():
        pytest.skip("Dovecot 2.3 is not installed (Debian: dovecot-imapd)")
    server = Dovecot()
    yield server
    server.end()


@pytest.fixture(params=["pymap", pytest.param("dovecot", marks=pytest.mark.dovecot)])
def imap(request: pytest.FixtureRequest) -> Account:
    """A fresh account: the test runs once on pymap and once on Dovecot."""
    server: ImapServer = request.getfixturevalue(request.param)
    return server.account()


@pytest.fixture
def dovecot_account(dovecot: Dovecot) -> Account:
    """A fresh account on Dovecot alone."""
    return dovecot.account()


@pytest.fixture
def pymap_account(pymap: Pymap) -> Account:
    """A fresh account on pymap alone."""
    return pymap.account()


@pytest.fixture(params=["pymap", pytest.param("dovecot", marks=pytest.mark.dovecot)])
def own_imap(request: pytest.FixtureRequest) -> Iterator[ImapServer]:
    """A server that the test may stop and start."""
    if request.param == "dovecot" and not Dovecot.installed():
        pytest.skip("Dovecot 2.3 is not installed (Debian: dovecot-imapd)")
    server: ImapServer = Dovecot() if request.param == "dovecot" else Pymap(pool=5)
    yield server
    server.end()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate for `localhost` and 127.0.0.1 that nobody trusts by itself, and its key: paths of two PEM files."""
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def smtp_sink(tmp_path: Path) -> Iterator[SmtpSink]:
    """An SMTP server on loopback that keeps what it gets, or answers as the test asks."""
    sink = SmtpSink(tmp_path / "letters").start()
    yield sink
    sink.end()


@pytest.fixture
def make_sink(tmp_path: Path) -> Iterator[Callable[..., SmtpSink]]:
    """SMTP servers with a login, TLS or mailboxes: `make_sink(users={"desk": "secret"})`."""
    made: list[SmtpSink] = []

    def make(**how: Any) -> SmtpSink:
        made.append(SmtpSink(tmp_path / f"letters{len(made)}", **how).start())
        return made[-1]

    yield make
    for sink in made:
        sink.end()


# -- Slack ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def slack_binary() -> Path:
    """local-slack, fetched into `.tools` if it isn't there."""
    try:
        return fetch(ROOT / ".tools")
    except CannotFetch as error:
        pytest.skip(f"no local-slack on {platform.platform()}: {error}")


@pytest.fixture(scope="session")
def slack_process(slack_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackProxy]:
    """One local-slack and the proxy before it, for the whole run."""
    slack = LocalSlack(slack_binary, tmp_path_factory.mktemp("slack"), people=(*STAFF, MANAGER, STRANGER)).wait()
    proxy = SlackProxy(slack).start()
    yield proxy
    proxy.end()
    slack.end()


@pytest.fixture
def local_slack(slack_process: SlackProxy) -> Iterator[SlackProxy]:
    """An empty Slack. Point clients at `.api`; `.slack` is local-slack itself. A call that breaks a limit of Slack's fails the test."""
    slack_process.slack.reset()
    slack_process.reset()
    yield slack_process
    found = slack_process.desk.faults
    slack_process.close_sockets()
    slack_process.reset()
    assert not found, f"Slack would have refused: {found}"


# -- a browser --------------------------------------------------------------------


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of the machine's own Chromium, wide enough for a thread beside its channel. Go to `local_slack.slack.web`.

    One browser a test: while Playwright runs, its event loop occupies the thread, and no other test could start one of its own.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(viewport={"width": 1500, "height": 1000}, locale="en-US", timezone_id="Asia/Tokyo")
        yield context.new_page()
        browser.close()
