"""An account that is connected by an app of its own."""

import pytest

from core.connection import ConnectionState
from tests.portal.helpers.own_app import choose, own, press


@pytest.fixture
def in_english(app, store):
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.set_language(person.id, "en")


@pytest.fixture
def by_app(owner, salesforce, store):
    own(salesforce)
    choose(owner)
    press(owner)
    assert store.connections.get("acme").state is ConnectionState.ACTIVE
