"""Date literals: whole days in the running user's time zone."""

from datetime import date, timedelta

import pytest
import time_machine

# 22 November 2026 is a Sunday; in Kyiv it began at 22:00 UTC of the day before.
NOW = "2026-11-22T13:30:00Z"


def found(client, browser, where, values, name="CloseDate"):
    """Which of the values fit, each planted in an opportunity as it is."""
    deals = [
        {"Name": value, "StageName": "Prospecting", "CloseDate": "2000-01-01"} for value in values
    ]
    records = "/__control__/orgs/Acme/records/Opportunity"
    ids = browser.post(records, json=deals).json["ids"]
    for record_id, value in zip(ids, values, strict=True):
        browser.patch(f"{records}/{record_id}", json={name: value})
    answer = client.query(f"SELECT Name FROM Opportunity WHERE {where} ORDER BY Name")
    return [record["Name"] for record in answer["records"]]


@pytest.mark.parametrize(
    ("literal", "first", "last"),
    [
        ("YESTERDAY", "2026-11-21", "2026-11-21"),
        ("today", "2026-11-22", "2026-11-22"),
        ("TOMORROW", "2026-11-23", "2026-11-23"),
        ("LAST_N_DAYS:2", "2026-11-20", "2026-11-22"),
        ("NEXT_N_DAYS:2", "2026-11-23", "2026-11-24"),
        ("LAST_90_DAYS", "2026-08-24", "2026-11-22"),
        ("N_DAYS_AGO:2", "2026-11-20", "2026-11-20"),
        ("THIS_WEEK", "2026-11-16", "2026-11-22"),
        ("LAST_N_WEEKS:2", "2026-11-02", "2026-11-15"),
        ("THIS_MONTH", "2026-11-01", "2026-11-30"),
        ("NEXT_N_MONTHS:2", "2026-12-01", "2027-01-31"),
        ("N_MONTHS_AGO:11", "2025-12-01", "2025-12-31"),
        ("THIS_QUARTER", "2026-10-01", "2026-12-31"),
        ("LAST_YEAR", "2025-01-01", "2025-12-31"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_what_a_literal_covers(connect, browser, literal, first, last):
    around = {day(first, -1), first, last, day(last, 1)}
    fits = found(connect(), browser, f"CloseDate = {literal}", sorted(around))
    assert set(fits) == {first, last}


def day(text, by):
    return (date.fromisoformat(text) + timedelta(days=by)).isoformat()


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("=", ["22"]),
        ("!=", ["21", "23"]),
        ("<", ["21"]),
        ("<=", ["21", "22"]),
        (">", ["23"]),
        (">=", ["22", "23"]),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_before_within_and_after(connect, browser, op, expected):
    days = [f"2026-11-{number}" for number in (21, 22, 23)]
    fits = found(connect(), browser, f"CloseDate {op} TODAY", days)
    assert [one[-2:] for one in fits] == expected


@time_machine.travel(NOW, tick=False)
def test_a_day_begins_at_midnight_where_the_user_is(connect, browser):
    moments = [
        "2026-11-21T21:59:59.000+0000",
        "2026-11-21T22:00:00.000+0000",
        "2026-11-22T21:59:59.000+0000",
        "2026-11-22T22:00:00.000+0000",
    ]
    client = connect()
    fits = found(client, browser, "CreatedDate = TODAY", moments, name="CreatedDate")
    assert fits == moments[1:3]
    user = client.user("anna@acme.example")
    browser.patch(f"/__control__/orgs/Acme/records/User/{user}", json={"TimeZoneSidKey": "UTC"})
    answer = client.query("SELECT Name FROM Opportunity WHERE CreatedDate = TODAY ORDER BY Name")
    assert [record["Name"] for record in answer["records"]] == moments[2:]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("Name = TODAY", "INVALID_FIELD"),
        ("CloseDate = LAST_N_DAYS", "MALFORMED_QUERY"),
        ("CloseDate = LAST_FORTNIGHT", "MALFORMED_QUERY"),
        ("CloseDate = LAST_N_YEARS:99999", "MALFORMED_QUERY"),
        ("CloseDate LIKE TODAY", "MALFORMED_QUERY"),
        ("CloseDate IN (TODAY, 2020-01-01)", "INVALID_FIELD"),
    ],
)
def test_refusals(client, where, code):
    refusal = client.query_refused(f"SELECT Id FROM Opportunity WHERE {where}")
    assert refusal["errorCode"] == code
