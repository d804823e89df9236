"""People and intake keys, by an owner's hand."""

import re

from core.store import Store
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.client import Visitor


def test_bad_invitations_are_refused(owner: Visitor):
    owner.get("/people")
    for email in ("", "no-address", "a@b", "member@acme.example", "a@b.cc,evil"):
        assert owner.post("/people/invite", email=email).status_code == 422, email
    assert owner.post("/people/invite", email="x@y.example", role="god").status_code == 400


def test_the_last_owner_can_neither_leave_nor_step_down(owner: Visitor):
    owner.get("/people")
    assert owner.post("/people/remove", email="owner@acme.example").status_code == 422
    answer = owner.post("/people/role", email="owner@acme.example", role="member")
    assert answer.status_code == 422


def test_what_the_last_owner_may_not_do_is_not_offered(owner: Visitor, store: Store):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    page = owner.get("/people").text
    assert page.count(">You</span>") == 1
    assert page.count(f'action="{ACME}/people/role"') == page.count('class="row-line"') - 1
    assert page.count(f'action="{ACME}/people/remove"') == page.count('class="row-line"') - 1
    owner.post("/people/role", email="member@acme.example", role="owner")
    page = owner.get("/people").text
    assert page.count(f'action="{ACME}/people/role"') == page.count('class="row-line"')
    assert page.count(f'action="{ACME}/people/remove"') == page.count('class="row-line"')


def test_who_is_disabled_is_no_other_owner(owner: Visitor, store: Store):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    member = store.accounts.person_by_email("member@acme.example")
    store.accounts.join("acme", member.id, "owner")
    store.accounts.disable(member.id)
    page = owner.get("/people").text
    assert page.count("cannot sign in") == 1
    assert f'action="{ACME}/people/role"' not in page
    assert page.count(f'action="{ACME}/people/remove"') == 1
    answer = owner.post("/people/role", email="owner@acme.example", role="member")
    assert answer.status_code == 422
    assert "An account needs an owner who can sign in" in answer.text
    assert owner.post("/people/remove", email=member.email).status_code == 303
    assert store.members.find("acme", member.email) is None


def test_a_removed_person_sees_nothing_any_more(owner: Visitor, member: Visitor):
    owner.get("/people")
    assert owner.post("/people/remove", email="member@acme.example").location == f"{ACME}/people"
    assert member.get("/salesforce").status_code == 404


def test_nobody_touches_another_accounts_people_and_keys(owner: Visitor, store: Store):
    store.accounts.issue_key("other")
    (key,) = store.accounts.keys("other")
    owner.get("/people")
    for action in ("/people/remove", "/people/role"):
        assert owner.post(action, email="stranger@acme.example").status_code == 404
    assert owner.post("/keys/end", key=key.name).status_code == 404
    assert store.accounts.keys("other")
    assert len(store.members.of("other")) == 1


def test_a_replaced_key_works_on_for_a_while_and_an_ended_one_stops(owner: Visitor, store: Store):
    owner.get("/keys")
    first, second = (
        re.findall(r'class="secret">(ut_[\w-]+)<', owner.post("/keys/issue").text)[0]
        for _ in range(2)
    )
    assert store.accounts.account_of_key(first) == "acme"
    assert store.accounts.account_of_key(second) == "acme"
    page = owner.get("/keys").text
    assert first not in page
    assert second not in page
    older = store.accounts.keys("acme")[-1].name
    assert owner.post("/keys/end", key=older).location == f"{ACME}/keys"
    assert store.accounts.account_of_key(first) is None
    assert store.accounts.account_of_key(second) == "acme"
