"""Logs as one JSON object a line on standard error; never a mail's words, an address or a secret."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
TOKEN = re.compile(r"\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{6,}")


def begin_logging(*, stream: Any = None) -> None:
    """Configure logging for a process that runs on its own: what libraries say goes the same way as what we say."""
    out = stream or sys.stderr
    said: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
        redacted,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    libraries = logging.StreamHandler(out)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *said])
    )
    logging.basicConfig(level=logging.WARNING, handlers=[libraries])
    structlog.configure(
        processors=said,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(out),
    )


def redacted(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cover what looks like a mail address or a token, wherever it stands (an exception's text may quote a mail)."""
    return {key: _covered(value) for key, value in event.items()}


def _covered(value: Any) -> Any:
    if isinstance(value, str):
        return TOKEN.sub("xox…", ADDRESS.sub("…@…", value))
    if isinstance(value, dict):
        return {k: _covered(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_covered(v) for v in value]
    return value
