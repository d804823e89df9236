"""Where the org hides what a look-up needs, nothing is created and calls wait; and it heals."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import unquote_plus

import httpx
import pytest

from core.salesforce.http import make_http
from core.store.releases import SEEN_AGAIN
from tests.helpers.events import event

PHONES = [f"Lead.{name}" for name in ("Phone", "MobilePhone")]
CONTACT_PHONES = [
    f"Contact.{name}"
    for name in ("Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone")
]
NUMBER = "+380505557182"


def waits_for(world, code, *fields):
    row, connection = world.call(1), world.store.connections.get("acme")
    assert (row.state, row.reason_code) == ("waiting", code)
    assert row.reason_params == ({"fields": ", ".join(fields)} if fields else {})
    assert connection.state == "paused"
    assert (connection.reason_code, connection.reason_params) == (code, row.reason_params)
    assert not world.records("Lead") or world.one("Lead")["LastName"] == "Known"
    assert not world.records("Task")


@pytest.mark.parametrize(
    ("hidden", "policy", "missing"),
    [
        (PHONES, {}, PHONES),
        (["Task.WhoId"], {}, []),
        (CONTACT_PHONES, {"known_contact_first": True}, CONTACT_PHONES),
        (CONTACT_PHONES, {"mode": "contacts"}, CONTACT_PHONES),
        ([*PHONES, "Task.WhoId"], {}, PHONES),
        (["Lead.Phone"], {"phone_fields": ("Lead.Phone", "Contact.Phone")}, ["Lead.Phone"]),
    ],
)
def test_nothing_is_created_while_a_look_up_would_be_blind(world, hidden, policy, missing):
    known = world.plant("Lead", LastName="Known", Company="x", Phone=NUMBER)
    world.org(hidden_fields=hidden).connect(**policy)
    world.hand_over(event(dbid=1)).deliver()
    waits_for(world, "hold.blind" if missing else "hold.no_who", *missing)
    world.org(hidden_fields=[])
    world.store.releases.try_again("acme")
    world.deliver()
    row = world.call(1)
    assert row.state == "done"
    if policy.get("mode") != "contacts":
        assert world.one("Task")["WhoId"] == known


@pytest.mark.parametrize(
    ("hidden", "policy"),
    [
        (["Lead.MobilePhone"], {}),
        (CONTACT_PHONES, {}),
        (PHONES, {"mode": "contacts"}),
    ],
)
def test_what_is_not_searched_may_be_hidden(world, hidden, policy):
    world.org(hidden_fields=hidden).connect(**policy)
    world.hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "done"


def test_rights_that_are_taken_away_meanwhile_are_noticed_at_the_next_call(world):
    world.plant("Lead", LastName="Known", Company="x", Phone=NUMBER)
    world.connect().hand_over(event(dbid=7)).deliver()
    world.org(hidden_fields=PHONES)
    world.hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert (row.state, row.reason_code) == ("waiting", "hold.blind")
    assert len(world.records("Task")) == len(world.records("Lead")) == 1


def test_a_blind_account_asks_little(world):
    world.org(hidden_fields=PHONES).connect()
    world.hand_over(*(event(dbid=n) for n in range(1, 6))).deliver()
    asked = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    for _ in range(3):
        world.deliver()
    assert world.control("GET", "/orgs/Acme/counters")["api_calls"] == asked <= 2


def encrypted(*fields):
    return {"field_changes": {one: {"filterable": False} for one in fields}}


def trace_of(row):
    return [code for code, _ in row.trace["steps"]]


def test_an_encrypted_field_is_left_out_and_said(world):
    known = world.plant("Lead", LastName="Known", Company="x", MobilePhone=NUMBER)
    world.org(**encrypted("Lead.Phone")).connect()
    world.hand_over(event(dbid=1), event(dbid=2, **{"from": "380671112233"})).deliver()
    assert world.call(1).reason_code == "write.lead_found"
    assert world.records("Task")[0]["WhoId"] == known
    created = world.records("Lead")[1]
    assert (created["Phone"], created["MobilePhone"]) == (None, "+380671112233")
    assert "person.not_searched" in trace_of(world.call(2))
    assert "person.not_searched" not in trace_of(world.call(1))


def test_a_field_that_is_encrypted_meanwhile_costs_one_question(world):
    known = world.plant("Lead", LastName="Known", Company="x", MobilePhone=NUMBER)
    world.connect().hand_over(event(dbid=1)).deliver()
    world.org(**encrypted("Lead.Phone"))
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).state == "done"
    assert {one["WhoId"] for one in world.records("Task")} == {known}


def test_all_encrypted_is_blind(world):
    world.org(**encrypted(*PHONES)).connect()
    world.hand_over(event(dbid=1)).deliver()
    waits_for(world, "hold.encrypted", *PHONES)
    world.org(field_changes={}, hidden_fields=PHONES).store.releases.answered("acme", *SEEN_AGAIN)
    world.deliver()
    waits_for(world, "hold.blind", *PHONES)


def fixed(*fields):
    return {"field_changes": {one: {"createable": False} for one in fields}}


@pytest.mark.parametrize(
    ("fields", "mode"), [(PHONES, "leads"), (CONTACT_PHONES, "contacts")], ids=["leads", "contacts"]
)
def test_a_new_record_without_a_number_is_not_created(world, fields, mode):
    world.org(**fixed(*fields)).connect(mode=mode)
    world.hand_over(event(dbid=1)).deliver()
    waits_for(world, "hold.no_number", *fields)
    world.org(**fixed(*fields[1:]))
    world.store.releases.try_again("acme")
    world.deliver()
    person = world.one("Lead" if mode == "leads" else "Contact")
    assert (person["Phone"], world.one("Task")["WhoId"]) == (NUMBER, person["Id"])


@pytest.mark.parametrize("policy", [{"mode": "contacts"}, {"known_contact_first": True}])
def test_what_is_not_created_needs_no_number(world, policy):
    other = PHONES if "mode" in policy else CONTACT_PHONES
    world.org(**fixed(*other)).connect(**policy).hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "done"


class Refusing(httpx.BaseTransport):
    """An org that takes no query with this condition on leads, whatever its describe says."""

    def __init__(self, world, condition, message):
        self.behind, self.condition, self.message = world.http, condition, message
        self.queries = []

    @property
    def asked(self):
        return len(self.queries)

    def handle_request(self, request):
        content = request.read()
        answer = self.behind.request(
            request.method, request.url, headers=request.headers, content=content
        )
        if not request.url.path.endswith("/composite"):
            return answer
        parts = answer.json()["compositeResponse"]
        for part, asked in zip(parts, json.loads(content)["compositeRequest"], strict=True):
            query = unquote_plus(asked["url"])
            if " FROM Lead " in query and re.search(self.condition, query):
                self.queries.append(query)
                body = [{"errorCode": "INVALID_FIELD", "message": self.message}]
                part |= {"httpStatusCode": 400, "body": body}
        return httpx.Response(200, json={"compositeResponse": parts})


def refusing(world, condition, message):
    transport = Refusing(world, condition, message)
    world.runtime = replace(world.runtime, http=make_http(transport))
    return transport


def test_a_field_that_only_the_query_shows_to_be_closed_is_left_out(world):
    known = world.plant("Lead", LastName="Known", Company="x", MobilePhone=NUMBER)
    world.connect()
    org = refusing(world, r"\bPhone LIKE", "field 'Phone' can not be filtered in a query call")
    world.hand_over(event(dbid=1)).deliver().hand_over(event(dbid=2)).deliver()
    assert {one["WhoId"] for one in world.records("Task")} == {known}
    assert org.asked == 1


def test_a_column_that_only_the_query_shows_to_be_closed_is_left_out(world):
    known = world.plant("Lead", LastName="Known", Company="x", Phone=NUMBER)
    world.connect()
    org = refusing(world, "IsConverted", "No such column 'IsConverted' on entity 'Lead'.")
    world.hand_over(event(dbid=1)).deliver().hand_over(event(dbid=2)).deliver()
    assert {one["WhoId"] for one in world.records("Task")} == {known}
    assert org.asked == 1


@pytest.mark.parametrize(
    "message",
    [
        "field 'LastModifiedDate' can not be sorted in a query call",
        "No such column 'LastModifiedDate' on entity 'Lead'.",
        "field 'Fax' can not be filtered in a query call",
    ],
)
def test_no_question_is_asked_again_unchanged(world, message):
    world.connect()
    org = refusing(world, "LastModifiedDate", message)
    world.hand_over(event(dbid=1)).deliver()
    assert world.call(1).reason_code == "connection.query_refused"
    assert len(set(org.queries)) == len(org.queries)


def test_nor_is_one_after_an_org_changed_in_other_things(world):
    known = world.plant("Lead", LastName="Known", Company="x", MobilePhone=NUMBER)
    world.connect().hand_over(event(dbid=1)).deliver()
    world.org(
        custom_fields={
            "Lead": [{"name": "Else__c", "label": "Else", "type": "string", "length": 9}]
        }
    )
    org = refusing(world, r"\bPhone LIKE", "field 'Phone' can not be filtered in a query call")
    world.hand_over(event(dbid=2)).deliver()
    assert {one["WhoId"] for one in world.records("Task")} == {known}
    assert org.asked == 1


def test_a_key_that_no_query_may_ask_for_is_not_asked_for(world):
    world.org(package=True, **encrypted("Task.UniTalk_Call_Id__c"))
    world.connect().hand_over(event(dbid=1)).deliver()
    assert world.one("Task")["UniTalk_Call_Id__c"] == "1"


def test_a_question_that_is_never_taken_pauses_the_account(world):
    world.connect()
    org = refusing(world, "LIKE", "unexpected")
    world.hand_over(*(event(dbid=n) for n in range(1, 4))).deliver()
    row, connection = world.call(1), world.store.connections.get("acme")
    assert (row.state, row.reason_code) == ("waiting", "connection.query_refused")
    assert (connection.state, connection.reason_code) == ("paused", row.reason_code)
    assert connection.reason_params == {"message": "unexpected"}
    world.deliver()
    assert org.asked == 1
    world.runtime = replace(world.runtime, http=world.http)
    world.store.releases.try_again("acme")
    world.deliver()
    assert world.call(3).state == "done"
