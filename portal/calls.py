"""The journal."""

from __future__ import annotations

from flask import Blueprint

from portal.people import account_required

bp = Blueprint("calls", __name__, url_prefix="/calls")


@bp.get("")
@account_required
def journal() -> str:
    return ""
