"""Users, stages and fields of the customer's org: when they were read, and reading them again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from werkzeug import Response

from core.models import Account
from core.org import open_org
from core.salesforce.errors import SalesforceError
from core.salesforce.http import WORKER
from core.store.database import utc_now
from portal.people import account_required, current_account
from portal.salesforce.block import Block
from portal.salesforce.blueprint import bp
from portal.salesforce.saving import Answer, answer_with, common
from portal.services import services, store
from portal.waiting import TookTooLong, within

FRESH = timedelta(minutes=10)
"""The page reads the org again by itself once what it knows is older."""
PATIENCE = 2.0
"""Seconds that a page waits for Salesforce."""


def block(account: Account) -> dict[str, Any]:
    """Variables of `_org.html`."""
    shared = common("org", ())
    seen_at = shared["org"].seen_at
    return {
        **shared,
        "usable": store().connections.get(account.id).usable,
        "stale": seen_at is None or utc_now() - seen_at > FRESH,
    }


BLOCK = Block("org", block)


@bp.post("/org")
@account_required
def read_org() -> Response:
    """Ask Salesforce again; the page goes on with what it knew if no answer comes in time."""
    account_id = current_account().id
    now = services()
    if not now.store.connections.get(account_id).usable:
        return answer_with(BLOCK, Answer(errors={"org": _("Salesforce is not connected.")}))
    # Beyond a page's patience the reading goes on in the background, and the next look finds it.
    org = open_org(account_id, now.store, now.config, now.http, WORKER)
    before = now.store.shapes.get(account_id)
    try:
        within(PATIENCE, lambda: org.shape(timedelta(0)))
    except TookTooLong:
        why = _("Salesforce is slow to answer. What was last known is shown; look again soon.")
        return answer_with(BLOCK, Answer(errors={"org": why}))
    except SalesforceError:
        why = _("Salesforce did not answer. What was last known is shown.")
        return answer_with(BLOCK, Answer(errors={"org": why}))
    g.pop("org_view", None)
    after = now.store.shapes.get(account_id)
    return answer_with(BLOCK, Answer(saved="org" if _differ(before, after) else ""))


def _differ(before: Any, after: Any) -> bool:
    """Whether the other blocks have something new to offer."""
    left, right = (dict(one[1]) if one else {} for one in (before, after))
    left.pop("fetched_at", None), right.pop("fetched_at", None)
    return left != right
