import pytest
from cryptography.fernet import Fernet

from core.store import Store

TOKEN_KEY = Fernet.generate_key().decode()


@pytest.fixture
def store(database_url):
    """A store with one account, `acme`; on SQLite and on PostgreSQL."""
    yield from opened(database_url)


@pytest.fixture
def postgresql_store(postgresql_url):
    """The same, on PostgreSQL alone."""
    yield from opened(postgresql_url)


def opened(url):
    store = Store(url, TOKEN_KEY)
    store.accounts.create("acme", "Acme")
    yield store
    store.close()
