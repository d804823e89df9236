"""What a request reads at most once: kept beside it, by a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import g

T = TypeVar("T")


def once(name: str, read: Callable[[], T]) -> T:
    if name not in g:
        setattr(g, name, read())
    kept: T = g.get(name)
    return kept


def forget(*names: str) -> None:
    """After a change: whoever asks next reads anew."""
    for name in names:
        g.pop(name, None)
