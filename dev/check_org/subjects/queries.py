"""What a query may hold, where the stand-in had to guess."""

from __future__ import annotations

from core.objects import CONTACT, OPPORTUNITY
from core.salesforce.errors import RecordRefused
from dev.check_org.assertions import Found, asserts
from dev.check_org.org import Org
from dev.check_org.writing import row, write

_SEMI_JOIN = f"AccountId IN (SELECT AccountId FROM {OPPORTUNITY} WHERE Name = 'none')"  # noqa: S608


@asserts("Two semi-joins are the most", expected="2 answered, 3 refused")
def semi_joins(org: Org) -> Found:
    """Source: SOQL reference, "Comparison Operators": two IN sub-queries a query. The product uses
    one."""
    org.query(_semi_joins(2))
    try:
        org.query(_semi_joins(3))
    except RecordRefused as refused:
        return Found(True, f"2 answered, 3: {refused.code}")
    return Found(False, "3 answered")


@asserts("An upsert that fits two records fails its graph", expected="300 in the node, not written")
def upsert_of_several(org: Org) -> Found:
    """By the e-mail of two contacts, which is an idLookup. The product does not upsert; the
    stand-in guesses."""
    email = f"several-{org.run}@example.com"
    for _ in range(2):
        write(org, row(org, "upsert_of_several", CONTACT, Email=email)).id("contact")
    node = {
        "method": "PATCH",
        "url": f"{org.client.base}/sobjects/{CONTACT}/Email/{email}",
        "referenceId": "contact",
        "body": {"FirstName": "Several"},
    }
    graph = {"graphId": "graph", "compositeRequest": [node]}
    answer = org.client.request("POST", "/composite/graph", {"graphs": [graph]})["graphs"][0]
    status = answer["graphResponse"]["compositeResponse"][0]["httpStatusCode"]
    written = "written" if answer["isSuccessful"] else "not written"
    return Found((status, written) == (300, "not written"), f"{status} in the node, {written}")


def _semi_joins(number: int) -> str:
    joins = " AND ".join([_SEMI_JOIN] * number)
    return f"SELECT Id FROM {CONTACT} WHERE {joins} LIMIT 1"  # noqa: S608  names only
