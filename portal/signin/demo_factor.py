"""The second factor of the demo's support person. Exists only where DEMO is set."""

from __future__ import annotations

from core.store import Store

STAFF_EMAIL = "support@unitalk.example"
STAFF_SECRET = "UNITALKDEMOSUPPORTSECRET23456722"  # noqa: S105
"""For an authenticator app; the demo's sign-in page shows the code, too."""


def seed_factor(store: Store) -> None:
    """Idempotent: a factor that is on stays as it is."""
    person = store.accounts.person_by_email(STAFF_EMAIL)
    if person and not store.factors.is_on(person.id):
        store.factors.switch_on(person.id, STAFF_SECRET)
