import pytest
from cryptography.fernet import Fernet

from core.store import Store

TOKEN_KEY = Fernet.generate_key().decode()


@pytest.fixture
def store(database_url):
    """A store with one account, `acme`; on SQLite and on PostgreSQL."""
    store = Store(database_url, TOKEN_KEY)
    store.accounts.create("acme", "Acme")
    yield store
    store.close()
