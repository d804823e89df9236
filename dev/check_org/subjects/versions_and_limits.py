"""API version, identity, the count of API calls, and what one composite may carry."""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.objects import ORGANIZATION
from core.salesforce.client import API_VERSION
from core.salesforce.identity import identity
from core.salesforce.ids import to_18
from core.salesforce.oauth import Tokens
from core.salesforce.shape import OBJECTS
from dev.check_org.assertions import Found, asserts
from dev.check_org.org import Org

_RETIRED = "30.0"


@asserts("The org speaks our API version", expected=f"{API_VERSION} among them")
def versions(org: Org) -> Found:
    """Source: REST guide, "Versions"."""
    listed = [str(one["version"]) for one in org.client.request("GET", "/services/data")]
    return Found(API_VERSION in listed, f"{listed[0]} to {listed[-1]}")


@asserts(
    "A retired API version is gone, one to come is not there",
    expected="410 for v30.0, 404 for the one after the newest",
)
def versions_not_there(org: Org) -> Found:
    """Source: Salesforce Help, 000354473. What the bodies hold is told nowhere."""
    listed = [str(one["version"]) for one in org.client.request("GET", "/services/data")]
    coming = f"{float(listed[-1]) + 1:.1f}"
    answers = {one: org.answer("GET", f"/services/data/v{one}/") for one in (_RETIRED, coming)}
    text = "; ".join(f"v{one}: {it.status} {it.text[:120]}" for one, it in answers.items())
    return Found([it.status for it in answers.values()] == [410, 404], text)


@asserts("The identity URL names org and user", expected="the org that the query names")
def identity_of_the_org(org: Org) -> Found:
    """Source: Salesforce Help, "Identity URLs"."""
    access = org.login.current()
    who = identity(Tokens(access.token, None, access.instance_url, org.identity_url), org.http)
    queried = str(org.query(f"SELECT Id FROM {ORGANIZATION}")[0]["Id"])  # noqa: S608  a name
    same = who.org_id == to_18(queried) and who.user_id == to_18(org.user_id)
    return Found(same, f"org {who.org_id}, user {who.user_id}")


@asserts("Every answer tells the API calls used", expected="Sforce-Limit-Info: api-usage=…/…")
def limit_header(org: Org) -> Found:
    """Source: REST guide, "Limit Info Header"."""
    answer = org.send("GET", "/")
    org.client.request("GET", "/")
    header = answer.headers.get("Sforce-Limit-Info", "none")
    return Found(org.client.limit is not None and "api-usage" in header, header)


@asserts(
    "One composite reads what an org looks like",
    expected=f"{len(OBJECTS)} describes and 3 queries in 1 API call",
)
def shape_in_one_call(org: Org) -> Found:
    """The limits of a composite with describes of hundreds of fields are told nowhere."""
    before = org.calls
    described = org.described
    calls = org.calls - before
    size = len(json.dumps(described, ensure_ascii=False, default=str).encode())
    describes = sum(name in org.shape.fields for name in OBJECTS)
    queries = sum(isinstance(described[name], Mapping) for name in ("stages", "statuses", "users"))
    text = f"{describes} describes and {queries} queries in {calls} API call, {size:,} bytes"
    return Found((describes, queries, calls) == (len(OBJECTS), 3, 1), text)
