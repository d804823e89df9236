"""The frame: signing in and out, errors, headers."""

import pytest

from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.client import Visitor


def test_a_person_signs_in_and_sees_the_settings(visit):
    visitor = visit("")
    answer = visitor.sign_in("owner@acme.example", "owner-secret")
    assert answer.status_code == 303
    page = visitor.get("/salesforce")
    assert page.status_code == 200
    assert "Acme" in page.text


@pytest.mark.parametrize(
    ("email", "password"),
    [("owner@acme.example", "wrong"), ("no@body.example", "owner-secret"), ("", "")],
)
def test_a_wrong_name_and_a_wrong_password_look_the_same(nobody, email, password):
    answer = nobody.sign_in(email, password)
    assert answer.status_code == 422
    assert 'id="sign-in-error"' in answer.text


def test_a_stranger_is_brought_back_after_signing_in(nobody: Visitor):
    answer = nobody.get("/salesforce?x=1")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/salesforce?x%3D1"
    nobody.get(answer.location)
    answer = nobody.post(
        "/sign-in", email="owner@acme.example", password="owner-secret", next="/salesforce?x=1"
    )
    assert answer.location == "/salesforce?x=1"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_nobody_is_sent_to_another_site(nobody: Visitor, elsewhere):
    nobody.get("/sign-in")
    answer = nobody.post(
        "/sign-in", email="owner@acme.example", password="owner-secret", next=elsewhere
    )
    assert answer.location == "/"


def test_a_session_that_ended_mid_click_leads_back_to_the_page(owner: Visitor):
    owner.client.delete_cookie("session")
    answer = owner.post("/sign-out", htmx=True)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/sign-in?next={ACME}/salesforce"


def test_a_change_lost_with_the_session_is_told_at_the_next_sign_in(owner: Visitor):
    owner.client.delete_cookie("session")
    owner.post("/salesforce/entities/set/mode", htmx=True, value="contacts")
    assert "Последнее изменение не сохранено" in owner.get("/sign-in").text
    assert "Последнее изменение не сохранено" not in owner.get("/sign-in").text


def test_an_error_takes_the_place_of_no_part_of_the_page(owner: Visitor):
    answer = owner.get("/calls/nobody-knows", htmx=True)
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#notices"
    assert answer.headers["HX-Reswap"] == "innerHTML"
    assert "HX-Retarget" not in owner.get("/calls/nobody-knows").headers


def test_signing_out_ends_the_session(owner: Visitor):
    assert owner.post("/sign-out").location == "/sign-in"
    assert owner.get("/salesforce").status_code == 303


def test_a_form_without_its_token_changes_nothing(owner: Visitor):
    owner.token = "forged"
    assert owner.post("/sign-out").status_code == 400
    assert owner.get("/salesforce").status_code == 200


def test_an_unknown_page_says_so(owner: Visitor):
    answer = owner.get("/nothing-here")
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_headers_allow_only_our_own_origin(nobody: Visitor):
    answer = nobody.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in answer.headers["Vary"]


def test_the_session_cookie_is_guarded(nobody: Visitor):
    cookie = nobody.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_guessing_passwords_is_slowed_down(nobody: Visitor):
    nobody.get("/sign-in")
    answers = [nobody.post("/sign-in", email="x@y.example", password="no") for _ in range(11)]
    assert [one.status_code for one in answers] == [422] * 10 + [429]
