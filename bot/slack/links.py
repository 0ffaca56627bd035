"""Links to threads, and threads told from links."""

import re

_LINK = re.compile(r"/archives/([A-Z0-9]+)/p(\d{10})(\d{6})")


def thread_link(site: str, channel: str | None, thread: str | None, label: str) -> str:
    """A link to a thread, or the bare label where the thread isn't known."""
    if not (site and channel and thread):
        return label
    return f"<{site.rstrip('/')}/archives/{channel}/p{thread.replace('.', '')}|{label}>"


def thread_of(link: str) -> tuple[str, str] | None:
    """Channel and ts of a link to a thread, as Slack copies it; None where it is none."""
    found = _LINK.search(link)
    return (found[1], f"{found[2]}.{found[3]}") if found else None
