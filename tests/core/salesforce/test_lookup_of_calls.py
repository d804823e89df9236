"""Calls that were written before are found by their keys: our field, and the one before it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.salesforce.helpers.looking import read
from tests.core.salesforce.helpers.scripted import Salesforce, composite, queries, rows
from tests.core.salesforce.helpers.shapes import TODAY, policy, shape


def test_calls_written_before_with_the_package_and_before_it_came() -> None:
    over, waits = {"IsClosed": True}, {"IsClosed": False, "OwnerId": "005000000000001AAA"}
    by_field = rows({"Id": "00T000000000001EAA", "UniTalk_Call_Id__c": "275", **over})
    by_object = rows(
        {"Id": "00T000000000002EAA", "CallObject": "UniTalk 276", **waits},
        {"Id": "00T000000000003EAA", "CallObject": "UniTalk ABC", **over},
    )
    salesforce = Salesforce(composite(rows(), by_field, by_object))
    facts = read(salesforce, policy(), keys=("275", "276", "abc"))
    asked = queries(salesforce.body())
    assert "UniTalk_Call_Id__c IN ('275','276','abc')" in asked[1]
    assert "CallObject IN ('UniTalk 275','UniTalk 276','UniTalk abc')" in asked[2]
    assert "CreatedDate >= 2026-08-24T00:00:00Z" in asked[2]
    assert facts.tasks == {"275": "00T000000000001EAA", "276": "00T000000000002EAA"}
    assert facts.open_tasks == {"00T000000000002EAA": "005000000000001AAA"}


@pytest.mark.parametrize(("days", "asked"), [(None, True), (0, True), (90, True), (91, False)])
def test_call_object_is_asked_for_90_days_after_the_package_came(
    days: int | None, asked: bool
) -> None:
    salesforce = Salesforce(composite(rows(), rows(), *([rows()] if asked else [])))
    since = None if days is None else TODAY - timedelta(days=days)
    read(salesforce, policy(), package_since=since)
    queried = queries(salesforce.body())
    assert any("UniTalk_Call_Id__c IN" in query for query in queried)
    assert any("CallObject IN" in query for query in queried) is asked


@pytest.mark.parametrize("gone", ["removed", "read only"])
def test_call_object_is_asked_again_once_it_takes_the_keys(gone: str) -> None:
    known = shape(package=gone != "removed")
    if gone == "read only":
        task = dict(known.fields["Task"])
        task["UniTalk_Call_Id__c"] = replace(task["UniTalk_Call_Id__c"], createable=False)
        known = replace(known, fields={**known.fields, "Task": task})
    salesforce = Salesforce(composite(rows(), *([rows()] * (1 if gone == "removed" else 2))))
    read(salesforce, policy(), known, package_since=TODAY - timedelta(days=1000))
    assert any("CallObject IN" in query for query in queries(salesforce.body()))


def test_without_the_package_the_key_is_in_call_object() -> None:
    task = {"Id": "00T1", "CallObject": "UniTalk 275", "IsClosed": True}
    salesforce = Salesforce(composite(rows(), rows(task)))
    facts = read(salesforce, policy(), shape(package=False))
    assert not any("UniTalk_" in query for query in queries(salesforce.body()))
    assert facts.tasks == {"275": "00T1"}
