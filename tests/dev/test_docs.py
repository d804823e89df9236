"""What the environment can hold is described; what is described exists."""

import re

import pytest
from cryptography.fernet import Fernet

from core import ROOT
from core.config import Config, ConfigError, read_config

VARIABLES = {name.upper() for name in Config.model_fields}
NEEDED = {
    "database_url": "sqlite:///x.db",
    "redis_url": "redis://127.0.0.1:9",
    "secret_key": "0123456789abcdef0123456789abcdef",
    "token_keys": Fernet.generate_key().decode(),
    "portal_url": "https://portal.example.com",
    "salesforce_client_id": "id",
    "salesforce_client_secret": "secret",
    "mail_url": "smtps://mail.example.com:465",
}
"""What has no default."""


def test_operations_describes_every_variable() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    table = text.partition("## Environment")[2].partition("\n## ")[0]
    first_columns = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(first_columns))) == VARIABLES


def test_the_template_names_every_variable_once() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(names) == sorted(VARIABLES)


def test_the_template_shows_the_real_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    above, _, below = (ROOT / ".env.example").read_text().partition("# From here on")
    defaults = {name: value for name, value in assigned(below) if value}
    assert defaults, "the mark was found"
    assert not {name.lower() for name in defaults} & set(NEEDED)
    assert {name for name, _ in assigned(above)} >= {name.upper() for name in NEEDED}
    stated = {name.lower(): value for name, value in defaults.items()}
    assert Config(**NEEDED, **stated) == Config(**NEEDED)


def test_a_production_without_mails_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.delenv("MAIL_URL")
    with pytest.raises(ConfigError, match="\\n  MAIL_URL: is not set, and MAIL_FOLDER neither"):
        read_config()
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("PORTAL_URL", "http://127.0.0.1:8000")
    assert read_config().demo


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_the_pages_for_admins_say_the_same(language: str) -> None:
    """As many sections, steps and rows; what Salesforce calls things stays in English."""
    english, other = admins_page("en"), admins_page(language)
    for mark in (r"^#+ ", r"^\d\. ", r"^- ", r"^\| "):
        found = [len(re.findall(mark, page, re.MULTILINE)) for page in (english, other)]
        assert found[0] == found[1] > 0
    assert {name for name in emphasised(other) if name.isascii()} <= emphasised(english)


def admins_page(language: str) -> str:
    return (ROOT / "docs" / f"for-salesforce-admins.{language}.md").read_text()


def emphasised(page: str) -> set[str]:
    plain = re.sub(r"\s+", " ", page.replace("**", ""))
    return set(re.findall(r"\*([^*]+)\*", plain))


def assigned(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]
