"""`kill -9` of every process, then a plain start: it carries on by itself."""

import time

import pytest

from core.clock import started
from core.events import parse_call
from core.models import CallState
from core.policy import Policy
from core.store import Store
from tests.chaos.house import House, patiently
from tests.chaos.options import Options
from tests.chaos.orgs import Orgs
from tests.helpers.calls import write_down
from tests.helpers.events import event

LEASE = 20


@pytest.fixture
def house(tmp_path):
    house = House(Options(accounts=1, lease=LEASE), tmp_path)
    house.open()
    yield house
    house.close()


def test_after_the_death_of_every_process_the_first_call_is_written_in_time(house):
    store = Store(house.database_url, house.environment["TOKEN_KEYS"])
    orgs = Orgs(Options(accounts=1), house, store)
    orgs.prepare()
    orgs.ask("POST", "/faults", {"kind": "hang", "path": "composite", "seconds": 60})
    for dbid in (1, 2):
        call = parse_call(event(dbid=dbid))
        moment = started(call, Policy().zone)
        write_down(store, "chaos0", call, event(dbid=dbid), f"+{call.client_number}", moment)
    house.start_product()
    assert patiently(lambda: orgs.ask("GET", "/requests?org=chaos0"), 60, 0.05), "it hangs by now"
    assert store.deliveries.counts()[CallState.DELIVERING] == 2

    killed = time.monotonic()
    for name in ("worker", "portal"):
        children = house.children(name)
        house.kill(name)
        house.kill_these(children)
    house.restart_redis_empty()
    house.start_product()
    assert patiently(lambda: orgs.records("chaos0", "Task"), 60, 0.1)
    assert time.monotonic() - killed < LEASE + 5
    assert patiently(lambda: len(orgs.records("chaos0", "Task")) == 2, 10)
    assert len(orgs.records("chaos0", "Lead")) == 1
    store.close()
