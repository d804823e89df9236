"""Signing in with one factor and with two, where one is signed in, forgotten passwords."""

import re

import pytest
from argon2 import PasswordHasher

from core.config import Config
from core.secrets import hash_key
from core.store import Store
from portal.signin import totp
from portal.signin.demo_factor import STAFF_SECRET
from portal.signin.passwords import NOBODY, hash_password, is_outdated
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.letters import letters, link_in
from tests.portal.helpers.markup import without_token

NEW = "a new long password"


def test_staff_need_a_code_after_the_password(visit):
    visitor = visit("")
    assert visitor.sign_in("support@acme.example", "support-secret").location == "/sign-in/code"
    assert visitor.get("/support").status_code == 303
    visitor.get("/sign-in/code")
    assert visitor.post("/sign-in/code", code="000000").status_code == 422
    code = totp.code_now(STAFF_SECRET)
    assert visitor.post("/sign-in/code", code=code).status_code == 303
    assert visitor.get("/support").status_code == 200


def test_a_code_works_once(visit):
    first, second = visit(""), visit("")
    code = totp.code_now(STAFF_SECRET)
    for visitor, expected in ((first, 303), (second, 422)):
        visitor.sign_in("support@acme.example", "support-secret")
        visitor.get("/sign-in/code")
        assert visitor.post("/sign-in/code", code=code).status_code == expected


def test_guessing_codes_is_slowed_down(visit):
    visitor = visit("")
    visitor.sign_in("support@acme.example", "support-secret")
    visitor.get("/sign-in/code")
    answers = [visitor.post("/sign-in/code", code="123456").status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]


def test_staff_without_a_factor_set_it_up_first(visit, store: Store):
    store.accounts.add_person("new@acme.example", "New", hash_password(NEW), is_staff=True)
    visitor = visit("")
    assert visitor.sign_in("new@acme.example", NEW).location == "/sign-in/second-factor"
    assert visitor.get("/support").status_code == 303
    page = visitor.get("/sign-in/second-factor").text
    secret = "".join(re.findall(r'class="secret">([^<]+)<', page)[0].split())
    assert visitor.post("/sign-in/second-factor", code="1").status_code == 422
    page = visitor.post("/sign-in/second-factor", code=totp.code_now(secret)).text
    assert len(re.findall(r"<li><code>", page)) == 8
    assert visitor.get("/support").status_code == 200


def test_two_who_set_up_a_factor_share_no_secret(visit, store: Store):
    """Whoever knows only the password learns nothing of what the rightful person confirms."""
    store.accounts.add_person("new@acme.example", "New", hash_password(NEW), is_staff=True)
    secrets = []
    for visitor in (visit(""), visit("")):
        visitor.sign_in("new@acme.example", NEW)
        pages = [visitor.get("/sign-in/second-factor").text for _ in range(2)]
        found = {re.findall(r'class="secret">([^<]+)<', page)[0] for page in pages}
        assert len(found) == 1  # a reload does not undo a scan
        secrets += found
    assert secrets[0] != secrets[1]


def test_a_customer_may_use_a_factor_and_recover(
    owner: Visitor, visit, store: Store, config: Config
):
    page = owner.get("/me/second-factor").text
    secret = "".join(re.findall(r'class="secret">([^<]+)<', page)[0].split())
    code = totp.code_now(secret)
    for wrong in ({"code": code}, {"code": code, "present": "wrong"}, {"present": "owner-secret"}):
        assert owner.post("/me/second-factor", **wrong).status_code == 422
    answer = owner.post("/me/second-factor", code=code, present="owner-secret")
    codes = re.findall(r"<li><code>([^<]+)<", answer.text)
    assert len(letters(config)) == 1
    visitor = visit("")
    assert visitor.sign_in("owner@acme.example", "owner-secret").location == "/sign-in/code"
    visitor.get("/sign-in/code")
    assert visitor.post("/sign-in/code", code=codes[0]).status_code == 303
    visitor.get("/me")
    assert visitor.post("/me/second-factor/off", present="wrong").status_code == 422
    assert visitor.post("/me/second-factor/off", present="owner-secret").status_code == 303
    assert len(letters(config)) == 2
    assert visit("owner").get("/me").status_code == 200


def test_staff_cannot_switch_the_code_off(support: Visitor):
    support.get("/me")
    assert support.post("/me/second-factor/off", present="support-secret").status_code == 422


def test_signing_in_begins_a_new_session(visit):
    visitor = visit("")
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as planted:
        planted["account"] = "other"
        before = planted["csrf_token"]
    visitor.sign_in("owner@acme.example", "owner-secret")
    with visitor.client.session_transaction() as fresh:
        assert "account" not in fresh
        assert fresh["csrf_token"] != before


def test_sessions_are_listed_and_ended(visit):
    here, there = visit("owner"), visit("owner")
    page = here.get("/me").text
    (name,) = set(re.findall(r'name="session" value="([^"]+)"', page))
    here.post("/me/sessions/end", session=name)
    assert there.get("/salesforce").status_code == 303
    assert here.get("/salesforce").status_code == 200


