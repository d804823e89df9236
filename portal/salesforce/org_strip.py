"""When the lists of users, stages and fields were read, and the button to read them again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g

from core.models import Account
from core.store.database import utc_now
from portal.salesforce.block import Block
from portal.salesforce.org_view import OrgView
from portal.salesforce.saving import common
from portal.web.connection import current_connection

FRESH = timedelta(minutes=10)
"""The page reads the org again by itself once what it knows is older."""


def block(_account: Account) -> dict[str, Any]:
    """Variables of `_org.html`."""
    shared = common(BLOCK)
    seen_at = shared["org"].seen_at
    return {
        **shared,
        "usable": current_connection().usable,
        "stale": seen_at is None or utc_now() - seen_at > FRESH,
        "since": moment(shared["org"]),
        "looks": g.get("org_looks", 0),
    }


def moment(org: OrgView) -> str:
    """When the org was seen, for an address; empty = never."""
    return org.seen_at.isoformat() if org.seen_at else ""


BLOCK = Block("org", block)
