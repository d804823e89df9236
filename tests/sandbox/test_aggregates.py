"""GROUP BY and the functions over groups, as the SOQL and SOSL Reference describes them."""

import pytest

AGGREGATE = {"type": "AggregateResult"}


@pytest.fixture
def deals(client):
    """Four opportunities: three amounts, two stages, one owner."""
    for name, stage, amount in (
        ("A", "Prospecting", 100),
        ("B", "Prospecting", 50.5),
        ("C", "Closed Won", None),
        ("D", "Closed Won", 10),
    ):
        more = {} if amount is None else {"Amount": amount}
        deal = {"Name": name, "StageName": stage, "CloseDate": f"2030-01-0{ord(name) - 64}"}
        client.create("Opportunity", **deal, **more)
    return client


def rows(client, soql):
    answer = client.query(soql)
    assert answer["done"] is True
    assert answer["totalSize"] == len(answer["records"])
    assert all(record.pop("attributes") == AGGREGATE for record in answer["records"])
    return answer["records"]


@pytest.mark.parametrize(
    ("soql", "expected"),
    [
        ("COUNT(Id) FROM Opportunity", [{"expr0": 4}]),
        ("count(Amount) FROM Opportunity", [{"expr0": 3}]),
        ("SUM(Amount), MIN(Amount) least, AVG(Amount) FROM Opportunity WHERE IsWon = false",
         [{"expr0": 150.5, "least": 50.5, "expr1": 75.25}]),
        ("MAX(CloseDate) FROM Opportunity", [{"expr0": "2030-01-04"}]),
        ("COUNT_DISTINCT(OwnerId) FROM Opportunity", [{"expr0": 1}]),
        ("MAX(Name), SUM(Amount) FROM Opportunity WHERE Name = 'none'",
         [{"expr0": None, "expr1": None}]),
        ("StageName, COUNT(Id) n FROM Opportunity GROUP BY StageName",
         [{"StageName": "Closed Won", "n": 2}, {"StageName": "Prospecting", "n": 2}]),
        ("StageName stage, SUM(Amount) FROM Opportunity GROUP BY stagename"
         " ORDER BY SUM(Amount) DESC LIMIT 1",
         [{"stage": "Prospecting", "expr0": 150.5}]),
        ("IsWon FROM Opportunity GROUP BY IsWon ORDER BY IsWon DESC",
         [{"IsWon": True}, {"IsWon": False}]),
        ("Owner.Name, COUNT(Id) FROM Opportunity GROUP BY Owner.Name",
         [{"Name": "Anna Kovalenko", "expr0": 4}]),
        ("StageName FROM Opportunity WHERE CloseDate > 2999-01-01 GROUP BY StageName", []),
        ("Type FROM Opportunity GROUP BY Type", [{"Type": None}]),
    ],
)  # fmt: skip
def test_groups_and_functions(deals, soql, expected):
    assert rows(deals, f"SELECT {soql}") == expected


def test_texts_group_in_any_letter_case(client):
    for name in ("Ivanenko", "IVANENKO", "Bondar"):
        client.create("Contact", LastName=name)
    grouped = rows(client, "SELECT LastName, COUNT(Id) FROM Contact GROUP BY LastName")
    assert [(row["LastName"].lower(), row["expr0"]) for row in grouped] == [
        ("bondar", 1),
        ("ivanenko", 2),
    ]


@pytest.mark.parametrize(
    ("soql", "words"),
    [
        ("Name, COUNT(Id) FROM Lead", "Field must be grouped or aggregated: Name"),
        ("Name FROM Lead GROUP BY Company", "Field must be grouped or aggregated: Name"),
        ("Company FROM Lead GROUP BY Company ORDER BY Name", "must be grouped or aggregated: Name"),
        ("COUNT(Id) FROM Lead GROUP BY Id", "Grouped field should not be aggregated: Id"),
        ("CreatedDate FROM Lead GROUP BY CreatedDate", "'CreatedDate' can not be grouped"),
        ("SUM(Name) FROM Lead", "field Name does not support aggregate operator SUM"),
        ("COUNT(IsConverted) FROM Lead", "IsConverted does not support aggregate operator COUNT"),
        ("COUNT(Description) FROM Lead", "Description does not support aggregate operator COUNT"),
        ("MAX(StageName) FROM Opportunity", "StageName does not support aggregate operator MAX"),
        ("MIN(Status) FROM Lead", "Status does not support aggregate operator MIN"),
        ("COUNT(Id) FROM Lead LIMIT 1", "Non-grouped query that uses overall aggregate functions"),
        ("COUNT(Id) n, MAX(Name) N FROM Lead", "duplicate alias: N"),
        ("Id x FROM Lead", "only aggregate expressions use field aliasing"),
        ("Id FROM Lead ORDER BY COUNT(Id)", "order by a function"),
        ("Id, (SELECT COUNT(Id) FROM Contacts) FROM Account", "only root queries support"),
        ("COUNT(Id), (SELECT Id FROM Contacts) FROM Account", "do not support sub-selects"),
        ("COUNT(), Name FROM Lead", "unexpected token: ','"),
        ("toLabel(Status) FROM Lead", "unexpected token: '('"),
        ("Name FROM Lead GROUP BY ROLLUP(Name)", "unexpected token: '('"),
    ],
)
def test_refusals(client, soql, words):
    refusal = client.query_refused(f"SELECT {soql}")
    assert refusal["errorCode"] == "MALFORMED_QUERY"
    assert words in refusal["message"]


def test_an_unknown_field_is_named_also_in_a_function(client):
    assert client.query_refused("SELECT MAX(Nope) FROM Lead")["errorCode"] == "INVALID_FIELD"


def test_more_groups_than_one_batch_are_refused(client, browser):
    leads = [{"LastName": f"L{n}", "Company": "C"} for n in range(2001)]
    browser.post("/__control__/orgs/Acme/records/Lead", json=leads)
    refusal = client.query_refused("SELECT LastName FROM Lead GROUP BY LastName")
    assert refusal["errorCode"] == "EXCEEDED_ID_LIMIT"
    some = rows(client, "SELECT LastName FROM Lead GROUP BY LastName LIMIT 3 OFFSET 1")
    assert [row["LastName"] for row in some] == ["L1", "L10", "L100"]
