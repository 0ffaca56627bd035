"""CI cannot be green by skipping."""

from types import SimpleNamespace

import pytest

from tests.servers.require_all import not_skipped


def test_a_skipped_test_fails_where_everything_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says why it was skipped."""
    monkeypatch.setenv("REQUIRE_ALL", "1")
    report = not_skipped(SimpleNamespace(outcome="skipped", longrepr="no Dovecot"), "test_x")
    assert report.outcome == "failed"
    assert report.longrepr == "REQUIRE_ALL=1, and test_x was skipped: no Dovecot"


def test_it_may_be_skipped_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without Dovecot or Chromium."""
    monkeypatch.delenv("REQUIRE_ALL", raising=False)
    assert not_skipped(SimpleNamespace(outcome="skipped", longrepr="no Dovecot"), "test_x").outcome == "skipped"


def test_an_expected_failure_is_no_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest reports it with the same word."""
    monkeypatch.setenv("REQUIRE_ALL", "1")
    assert not_skipped(SimpleNamespace(outcome="skipped", longrepr="", wasxfail="known"), "test_x").outcome == "skipped"
