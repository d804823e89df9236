"""How much an event may hold, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DEPTH_AT_MOST = 8
VALUES_AT_MOST = 1000


class BadEvent(ValueError):
    """An event that cannot be taken; `field` is named as telephony names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field} {message}")
        self.field = field
        self.message = message


def check_size(event: Mapping[str, Any]) -> None:
    """Refuse what is too deep or too much, before anything walks it. Raises `BadEvent`."""
    level: list[Any] = [event]
    seen = 0
    for _ in range(DEPTH_AT_MOST):
        level = [child for value in level for child in _children(value)]
        seen += len(level)
        if seen > VALUES_AT_MOST:
            raise BadEvent("event", f"has more than {VALUES_AT_MOST} values")
        if not level:
            return
    raise BadEvent("event", f"is nested deeper than {DEPTH_AT_MOST} levels")


def _children(value: Any) -> Sequence[Any]:
    if isinstance(value, str | int | float | None):  # the most, and soon known
        return ()
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list | tuple) else ()
