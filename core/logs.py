"""Readable, structured logs with no phone number or token in clear."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Runs of digits as long as a phone number keep their last two; longer ids have letters in them.
_NUMBER = re.compile(r"\+?\d{7,15}(?!\d)")
_SECRET = re.compile(r"(00D\w{12,15}![\w.]+|5Aep\w+|ut_[\w-]{20,}|Bearer \S+)")
_KEYS = frozenset({"call", "account", "timestamp"})
"""Fields that hold telephony's own names of things: long runs of digits are no numbers there."""


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Hide tokens, keys and all but the last two digits of phone numbers."""
    return {name: value if name in _KEYS else masked(value) for name, value in event.items()}


def masked(value: Any) -> Any:
    """Text without secrets and numbers; anything else as it is."""
    if not isinstance(value, str):
        return value
    value = _SECRET.sub("[secret]", value)
    return _NUMBER.sub(lambda found: "…" + found[0][-2:], value)


class _Masked(logging.Formatter):
    """Other people's log lines, tracebacks among them."""

    def format(self, record: logging.LogRecord) -> str:
        return str(masked(super().format(record)))


def configure_logs() -> None:
    """One line per event: time, level, words, then the fields."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False, key="timestamp"),
            structlog.processors.format_exc_info,
            mask,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_Masked("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