def test_a_stolen_cookie_is_worthless_after_signing_out(owner: Visitor, visit):
    cookie = owner.client.get_cookie("session")
    owner.post("/sign-out")
    thief = visit("")
    thief.client.set_cookie("session", cookie.value)
    assert thief.get("/salesforce").status_code == 303


def test_changing_the_password_signs_out_elsewhere(visit, config: Config):
    here, there = visit("owner"), visit("owner")
    here.get("/me")
    assert here.post("/me/password", present="wrong", password=NEW).status_code == 422
    assert here.post("/me/password", present="owner-secret", password="short").status_code == 422
    assert here.post("/me/password", present="owner-secret", password=NEW).status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert len(letters(config)) == 1
    assert visit("").sign_in("owner@acme.example", NEW).location == "/"


def test_changing_the_password_makes_a_stolen_cookie_and_a_link_worthless(
    owner: Visitor, visit, store: Store
):
    person = store.accounts.person_by_email("owner@acme.example")
    key = store.links.make(person.id)
    cookie = owner.client.get_cookie("session").value
    owner.get("/me")
    owner.post("/me/password", present="owner-secret", password=NEW)
    assert owner.get("/salesforce").status_code == 200
    thief = visit("")
    thief.client.set_cookie("session", cookie)
    assert thief.get("/salesforce").location.startswith("/sign-in")
    assert visit("").get(f"/password/{key}").status_code == 404


def test_signing_in_over_a_session_ends_it(owner: Visitor, visit):
    cookie = owner.client.get_cookie("session").value
    owner.get("/salesforce")
    owner.post("/sign-in", email="member@acme.example", password="member-secret")
    kept = visit("")
    kept.client.set_cookie("session", cookie)
    assert kept.get("/salesforce").location.startswith("/sign-in")


@pytest.mark.parametrize("name", ["support", "owner"])
def test_who_is_disabled_cannot_sign_in(visit, store: Store, config: Config, name: str):
    person = store.accounts.person_by_email(f"{name}@acme.example")
    other = store.accounts.person_by_email("member@acme.example")
    store.accounts.join("acme", other.id, "owner")
    store.accounts.disable(person.id)
    visitor = visit("")
    assert visitor.sign_in(person.email, f"{name}-secret").status_code == 422
    visitor.get("/forgotten")
    assert visitor.post("/forgotten", email=person.email).status_code == 200
    assert letters(config) == []


def test_a_forgotten_password(visit, config: Config):
    visitor = visit("")
    visitor.get("/forgotten")
    known = visitor.post("/forgotten", email=" Owner@ACME.example ")
    unknown = visitor.post("/forgotten", email="nobody@acme.example")
    assert known.status_code == unknown.status_code == 200
    assert without_token(known.text) == without_token(unknown.text)
    (text,) = letters(config)
    link = link_in(text)
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, password="short").status_code == 422
    assert visitor.post(link, password=NEW).location == "/sign-in"
    assert visitor.get(link).status_code == 404
    assert visitor.post(link, password=NEW).status_code == 404
    assert visit("").sign_in("owner@acme.example", NEW).location == "/"


def test_a_link_goes_to_the_configured_address_whatever_the_host_header_says(
    nobody: Visitor, config: Config
):
    nobody.get("/forgotten")
    form = {"csrf_token": nobody.token, "email": "owner@acme.example"}
    answer = nobody.client.post("/forgotten", data=form, base_url="http://evil.example")
    assert answer.status_code == 400
    assert letters(config) == []
    nobody.client.post("/forgotten", data=form, base_url="http://localhost:1")
    link_in(letters(config)[0])
    assert "localhost" not in letters(config)[0]


def test_staff_who_reset_a_password_still_need_the_code(visit, store: Store):
    person = store.accounts.person_by_email("support@acme.example")
    key = store.links.make(person.id)
    visitor = visit("")
    visitor.get(f"/password/{key}")
    visitor.post(f"/password/{key}", password=NEW)
    assert visitor.sign_in("support@acme.example", NEW).location == "/sign-in/code"


def test_links_are_kept_hashed(store: Store):
    person = store.accounts.person_by_email("owner@acme.example")
    key = store.links.make(person.id)
    assert store.links.person(hash_key(key)) is None
    assert store.links.person(key).id == person.id


def test_an_unknown_person_costs_as_much_time_as_a_known_one():
    assert not is_outdated(NOBODY), "other costs than a password's hash of today"


def test_an_outdated_hash_is_made_anew(visit, store: Store):
    person = store.accounts.person_by_email("owner@acme.example")
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("owner-secret")
    store.passwords.change(person.id, weak)
    visit("owner")
    assert not is_outdated(store.accounts.person(person.id).password_hash)


@pytest.mark.parametrize("password", ["short", "owner@acme.example", "aaaaaaaaaaaaa", "x" * 1001])
def test_a_bad_password_is_refused(owner: Visitor, password):
    owner.get("/me")
    answer = owner.post("/me/password", present="owner-secret", password=password)
    assert answer.status_code == 422
