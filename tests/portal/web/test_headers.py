"""Headers of every kind of answer, cookies, and life behind a proxy."""

from collections.abc import Callable

import pytest
from flask import Flask

from core.config import Config
from core.store import Store
from portal import create_app
from portal.signin.sign_in import TRIES
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.letters import letters

PAGES = ("/sign-in", "/salesforce", "/nothing-here", "/static/portal.js", "/api/openapi.json")


@pytest.fixture
def public(config: Config, store: Store) -> Flask:
    """As in production: by TLS, behind one proxy."""
    update = {"portal_url": "https://portal.example.com", "trusted_proxies": 1, "demo": False}
    return create_app(config.model_copy(update=update), store)


FORWARDED = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "portal.example.com",
}


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_is_guarded(owner: Visitor, page):
    headers = owner.client.get(page).headers
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_scripts_carry_a_fresh_nonce_or_come_from_here(owner: Visitor):
    first, second = (
        owner.client.get("/sign-in").headers["Content-Security-Policy"] for _ in range(2)
    )
    assert "'nonce-" in first
    assert first != second


def test_pages_are_kept_by_no_cache(owner: Visitor):
    assert owner.get("/salesforce").headers["Cache-Control"] == "no-store"


def test_behind_tls_cookies_and_transport_are_strict(public: Flask):
    answer = public.test_client().get("/sign-in", headers=FORWARDED)
    assert answer.status_code == 200
    assert "max-age=31" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    for word in ("__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_plain_http_is_led_to_tls(public: Flask):
    plain = {**FORWARDED, "X-Forwarded-Proto": "http"}
    answer = public.test_client().get("/sign-in", headers=plain)
    assert answer.status_code in (301, 302)
    assert answer.location == "https://portal.example.com/sign-in"


@pytest.mark.parametrize("host", ["evil.example", "portal.example.com.evil.example", "[::bad", ""])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nobody_is_led_to_another_name(public: Flask, host: str, scheme: str):
    headers = {**FORWARDED, "X-Forwarded-Host": host, "X-Forwarded-Proto": scheme}
    answer = public.test_client().get("/sign-in", headers=headers)
    if host:
        assert answer.status_code == 400
    assert "evil" not in answer.headers.get("Location", "")


def test_watchers_may_ask_by_any_name(public: Flask):
    answer = public.test_client().get("/healthz", headers={"Host": "10.0.0.7:8000"})
    assert answer.status_code == 200


def test_without_tls_there_is_no_hsts(nobody: Visitor):
    assert "Strict-Transport-Security" not in nobody.get("/sign-in").headers


def test_throttling_counts_the_visitor_and_not_the_proxy(public: Flask):
    assert TRIES.startswith("10 per minute")
    client = public.test_client()
    public.config["WTF_CSRF_ENABLED"] = False

    def tries(address: str, times: int) -> list[int]:
        headers = {**FORWARDED, "X-Forwarded-For": address}
        return [
            client.post("/sign-in", data={"email": f"{address}-{n}@x.example"}, headers=headers)
            .status_code
            for n in range(times)
        ]  # fmt: skip

    assert tries("198.51.100.7", 11) == [422] * 10 + [429]
    assert tries("198.51.100.8", 1) == [422]
    # What a visitor writes in front of the proxy's own word changes nothing.
    assert tries("203.0.113.9, 198.51.100.7", 1) == [429]


def test_the_addresses_of_one_subscriber_count_as_one(public: Flask):
    """Of IPv6 everybody has a /64 at least; IPv4 may come dressed as IPv6."""
    public.config["WTF_CSRF_ENABLED"] = False
    client = public.test_client()

    def tried(address: str, name: int) -> int:
        headers = {**FORWARDED, "X-Forwarded-For": address}
        form = {"email": f"{name}@x.example"}
        return client.post("/sign-in", data=form, headers=headers).status_code

    for n in range(10):
        assert tried(f"2001:db8:7:1::{n:x}", n) == 422
    assert tried("2001:db8:7:1:ffff::1", 10) == 429
    assert tried("2001:db8:7:2::1", 11) == 422
    for n in range(10):
        assert tried("198.51.100.9" if n % 2 else "::ffff:198.51.100.9", 20 + n) == 422
    assert tried("::ffff:c633:6409", 30) == 429
    assert tried("198.51.100.9", 31) == 429


@pytest.fixture
def answers_by_spelling(public: Flask) -> Callable[[str], list[int]]:
    """What a form answers to one name in many spellings, each from an address of its own."""
    public.config["WTF_CSRF_ENABLED"] = False
    client, name = public.test_client(), "owner@acme.example"
    spellings = [
        name, name.upper(), f" {name}", f"{name}\t", f"\u3000{name}", f"\n {name}  ",
        *(" " * n + name for n in (2, 20, 200)), name.title(), f"{name} " * 1,
    ]  # fmt: skip

    def ask(path: str) -> list[int]:
        return [
            client.post(
                path,
                data={"email": spelling, "password": "wrong"},
                headers={**FORWARDED, "X-Forwarded-For": f"203.0.113.{n}"},
            ).status_code
            for n, spelling in enumerate(spellings)
        ]

    return ask


def test_spellings_of_one_name_count_as_one(answers_by_spelling: Callable[[str], list[int]]):
    assert answers_by_spelling("/sign-in") == [422] * 10 + [429]


def test_spellings_of_one_name_bring_no_more_letters(
    answers_by_spelling: Callable[[str], list[int]], config: Config
):
    assert answers_by_spelling("/forgotten") == [200] * 11
    assert len(letters(config)) == 3


@pytest.mark.parametrize("padding", [255, 310, 320, 1000])
def test_a_name_too_long_to_be_one_is_nobodys(public: Flask, padding: int):
    """Neither cut to somebody's name nor counted apart: the password is not even compared."""
    public.config["WTF_CSRF_ENABLED"] = False
    form = {"email": "owner@acme.example" + " " * padding, "password": "owner-secret"}
    answer = public.test_client().post("/sign-in", data=form, headers=FORWARDED)
    assert answer.status_code == 422


def test_without_a_trusted_proxy_its_headers_mean_nothing(app: Flask):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answers = [
        client.post(
            "/sign-in",
            data={"email": f"{n}@x.example"},
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        ).status_code
        for n in range(11)
    ]
    assert answers[-1] == 429


def test_guessing_one_name_from_many_addresses_is_slowed_down(public: Flask):
    public.config["WTF_CSRF_ENABLED"] = False
    client = public.test_client()
    answers = [
        client.post(
            "/sign-in",
            data={"email": "owner@acme.example", "password": str(n)},
            headers={**FORWARDED, "X-Forwarded-For": f"203.0.113.{n}"},
        ).status_code
        for n in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_a_request_too_large_is_refused(owner: Visitor):
    answer = owner.post("/language", language="x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
