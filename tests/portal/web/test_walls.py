"""Nobody sees or changes anything of an account next door, whatever ids of it they know."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import ROOT
from core.store import Store
from tests.portal.helpers.access import DECLARED, Access
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.calls import hand_over
from tests.portal.helpers.client import HTMX
from tests.portal.helpers.markup import without_token
from tests.portal.helpers.neighbour import MARKS, REASON, Neighbour
from tests.portal.helpers.orgs import ANNA, furnish
from tests.portal.helpers.walk import calls, rules, sit
from tests.portal.helpers.walls import NAMES_WITHOUT_IDS, VISITORS, WALLS, WITHOUT_IDS

PORTAL = ROOT / "portal"
READ = re.compile(r"\b(?:answers|args|form|given|values|_place)(?:\.get(?:list)?)?[(\[]\"(\w+)\"")
"""How the portal reads a form or what stands behind the question mark."""
SENT = {"which": "selected", "user": ANNA}
"""So that no form is refused for want of something that is no id."""
BESIDE = {Access.OPEN, Access.KEY}
"""Doors that know no account, or nobody's session."""


@pytest.fixture
def neighbour(app: Flask, store: Store) -> Neighbour:
    """Next door to `acme`, which is furnished, too: all that a page can show is shown."""
    app.config["WTF_CSRF_ENABLED"] = False
    furnish(store)
    return Neighbour(store)


def signed_in(app: Flask, store: Store, visitor: str) -> FlaskClient:
    client = app.test_client()
    sit(client, store, visitor)
    return client


def test_every_route_is_walled_or_takes_no_ids(app: Flask):
    inside = {endpoint for endpoint, access in DECLARED.items() if access not in BESIDE}
    assert set(WALLS) | WITHOUT_IDS == inside
    assert not set(WALLS) & WITHOUT_IDS


def test_every_id_in_an_address_or_a_form_is_known(app: Flask, neighbour: Neighbour):
    taken = set().union(*(rule.arguments for rule in rules(app) if rule.endpoint in WALLS))
    assert taken <= set(neighbour.addressed) | set(neighbour.account)
    read = {name for path in PORTAL.rglob("*.py") for name in READ.findall(path.read_text())}
    assert read == set(neighbour.carried) | NAMES_WITHOUT_IDS


@pytest.mark.parametrize("visitor", VISITORS)
def test_ids_from_next_door_show_and_change_nothing(
    app: Flask, store: Store, neighbour: Neighbour, visitor: str
):
    client, before = signed_in(app, store, visitor), neighbour.belongings()
    carried, met = {**neighbour.carried, **SENT}, {}
    for endpoint, method, address in calls(app, neighbour.addressed):
        if endpoint in WALLS:
            sent = {"query_string" if method == "GET" else "data": carried}
            answer = client.open(address, method=method, **sent)
            met[endpoint] = answer.status_code
            assert [mark for mark in MARKS if mark in answer.text] == [], endpoint
    assert met == {
        endpoint: answers[VISITORS.index(visitor)] for endpoint, answers in WALLS.items()
    }
    assert neighbour.belongings() == before


@pytest.mark.parametrize("visitor", VISITORS)
def test_no_address_next_door_is_open_or_tells_that_it_is_there(
    app: Flask, store: Store, neighbour: Neighbour, visitor: str
):
    client, before = signed_in(app, store, visitor), neighbour.belongings()
    for endpoint, method, address in calls(app, {**neighbour.addressed, **neighbour.account}):
        if "account" in arguments(app, endpoint):
            there = client.open(address, method=method, data=neighbour.carried)
            name = neighbour.account["account"]
            nowhere = client.open(address.replace(name, "nowhere"), method=method)
            assert (there.status_code, nowhere.status_code) == (404, 404), endpoint
            assert without_token(there.text) == without_token(nowhere.text), endpoint
    assert neighbour.belongings() == before


def arguments(app: Flask, endpoint: str) -> set[str]:
    return set().union(*(rule.arguments for rule in app.url_map.iter_rules(endpoint)))


def test_what_changed_next_door_is_no_news(app: Flask, store: Store, neighbour: Neighbour):
    for visitor in VISITORS:
        client = signed_in(app, store, visitor)
        for endpoint, _, address in calls(app):
            if endpoint.endswith("_news"):
                answer = client.get(address, query_string=neighbour.carried, headers=HTMX)
                assert (answer.status_code, answer.text) == (204, ""), (visitor, endpoint)


def test_to_try_all_calls_again_stops_at_the_wall(app: Flask, store: Store, neighbour: Neighbour):
    before = neighbour.belongings()
    for visitor in VISITORS:
        client = signed_in(app, store, visitor)
        for form in ({"which": "all"}, {"reason": REASON}):
            assert client.post(f"{ACME}/calls/again", data=form).status_code == 303
    assert neighbour.belongings() == before


def test_no_list_goes_on_at_a_place_next_door(app: Flask, store: Store, neighbour: Neighbour):
    """It would tell how old the call there is."""
    newer = hand_over(store)
    place = neighbour.call.public_id
    page = signed_in(app, store, "owner").get(f"{ACME}/calls?after={place}").text
    assert newer.public_id in page


def test_the_neighbours_own_pages_show_every_mark(app: Flask, store: Store, neighbour: Neighbour):
    """So that their absence elsewhere says something."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = neighbour.session, True
    pages = [
        client.get(address).text
        for endpoint, method, address in calls(app, {**neighbour.addressed, **neighbour.account})
        if endpoint in WALLS and method == "GET"
    ]
    assert [mark for mark in MARKS if not any(mark in page for page in pages)] == []
