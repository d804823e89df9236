"""docs/telephony.md says what the code does."""

import json
import re
from pathlib import Path

from core.event_schema import event_schema
from portal.openapi import ANSWERS

TEXT = (Path(__file__).parents[2] / "docs" / "telephony.md").read_text()


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
