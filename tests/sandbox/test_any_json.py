"""Whatever JSON comes in, the answer is an answer: no request breaks the stand-in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

words = st.sampled_from(
    ["LastName", "Company", "Phone", "attributes", "type", "Lead", "records", "Owner", "Account",
     "graphs", "graphId", "compositeRequest", "method", "url", "referenceId", "body", "POST",
     "/services/data/v66.0/sobjects/Lead", "/services/data/v66.0/query/?q=SELECT", "@{a.id}",
     "allOrNone", "batchRequests", "httpHeaders", "ids", "fields", "sobjects", "q", "a", "Id",
     "WhoId", "OwnerId", "v66.0/sobjects/Lead", "OpportunityContactRoles", "Contacts"]
)  # fmt: skip
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words | st.text()
trees = st.recursive(
    leaves,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(words | st.text(max_size=5), inside, max_size=4)
    ),
    max_leaves=12,
)
PATHS = [
    ("POST", "/sobjects/Lead"),
    ("POST", "/sobjects/Task"),
    ("PATCH", "/sobjects/Lead/UniTalk_Key__c/k"),
    ("POST", "/composite"),
    ("POST", "/composite/graph"),
    ("POST", "/composite/batch"),
    ("POST", "/composite/tree/Account"),
    ("POST", "/composite/sobjects"),
    ("PATCH", "/composite/sobjects/Task/UniTalk_Call_Id__c"),
    ("POST", "/composite/sobjects/Lead"),
    ("POST", "/parameterizedSearch"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_any_json_is_answered(client, method, path):
    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(trees)
    def check(body):
        assert client.call(method, path, body).status_code < 500

    check()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["attributes", "Ext__c", "Id", "x"]), trees, max_size=3))
def test_any_lookup_is_answered(client, lookup):
    body = {"LastName": "x", "Account": lookup, "Owner": lookup}
    assert client.call("POST", "/sobjects/Contact", body).status_code < 500


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees)
def test_any_subrequest_is_answered(client, tree):
    url = f"{client.base}/sobjects/Lead"
    entry = {"method": "POST", "url": url, "referenceId": "a", "body": tree}
    graph = {"graphs": [{"graphId": "g", "compositeRequest": [entry]}]}
    assert client.call("POST", "/composite/graph", graph).status_code < 500
    headers = {**entry, "httpHeaders": tree}
    assert client.call("POST", "/composite", {"compositeRequest": [headers]}).status_code < 500
