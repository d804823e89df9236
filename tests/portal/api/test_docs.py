"""docs/telephony.md and the proxy's part of docs/operations.md say what the code does."""

import json
import re

from core import ROOT
from core.events.schema import event_schema
from portal.api.openapi import ANSWERS

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
TEXT = (ROOT / "docs" / "telephony.md").read_text()


def test_the_schema_is_the_codes_own():
    block = re.search(r"schema: begin -->\s*```json\n(.*?)```", TEXT, re.DOTALL)
    assert json.loads(block[1]) == event_schema()


def test_every_answer_of_the_door_is_explained():
    explained = set(re.findall(r"^\| (\d{3}) \|", TEXT, re.MULTILINE))
    assert explained == set(ANSWERS) | {"503"}


def test_the_one_line_example_is_taken(app, store):
    event = re.search(r"-d '(\{.*\})'", TEXT)[1]
    key = store.accounts.issue_key("acme")
    answer = app.test_client().post(
        "/api/calls",
        data=event,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 202


def test_the_proxys_log_masks_every_key_in_a_path(app):
    block = re.search(r"map \$uri \$logged_path \{(.*?)\}", OPERATIONS, re.DOTALL)[1]
    masks = re.findall(r"~(\S+)", block)
    keyed = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments & {"token", "key"}]
    assert len(keyed) >= 2
    for rule in keyed:
        assert any(re.search(mask, rule) for mask in masks), rule
    form = re.search(r"log_format without_secrets (.*?);", OPERATIONS, re.DOTALL)[1]
    assert not {"request", "request_uri", "args", "uri", "http_referer"} & set(
        re.findall(r"\$(\w+)", form)
    )
