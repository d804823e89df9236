"""Strings nobody should send at the programs' doors: every answer is one of those described."""

import json

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.schemas import APIOperation, BaseSchema

from core.config import Config
from core.store import Store
from portal import create_app
from portal.web.extensions import limiter
from tests.helpers.events import event
from tests.portal.helpers.naughty import LENIENT


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u202e", "\x1b[2J"])
def test_telephony_may_send_any_character(app: Flask, store: Store, text: str):
    key = store.accounts.issue_key("acme")
    fields = ("from", "to", "outerNumber", "link", "lastGroupName", "state", "source", "dbid")
    for number, field in enumerate(fields):
        answer = app.test_client().post(
            "/api/calls",
            data=json.dumps(event(**{"dbid": number, field: text})),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code in (200, 202, 400), field


@pytest.fixture
def schema(config: Config, store: Store, monkeypatch: pytest.MonkeyPatch) -> BaseSchema:
    monkeypatch.setattr(limiter, "enabled", False)
    app = create_app(config.model_copy(update={"admin_key": "admin-secret"}), store)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def test_programs_doors_keep_their_word(schema: BaseSchema, store: Store):
    """Whatever schemathesis makes of the description: no 5xx, and no undeclared answer."""
    keys = {"/api/admin": "admin-secret", "/api/calls": store.accounts.issue_key("acme")}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 7
    for operation in operations:
        key = next(key for start, key in keys.items() if operation.path.startswith(start))
        fuzz(operation, key)


def fuzz(operation: APIOperation, key: str) -> None:
    declared = set(operation.definition.raw["responses"])

    @settings(LENIENT, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def send(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code < 500
        # An empty or slashed name in an address leads to no route at all.
        assert str(answer.status_code) in declared | {"404", "405"}

    send()
