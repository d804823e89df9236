"""Deletes every row with our mark, also those of a run that was killed; names what remains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.objects import ACCOUNT, CONTACT, LEAD, OPPORTUNITY, TASK
from core.salesforce.errors import SalesforceError
from core.salesforce.soql import like, select
from dev.check_org.org import MARK, Org
from dev.check_org.writing import NAME_OF

_ATTEMPTS = 3
"""A row may be locked for seconds by what the org does after a write."""
_PAUSE = 3.0
"""Seconds between two attempts."""
_MOST = 200
"""Ids in one request. Source: REST guide, "sObject Collections"."""
_ORDER = (TASK, OPPORTUNITY, CONTACT, LEAD, ACCOUNT)
"""Children first. Accounts are made by the conversion of our lead, from its company."""


def delete_marked(org: Org) -> list[str]:
    """What is still there afterwards, each with Salesforce's words, or why that is unknown.

    Deleted rows are in the org's recycle bin for 15 days.
    """
    try:
        left = dict.fromkeys([*_marked(org), *org.written], "")
        for attempt in range(_ATTEMPTS):
            if attempt and left:
                org.sleep(_PAUSE)
            left = dict(_refused(org, list(left)))
    except SalesforceError as error:
        return [f"maybe every row that is called “{MARK} …”: {error}"]
    return [f"{record_id}: {why}" for record_id, why in left.items()]


def _refused(org: Org, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(ids), _MOST):
        some = ids[start : start + _MOST]
        path = f"/composite/sobjects?ids={','.join(some)}&allOrNone=false"
        for record_id, answer in zip(some, org.client.request("DELETE", path), strict=True):
            errors = answer.get("errors") or ()
            codes = [str(error["statusCode"]) for error in errors]
            if not answer["success"] and codes != ["ENTITY_IS_DELETED"]:
                yield record_id, ", ".join(codes)


def _marked(org: Org) -> list[str]:
    conditions = {name: like(NAME_OF.get(name, "Name"), f"{MARK} %") for name in _ORDER}
    return [
        str(row["Id"])
        for name, where in conditions.items()
        for row in org.query(select(("Id",), name, where))
    ]
