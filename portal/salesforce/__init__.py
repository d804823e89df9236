"""The settings page: one module per block, composed here.

A block module adds its routes to `bp` (under /salesforce/<block>) and has a function
`block(account) -> dict` with the variables of its template `salesforce/_<block>.html`.
`blocks.py` lists them.
"""

from __future__ import annotations

from flask import render_template

from core.policy import Policy
from portal.people import account_required, current_account
from portal.salesforce import connection
from portal.salesforce.blocks import BLOCKS, render
from portal.salesforce.blueprint import bp
from portal.services import store

__all__ = ["bp"]


@bp.get("")
@account_required
def page() -> str:
    """The connection first; the other blocks only once it is connected and switched on."""
    account = current_account()
    policy: Policy = store().policies.get(account.id)
    shown = BLOCKS if connection.is_on(account.id, policy) else ()
    return render_template(
        "salesforce/page.html",
        connection=render(connection.BLOCK, account),
        blocks=[render(block, account) for block in shown],
    )
