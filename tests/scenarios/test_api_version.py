"""An org that does not have the API version that we speak."""

from core.connection import ConnectionState
from core.models import CallState
from core.salesforce.client import API_VERSION
from tests.helpers.events import event


def test_calls_wait_and_the_card_says_what_to_do(world):
    ours = int(float(API_VERSION))
    world.connect().org(newest_api=ours - 1)
    world.hand_over(event(dbid=1)).deliver()
    dead = world.store.connections.get("acme")
    assert (dead.state, dead.reason_code) == (ConnectionState.DEAD, "connection.api_version")
    assert world.call(1).state == CallState.HELD
    world.org(newest_api=ours).connect().deliver()
    assert world.one("Task")["WhoId"] == world.one("Lead")["Id"]
