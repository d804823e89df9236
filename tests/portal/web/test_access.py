"""Every route × every visitor, against the table in `access.py`."""

import pytest
from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError
from werkzeug.test import TestResponse

from core.config import Config
from core.store import Store
from portal import create_app
from portal.web import who
from tests.portal.helpers.access import (
    DECLARED,
    IN,
    MISSING,
    NO_KEY,
    REFUSED,
    SIGN_IN,
    VISITORS,
    WITHOUT_TOKEN,
)
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.walk import CHANGING, calls, rules, sit

FROM = {"Referer": f"http://localhost{ACME}/calls"}
"""So that whoever must sign in is told apart by the address to come back to."""


@pytest.fixture
def app(config: Config, store: Store) -> Flask:
    app = create_app(config.model_copy(update={"admin_key": "admin-secret"}), store)
    app.config["WTF_CSRF_ENABLED"] = False
    app.after_request(tell_where)
    return app


def tell_where(answer: Response) -> Response:
    """Whether the account in the address was open: what is asked of it may be missing there."""
    answer.headers["X-Inside"] = "yes" if who.place() else ""
    return answer


def verdict(answer: TestResponse) -> str:
    # The fixture's Redis is away, and readiness says so.
    assert answer.status_code < 500 or answer.request.path == "/readyz", answer.request.path
    if answer.status_code == 303 and answer.location.startswith("/sign-in?next="):
        return SIGN_IN
    if answer.status_code == 404 and answer.request.path.startswith("/a/"):
        return IN if answer.headers["X-Inside"] else MISSING
    return {401: NO_KEY, 403: REFUSED}.get(answer.status_code, IN)


def test_every_route_is_declared_and_nothing_else(app: Flask):
    assert {rule.endpoint for rule in rules(app)} == set(DECLARED)


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_route_answers_as_declared(app: Flask, store: Store, visitor: str):
    client = app.test_client()
    sit(client, store, visitor)
    expected, met = {}, {}
    for endpoint, method, address in calls(app):
        answer = client.open(address, method=method, headers=FROM)
        met[endpoint, address] = verdict(answer)
        expected[endpoint, address] = DECLARED[endpoint].value[VISITORS.index(visitor)]
    assert met == expected


def test_no_change_without_the_forms_token(app: Flask, store: Store):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    sit(client, store, "owner")
    asked: list[str] = []
    refused: list[str | None] = []

    def note(error: CSRFError) -> tuple[str, int]:
        refused.append(request.endpoint)
        return str(error), 400

    app.register_error_handler(CSRFError, note)
    for endpoint, method, address in calls(app):
        if method in CHANGING and endpoint.partition(".")[0] not in WITHOUT_TOKEN:
            asked.append(endpoint)
            client.open(address, method=method)
    assert refused == asked
