"""Support in a customer's account: what it may, what it may not, and what the customer reads."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.models import SupportVisit
from core.store import Store
from core.store.database import utc_now
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.client import Visitor

REASON = "The customer called: leads are missing"


def enter(support: Visitor, account: str = "acme", person: str = "owner@acme.example"):
    support.get(f"/support/{account}")
    return support.post(f"/support/{account}/visit", person=person, reason=REASON)


def test_support_finds_an_account_and_sees_its_pages(support: Visitor):
    assert "Acme" in support.get("/support?q=member@acme").text
    assert "Acme" not in support.get("/support?q=nothing-like-it").text
    assert support.get("/support?q=acme", htmx=True).status_code == 200
    assert enter(support).location == f"{ACME}/salesforce"
    assert support.get("/").location == f"{ACME}/salesforce"
    page = support.get("/salesforce").text
    assert "visit-banner" in page
    assert "Acme" in page


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"person": "owner@acme.example", "reason": "  "}, 422),
        ({"person": "stranger@acme.example", "reason": REASON}, 422),
        ({"person": "", "reason": REASON}, 422),
        ({"person": "support@acme.example", "reason": REASON}, 403),
    ],
)
def test_a_visit_needs_a_reason_and_a_customer_of_that_account(
    support: Visitor, store: Store, form, status
):
    staff = store.accounts.person_by_email("support@acme.example")
    store.accounts.join("acme", staff.id, "owner")
    support.get("/support/acme")
    assert support.post("/support/acme/visit", **form).status_code == status
    assert support.get(f"{ACME}/salesforce").status_code == 404


def test_nobody_acts_in_the_place_of_who_is_disabled(support: Visitor, store: Store):
    gone = store.accounts.person_by_email("member@acme.example")
    assert gone.email in support.get("/support/acme").text
    store.accounts.disable(gone.id)
    assert gone.email not in support.get("/support/acme").text
    form = {"person": gone.email, "reason": REASON}
    answer = support.post("/support/acme/visit", **form)
    assert answer.status_code == 422
    assert gone.email not in answer.text
    assert support.get(f"{ACME}/salesforce").status_code == 404


def test_a_visit_ends_when_the_visited_person_is_disabled(support: Visitor, store: Store):
    enter(support, person="member@acme.example")
    assert support.get("/salesforce").status_code == 200
    store.accounts.disable(store.accounts.person_by_email("member@acme.example").id)
    assert support.get("/salesforce").status_code == 303


def test_a_visit_within_a_visit_is_refused(support: Visitor):
    enter(support)
    assert support.get("/support").status_code == 403
    assert support.get("/support/other").status_code == 403
    answer = support.post("/support/other/visit", person="stranger@acme.example", reason=REASON)
    assert answer.status_code == 403


@pytest.mark.parametrize("page", ["/people", "/keys", "/me", "/me/second-factor"])
def test_keys_passwords_and_people_stay_closed_on_a_visit(support: Visitor, page):
    enter(support)
    assert support.get(page).status_code == 403


@pytest.mark.parametrize(
    "action",
    [
        "/people/invite",
        "/people/remove",
        "/people/role",
        "/keys/issue",
        "/keys/end",
        "/me/password",
        "/me/second-factor/off",
        "/me/sessions/end",
        "/salesforce/connect",
        "/salesforce/disconnect",
    ],
)
def test_support_changes_none_of_them_either(support: Visitor, action):
    enter(support)
    support.get("/salesforce")
    assert support.post(action, email="member@acme.example").status_code == 403


def test_one_click_out(support: Visitor, store: Store):
    enter(support)
    support.get("/salesforce")
    assert support.post("/support/leave").location == "/support"
    assert support.get("/salesforce").status_code == 404
    assert store.audit.visits("acme", 1)[0].visit.ends_at <= utc_now()


def test_a_visit_is_over_by_itself(support: Visitor, store: Store):
    enter(support)
    with store.database.write() as session:
        session.execute(update(SupportVisit).values(ends_at=utc_now() - timedelta(seconds=1)))
    answer = support.get("/salesforce")
    assert answer.location == "/support"
    assert support.get("/support").status_code == 200
    assert support.get("/salesforce").status_code == 404


def test_a_cookie_kept_from_a_visit_opens_nothing_later(support: Visitor):
    enter(support)
    support.get("/salesforce")
    kept = support.client.get_cookie("session").value
    support.post("/support/leave")
    support.client.set_cookie("session", kept)
    assert support.get("/salesforce").location == "/support"


def test_a_cookie_from_before_the_visit_does_not_hide_it(support: Visitor, store: Store):
    """A late answer to another tab brings it back: the visit goes on, and can be left."""
    before = support.client.get_cookie("session").value
    enter(support)
    support.client.set_cookie("session", before)
    assert "visit-banner" in support.get("/salesforce").text
    assert support.post("/support/leave").location == "/support"
    assert store.audit.visits("acme", 1)[0].visit.ends_at <= utc_now()
    assert enter(support).location == f"{ACME}/salesforce"


def test_an_answer_that_changes_nothing_leaves_the_cookie_alone(support: Visitor):
    enter(support)
    support.get("/salesforce")
    assert "Set-Cookie" not in support.get("/calls").headers


def test_a_second_visit_in_another_browser_is_refused_in_words(support: Visitor, visit, store):
    enter(support)
    other = visit("support")
    person = store.accounts.person_by_email("support@acme.example")
    name = store.sessions.begin(person.id, "", "")
    with other.client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = name, True
    answer = enter(other, "other", "stranger@acme.example")
    assert answer.status_code == 422
    assert 'id="visit-error"' in answer.text
    support.get("/me") if support.get("/").location == "/support" else support.get("/salesforce")
    support.post("/support/leave")
    assert enter(other, "other", "stranger@acme.example").status_code == 303


def test_signing_in_over_a_visit_ends_it_and_the_session(support: Visitor, store: Store):
    enter(support)
    support.get("/salesforce")
    kept = support.client.get_cookie("session").value
    form = {"email": "owner@acme.example", "password": "owner-secret"}
    support.post("/sign-in", **form)
    assert store.audit.visits("acme", 1)[0].visit.ends_at <= utc_now()
    support.client.set_cookie("session", kept)
    assert support.get("/salesforce").location.startswith("/sign-in")


def test_a_visit_ends_with_the_membership_it_stands_for(support: Visitor, owner: Visitor):
    enter(support, person="member@acme.example")
    support.get("/salesforce")
    owner.get("/people")
    owner.post("/people/remove", email="member@acme.example")
    assert support.get("/salesforce").location == "/support"
    assert support.get("/salesforce").status_code == 404


def test_an_owner_shows_support_out(support: Visitor, owner: Visitor, visit):
    enter(support)
    support.get("/salesforce")
    page = owner.get("/access").text
    (name,) = re.findall(r'name="visit" value="([^"]+)"', page)
    member, stranger = visit("member"), visit("stranger")
    assert "/access/end-visit" not in member.get("/access").text
    assert member.post("/access/end-visit", visit=name).status_code == 403
    stranger.get("/access")
    stranger.post("/access/end-visit", visit=name)
    assert support.get("/salesforce").status_code == 200
    assert owner.post("/access/end-visit", visit=name).location == f"{ACME}/access"
    assert support.get("/salesforce").location == "/support"
    assert "/access/end-visit" not in owner.get("/access").text


def test_signing_out_ends_the_visit(support: Visitor, store: Store):
    enter(support)
    support.get("/salesforce")
    support.post("/sign-out")
    assert store.audit.visits("acme", 1)[0].visit.ends_at <= utc_now()


def test_a_customer_never_becomes_support(owner: Visitor):
    assert owner.get("/support").status_code == 403
    assert owner.post("/support/leave").status_code == 403
    with owner.client.session_transaction() as session:
        session["visit"] = session["visited"] = "forged"
    assert "visit-banner" not in owner.get("/me").text


def test_the_customer_reads_who_came_why_and_what_they_did(support: Visitor, visit, store: Store):
    enter(support)
    support.get("/salesforce")
    support.get("/salesforce")
    support.get("/keys")
    support.post("/support/leave")
    here = store.audit.visits("acme", 1)[0].visit
    entries = store.audit.of_visit("acme", here.id, 99)
    owner, staff = (
        store.accounts.person_by_email(f"{name}@acme.example").id for name in ("owner", "support")
    )
    assert {(one.person_id, one.staff_id) for one in entries} == {(owner, staff)}
    seen = [(one.action, one.params.get("path"), one.status) for one in entries]
    assert seen == [
        ("support.entered", None, 0),
        ("view", "/salesforce", 200),
        ("view", "/keys", 403),
        ("support.left", None, 0),
    ]
    for reader in ("owner", "member"):
        page = visit(reader).get(f"/access/visits/{here.name}").text
        for word in ("Sam of Support", "Owner", REASON, "Salesforce"):
            assert word in page
    assert REASON not in visit("stranger").get("/access").text


def test_what_owners_do_to_keys_and_people_is_read_too(owner: Visitor):
    owner.get("/keys")
    ending = owner.post("/keys/issue").text.partition('class="secret">')[2].partition("<")[0][-4:]
    owner.get("/people")
    owner.post("/people/invite", email="new@acme.example", role="member")
    page = owner.get("/access").text
    assert ending in page
    assert "new@acme.example" in page
