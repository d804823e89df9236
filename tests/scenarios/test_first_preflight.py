"""The first pre-flight of a connection, which knows nothing of its org's limits yet."""

from core.checking import KIND, preflight
from core.preflight import report_from_json


def test_it_knows_already_where_the_account_pauses(world):
    world.org(api_limit=100).connect()
    world.control("PATCH", "/orgs/Acme/counters", {"api_usage": 82})
    assert world.store.connections.get("acme").ceiling is None
    assert preflight("acme", world.store, world.config, world.http)
    report = report_from_json(world.store.checks.newest("acme", KIND).result)
    assert "preflight.api_calls_gone" in [one.reason.code for one in report.of("stop")]
