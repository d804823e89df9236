"""The settings page: one module per block, composed here.

A block module adds its routes to `bp` (under /salesforce/<block>) and has a function
`block(account) -> dict` with the variables of its template `salesforce/_<block>.html`.
`blocks.py` lists them.
"""

from __future__ import annotations

from flask import render_template

from portal.people import account_required, current_account
from portal.salesforce import (
    card_news,
    ceiling,
    connecting,
    connection,
    history,
    lines_csv,
    offers,
    org_reading,
)
from portal.salesforce.blueprint import bp
from portal.salesforce.settings import settings

__all__ = [
    "bp",
    "card_news",
    "ceiling",
    "connecting",
    "connection",
    "history",
    "lines_csv",
    "offers",
    "org_reading",
]


@bp.get("")
@account_required
def page() -> str:
    """The connection first; the other blocks only once it is connected and switched on."""
    return render_template("salesforce/page.html", **settings(current_account()))
