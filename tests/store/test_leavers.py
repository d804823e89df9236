"""Who is disabled, and the last owner who can sign in."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.store.database import utc_now
from core.store.members import LastOwner
from core.store.visits import VisitRefused
from tests.store.helpers.people import person


def test_who_is_disabled_is_signed_in_nowhere_until_enabled(store):
    sam, anna = person(store, "sam", staff=True, account=None), person(store, "anna")
    name, key = store.sessions.begin(sam.id, "", ""), store.links.make(sam.id)
    store.visits.open("acme", anna.id, sam.id, name, "why")
    store.accounts.disable(sam.id)
    assert store.sessions.person(name) is None
    assert store.sessions.of(sam.id) == []
    assert store.links.person(key) is None
    assert store.audit.visits("acme", 1)[0].visit.ends_at <= utc_now()
    assert store.sessions.person(store.sessions.begin(sam.id, "", "")) is None
    store.accounts.enable(sam.id)
    assert store.accounts.person(sam.id).disabled_at is None
    assert store.sessions.person(store.sessions.begin(sam.id, "", ""))[0].id == sam.id


def test_what_began_while_disabled_does_not_come_back(store):
    sam = person(store, "sam")
    store.accounts.disable(sam.id)
    session, key = store.sessions.begin(sam.id, "", ""), store.links.make(sam.id)
    assert store.links.use(key, "new hash") is None
    store.accounts.enable(sam.id)
    assert store.sessions.person(session) is None
    assert store.links.use(key, "new hash") is None
    assert store.accounts.person(sam.id).password_hash == "hash"


def test_nobody_is_in_the_place_of_who_is_disabled(store):
    sam, anna = person(store, "sam", staff=True, account=None), person(store, "anna")
    name = store.sessions.begin(sam.id, "", "")
    store.visits.open("acme", anna.id, sam.id, name, "why")
    store.accounts.disable(anna.id)
    assert store.visits.running(sam.id, name) is None
    with pytest.raises(VisitRefused):
        store.visits.open("acme", anna.id, sam.id, name, "why")
    store.accounts.enable(anna.id)
    assert store.visits.running(sam.id, name) is None
    assert store.visits.open("acme", anna.id, sam.id, name, "why")


def test_staff_who_are_disabled_visit_nobody(store):
    sam, anna = person(store, "sam", staff=True, account=None), person(store, "anna")
    name = store.sessions.begin(sam.id, "", "")
    store.accounts.disable(sam.id)
    with pytest.raises(VisitRefused):
        store.visits.open("acme", anna.id, sam.id, name, "why")


@pytest.mark.parametrize("other", ["member", "disabled", "staff"])
def test_the_last_owner_who_can_sign_in_stays(store, other):
    anna = person(store, "anna", role="owner")
    boris = person(store, "boris", role="member" if other == "member" else "owner",
                   staff=other == "staff")  # fmt: skip
    if other == "disabled":
        store.accounts.disable(boris.id)
    for take_away in (
        lambda: store.members.remove("acme", anna.id),
        lambda: store.members.set_role("acme", anna.id, "member"),
        lambda: store.accounts.join("acme", anna.id, "member"),
    ):
        with pytest.raises(LastOwner):
            take_away()
    assert {one.id: role for one, role in store.members.of("acme")}[anna.id] == "owner"
    assert store.accounts.person(anna.id).is_active
    store.members.remove("acme", boris.id)  # no owner is lost with them


def test_disabled_once_more_stays_disabled(store):
    person(store, "anna", role="owner")
    boris = person(store, "boris", role="owner")
    assert store.accounts.disable(boris.id) == store.accounts.disable(boris.id) == []
    assert not store.accounts.person(boris.id).is_active


def test_an_owner_of_several_accounts_is_the_last_of_one(store):
    store.accounts.create("demo", "Demo")
    anna, boris = person(store, "anna", role="owner"), person(store, "boris", role="owner")
    store.accounts.join("demo", boris.id, "owner")
    assert store.accounts.disable(boris.id) == ["demo"]
    store.accounts.enable(boris.id)
    store.accounts.join("demo", anna.id, "owner")
    assert store.accounts.disable(boris.id) == []
    assert store.directory.search("demo")[0].owner == anna.email
    assert [one.owner for one in store.places.of(boris.id)] == [anna.email] * 2


def test_two_owners_take_each_other_away_and_one_stays(store):
    anna, boris = person(store, "anna", role="owner"), person(store, "boris", role="owner")
    ways = [
        lambda: store.members.set_role("acme", anna.id, "member"),
        lambda: store.members.remove("acme", boris.id),
        lambda: store.members.set_role("acme", boris.id, "member"),
        lambda: store.members.remove("acme", anna.id),
        lambda: store.accounts.join("acme", boris.id, "member"),
    ]
    with ThreadPoolExecutor(len(ways)) as pool:
        for done in [pool.submit(way) for way in ways]:
            assert isinstance(done.exception(), LastOwner | None)
    owners = [one for one, role in store.members.of("acme") if role == "owner" and one.is_active]
    assert len(owners) == 1


def test_who_is_disabled_accepts_no_invitation(store):
    person(store, "anna", role="owner")
    gone, new = person(store, "gone", account=None), person(store, "new", account=None)
    key = store.invitations.invite("acme", gone.email, "owner")
    (invited,) = store.invitations.to(gone.email)
    store.accounts.disable(gone.id)
    assert store.invitations.accept(invited.invitation.name, gone) is None
    assert store.invitations.accept_with_password(key, "another hash") is None
    store.invitations.invite("acme", new.email, "owner")
    (invited,) = store.invitations.to(new.email)
    assert store.invitations.accept(invited.invitation.name, new)
