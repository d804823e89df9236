"""The composite family: envelopes, references, transactions, limits."""

import time
from urllib.parse import quote

import pytest

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}


def node(client, method, path, reference_id, body=None, **more):
    entry = {"method": method, "url": client.base + path, "referenceId": reference_id, **more}
    return entry if body is None else {**entry, "body": body}


def composite(client, *requests, **flags):
    return client.call("POST", "/composite", {"compositeRequest": list(requests), **flags})


def answers(response):
    assert response.status_code == 200, response.text
    return response.json["compositeResponse"]


def query(client, soql, reference_id):
    return node(client, "GET", "/query/?q=" + quote(soql), reference_id)


def test_references_to_created_and_found_records(client):
    contact = client.create("Contact", LastName="C", Phone="1")
    first, second, third = answers(
        composite(
            client,
            query(client, "SELECT Id FROM Contact WHERE Phone = '1'", "found"),
            node(client, "POST", "/sobjects/Task", "call",
                 {"Subject": "Call @{found.totalSize}", "WhoId": "@{found.records[0].Id}"}),
            node(client, "GET", "/sobjects/Task/@{call.id}?fields=Subject,WhoId", "read"),
        )
    )  # fmt: skip
    assert first["body"]["totalSize"] == 1
    assert second["httpStatusCode"] == 201
    assert second["httpHeaders"]["Location"].endswith(second["body"]["id"])
    assert (third["body"]["Subject"], third["body"]["WhoId"]) == ("Call 1", contact)


def test_a_reference_to_nothing_halts_its_dependants_only(client):
    found, halted, other = answers(
        composite(
            client,
            query(client, "SELECT Id FROM Contact WHERE Phone = '1'", "c"),
            node(client, "POST", "/sobjects/Task", "t", {"WhoId": "@{c.records[0].Id}"}),
            node(client, "POST", "/sobjects/Lead", "l", LEAD),
        )
    )
    assert found["httpStatusCode"] == 200
    assert halted["httpStatusCode"] == 400
    assert halted["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert halted["body"][0]["message"] == (
        "Invalid reference specified. No value for c.records[0].Id found in c"
    )
    assert other["httpStatusCode"] == 201


