"""Buttons that ask Salesforce: each press spends API calls of the account and takes a thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response
from werkzeug import Response

from portal.web.extensions import limiter
from portal.web.who import current_account

OFTEN = "6 per minute"
"""Of one account."""


def not_too_often(name: str, refused: Callable[[], Response]) -> Callable[[Any], Any]:
    """For a view: `refused` answers whoever presses the button of this name more often."""
    return limiter.limit(
        OFTEN,
        key_func=lambda: f"{name}:{current_account().id}",
        on_breach=lambda _limit: make_response(refused()),
    )
