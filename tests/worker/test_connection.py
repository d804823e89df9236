"""A connection that dies and recovers, is renewed by one at a time, and waits for its quota."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from core.connection import ConnectionState
from core.models import CallState, QueuedCall
from core.reasons import stored
from core.store import Store
from core.store.database import utc_now
from core.store.policies import Actor
from core.tokens import AccountTokens
from tests.helpers.events import event
from worker.deliver import deliver
from worker.deliverers import Deliverers
from worker.housekeeping import keep_quiet_connections, send_notices
from worker.sweeper import sweep


@pytest.fixture
def folder(light_world, tmp_path):
    """Where mails go."""
    config = light_world.config.model_copy(update={"mail_folder": tmp_path / "mail"})
    object.__setattr__(light_world.runtime, "config", config)
    return tmp_path / "mail"


@pytest.fixture
def idle():
    """Deliverers who leave the deliveries to the test."""
    deliverers = Deliverers(lambda _: False)
    yield deliverers
    assert deliverers.stop(30)


def mails(folder):
    found = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def own(world, name, language):
    person = world.store.accounts.add_person(f"{name}@acme.example", name)
    world.store.accounts.join("acme", person.id, "owner")
    world.store.accounts.set_language(person.id, language)


def test_calls_are_held_owners_told_and_reconnecting_delivers_in_order(light_world, folder, idle):
    world = light_world.connect()
    own(world, "olena", "uk")
    own(world, "anna", "")
    world.control("POST", "/orgs/Acme/revoke")
    world.hand_over(event(dbid=1), event(dbid=2)).deliver()
    world.hand_over(event(dbid=3)).deliver()
    assert {world.call(one).state for one in (1, 2, 3)} == {CallState.HELD}
    assert world.store.connections.get("acme").state is ConnectionState.DEAD
    assert send_notices(world.runtime) == 1
    assert send_notices(world.runtime) == 0, "once per transition"
    subjects = {mail["To"]: mail["Subject"] for mail in mails(folder)}
    assert subjects == {
        "olena@acme.example": "Acme: дзвінки більше не потрапляють у Salesforce",
        "anna@acme.example": "Acme: calls no longer reach Salesforce",
    }
    assert "Press Connect" in mails(folder)[1].get_content()

    world.connect()
    sweep(world.runtime, idle)  # whoever reconnected died before it released the calls
    world.deliver()
    keys = [task["UniTalk_Call_Id__c"] for task in world.records("Task")]
    assert keys == ["1", "2", "3"]
    assert send_notices(world.runtime) == 1
    assert "again" in mails(folder)[-1]["Subject"]


def test_after_a_disconnect_held_calls_say_what_they_wait_for_and_stop_no_others(light_world, idle):
    world = light_world.connect()
    world.control("POST", "/orgs/Acme/revoke")
    world.hand_over(event(dbid=1)).deliver()
    world.store.connections.disconnected("acme")
    held = world.call(1)
    assert (held.state, held.reason_code) == (CallState.HELD, "hold.disconnected")
    assert [one.state for one in world.store.ledger.history(held)][-1] == CallState.HELD
    world.hand_over(event(dbid=2)).deliver()
    assert world.call(2).reason_code == "skip.not_connected"
    world.connect()
    sweep(world.runtime, idle)
    world.deliver()
    assert world.call(1).state == CallState.DONE


def test_a_mail_server_that_is_away_is_asked_again(light_world):
    world = light_world.connect()
    own(world, "anna", "en")
    config = world.config.model_copy(update={"mail_url": "smtp://127.0.0.1:9"})
    object.__setattr__(world.runtime, "config", config)
    world.store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert send_notices(world.runtime) == 0
    assert world.store.notices.claim() is None, "not at once"


def test_who_reconnects_is_not_undone_by_a_delivery_that_began_before(world):
    world.connect()
    before = world.store.connections.get("acme").connected_at
    world.connect()
    assert not world.store.connections.died(
        "acme", stored("connection.refresh_refused", {}), before
    )
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE
    assert world.store.notices.claim() is None


def test_many_that_renew_at_once_present_each_token_once(world):
    world.connect()
    url, keys = world.config.database_url, world.config.token_keys
    stores = [Store(url, keys) for _ in range(4)]
    tokens = [AccountTokens("acme", store, world.config, world.http) for store in stores]
    for _ in range(3):
        world.control("POST", "/orgs/Acme/expire-sessions")
        stale = tokens[0].current()
        with ThreadPoolExecutor(8) as pool:
            fresh = list(pool.map(AccountTokens.renew, tokens * 2, [stale] * 8))
        assert len({one.token for one in fresh}) == 1
    counters = world.control("GET", "/orgs/Acme/counters")
    assert (counters["refreshes"], counters["refresh_reuses"]) == (3, 0)
    for store in stores:
        store.close()


def test_two_workers_that_race_for_one_new_number_make_one_lead(world):
    world.org(package=False).connect()
    world.hand_over(*(event(dbid=one) for one in range(1, 9)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: deliver("acme", world.runtime), range(4)))
    world.deliver()
    assert len(world.records("Lead")) == 1
    assert len(world.records("Task")) == 8


def test_over_its_ceiling_an_account_waits_visibly_and_goes_on_by_itself(light_world):
    world = light_world.connect().hand_over(event(dbid=1)).deliver()
    world.store.ceilings.set("acme", Actor(), 1)
    world.hand_over(event(dbid=2)).deliver()
    connection = world.store.connections.get("acme")
    assert (connection.state, connection.reason_code) == (
        ConnectionState.PAUSED,
        "connection.ceiling",
    )
    row = world.call(2)
    assert (row.state, row.reason_code) == (CallState.WAITING, "connection.ceiling")
    assert row.queued.due_at == connection.paused_until
    assert world.store.deliveries.due_accounts() == []

    world.store.ceilings.set("acme", Actor(), None)
    past_the_pause(world, 2)
    assert world.store.deliveries.due_accounts() == ["acme"]
    world.deliver()
    assert world.call(2).state == CallState.DONE
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE


def test_too_many_log_ins_pause_the_account_and_it_goes_on_by_itself(light_world):
    world = light_world.connect().hand_over(event(dbid=1))
    world.control("POST", "/orgs/Acme/expire-sessions")
    refusal = {"code": "rate_limit_exceeded", "message": "login rate exceeded"}
    world.control("POST", "/faults", {"kind": "refused", "path": "oauth2/token", **refusal})
    world.deliver()
    connection = world.store.connections.get("acme")
    assert (connection.state, connection.reason_code) == (
        ConnectionState.PAUSED,
        "connection.login_rate",
    )
    assert (world.call(1).state, world.call(1).reason_code) == (
        CallState.WAITING,
        "connection.login_rate",
    )
    past_the_pause(world, 1)
    world.deliver()
    assert world.call(1).state == CallState.DONE
    assert world.store.connections.get("acme").state is ConnectionState.ACTIVE


def past_the_pause(world, key):
    past = utc_now() - timedelta(seconds=1)
    world.store.connections.paused("acme", past, stored("connection.ceiling", {}))
    with world.store.database.write() as session:
        session.get(QueuedCall, world.call(key).id).due_at = past


def test_a_quiet_connection_is_kept_and_a_refused_one_reported(light_world):
    world = light_world.connect()
    assert keep_quiet_connections(world.runtime) == 0, "it was used today"
    with world.store.database.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE connections SET refreshed_at = '2026-01-01 00:00:00'"
        )
    assert keep_quiet_connections(world.runtime) == 1
    world.control("POST", "/orgs/Acme/revoke")
    with world.store.database.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE connections SET refreshed_at = '2026-01-01 00:00:00'"
        )
    assert keep_quiet_connections(world.runtime) == 0
    assert world.store.connections.get("acme").state is ConnectionState.DEAD
    assert world.store.notices.claim().kind == "connection_died"
