"""Readable, structured logs with no phone number or token in clear."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_SECRETS = re.compile(
    r"00D\w{12,15}![\w.\-]+"  # an access token of Salesforce
    r"|5Aep[\w.\-]+"  # a refresh token
    r"|\baPrx[\w.\-%=]+"  # an authorization code
    r"|\beyJ[\w\-]+\.[\w\-]+\.[\w\-]+"  # a token that is a JWT
    r"|ut_[\w\-]{20,}"  # an intake key
    r"|Bearer \S+"
)
_TELLING = (
    r"(?:access_|refresh_)?token|(?:client_)?secret|code_verifier|assertion|password|authorization"
)
_NAMED = re.compile(rf"(?i)\b(code=|(?:{_TELLING})['\"]?\s*[=:]\s*['\"]?)[^\s&'\",;}})]+")
"""A secret by its name, in a query, a form, JSON or a `repr`."""
_NO_NUMBER = re.compile(
    r"(?<![\d.])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+\-]\d\d:?\d\d)?)?(?!\d)"  # a moment
    r"|(?<![\d:])\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?![\d:])"  # a time
    r"|(?<![\d.])(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}(?![\d.])"  # a network address
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"  # a job
)
"""Digits that only look like a number's."""
_NUMBER = re.compile(
    r"(?<![\w.])\+?\(?\d(?:(?:[ \u00a0().\-/\u2010-\u2015]|\\xa0){0,3}\d){6,17}(?!\w)"
)
"""Seven digits or more, however they are grouped. Longer ids have letters in them."""
_RUN = re.compile(r"\+?\d{7,15}(?!\d)")
"""Digits alone, also where letters stand before or behind them."""
_KEYS = frozenset({"call", "account", "timestamp"})
"""Fields that hold telephony's own names of things: long runs of digits are no numbers there."""


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Hide tokens, keys and all but the last two digits of phone numbers."""
    return {name: _of_name(name, value) for name, value in event.items()}


def masked(value: Any) -> Any:
    """Without secrets and numbers, in whatever they stand; what can hold none is as it was."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, Mapping):
        return {name: _of_name(str(name), one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(one) for one in value]
    text = value if isinstance(value, str) else str(value)
    hidden = _without(text)
    return value if hidden == text else hidden


def _of_name(name: str, value: Any) -> Any:
    """What its name gives away is not shown at all."""
    if name in _KEYS:
        return value
    if isinstance(value, str) and re.fullmatch(_TELLING, name, re.IGNORECASE):
        return "[secret]" if value else value
    return masked(value)


def _without(text: str) -> str:
    text = _NAMED.sub(r"\1[secret]", _SECRETS.sub("[secret]", text))
    parts, end = [], 0
    for found in _NO_NUMBER.finditer(text):
        parts += [_numberless(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, _numberless(text[end:])])


def _numberless(text: str) -> str:
    text = _NUMBER.sub(_last_two, text)
    return _RUN.sub(_last_two, text)


def _last_two(found: re.Match[str]) -> str:
    return "…" + "".join(filter(str.isdigit, found[0]))[-2:]


class _Masked(logging.Formatter):
    """Other people's log lines, tracebacks among them."""

    def format(self, record: logging.LogRecord) -> str:
        return _without(super().format(record))


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
