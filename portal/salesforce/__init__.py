"""The settings page: one module per block, composed here.

A block module declares its settings (`setting.py`), adds its routes by `BLOCK.post` and `BLOCK.get`
and has a function `block(account) -> dict` with the variables of its template
`salesforce/_<block>.html`. `blocks.py` lists them.
"""

from __future__ import annotations

from flask import render_template

from portal.salesforce import (
    ceiling,
    connecting,
    connection,
    history,
    lines_csv,
    offers,
    org_reading,
)
from portal.salesforce.block import bp
from portal.salesforce.settings import settings
from portal.web.who import account_required, current_account

__all__ = [
    "bp",
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
