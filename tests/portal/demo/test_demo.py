"""The demo: its people, its calls, its commands; nothing of it outside the demo."""

from collections import Counter

import pytest

from core.events import parse_call
from core.policy import MissedCallRow
from portal import create_app
from portal.demo.events import DAY, KINDS, call_key, demo_event, demo_events
from portal.demo.seed import demo_key
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.loops import missed, opened
from tests.portal.helpers.orgs import ANNA, BOHDAN, connect, edit


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def test_seeding_twice_makes_one_demo(run, store, config):
    assert run("seed-demo").exit_code == 0
    key = demo_key(store, config)
    second = run("seed-demo")
    assert "demo@unitalk.example" in second.output
    assert demo_key(store, config) == key
    assert store.accounts.account_of_key(key) == "demo"
    person = store.accounts.person_by_email("demo@unitalk.example")
    assert [(one.id, role) for one, role in store.accounts.memberships(person.id)] == [
        ("demo", "owner")
    ]


def test_a_stand_in_org_at_another_port_keeps_its_connection(run, store, config):
    there = "http://127.0.0.1:18001"
    store.connections.choose("acme", environment="my_domain", my_domain=there)
    store.connections.connected("acme", "access", "refresh", instance_url=there)
    real = "https://other.my.salesforce.com"
    store.connections.connected("other", "access", "refresh", instance_url=real)
    assert run("seed-demo").exit_code == 0
    moved = store.connections.get("acme")
    assert (moved.instance_url, moved.my_domain) == (config.stand_in, config.stand_in)
    assert store.connections.get("other").instance_url == real


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_an_event_of_telephonys(kind):
    event = demo_event(kind, "380671234567")
    call = parse_call(event)
    assert call.key == call_key(event)
    assert call.missed == (kind == "missed")
    assert (call.client_number == "380671234567") == (kind in ("incoming", "missed", "outgoing"))


def test_a_day_is_some_calls_in_their_order_with_clients_who_come_again():
    calls = [parse_call(one) for one in demo_events(DAY)]
    assert [one.started_at for one in calls] == sorted(one.started_at for one in calls)
    numbers = Counter(one.client_number for one in calls)
    assert sorted(numbers.values()) == [1, 1, 2, 2, 2]
    assert len({one.key for one in calls}) == len(calls)


def test_the_page_goes_on_with_a_client_who_waits(run, store, visit, app):
    run("seed-demo")
    visitor = visit()
    visitor.sign_in("demo@unitalk.example", "demo-unitalk")
    assert 'value="outgoing">' not in visitor.get("/demo").text.partition("<section")[2]
    call = missed(store, 1, account="demo")
    opened(store, call)
    page = visitor.get("/demo").text
    assert 'name="number" value="+380505557182"' in page


def test_a_day_of_calls_has_somebody_who_is_to_call_back(run, store, visit):
    run("seed-demo")
    visitor = visit()
    visitor.sign_in("demo@unitalk.example", "demo-unitalk")
    visitor.get("/demo")
    visitor.post("/demo", kind="day")
    assert store.policies.get("demo").missed_calls == ()  # nobody is known yet
    connect(store, "demo")
    visitor.post("/demo", kind="missed")
    assert store.policies.get("demo").missed_calls == ()
    visitor.post("/demo", kind="day")
    assert [one.user_ids for one in store.policies.get("demo").missed_calls] == [(ANNA,)]
    edit(store, "demo", missed_calls=(MissedCallRow(id=0, user_ids=(BOHDAN,)),))
    visitor.post("/demo", kind="day")
    assert [one.user_ids for one in store.policies.get("demo").missed_calls] == [(BOHDAN,)]


@pytest.mark.parametrize("door", ["rq", "http"])
def test_a_closed_door_is_one_clear_line(run, door):
    run("seed-demo")
    answer = run("demo-call", "--door", door)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert "does not answer" in answer.output


def test_accounts_people_and_keys_by_command(run, store):
    assert run("account", "create", "new", "New").exit_code == 0
    assert run("account", "create", "new", "New").exit_code == 1
    added = run("person", "add", "A@b.example", "--account", "new", "--password", "long enough 1")
    assert added.exit_code == 0, added.output
    key = run("key", "issue", "new").output.strip()
    assert store.accounts.account_of_key(key) == "new"
    assert run("key", "issue", "nobody").exit_code == 1


def test_outside_the_demo_there_is_none_of_it(config, store, salesforce):
    app = create_app(config.model_copy(update={"demo": False}), store, salesforce.http)
    assert app.test_cli_runner().invoke(args=["seed-demo"]).exit_code == 1
    assert app.test_client().get(f"{ACME}/demo").status_code == 404


def test_the_page_is_only_for_the_demo_account(owner):
    assert owner.get("/demo").status_code == 404