def test_names_of_references_are_exact(client):
    _, wrong = answers(
        composite(
            client,
            node(client, "POST", "/sobjects/Lead", "l", LEAD),
            node(client, "POST", "/sobjects/Task", "t", {"WhoId": "@{l.Id}"}),
        )
    )
    assert wrong["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_all_or_none_rolls_back(client):
    requests = [
        node(client, "POST", "/sobjects/Lead", "good", LEAD),
        node(client, "POST", "/sobjects/Lead", "bad", {}),
    ]
    good, bad = answers(composite(client, *requests, allOrNone=True))
    assert good["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert bad["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 0
    good, bad = answers(composite(client, *requests))
    assert (good["httpStatusCode"], bad["httpStatusCode"]) == (201, 400)


def test_headers_come_from_the_subrequest_alone(client):
    boss, me = client.user("bohdan@acme.example"), client.user("anna@acme.example")
    client.switch(assignment_owner=boss)
    body = {**LEAD, "OwnerId": me}
    outer = {"Sforce-Auto-Assign": "FALSE"}
    requests = [
        node(client, "POST", "/sobjects/Lead", "outer", body),
        node(client, "POST", "/sobjects/Lead", "inner", body, httpHeaders=outer),
    ]
    envelope = {"compositeRequest": requests}
    done = answers(client.call("POST", "/composite", envelope, headers=outer))
    owners = [client.read("Lead", answer["body"]["id"])["OwnerId"] for answer in done]
    assert owners == [boss, me]


@pytest.mark.parametrize(
    "change",
    [
        {"referenceId": None},
        {"referenceId": "a-b"},
        {"httpHeaders": {"Authorization": "x"}},
        {"httpHeaders": {"content-type": "x"}},
        {"url": "/sobjects/Lead"},
        {"surplus": 1},
        {"method": "FETCH"},
    ],
)
def test_a_bad_envelope_refuses_everything(client, change):
    good = node(client, "POST", "/sobjects/Lead", "good", LEAD)
    bad = {**node(client, "POST", "/sobjects/Lead", "bad", LEAD), **change}
    assert composite(client, good, bad).status_code == 400
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 0


def test_composite_limits(client):
    leads = [node(client, "POST", "/sobjects/Lead", f"l{n}", LEAD) for n in range(26)]
    assert composite(client, *leads).status_code == 400
    assert composite(client, *leads[:25]).status_code == 200
    queries = [query(client, "SELECT Id FROM Lead", f"q{n}") for n in range(6)]
    assert composite(client, *queries).status_code == 400
    assert composite(client, *queries[:5]).status_code == 200
    twice = [leads[0], leads[0]]
    assert composite(client, *twice).status_code == 400


def test_what_may_not_stand_in_a_composite(client):
    search = node(client, "GET", "/search/?q=FIND+%7B12%7D+RETURNING+Lead", "s")
    (answer,) = answers(composite(client, search))
    assert answer["httpStatusCode"] == 404
    other = {**node(client, "GET", "/sobjects", "v"), "url": "/services/data/v60.0/sobjects"}
    assert answers(composite(client, other))[0]["httpStatusCode"] == 400


def graphs(client, *entries):
    body = {"graphs": [{"graphId": f"g{n}", "compositeRequest": e} for n, e in enumerate(entries)]}
    return client.call("POST", "/composite/graph", body)


def call_graph(client, number, **lead):
    return [
        node(client, "POST", "/sobjects/Lead", "lead", {**LEAD, **lead}),
        node(client, "PATCH", f"/sobjects/Task/UniTalk_Call_Id__c/c{number}", "task",
             {"WhoId": "@{lead.id}", "Subject": "Call"}),
    ]  # fmt: skip


def test_each_graph_is_a_transaction_of_its_own(client):
    bad = call_graph(client, 1)
    bad[1]["body"]["Nope__c"] = 1
    done = graphs(client, call_graph(client, 0), bad, call_graph(client, 2)).json["graphs"]
    assert [g["isSuccessful"] for g in done] == [True, False, True]
    halted, culprit = done[1]["graphResponse"]["compositeResponse"]
    assert halted["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert halted["httpStatusCode"] == 400
    assert culprit["body"][0]["errorCode"] == "INVALID_FIELD"
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 2
    assert client.query("SELECT COUNT() FROM Task")["totalSize"] == 2


def test_fourteen_failed_graphs_halt_the_rest(client):
    bad = [node(client, "POST", "/sobjects/Lead", "l", {})]
    done = graphs(client, *[bad] * 14, call_graph(client, 1)).json["graphs"]
    assert [g["isSuccessful"] for g in done] == [False] * 15
    last = done[14]["graphResponse"]["compositeResponse"][0]["body"][0]
    assert last["errorCode"] == "PROCESSING_HALTED"
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 0


def test_graph_limits(client):
    assert graphs(client, *[call_graph(client, n) for n in range(76)]).status_code == 400
    many = [node(client, "POST", "/sobjects/Lead", f"l{n}", LEAD) for n in range(501)]
    assert graphs(client, many).status_code == 400
    chain = [node(client, "POST", "/sobjects/Account", "a0", {"Name": "0"})]
    for n in range(1, 16):
        body = {"Name": "x", "ParentId": f"@{{a{n - 1}.id}}"}
        chain.append(node(client, "POST", "/sobjects/Account", f"a{n}", body))
    assert graphs(client, chain).status_code == 400
    done = graphs(client, chain[:15])
    assert done.json["graphs"][0]["isSuccessful"] is True
    reading = [query(client, "SELECT Id FROM Lead", "q")]
    assert graphs(client, reading).status_code == 400


def test_seventy_five_graphs_in_a_second(client):
    started = time.process_time()
    done = graphs(client, *[call_graph(client, n) for n in range(75)])
    assert all(g["isSuccessful"] for g in done.json["graphs"])
    assert time.process_time() - started < 1


def test_batch_counts_every_subrequest_and_may_search(client):
    used = client.get("/limits").json["DailyApiRequests"]["Remaining"]
    requests = [
        {"method": "POST", "url": "v66.0/sobjects/Lead", "richInput": {**LEAD, "Phone": "1234567"}},
        {"method": "GET", "url": "v66.0/search/?q=" + quote("FIND {1234567} RETURNING Lead")},
        {"method": "GET", "url": "v66.0/nothing"},
    ]  # fmt: skip
    answer = client.call("POST", "/composite/batch", {"batchRequests": requests}).json
    assert answer["hasErrors"] is True
    assert [r["statusCode"] for r in answer["results"]] == [201, 200, 404]
    assert len(answer["results"][1]["result"]["searchRecords"]) == 1
    assert client.get("/limits").json["DailyApiRequests"]["Remaining"] == used - 4
    halting = {"haltOnError": True, "batchRequests": requests[2:] + requests[:1]}
    answer = client.call("POST", "/composite/batch", halting).json
    assert [r["statusCode"] for r in answer["results"]] == [404, 412]


def test_tree(client):
    def person(name, n):
        return {"attributes": {"type": "Contact", "referenceId": f"c{n}"}, "LastName": name}

    account = {
        "attributes": {"type": "Account", "referenceId": "a"},
        "Name": "A",
        "Contacts": {"records": [person("X", 1), person("Y", 2)]},
    }
    answer = client.call("POST", "/composite/tree/Account", {"records": [account]})
    assert answer.status_code == 201
    assert [r["referenceId"] for r in answer.json["results"]] == ["a", "c1", "c2"]
    account["Contacts"]["records"].append(person("", 3))
    answer = client.call("POST", "/composite/tree/Account", {"records": [account]})
    assert answer.status_code == 400
    assert answer.json["results"][0]["referenceId"] == "c3"
    assert answer.json["results"][0]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert client.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def typed(name, **fields):
    return {"attributes": {"type": name}, **fields}


def test_collections_row_by_row(client):
    records = [typed("Lead", **LEAD), typed("Lead"), typed("Contact", LastName="C")]
    answer = client.call("POST", "/composite/sobjects", {"records": records})
    assert answer.status_code == 200
    good, bad, other = answer.json
    assert good["success"] and other["success"]
    assert bad == {
        "success": False,
        "errors": [
            {
                "statusCode": "REQUIRED_FIELD_MISSING",
                "message": "Required fields are missing: [LastName, Company]",
                "fields": ["LastName", "Company"],
            }
        ],
    }
    changes = [typed("Lead", id=good["id"], Company="B"), typed("Lead", Company="C")]
    answer = client.call("PATCH", "/composite/sobjects", {"records": changes}).json
    assert [row["success"] for row in answer] == [True, False]
    body = {"ids": [good["id"], other["id"]], "fields": ["Company"]}
    read = client.call("POST", "/composite/sobjects/Lead", body).json
    assert read[0]["Company"] == "B"
    assert read[1] is None
    gone = client.call("DELETE", f"/composite/sobjects?ids={good['id']},{other['id']}").json
    assert [row["success"] for row in gone] == [True, True]


def test_collections_upsert_and_all_or_none(client):
    path = "/composite/sobjects/Task/UniTalk_Call_Id__c"
    records = [typed("Task", Subject="x", UniTalk_Call_Id__c=f"c{n}") for n in (1, 2)]
    first = client.call("PATCH", path, {"records": records}).json
    assert [row["created"] for row in first] == [True, True]
    again = client.call("PATCH", path, {"records": records}).json
    assert [row["created"] for row in again] == [False, False]
    assert [row["id"] for row in again] == [row["id"] for row in first]
    records = [typed("Lead", **LEAD), typed("Lead")]
    answer = client.call("POST", "/composite/sobjects", {"allOrNone": True, "records": records})
    codes = [row["errors"][0]["statusCode"] for row in answer.json]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    many = {"records": [typed("Lead", **LEAD)] * 201}
    answer = client.call("POST", "/composite/sobjects", many)
    assert (answer.status_code, answer.json[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")
