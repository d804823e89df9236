"""When Salesforce says no, or its answer gets lost: what is written, and what the journal says."""

from sqlalchemy import text

from core.store.database import utc_now
from core.store.policies import Actor
from tests.helpers.events import CLIENT, event, missed

OTHER = "380501112233"


def fault(world, kind, **rule):
    world.control("POST", "/faults", {"kind": kind, **rule})


def make_due(world):
    """As if every pause had passed."""
    with world.hurry().store.database.write() as session:
        session.execute(text("UPDATE connections SET paused_until = NULL"))


def test_a_write_whose_reply_was_lost_is_recognised(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    fault(world, "lost_reply", path="/composite/graph")
    world.hand_over(event(dbid=2, **{"from": OTHER})).deliver()
    assert world.call(2).state == "retry"
    make_due(world)
    world.deliver()
    assert world.call(2).state == "done"
    assert world.call(2).written["task"] == world.records("Task")[1]["Id"]
    assert len(world.records("Lead")) == 2
    assert len(world.records("Task")) == 2


def test_a_locked_record_harms_nobody_else(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    fault(world, "lock", object="Task")
    world.hand_over(event(dbid=2), event(dbid=3, **{"from": OTHER})).deliver()
    assert {world.call(2).state, world.call(3).state} == {"retry", "done"}
    make_due(world)
    world.deliver()
    assert {world.call(2).state, world.call(3).state} == {"done"}
    assert len(world.records("Task")) == 3


def test_a_validation_rule_is_shown_in_its_own_words_and_try_again_mends_it(world):
    rule = {"object": "Lead", "when": "Company = '—'", "message": "Firma fehlt!"}
    world.org(validation_rules=[rule]).connect().hand_over(event(dbid=1)).deliver()
    row = world.call(1)
    assert row.state == "attention"
    assert row.reason_params["message"] == "Firma fehlt!"
    assert world.records("Lead") == []
    world.org(validation_rules=[])
    assert world.store.releases.try_again("acme", [row.public_id]) == 1
    world.deliver()
    assert world.call(1).state == "done"


def test_a_duplicate_rule_names_the_record_to_use(world):
    person = world.plant("Contact", LastName="Known", Phone=f"+{CLIENT}")
    rule = {"object": "Lead", "action": "block", "against": ["Contact"]}
    world.org(duplicate_rules=[rule]).connect().hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "done"
    assert world.one("Task")["WhoId"] == person
    assert world.records("Lead") == []


def test_a_created_lead_that_was_deleted_since_is_created_anew(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    lead = world.one("Lead")["Id"]
    world.control("DELETE", f"/orgs/Acme/records/Lead/{lead}")
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).state == "done"
    assert world.one("Lead")["Id"] != lead


def test_an_expired_session_is_renewed_in_passing(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    world.control("POST", "/orgs/Acme/expire-sessions")
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).state == "done"
    counters = world.control("GET", "/orgs/Acme/counters")
    assert (counters["refreshes"], counters["refresh_reuses"]) == (1, 0)


def test_a_dead_connection_holds_calls_and_reconnecting_delivers_them_in_order(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    world.control("POST", "/orgs/Acme/revoke")
    world.hand_over(missed(dbid=2)).deliver()
    world.hand_over(event(dbid=3)).deliver()
    assert [world.call(key).state for key in (2, 3)] == ["held", "held"]
    assert world.store.connections.get("acme").state == "dead"
    assert len(world.records("Task")) == 1
    world.connect()
    assert [world.call(key).state for key in (2, 3)] == ["waiting", "waiting"]
    world.deliver()
    assert [task["CallDurationInSeconds"] for task in world.records("Task")] == [9, 0, 9]


def test_the_api_limit_pauses_the_account_visibly(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    fault(world, "limit")
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).state == "waiting"
    assert world.call(2).reason_code == "connection.limit"
    connection = world.store.connections.get("acme")
    assert connection.state == "paused"
    assert connection.paused_until > utc_now()
    assert world.store.deliveries.due_accounts() == []
    make_due(world)
    world.deliver()
    assert world.call(2).state == "done"
    assert world.store.connections.get("acme").state == "active"


def test_a_full_org_is_told_to_make_room_and_then_gets_its_calls(world):
    world.connect().org(storage_full=True).hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "waiting"
    assert world.call(1).reason_code == "connection.storage"
    connection = world.store.connections.get("acme")
    assert (connection.state, connection.reason_code) == ("paused", "connection.storage")
    sent = world.control("GET", "/orgs/Acme/counters")["api_calls"]
    world.hand_over(event(dbid=2, **{"from": OTHER})).deliver()
    assert world.control("GET", "/orgs/Acme/counters")["api_calls"] == sent, "none is wasted"
    world.org(storage_full=False)
    make_due(world)
    world.deliver()
    assert world.call(1).state == "done"


def test_the_accounts_own_ceiling_is_kept(world):
    world.connect().hand_over(event(dbid=1)).deliver()
    world.store.ceilings.set("acme", Actor(), 1)
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).reason_code == "connection.ceiling"
    assert len(world.records("Task")) == 1


def test_the_package_installed_later_doubles_nothing(world):
    world.org(package=False).connect().hand_over(event(dbid=1)).deliver()
    fault(world, "lost_reply", path="/composite/graph")
    world.hand_over(event(dbid=2)).deliver()
    world.org(package=True)
    world.store.shapes.forget("acme")
    make_due(world)
    with world.store.database.write() as session:
        session.execute(text("UPDATE calls SET state = 'waiting'"))
    world.deliver()
    assert len(world.records("Task")) == 2
    assert len(world.records("Lead")) == 1


def test_a_contact_center_without_call_fields_still_gets_its_calls(world):
    hidden = ["CallType", "CallDurationInSeconds", "CallDisposition"]
    world.org(hidden_fields=[f"Task.{one}" for one in hidden]).connect()
    world.hand_over(event(dbid=1)).deliver()
    assert world.call(1).state == "done"
    assert "9" in world.one("Task")["Description"]
