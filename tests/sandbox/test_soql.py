"""SOQL: what is understood, how it compares, what is refused and where."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.errors import SalesforceError
from sandbox.soql import parse
from sandbox.soql_ast import Compare


@pytest.fixture
def people(client):
    account = client.create("Account", Name="Рога и Копыта")
    client.create("Contact", LastName="Åberg", Phone="+380 44 123-45-67", AccountId=account)
    client.create("Contact", LastName="100%_\\", FirstName="O'Neil", MobilePhone="0441234567")
    client.create("Contact", LastName="Empty", Birthdate="1990-05-01")
    return client


def names(client, where, tail=" ORDER BY CreatedDate, Id"):
    found = client.query(f"SELECT LastName FROM Contact WHERE {where}{tail}")
    return [record["LastName"] for record in found["records"]]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("LastName = 'ÅBERG'", ["Åberg"]),
        ("Account.Name LIKE 'рога%'", ["Åberg"]),
        ("Phone LIKE '%4%4%1%2%3%4%5%6%7'", ["Åberg"]),
        ("Phone = null", ["100%_\\", "Empty"]),
        ("Phone != null", ["Åberg"]),
        ("Phone != '1'", ["Åberg", "100%_\\", "Empty"]),
        ("Phone IN ('1', '+380 44 123-45-67')", ["Åberg"]),
        ("Phone NOT IN ('+380 44 123-45-67')", ["100%_\\", "Empty"]),
        ("NOT Phone = '+380 44 123-45-67'", ["100%_\\", "Empty"]),
        ("(NOT Phone = '1') AND LastName = 'Empty'", ["Empty"]),
        ("FirstName = 'o\\'neil'", ["100%_\\"]),
        ("LastName LIKE '100\\%\\_\\\\'", ["100%_\\"]),
        ("LastName LIKE '_00%'", ["100%_\\"]),
        ("LastName LIKE '\\%%'", []),
        ("Birthdate >= 1990-05-01", ["Empty"]),
        ("Birthdate < 1990-05-01", []),
        ("CreatedDate > 2020-01-01T00:00:00Z AND LastName = 'Empty'", ["Empty"]),
        ("CreatedDate > 2999-01-01T00:00:00+02:00", []),
        ("Phone = '1' OR (MobilePhone = '0441234567' AND IsDeleted = false)", ["100%_\\"]),
        ("Owner.Name = 'anna kovalenko' AND Owner.IsActive = true AND Phone != null", ["Åberg"]),
        ("AccountId IN (SELECT Id FROM Account WHERE Name LIKE 'Рога%')", ["Åberg"]),
        ("AccountId NOT IN (SELECT Id FROM Account) AND LastName = 'Empty'", []),
    ],
)
def test_conditions(people, where, expected):
    assert names(people, where) == expected


@pytest.mark.parametrize("way", ["DESC, Id", "ASC, Id", "DESC"])
def test_the_way_of_an_order_is_no_alias(people, way):
    assert people.query(f"SELECT LastName FROM Contact ORDER BY LastName {way}")["done"]


def test_order_limit_offset_and_count(people):
    query = "SELECT lastname FROM contact ORDER BY LastName DESC LIMIT 1 OFFSET 1"
    assert people.query(query)["records"][0]["LastName"] == "Empty"
    phones = people.query("SELECT Phone FROM Contact ORDER BY Phone")["records"]
    assert [p["Phone"] for p in phones] == [None, None, "+380 44 123-45-67"]
    last = people.query("SELECT Phone FROM Contact ORDER BY Phone NULLS LAST")["records"]
    assert last[0]["Phone"] is not None
    assert people.query("SELECT COUNT() FROM Contact") == {
        "totalSize": 3, "done": True, "records": [],
    }  # fmt: skip


def test_related_records_and_sub_selects(people):
    account = people.query(
        "SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE Phone != null),"
        " (SELECT Id FROM Opportunities) FROM Account"
    )["records"][0]
    contacts = account["Contacts"]
    assert (contacts["totalSize"], contacts["done"]) == (1, True)
    assert contacts["records"][0]["Account"]["Name"] == "Рога и Копыта"
    assert account["Opportunities"] is None
    lonely = people.query("SELECT Account.Name FROM Contact WHERE LastName = 'Empty'")
    assert lonely["records"][0]["Account"] is None


def test_deleted_records_only_in_query_all(people):
    contact = people.query("SELECT Id FROM Contact LIMIT 1")["records"][0]["Id"]
    people.call("DELETE", f"/sobjects/Contact/{contact}")
    assert people.query("SELECT COUNT() FROM Contact")["totalSize"] == 2
    every = people.get("/queryAll?q=SELECT+Id,IsDeleted+FROM+Contact").json
    assert sorted(r["IsDeleted"] for r in every["records"]) == [False, False, True]


def test_pages_of_records(client, browser):
    leads = [{"LastName": f"L{n}", "Company": "C"} for n in range(450)]
    browser.post("/__control__/orgs/Acme/records/Lead", json=leads)
    small = {"Sforce-Query-Options": "batchSize=200"}
    page = client.get("/query?q=SELECT+Id+FROM+Lead", headers=small).json
    ids = [r["Id"] for r in page["records"]]
    assert (page["totalSize"], page["done"], len(ids)) == (450, False, 200)
    while not page["done"]:
        path = page["nextRecordsUrl"].removeprefix(client.base)
        page = client.get(path).json
        ids += [r["Id"] for r in page["records"]]
    assert len(set(ids)) == 450
    lost = client.get("/query/01gnothing-200")
    assert lost.json[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        ("SELECT Id FORM Lead", "MALFORMED_QUERY", "unexpected token: 'FORM'"),
        ("SELECT FROM Lead", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Lead WHERE Phone = 'a", "MALFORMED_QUERY", "not closed"),
        ("SELECT Id FROM Lead WHERE Phone = 'a\\d'", "MALFORMED_QUERY", "Illegal character"),
        ("SELECT Id FROM Lead WHERE Phone = 'a\\%'", "MALFORMED_QUERY", "LIKE only"),
        ("SELECT Id FROM Lead WHERE Phone = 'a\nb'", "MALFORMED_QUERY", "line breaks"),
        (
            "SELECT Id FROM Lead WHERE Phone = '1' AND Phone = '2' OR Phone = '3'",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM Lead WHERE NOT Phone = '1' AND Fax = '1'", "MALFORMED_QUERY", "NOT"),
        ("SELECT Id FROM Lead LIMIT 1.5", "MALFORMED_QUERY", "whole number"),
        ("SELECT Name FROM Lead GROUP BY Name HAVING Name = 'x'", "MALFORMED_QUERY", "'HAVING'"),
        ("SELECT Id FROM Lead WHERE Phone IN ()", "MALFORMED_QUERY", "unexpected token: ')'"),
        ("SELECT Id, Nope__c FROM Lead", "INVALID_FIELD", "No such column 'Nope__c' on entity"),
        ("SELECT Id, ID FROM Lead", "INVALID_FIELD", "duplicate field selected"),
        ("SELECT Boss.Name FROM Lead", "INVALID_FIELD", "Didn't understand relationship 'Boss'"),
        ("SELECT Owner.Phone2 FROM Lead", "INVALID_FIELD", "No such column 'Phone2'"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE", "sObject type 'Nothing' is not supported"),
        ("SELECT (SELECT Id FROM Calls) FROM Lead", "INVALID_TYPE", "Didn't understand"),
        ("SELECT Id FROM Lead WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered"),
        ("SELECT Id FROM Lead ORDER BY Description", "INVALID_FIELD", "can not be sorted"),
        ("SELECT Id FROM Lead WHERE Phone = 5", "INVALID_FIELD", "enclosed in quotes"),
        ("SELECT Id FROM Lead WHERE IsConverted = 'true'", "INVALID_FIELD", "should not be"),
        ("SELECT Id FROM Lead WHERE CreatedDate > 2020-01-01", "INVALID_FIELD", "datetime"),
        ("SELECT Id FROM Lead WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID"),
        ("SELECT Id FROM Lead WHERE OwnerId LIKE '005%'", "INVALID_QUERY_FILTER_OPERATOR", ""),
        (
            "SELECT Id FROM Contact WHERE Phone = '1' OR AccountId IN (SELECT Id FROM Account)",
            "MALFORMED_QUERY",
            "'OR' operator",
        ),
        (
            "SELECT Id FROM Task WHERE WhoId IN (SELECT Id FROM Contact WHERE AccountId IN"
            " (SELECT Id FROM Account))",
            "MALFORMED_QUERY",
            "Nesting",
        ),
    ],
)
def test_refusals(client, soql, code, words):
    refusal = client.query_refused(soql)
    assert refusal["errorCode"] == code
    assert words in refusal["message"]


def test_the_place_is_shown(client):
    message = client.query_refused("SELECT Id,\n Nope FROM Lead")["message"]
    assert message.startswith("\n Nope FROM Lead\n ^\nERROR at Row:2:Column:2\nNo such column")


def test_a_query_may_not_be_longer_than_100_000(client):
    short = "SELECT Id FROM Lead WHERE Phone IN ('" + "','".join(["1" * 96] * 1000) + "')"
    parse(short)
    with pytest.raises(SalesforceError):
        parse(short + " " * 100_000)
    assert client.get("/query?q=" + "x" * 16_384).status_code == 414


def quoted(text):
    for char, escape in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(char, escape)
    return f"'{text}'"


@given(st.text())
def test_any_text_survives_quoting(text):
    query = parse(f"SELECT Id FROM Lead WHERE Name = {quoted(text)}")
    assert isinstance(query.where, Compare)
    assert query.where.literal.value == text


@given(st.text(alphabet="SELCTFROMWHN idname()',=%_\\<>!0123456789-+.:TZ\n\"", max_size=60))
def test_any_text_is_parsed_or_refused(text):
    try:
        parse(text)
    except SalesforceError as refusal:
        assert refusal.code == "MALFORMED_QUERY"
        assert "ERROR at Row:" in refusal.message


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="aÀß%_\\'\" é+0", min_size=1, max_size=12))
def test_a_stored_text_is_found_as_it_is_and_as_a_pattern(client, text):
    stored = client.create("Lead", LastName="x" + text + "x", Company="C")
    exact = quoted("x" + text + "x")
    pattern = exact.replace("%", "\\%").replace("_", "\\_")
    for where in (f"LastName = {exact}", f"LastName LIKE {pattern}"):
        found = client.query(f"SELECT Id FROM Lead WHERE {where}")["records"]
        assert stored in [record["Id"] for record in found]


def test_users_are_seen_as_far_as_the_org_lets_them_be(client):
    assert len(client.query("SELECT Id FROM User")["records"]) > 1
    client.switch(visible_users="own")
    own = client.query("SELECT Username FROM User WHERE UserType = 'Standard'")["records"]
    assert [one["Username"] for one in own] == ["anna@acme.example"]
    client.switch(visible_users="none")
    assert client.query_refused("SELECT Id FROM User")["errorCode"] == "INVALID_TYPE"
