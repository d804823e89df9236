"""Which passwords are taken."""

import pytest

from core.store import Store
from portal.signin.passwords import is_common
from tests.portal.helpers.client import Visitor

NAMES = ["anna.koval@sales.acme.example", "Анна Коваль", "Acme Trading"]


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "password123",
        "Password!!!",
        "qwertyuiop",
        "1q2w3e4r5t",
        "йцукенгшщз",
        "Unitalk2026",
        "salesforce1!",
        "aaaaaaaaaaaa",
        "1212121212",
        "anna.koval@sales.acme.example",
        "annakoval2026",
        "Koval-Anna-1",
        "Коваль123456",
        "AcmeTrading1",
        "acme acme acme",
    ],
)
def test_what_is_guessed_first(password: str):
    assert is_common(password, NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "owner-secret",
        "a new long password",
        "вечером шёл снег",
        "anna likes oranges",
        "h7#kQ2!vLp",
        "2937465108",
    ],
)
def test_what_is_not(password: str):
    assert not is_common(password, NAMES)


@pytest.mark.parametrize("password", ["1234567890", "acme-12345678", "short", "x" * 1001])
def test_the_form_refuses_it(owner: Visitor, store: Store, password: str):
    person = store.accounts.person_by_email("owner@acme.example")
    owner.get("/me")
    answer = owner.post("/me/password", present="owner-secret", password=password)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert store.accounts.person(person.id).password_hash == person.password_hash
