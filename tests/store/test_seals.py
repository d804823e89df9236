"""Taking an old key out of TOKEN_KEYS once everything is sealed by the new one."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import inspect

from core.models.base import Base
from core.secrets import CannotUnseal
from core.store import Store
from core.store.seals import SEALED
from tests.store.conftest import TOKEN_KEY

NEW_KEY = Fernet.generate_key().decode()


def connect(store: Store) -> int:
    """A connection through the customer's own app, and somebody with a second factor."""
    store.connections.connected("acme", "access", "refresh", instance_url="https://x")
    store.connections.choose("acme", client_id="own", client_secret="secret")
    someone = store.accounts.add_person("a@b.c", "Anna")
    store.factors.switch_on(someone.id, "TOTP")
    return someone.id


def test_every_secret_is_readable_without_the_old_key(store: Store, database_url: str) -> None:
    person = connect(store)
    both = Store(database_url, f"{NEW_KEY},{TOKEN_KEY}")
    done = both.seals.seal_anew()
    both.close()
    assert (done.count, done.unreadable) == (4, [])
    new = Store(database_url, NEW_KEY)
    tokens = new.connections.tokens("acme")
    assert (tokens.access_token, tokens.refresh_token) == ("access", "refresh")
    assert new.connections.client_secret("acme") == "secret"
    assert new.factors.secret(person) == "TOTP"
    new.close()
    with pytest.raises(CannotUnseal):
        store.connections.tokens("acme")


def test_what_no_key_opens_is_named_and_left_alone(store: Store, database_url: str) -> None:
    connect(store)
    stranger = Store(database_url, NEW_KEY)
    done = stranger.seals.seal_anew()
    stranger.close()
    assert (done.count, len(done.unreadable)) == (0, 4)
    assert store.connections.tokens("acme").access_token == "access"


def test_no_sealed_column_is_forgotten(store: Store) -> None:
    named = {
        (mapper.class_, column.key)
        for mapper in Base.registry.mappers
        for column in inspect(mapper.class_).column_attrs
        if column.key.endswith("_sealed")
    }
    assert named == {(column.class_, column.key) for column in SEALED}
