"""Deletes every row with our mark, also those of a run that was killed; names what remains."""

from __future__ import annotations

from core.objects import ACCOUNT, CONTACT, LEAD, OPPORTUNITY, TASK
from core.salesforce.errors import SalesforceError
from core.salesforce.soql import like, select
from dev.check_org.org import MARK, Org
from dev.check_org.writing import NAME_OF

_ATTEMPTS = 3
"""A row may be locked for seconds by what the org does after a write."""
_MOST = 200
"""Ids in one request. Source: REST guide, "sObject Collections"."""
_ORDER = (TASK, OPPORTUNITY, CONTACT, LEAD, ACCOUNT)
"""Children first. Accounts are made by the conversion of our lead, from its company."""


def delete_marked(org: Org) -> list[str]:
    """What is still there afterwards, as `Lead 00Q…`, or a sentence that says why that is unknown.

    Deleted rows are in the org's recycle bin for 15 days.
    """
    try:
        left = _marked(org)
        for _ in range(_ATTEMPTS):
            if not left:
                break
            for start in range(0, len(left), _MOST):
                ids = ",".join(record_id for _, record_id in left[start : start + _MOST])
                path = f"/composite/sobjects?ids={ids}&allOrNone=false"
                org.client.request("DELETE", path)
            left = _marked(org)
    except SalesforceError as error:
        return [f"maybe every row that is called “{MARK} …”: {error}"]
    return [f"{object_name} {record_id}" for object_name, record_id in left]


def _marked(org: Org) -> list[tuple[str, str]]:
    return [
        (name, str(row["Id"]))
        for name in _ORDER
        for row in org.query(select(("Id",), name, like(NAME_OF.get(name, "Name"), f"{MARK} %")))
    ]
