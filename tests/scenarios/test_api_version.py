"""An org that does not have the API version that we speak, and one that only seems so."""

from dataclasses import replace

import httpx
import pytest

from core.connection import ConnectionState
from core.models import CallState
from core.salesforce.client import API_VERSION
from core.salesforce.http import make_http
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


class InBetween(httpx.BaseTransport):
    """Something on the way that answers one request itself."""

    def __init__(self, world, path):
        self.behind, self.path = world.http, path

    def handle_request(self, request):
        if request.url.path.endswith(self.path):
            self.path = "done"
            return httpx.Response(404, html="<html>Not Found</html>")
        answer = self.behind.send(request)
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.mark.parametrize("path", ["/composite", "/composite/graph"])
def test_a_page_that_is_not_found_costs_a_pause(world, path):
    world.connect()
    world.runtime = replace(world.runtime, http=make_http(InBetween(world, path)))
    world.hand_over(event(dbid=1)).deliver()
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE
    assert world.call(1).state == CallState.RETRY
    world.hurry().deliver()
    assert world.call(1).state == CallState.DONE
    assert world.one("Task")["WhoId"] == world.one("Lead")["Id"]
