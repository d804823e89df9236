"""jsforce, a released client, speaks to the stand-in; the scenarios are in jsforce.js."""

import json
from pathlib import Path

import pytest

from tests.helpers.node import run_script

SCENARIOS = Path(__file__).with_name("jsforce.js")


@pytest.fixture
def answer(server, minted, tmp_path):
    """What a scenario answers."""

    def run(scenario):
        return run_script(SCENARIOS, tmp_path, scenario, server, json.dumps(minted))

    return run


def test_tokens_are_renewed_rotated_and_revoked(answer):
    told = answer("tokens")
    assert told["different"] == 3
    assert told["username"] == "anna@acme.example"
    assert told["revoked"]["name"] == "invalid_grant"


def test_queries(answer):
    assert answer("queries") == {
        "fetched": 450,
        "total": 450,
        "built": ["L449", "L448"],
        "grouped": {"attributes": {"type": "AggregateResult"}, "Company": "Acme", "expr0": 450},
        "plan": "TableScan",
    }


def test_describe(answer):
    told = answer("describe")
    assert (told["prefix"], told["calls"], told["counted"]) == ("00Q", 100_000, 100_000)
    assert {"Phone", "UniTalk_Key__c"} <= set(told["fields"])
    assert {"Lead", "Task"} <= set(told["objects"])


def test_records_and_searches(answer):
    told = answer("records")
    assert told.pop("gone")["errorCode"] == "ENTITY_IS_DELETED"
    assert told == {
        "phone": "+380441234567",
        "created": [True, False],
        "same": True,
        "found": [True],
        "anything": ["Lead"],
        "updated": [True],
        "deleted": [True],
        "recent": [],
    }


def test_collections_and_composites(answer):
    assert answer("collections") == {
        "saved": [True, False],
        "wrong": "REQUIRED_FIELD_MISSING",
        "read": ["Ivanenko"],
        "composite": [200, 201],
        "removed": [True],
    }


def test_errors(answer):
    told = answer("errors")
    assert {name: error.get("errorCode") for name, error in told.items()} == {
        "missing": "REQUIRED_FIELD_MISSING",
        "query": "INVALID_FIELD",
        "undefined": "NOT_FOUND",
        "id": "INVALID_FIELD",
        "revoked": None,
    }
    assert "expired access/refresh token" in told["revoked"]["message"]
