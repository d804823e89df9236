"""An org whose connected user sees no other user, or none at all: ids do, and nothing is denied."""

import pytest

from core.facts import User
from core.policy import LineRow
from tests.portal.helpers.orgs import BOHDAN, FORMER, TWIN, USERS, connect, edit, see, shape


@pytest.fixture(autouse=True)
def english(store, owner):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")


@pytest.fixture
def clara(owner, store, salesforce):
    """The id of somebody in the stand-in org that the account is connected to."""
    granted = salesforce.control("POST", "/connections", client_id="product-client", org="Acme")
    store.connections.connected(
        "acme",
        granted["access_token"],
        granted["refresh_token"],
        org_name="Acme",
        **{name: granted[name] for name in ("org_id", "user_id", "instance_url")},
    )
    users = salesforce.control("GET", "/orgs/Acme")["users"]
    return next(one["Id"] for one in users if one["Username"].startswith("clara"))


def send(owner, path, status=200, **form):
    answer = owner.post(f"/salesforce/{path}", htmx=True, **form)
    assert answer.status_code == status, answer.text
    return answer


@pytest.mark.parametrize(("visible", "seen"), [("none", 0), ("own", 1)])
def test_who_sees_nobody_else_types_ids(owner, store, salesforce, clara, visible, seen):
    salesforce.control("PATCH", "/orgs/Acme/settings", visible_users=visible)
    edit(store, enabled=True, lines=(LineRow(line="2001", user_id=clara),))
    send(owner, "org")
    assert len(store.shapes.get("acme")[1]["users"]) == seen
    page = owner.get("/salesforce").text
    assert "inactive in Salesforce" not in page
    assert "not visible to the connected user" in page
    assert "enter user ids" in page
    refused = send(owner, "lines/add", 422, line="2002", user="Clara Nobody")
    assert "begins with 005" in refused.text
    send(owner, "lines/add", line="2002", user=clara[:15])
    assert {row.user_id for row in store.policies.get("acme").lines} == {clara}


def test_with_all_users_in_sight_a_stranger_is_marked_but_not_called_inactive(owner, store):
    connect(store)
    see(store)
    edit(store, enabled=True)
    stranger = "005000000000099AAA"
    row = send(owner, "lines/add", line="2002", user=stranger).text.partition('user-of-2002"')[2]
    assert "not visible to the connected user" in row
    assert "inactive" not in row.partition("</li>")[0]
    row = send(owner, "lines/add", line="2003", user=FORMER).text.partition('user-of-2003"')[2]
    assert "inactive in Salesforce" in row.partition("</li>")[0]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("коваль", "005000000000001AAA"), ("other.boh", TWIN), ("ليلى", "005000000000005AAA")],
)
def test_a_part_of_a_name_or_an_address_is_enough_if_it_fits_one(owner, store, typed, found):
    connect(store)
    see(store)
    edit(store, enabled=True)
    send(owner, "lines/add", line="2002", user=typed)
    assert store.policies.get("acme").lines == (LineRow(line="2002", user_id=found),)


def test_several_who_fit_are_named(owner, store):
    connect(store)
    crowd = [User(f"0050000000001{n:02}AAA", f"Twin {n}", f"t{n}@x.example") for n in range(9)]
    see(store, shape(users={one.id: one for one in (*USERS, *crowd)}))
    edit(store, enabled=True)
    few = send(owner, "lines/add", 422, line="2002", user="bohdan").text
    assert "Bohdan Twin (bohdan@acme.example), Bohdan Twin (other.bohdan@acme.example)" in few
    assert "…" in send(owner, "lines/add", 422, line="2002", user="twin").text
    send(owner, "lines/add", 422, line="2002", user="Former")  # who has left is not offered
    send(owner, "lines/add", line="2002", user="bohdan@acme.example")
    assert store.policies.get("acme").lines[0].user_id == BOHDAN
