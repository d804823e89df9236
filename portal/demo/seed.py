"""What the demo starts with: an account, its people, and telephony's key."""

from __future__ import annotations

import os
from pathlib import Path

from core.config import Config
from core.models import MEMBER, OWNER
from core.store import Store
from portal.signin.demo_factor import seed_factor
from portal.signin.passwords import hash_password

ACCOUNT, NAME = "demo", "Демо-компания"
PEOPLE = (
    ("demo@unitalk.example", "demo-unitalk", "Олена Коваль", OWNER),
    ("member@unitalk.example", "member-unitalk", "Тарас Мельник", MEMBER),
    ("support@unitalk.example", "support-unitalk", "Поддержка UniTalk", ""),
)
"""E-mail, password, name, role in the account; no role = support staff."""


def seed(store: Store, config: Config) -> None:
    """Make what is missing; what people changed since stays as it is."""
    if config.stand_in:
        store.connections.move_stand_in(config.stand_in)
    store.accounts.create(ACCOUNT, NAME)
    for email, password, name, role in PEOPLE:
        person = store.accounts.person_by_email(email) or store.accounts.add_person(
            email, name, hash_password(password), is_staff=not role
        )
        if role and not store.accounts.memberships(person.id):
            store.accounts.join(ACCOUNT, person.id, role)
    seed_factor(store)


def demo_key(store: Store, config: Config) -> str:
    """Telephony's key of the demo account, kept beside the demo's data for the next start."""
    file = key_file(config)
    kept = file.read_text().strip() if file.exists() else ""
    if kept and store.accounts.account_of_key(kept) == ACCOUNT:
        return kept
    key = store.accounts.issue_key(ACCOUNT)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)  # before the secret is in it
    file.write_text(key + "\n")
    return key


def key_file(config: Config) -> Path:
    """Beside the SQLite database, else in data/ of the folder the demo runs in."""
    url = config.database_url
    folder = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite") else None
    return (folder or Path(os.environ.get("DATA_FOLDER", "data"))) / "demo-intake-key"
