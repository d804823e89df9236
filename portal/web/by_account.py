"""What a browser's session keeps for one account apart from the others: tabs may show several."""

from __future__ import annotations

from typing import Any

from flask import session

MOST = 5
"""Accounts that each thing is kept for, the newest: cookies are small."""


def keep(what: str, account: str, value: Any) -> None:
    """In place of what was kept for this account before; `account` as it stands in addresses."""
    # Pairs, not an object: the session sorts the names in those.
    others = [one for one in session.get(what, []) if one[0] != account]
    session[what] = [*others, [account, value]][-MOST:]


def kept(what: str) -> dict[str, Any]:
    """By account."""
    return dict(session.get(what, []))


def take(what: str, account: str) -> Any:
    """What was kept for the account, once; None when nothing is."""
    found = kept(what).get(account)
    if found is not None:
        session[what] = [one for one in session[what] if one[0] != account]
    return found
