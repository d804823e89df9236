"""One API version everywhere, and what an org says that does not have it."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from core.salesforce.client import API_VERSION, Client
from core.salesforce.errors import ConnectionDead, RecordRefused, Transient
from sandbox.settings import NEWEST_API, OLDEST_API
from tests.core.salesforce.helpers.scripted import Salesforce, Tokens, refused

ROOT = Path(__file__).parents[3]


def test_the_package_and_the_record_of_the_choice_name_the_same_version() -> None:
    project = json.loads((ROOT / "salesforce-package" / "sfdx-project.json").read_text())
    assert project["sourceApiVersion"] == API_VERSION
    decision = (ROOT / "docs" / "decisions" / "0011-api-version.md").read_text()
    assert f"**Decision.** {API_VERSION}," in decision
    assert f"{OLDEST_API}.0 to {NEWEST_API}.0" in decision


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/composite", refused("NOT_FOUND", "The requested resource does not exist", 404)),
        ("/query?q=SELECT+Id+FROM+Lead", refused("NOT_FOUND", "not there", 404)),
        ("/composite/graph", refused("GONE", "retired", 410)),
        ("/sobjects/Lead/00Q", refused("GONE", "retired", 410)),
    ],
)
def test_an_org_without_our_version_waits_for_us(path: str, answer: httpx.Response) -> None:
    with pytest.raises(ConnectionDead) as dead:
        Client(Tokens(), Salesforce(answer).http).request("GET", path)
    assert dead.value.reason.code == "connection.api_version"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/composite", httpx.Response(404, html="<html>Not there</html>")),
        ("/composite/graph", httpx.Response(404)),
        ("/sobjects/Lead/00Q", httpx.Response(410)),
    ],
)
def test_an_answer_that_salesforce_did_not_give_is_passing_trouble(
    path: str, answer: httpx.Response
) -> None:
    with pytest.raises(Transient):
        Client(Tokens(), Salesforce(answer).http).request("GET", path)


def test_a_record_that_is_not_there_says_nothing_of_the_version() -> None:
    missing = refused("NOT_FOUND", "The requested resource does not exist", 404)
    with pytest.raises(RecordRefused):
        Client(Tokens(), Salesforce(missing).http).request("GET", "/sobjects/Lead/00Q")
