"""Where everything is required, a skipped test is a failed one."""

import os
from typing import Any


def not_skipped(report: Any, name: str) -> Any:
    """pytest's report, turned into a failure if it says "skipped" while REQUIRE_ALL=1; an expected failure stays what it is."""
    if os.environ.get("REQUIRE_ALL") == "1" and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, and {name} was skipped: {report.longrepr}"
    return report
