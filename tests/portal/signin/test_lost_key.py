"""A key that TOKEN_KEYS lost too early: nobody is stuck, and what helps is said."""

import pytest
from cryptography.fernet import Fernet

from core.secrets import CannotUnseal
from core.store import Store
from portal import create_app
from portal.signin.demo_factor import STAFF_SECRET
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.connecting import connect, go_to_salesforce, trouble


@pytest.fixture(autouse=True)
def in_english(app, store):
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.set_language(person.id, "en")


@pytest.fixture
def lost_key(config, store, salesforce):
    """A browser at a portal whose TOKEN_KEYS lack the key that sealed what is stored."""

    def visit(name: str = "owner") -> Visitor:
        other = config.model_copy(update={"token_keys": Fernet.generate_key().decode()})
        stores.append(Store(other.database_url, other.token_keys))
        visitor = Visitor(create_app(other, stores[-1], salesforce.http))
        visitor.sign_in(f"{name}@acme.example", f"{name}-secret")
        return visitor

    stores: list[Store] = []
    yield visit
    for one in stores:
        one.close()


def test_tokens_that_no_key_opens_can_be_replaced(owner, salesforce, store, lost_key):
    connect(owner, salesforce)
    page = connect(lost_key(), salesforce)
    assert trouble(page) == ""
    with pytest.raises(CannotUnseal):
        store.connections.tokens("acme")


def test_tokens_that_no_key_opens_can_be_destroyed(owner, salesforce, store, lost_key):
    connect(owner, salesforce)
    visitor = lost_key()
    visitor.get("/salesforce")
    answer = visitor.post("/salesforce/disconnect", htmx=True)
    assert "our keys are destroyed" in answer.text
    assert store.connections.tokens("acme") is None


def test_an_apps_secret_that_no_key_opens_is_asked_for_again(owner, salesforce, lost_key):
    owner.get("/salesforce")
    own_app = {"environment": "production", "client_id": "product-client"}
    owner.post("/salesforce/environment", client_secret="product-secret", **own_app)
    back = salesforce.consent(go_to_salesforce(owner))
    visitor = lost_key()
    visitor.get("/salesforce")
    assert visitor.post("/salesforce/connect").location == f"{ACME}/salesforce"
    assert trouble(visitor.get("/salesforce")) == "connection.secret_unreadable"
    with owner.client.session_transaction() as asked, visitor.client.session_transaction() as now:
        now["consents"] = asked["consents"]
    visitor.get(back)
    assert trouble(visitor.get("/salesforce")) == "connection.secret_unreadable"
    visitor.post("/salesforce/environment", client_secret="product-secret", **own_app)
    assert trouble(connect(visitor, salesforce)) == ""


def test_a_second_factor_that_no_key_opens_leads_to_support_or_a_recovery_code(store, lost_key):
    person = store.accounts.person_by_email("support@acme.example")
    store.factors.drop(person.id)
    codes = store.factors.switch_on(person.id, STAFF_SECRET)
    visitor = lost_key("support")
    page = visitor.get("/sign-in/code")
    assert page.status_code == 503
    assert "поддержк" in page.text
    assert visitor.post("/sign-in/code", code=codes[0]).status_code == 303
    assert visitor.get("/support").status_code == 200
