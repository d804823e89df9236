"""What a query may hold, where the stand-in had to guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

from core.objects import CONTACT, LEAD, OPPORTUNITY
from core.salesforce.composite import query_path
from core.salesforce.errors import RecordRefused
from core.salesforce.translate import rest_error
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


@asserts("`columns=true` tells the types of numbers", expected="Double and Integer")
def types_of_columns(org: Org) -> Found:
    """Salesforce's CLI asks so. The types of numbers are a guess of the stand-in."""
    query = f"SELECT Probability, FiscalYear FROM {OPPORTUNITY}"  # noqa: S608  names
    answer = org.client.request("GET", f"{query_path(query)}&columns=true")
    types = {str(one["columnName"]): str(one["apexType"]) for one in answer["columnMetadata"]}
    text = ", ".join(f"{name}: {kind}" for name, kind in types.items())
    return Found(types == {"Probability": "Double", "FiscalYear": "Integer"}, text)


@asserts("A wrong span of changes is refused", expected="400 INVALID_REPLICATION_DATE, each")
def wrong_spans(org: Org) -> Found:
    """An empty one and one too long ago. Source: REST guide, "sObject Get Updated", "Get Deleted";
    code and words are told nowhere."""
    now = datetime.now(UTC).replace(microsecond=0)
    codes, words = set(), set()
    for start in (now, now - timedelta(days=40)):
        span = f"start={_stamp(start)}&end={_stamp(now)}"
        for resource in ("updated", "deleted"):
            answer = org.send("GET", f"/sobjects/{LEAD}/{resource}/?{span}")
            error = rest_error(answer.status, answer.body)
            codes.add((answer.status, error.code))
            words.add(str(error))
    return Found(codes == {(400, "INVALID_REPLICATION_DATE")}, " / ".join(sorted(words)))


def _stamp(moment: datetime) -> str:
    return quote_plus(moment.isoformat())


def _semi_joins(number: int) -> str:
    joins = " AND ".join([_SEMI_JOIN] * number)
    return f"SELECT Id FROM {CONTACT} WHERE {joins} LIMIT 1"  # noqa: S608  names only
