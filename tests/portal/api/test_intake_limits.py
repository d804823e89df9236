"""How much the HTTP door takes of one account, and what it says to who sends more."""

from collections.abc import Callable

import pytest
import redis
from flask import Flask

from core.events.schema import EXAMPLE
from core.intake import MOST_EVENTS
from portal import create_app
from portal.api.intake import A_REQUEST, EVENTS_A_MINUTE
from portal.web import flask_settings
from portal.web.extensions import limiter
from tests.portal.helpers.budgets import counted

NOTHING = [0] * MOST_EVENTS
"""The cheapest full list: each of its events is refused."""


def event(dbid: int):
    return {**EXAMPLE, "call": {**EXAMPLE["call"], "dbid": dbid}}


def send(app: Flask, key: str, body):
    headers = {"Authorization": f"Bearer {key}"}
    return app.test_client().post("/api/calls", json=body, headers=headers)


def exhaust(app: Flask, key: str) -> None:
    """As much as an account may send in a minute, in full lists."""
    for _ in range(EVENTS_A_MINUTE // MOST_EVENTS):
        assert send(app, key, NOTHING).status_code == 400


@pytest.fixture(params=["redis away", "redis"])
def limited(request, config, store, monkeypatch) -> tuple[Flask, Callable[[float], None]]:
    """A portal, and what lets seconds pass for its limiter."""
    if request.param == "redis away":

        def let_pass_here(seconds: float) -> None:
            ends = limiter.limiter.storage.expirations
            assert ends
            for key in ends:
                ends[key] -= seconds

        return create_app(config, store), let_pass_here
    url = request.getfixturevalue("embedded_redis_url")
    monkeypatch.setattr(limiter, "_storage_dead", False)  # as an earlier test may have left it
    monkeypatch.setattr(flask_settings, "REDIS_SECONDS", 10)  # a busy machine is not "away"

    def let_pass(seconds: float) -> None:
        with redis.Redis.from_url(url) as server:
            counted = list(server.scan_iter("*limits*"))
            assert counted
            for key in counted:
                server.pexpire(key, max(0, int(server.pttl(key) - seconds * 1000)))

    return create_app(config.model_copy(update={"redis_url": url}), store), let_pass


def test_too_much_is_refused_as_a_whole_until_the_time_that_it_names(limited, store):
    app, let_pass = limited
    first, second = store.accounts.issue_key("acme"), store.accounts.issue_key("acme")
    exhaust(app, first)
    answers = [send(app, key, [event(1), event(2)]) for key in (first, second)]
    for answer in answers:
        assert (answer.status_code, answer.json) == (429, {"error": "too many requests"})
    assert not store.journal.by_key("acme", "1"), "the account is counted, not the key"
    assert send(app, store.accounts.issue_key("other"), event(1)).status_code == 202

    wait = int(answers[-1].headers["Retry-After"])
    assert 1 <= wait <= 65
    let_pass(wait)
    assert send(app, second, [event(1), event(2)]).status_code == 202


def test_a_single_event_counts_as_a_short_list(app, store):
    key = store.accounts.issue_key("acme")
    lists = EVENTS_A_MINUTE // MOST_EVENTS - 1
    for _ in range(lists):
        send(app, key, NOTHING)
    left = (EVENTS_A_MINUTE - lists * MOST_EVENTS) // A_REQUEST
    answers = [send(app, key, 0).status_code for _ in range(left + 1)]
    assert answers == [400] * left + [429]


def test_the_limit_is_stated_where_telephony_reads(app):
    document = app.test_client().get("/api/openapi.json").json
    said = document["paths"]["/api/calls"]["post"]["responses"]["429"]["description"]
    for number in (EVENTS_A_MINUTE, A_REQUEST):
        assert f"{number:,}" in said


class TestOnBothDatabases:
    @pytest.fixture
    def store_url(self, database_url: str) -> str:
        return database_url

    @pytest.mark.parametrize("size", [1, 200])
    def test_a_request_costs_the_database_four_statements_at_most(self, app, store, size):
        key = store.accounts.issue_key("acme")
        send(app, key, event(1))
        body = [event(dbid) for dbid in range(10, 10 + size)]
        with counted(store.database.engine) as statements:
            assert send(app, key, body if size > 1 else body[0]).status_code == 202
        assert len(statements) <= 4, statements
