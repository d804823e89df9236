"""Calls over a connection that the customer's own app made, without a person."""

from tests.helpers.events import CLIENT, event
from tests.scenarios.test_meanwhile import before_the_write

PLUS = f"+{CLIENT}"


def test_a_call_is_delivered_though_the_session_ends_in_the_middle(world):
    lead = world.plant("Lead", LastName="Known", Company="C", Phone=PLUS)
    world.connect_alone()
    before = world.store.connections.tokens("acme")
    before_the_write(world, lambda: world.control("POST", "/orgs/Acme/expire-sessions"))
    world.hand_over(event(dbid=1), event(dbid=2, **{"from": "380501112233"})).deliver()
    for key in (1, 2):
        assert world.call(key).state == "done"
    (new,) = [one for one in world.records("Lead") if one["Id"] != lead]
    assert {task["WhoId"] for task in world.records("Task")} == {lead, new["Id"]}
    now = world.store.connections.tokens("acme")
    assert now.version == before.version + 1
    assert now.access_token != before.access_token
    assert now.refresh_token == ""


def test_another_run_as_user_writes_from_the_next_session_on_and_owns_what_is_new(world):
    bohdan = world.records("User")[1]
    world.connect_alone()
    run_as = {"org": "Acme", "username": bohdan["Username"]}
    world.own_app(client_credentials_user=run_as)
    world.control("POST", "/orgs/Acme/expire-sessions")
    world.hand_over(event(dbid=1)).deliver()
    connection = world.store.connections.get("acme")
    assert (connection.user_id, connection.username) == (bohdan["Id"], bohdan["Username"])
    assert connection.user_name == bohdan["Name"]
    assert world.one("Task")["CreatedById"] == bohdan["Id"]
    world.hand_over(event(dbid=2, **{"from": "380501112233"})).deliver()
    (new,) = [one for one in world.records("Lead") if "1112233" in one["Phone"]]
    assert new["OwnerId"] == bohdan["Id"]


def test_an_app_that_leads_into_another_org_writes_nothing_there(world):
    world.connect_alone()
    world.control("POST", "/orgs", {"name": "Second"})
    (username, *_) = [one["Username"] for one in world.control("GET", "/orgs/Second/records/User")]
    world.own_app(client_credentials_user={"org": "Second", "username": username})
    world.control("POST", "/orgs/Acme/expire-sessions")
    world.hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "held"
    assert world.store.connections.get("acme").reason_code == "connection.another_org"
    assert world.control("GET", "/orgs/Second/records/Task") == []
