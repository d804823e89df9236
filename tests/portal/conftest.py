"""The portal over a fresh database, and clients that check every page they fetch."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from flask import Flask
from playwright.sync_api import Page, expect

from core.config import Config
from core.store import Store
from portal import create_app
from portal.signin import passwords, totp
from portal.signin.demo_factor import STAFF_SECRET
from portal.web.extensions import limiter
from tests.portal.helpers.accounts import create
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.org import Salesforce
from tests.portal.helpers.orgs import connect, edit, furnish, see
from tests.portal.helpers.site import serve, sign_in

PASSWORDS = {
    "owner": "owner-secret",
    "member": "member-secret",
    "stranger": "other-secret",
    "support": "support-secret",
}
CHEAP = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
"""Hashing is made to take long; a thousand tests sign in."""
HASHES = {name: CHEAP.hash(password) for name, password in PASSWORDS.items()}


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Where the portal's tables are; a test of both databases puts `database_url` in its place."""
    return sqlite_url


@pytest.fixture
def config(store_url: str, tmp_path: Path) -> Config:
    """As in the demo, with a stand-in org that nobody started and a Redis that is away."""
    return Config(
        database_url=store_url,
        redis_url=f"unix://{tmp_path / 'nobody.sock'}",
        secret_key="0123456789abcdef0123456789abcdef",
        token_keys=Fernet.generate_key().decode(),
        portal_url="http://127.0.0.1:8000",
        salesforce_client_id="product-client",
        salesforce_client_secret="product-secret",
        salesforce_login_url="http://127.0.0.1:9",
        mail_folder=tmp_path / "mail",
        demo=True,
    )


@pytest.fixture
def store(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Two accounts: `acme` with an owner and a member, `other` with a stranger as its owner.

    And support, who signs in with a code of the demo's secret, too.
    """
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    store = Store(config.database_url, config.token_keys)
    create(store, "acme", "Acme")
    create(store, "other", "Other")
    for name, account, role in (
        ("owner", "acme", "owner"),
        ("member", "acme", "member"),
        ("stranger", "other", "owner"),
    ):
        person = store.accounts.add_person(f"{name}@acme.example", name.title(), HASHES[name])
        store.accounts.join(account, person.id, role)
    staff = store.accounts.add_person(
        "support@acme.example", "Sam of Support", HASHES["support"], is_staff=True
    )
    store.factors.switch_on(staff.id, STAFF_SECRET)
    yield store
    store.close()


@pytest.fixture
def salesforce(config: Config, tmp_path: Path) -> Salesforce:
    """The stand-in org, without a server."""
    return Salesforce(
        tmp_path / "org",
        config.salesforce_client_id,
        config.salesforce_client_secret,
        config.callback_url,
    )


@pytest.fixture
def app(config: Config, store: Store, salesforce: Salesforce) -> Flask:
    return create_app(config, store, salesforce.http)


@pytest.fixture
def unlimited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Without a form's token and without limits: what is behind them must hold by itself."""
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    return app


@pytest.fixture
def switched_on(store: Store, owner: Visitor) -> None:
    """`acme` is connected to an org that was seen, and switched on, once its owner has come."""
    connect(store)
    see(store)
    edit(store, enabled=True)


@pytest.fixture
def visit(app: Flask) -> Callable[[str], Visitor]:
    """A fresh browser without JavaScript: nobody's (""), or signed in by name."""

    def come(name: str = "") -> Visitor:
        visitor = Visitor(app)
        if name:
            visitor.sign_in(f"{name}@acme.example", PASSWORDS[name])
        return visitor

    return come


@pytest.fixture
def owner(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("owner")


@pytest.fixture
def member(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("member")


@pytest.fixture
def nobody(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("")


@pytest.fixture
def support(visit: Callable[[str], Visitor]) -> Visitor:
    """Support staff, signed in with both factors."""
    visitor = visit("support")
    visitor.get("/sign-in/code")
    visitor.post("/sign-in/code", code=totp.code_now(STAFF_SECRET))
    visitor.get("/support")
    return visitor


@pytest.fixture
def site(app: Flask, store: Store) -> Iterator[str]:
    """For a real browser: the address of the portal; `acme` has a row of every setting."""
    furnish(store)
    with serve(app) as address:
        yield address


@pytest.fixture
def settings(site: str, page: Page) -> Page:
    """The owner before the settings page. It closes before the site, which it would miss."""
    sign_in(page, site, "owner", PASSWORDS["owner"])
    expect(page.locator("#entities")).to_be_visible()
    return page
