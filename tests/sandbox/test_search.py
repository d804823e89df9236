"""SOSL and parameterized search over a phone index."""

from urllib.parse import quote

import pytest

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}


def search(client, sosl):
    return client.get("/search/?q=" + quote(sosl))


def found(client, sosl):
    answer = search(client, sosl)
    assert answer.status_code == 200, answer.text
    return [record["Id"] for record in answer.json["searchRecords"]]


@pytest.mark.parametrize(
    ("stored", "term", "hit"),
    [
        ("+380441234567", "380441234567", True),
        ("(044) 123-45-67", "0441234567", True),
        ("(044) 123-45-67", "044 AND 123", True),
        ("(044) 123-45-67", "1234567", False),
        ("0441234567", "044*", True),
        ("0441234567", "999 OR 0441234567", True),
        ("+380441234567", "\\+380441234567", True),
    ],
)
def test_phones(client, stored, term, hit):
    lead = client.create("Lead", **LEAD, MobilePhone=stored)
    ids = found(client, f"FIND {{{term}}} IN PHONE FIELDS RETURNING Lead(Id, MobilePhone)")
    assert ids == ([lead] if hit else [])


def test_several_objects_filters_and_groups(client):
    lead = client.create("Lead", **LEAD, Phone="1234567")
    contact = client.create("Contact", LastName="1234567", Phone="1234567")
    both = "RETURNING Lead(Id WHERE IsConverted = false LIMIT 5), Contact"
    assert found(client, f"FIND {{1234567}} IN PHONE FIELDS {both}") == [lead, contact]
    assert found(client, f"FIND {{1234567}} IN NAME FIELDS {both}") == [contact]
    assert found(client, f"FIND {{1234567}} {both} LIMIT 1") == [lead]


def test_the_index_lags_and_forgets_converted_leads(client, browser):
    sosl = "FIND {1234567} IN PHONE FIELDS RETURNING Lead"
    lead = client.create("Lead", **LEAD, Phone="1234567")
    client.switch(search_lag=60.0)
    assert found(client, sosl) == []
    client.switch(search_lag=0.0)
    assert found(client, sosl) == [lead]
    browser.post("/__control__/orgs/Acme/convert", json={"lead": lead})
    assert found(client, sosl) == []


def test_without_returning_every_searchable_object_gives_ids(client):
    account = client.create("Account", Name="Ivanenko", Phone="1234567")
    lead = client.create("Lead", **LEAD, Phone="1234567")
    task = client.create("Task", Subject="Ivanenko")
    answer = search(client, "FIND {Ivanenko}").json["searchRecords"]
    assert [record["Id"] for record in answer] == [account, lead, task]
    assert all(set(record) == {"attributes", "Id"} for record in answer)
    assert found(client, "FIND {1234567} IN PHONE FIELDS LIMIT 1") == [account]


@pytest.mark.parametrize(
    "sosl",
    [
        "FIND 1234567 RETURNING Lead",
        "FIND {+380} RETURNING Lead",
        "FIND {*234} RETURNING Lead",
        "FIND {1} RETURNING Lead",
        "FIND {} RETURNING Lead",
        "FIND {12} IN TELEPHONE FIELDS RETURNING Lead",
        "FIND {12} RETURNING Lead(Id",
        "FIND {12} LIMIT",
    ],
)
def test_refusals(client, sosl):
    answer = search(client, sosl)
    assert (answer.status_code, answer.json[0]["errorCode"]) == (400, "MALFORMED_SEARCH")


def test_parameterized_search(client):
    lead = client.create("Lead", **LEAD, Phone="4155551212")
    contact = client.create("Contact", LastName="C", Phone="4155551212")
    got = client.get(
        "/parameterizedSearch/?q=4155551212&sobject=Contact&Contact.fields=Id,LastName&in=PHONE"
    ).json
    assert [(r["Id"], r["LastName"]) for r in got["searchRecords"]] == [(contact, "C")]
    body = {
        "q": "4155551212",
        "in": "PHONE",
        "fields": ["Id"],
        "sobjects": [{"name": "Contact"}, {"name": "Lead", "where": "IsConverted = false"}],
        "overallLimit": 50,
    }
    got = client.call("POST", "/parameterizedSearch", body).json
    assert [r["Id"] for r in got["searchRecords"]] == [contact, lead]
    bad = client.call("POST", "/parameterizedSearch", {**body, "overallLimit": "many"})
    assert bad.status_code == 400


def test_before_v37_the_answer_is_a_bare_array(client):
    client.version = "36.0"
    assert search(client, "FIND {12} RETURNING Lead").json == []
