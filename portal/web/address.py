"""The account stands in the address: every customer page is under `/a/<its public name>/`.

Views take no argument for it: it is taken out of what was matched, and put into addresses that are
made during the request. Whether the account is open to the person, `who.place` says.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g

PREFIX = "/a/<account>"
"""Where a blueprint of customer pages begins."""
_NAME = "account"


def attach(app: Flask) -> None:
    app.url_value_preprocessor(_take)
    app.url_defaults(_put)


def account_name() -> str:
    """What stands for an account in the address of this request; empty outside of accounts."""
    name: str = g.get("account_name", "")
    return name


def go_on_in(name: str) -> None:
    """From here on the request is of that account: its own address names none."""
    g.account_name = name


def _take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and _NAME in values:
        g.account_name = values.pop(_NAME)


def _put(endpoint: str, values: dict[str, Any]) -> None:
    name = account_name()
    if name and current_app.url_map.is_endpoint_expecting(endpoint, _NAME):
        values.setdefault(_NAME, name)
