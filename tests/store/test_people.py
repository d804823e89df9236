"""Sessions, links, second factors, members: what proves who somebody is."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.models import PersonSession
from core.policy import LineRow
from core.store.database import utc_now
from core.store.members import LastOwner
from core.store.policies import Actor
from core.store.sessions import IDLE, LONGEST
from core.store.visits import AlreadyVisiting, VisitRefused
from tests.store.helpers.people import person


def test_a_session_is_found_by_its_name_until_it_is_ended(store):
    anna = person(store, "anna")
    here = store.sessions.begin(anna.id, "192.0.2.1", "Firefox")
    there = store.sessions.begin(anna.id, "192.0.2.2", "Safari")
    assert store.sessions.person(here)[0].id == anna.id
    assert {one.name for one in store.sessions.of(anna.id)} == {here, there}
    store.sessions.end_all(anna.id, keep=here)
    assert store.sessions.person(there) is None
    store.sessions.end(anna.id, here)
    assert store.sessions.person(here) is None


def test_nobody_ends_the_session_of_another(store):
    anna, boris = person(store, "anna"), person(store, "boris")
    name = store.sessions.begin(anna.id, "", "")
    store.sessions.end(boris.id, name)
    assert store.sessions.person(name)[0].id == anna.id


@pytest.mark.parametrize(("column", "lives"), [("seen_at", IDLE), ("created_at", LONGEST)])
def test_an_old_session_ends_by_itself(store, column, lives):
    anna = person(store, "anna")
    name = store.sessions.begin(anna.id, "", "")
    with store.database.write() as session:
        session.execute(update(PersonSession).values({column: utc_now() - lives}))
    assert store.sessions.person(name) is None
    assert store.sessions.of(anna.id) == []


def test_a_link_works_once_and_signs_out_everywhere(store):
    anna = person(store, "anna")
    session = store.sessions.begin(anna.id, "", "")
    key = store.links.make(anna.id)
    assert store.links.person(key).id == anna.id
    assert store.links.use(key, "new hash") == anna.id
    assert store.links.use(key, "another hash") is None
    assert store.accounts.person(anna.id).password_hash == "new hash"
    assert store.sessions.person(session) is None


def test_a_newer_link_replaces_the_older_and_an_old_one_is_refused(store):
    anna = person(store, "anna")
    older = store.links.make(anna.id)
    newer = store.links.make(anna.id, timedelta(seconds=-1))
    assert store.links.person(older) is None
    assert store.links.person(newer) is None
    assert store.links.use(newer, "x") is None


def test_a_code_works_once_and_a_recovery_code_too(store):
    anna = person(store, "anna")
    assert not store.factors.check(anna.id, lambda secret: 6)
    codes = store.factors.switch_on(anna.id, "SECRET", 6)
    assert store.factors.is_on(anna.id)
    assert not store.factors.check(anna.id, lambda secret: None)
    assert not store.factors.check(anna.id, lambda secret: 6)
    assert store.factors.check(anna.id, lambda secret: 7 if secret == "SECRET" else None)
    assert not store.factors.check(anna.id, lambda secret: 7)
    assert store.factors.switch_on(anna.id, "OTHER") is None
    assert store.factors.secret(anna.id) == "SECRET"
    assert store.factors.recover(anna.id, f" {codes[0].upper()} ")
    assert not store.factors.recover(anna.id, codes[0])
    assert store.factors.codes_left(anna.id) == len(codes) - 1


def test_the_last_owner_stays(store):
    anna, boris = person(store, "anna", role="owner"), person(store, "boris")
    with pytest.raises(LastOwner):
        store.members.remove("acme", anna.id)
    with pytest.raises(LastOwner):
        store.members.set_role("acme", anna.id, "member")
    store.members.set_role("acme", boris.id, "owner")
    store.members.remove("acme", anna.id)
    assert [(one.name, role) for one, role in store.members.of("acme")] == [("boris", "owner")]


def test_only_staff_visit_and_only_a_customer(store):
    store.accounts.create("other", "Other")
    anna, staff = person(store, "anna"), person(store, "sam", staff=True, account=None)
    colleague = person(store, "kim", staff=True)
    for account, visited, visitor in (
        ("acme", anna, anna),  # a customer visits
        ("acme", colleague, staff),  # staff in the place of staff
        ("other", anna, staff),  # somebody of another account
    ):
        with pytest.raises(VisitRefused):
            store.visits.open(account, visited.id, visitor.id, "session", "why")
    visit = store.visits.open("acme", anna.id, staff.id, "session", "why")
    for browser in ("session", "another browser"):
        with pytest.raises(AlreadyVisiting):
            store.visits.open("acme", anna.id, staff.id, browser, "nested")
    assert store.visits.running(staff.id, "session").id == visit.id
    assert store.visits.running(staff.id, "another browser") is None
    assert store.visits.running(colleague.id, "session") is None
    store.visits.close(staff.id, "another browser")
    assert store.visits.running(staff.id, "session").id == visit.id
    store.visits.close(staff.id, "session")
    assert store.visits.running(staff.id, "session") is None


def test_a_visit_lasts_no_longer_than_the_membership_and_the_session(store):
    anna, boris = person(store, "anna", role="owner"), person(store, "boris")
    staff = person(store, "sam", staff=True, account=None)
    name = store.sessions.begin(staff.id, "", "")
    store.visits.open("acme", boris.id, staff.id, name, "why")
    store.members.remove("acme", boris.id)
    assert store.visits.running(staff.id, name) is None
    store.visits.close(staff.id, name)
    store.visits.open("acme", anna.id, staff.id, name, "why")
    store.sessions.end(staff.id, name)
    assert store.audit.visits("acme", 1)[0].visit.ends_at <= utc_now()
    assert store.visits.running(staff.id, name) is None


def test_a_customer_ends_the_visits_of_their_own_account_only(store):
    store.accounts.create("other", "Other")
    anna, staff = person(store, "anna"), person(store, "sam", staff=True, account=None)
    visit = store.visits.open("acme", anna.id, staff.id, "session", "why")
    assert not store.visits.end("other", visit.name)
    assert store.visits.running(staff.id, "session")
    assert store.visits.end("acme", visit.name)
    assert not store.visits.end("acme", visit.name)
    assert store.visits.running(staff.id, "session") is None


def test_a_new_password_ends_what_the_old_one_opened(store):
    anna, boris = person(store, "anna"), person(store, "boris")
    mine, his = (store.sessions.begin(one.id, "", "") for one in (anna, boris))
    key, other_key = (store.links.make(one.id) for one in (anna, boris))
    store.passwords.change(anna.id, "new")
    assert store.accounts.person(anna.id).password_hash == "new"
    assert store.sessions.person(mine) is None
    assert store.links.use(key, "the thief's") is None
    assert store.sessions.person(his)[0].id == boris.id
    assert store.links.person(other_key).id == boris.id


def test_hashing_anew_undoes_no_change(store):
    anna = person(store, "anna")
    store.passwords.rehash(anna.id, "hash", "the same in a new hash")
    store.passwords.rehash(anna.id, "hash", "too late")
    assert store.accounts.person(anna.id).password_hash == "the same in a new hash"


def test_an_offered_secret_is_for_one_person_and_a_while(store):
    anna, boris = person(store, "anna"), person(store, "boris")
    sealed = store.factors.offer(anna.id, "SECRET")
    assert "SECRET" not in sealed
    assert store.factors.offered(anna.id, sealed) == "SECRET"
    assert store.factors.offered(boris.id, sealed) == ""
    assert store.factors.offered(anna.id, "") == store.factors.offered(anna.id, "forged") == ""
    assert store.factors.secret(anna.id) == ""


def test_support_finds_an_account_by_whatever_names_it(store):
    store.accounts.create("demo", "Демо-компания 100%")
    person(store, "anna", account="demo", role="owner")
    org = {"org_id": "00Dxx0000001gER", "org_name": "Org"}
    store.connections.connected("demo", "token", "refresh", **org)
    for words in ("демо", "anna@acme", "00Dxx", "org", "demo", "100%", "Демо\u2011компания\u200b"):
        assert [one.account_id for one in store.directory.search(words)] == ["demo"], words
    assert store.directory.search("%")[0].account_id == "demo"
    assert store.directory.search("nothing") == []
    store.accounts.create("lviv", "Об\u02bcєднання «Ми\u0306»")
    for words in ("об’єднання", "об'єднання \u0439", 'МИ\u0306"', "\u0419»"):
        assert [one.account_id for one in store.directory.search(words)] == ["lviv"], words
    line = LineRow(line="Anna-1", user_id="005000000000001AAA")
    store.policies.edit(
        "lviv", Actor(), lambda policy: policy.model_copy(update={"lines": (line,)})
    )
    for words in ("Anna-1", "anna\u20111", "ANNA-1"):
        assert [one.account_id for one in store.directory.search(words)] == ["lviv"], words
    assert store.directory.search("anna-2") == []
    assert [one.account_id for one in store.directory.search(state="active")] == ["demo"]
    assert store.directory.search("demo")[0].owner == "anna@acme.example"
