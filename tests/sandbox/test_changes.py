"""What was updated and deleted lately, for clients that copy records."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def lately(client, what, start=NOW - HOUR, end=NOW + HOUR, name="Lead"):
    span = urlencode({"start": start.isoformat(), "end": end.isoformat()})
    return client.get(f"/sobjects/{name}/{what}/?{span}")


def test_updated_and_deleted(client):
    kept, gone = client.create("Lead", **LEAD), client.create("Lead", **LEAD)
    client.call("DELETE", f"/sobjects/Lead/{gone}")
    updated = lately(client, "updated").json
    assert updated["ids"] == [kept]
    assert updated["latestDateCovered"] <= datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    deleted = lately(client, "deleted").json
    (only,) = deleted["deletedRecords"]
    assert only["id"] == gone
    modified = client.get("/queryAll?q=SELECT+SystemModstamp+FROM+Lead+WHERE+IsDeleted=true").json
    assert only["deletedDate"] == modified["records"][0]["SystemModstamp"]
    assert deleted["earliestDateAvailable"] < deleted["latestDateCovered"]
    before = lately(client, "updated", NOW - 3 * HOUR, NOW - 2 * HOUR)
    assert before.json["ids"] == []


@pytest.mark.parametrize("what", ["updated", "deleted"])
@pytest.mark.parametrize(
    ("start", "end"), [(NOW, NOW), (NOW, NOW - HOUR), (NOW - timedelta(days=31), NOW)]
)
def test_a_span_of_time_that_is_none(client, what, start, end):
    answer = lately(client, what, start, end)
    assert (answer.status_code, answer.json[0]["errorCode"]) == (400, "INVALID_REPLICATION_DATE")


def test_what_keeps_no_log_has_none(client):
    assert lately(client, "deleted", name="LeadStatus").status_code == 400
    assert client.get("/sobjects/Lead/updated").json[0]["errorCode"] == "INVALID_REPLICATION_DATE"
    assert lately(client, "updated", name="Nothing").status_code == 404


def test_nothing_was_viewed(client):
    client.create("Lead", **LEAD)
    assert client.get("/").json["recent"] == f"{client.base}/recent"
    assert client.get("/recent/?limit=5").json == []
