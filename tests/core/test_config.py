"""What the environment may say: refused at the start rather than found out later."""

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from core.config import Config

NEEDED = {
    "database_url": "sqlite:///x.db",
    "redis_url": "unix:///x.sock",
    "secret_key": "0123456789abcdef0123456789abcdef",
    "token_keys": Fernet.generate_key().decode(),
    "portal_url": "https://portal.example.com",
    "salesforce_client_id": "id",
    "salesforce_client_secret": "secret",
    "mail_url": "smtps://mail.example",
}


@pytest.mark.parametrize("name", ["admin_key", "metrics_key"])
def test_a_key_is_long_or_not_there(name: str):
    assert getattr(Config(**NEEDED), name) == ""
    assert getattr(Config(**NEEDED, **{name: "x" * 32}), name)
    with pytest.raises(ValidationError, match="at least 32"):
        Config(**NEEDED, **{name: "x" * 31})


def test_an_empty_key_in_the_environment_is_none(monkeypatch):
    monkeypatch.setenv("ADMIN_KEY", "")
    assert Config(**NEEDED).admin_key == ""


@pytest.mark.parametrize("host", ["https://portal.example.com", "https://10.0.0.7"])
def test_the_demo_stays_on_this_machine(host: str):
    with pytest.raises(ValidationError, match="shows passwords"):
        Config(**{**NEEDED, "portal_url": host}, demo=True)
    for here in ("http://127.0.0.1:8000", "http://localhost", "https://localhost:8443"):
        assert Config(**{**NEEDED, "portal_url": here}, demo=True).demo
