"""People of the account that the store's tests begin with."""

from core.models import Person
from core.store import Store


def person(
    store: Store,
    name: str,
    *,
    staff: bool = False,
    account: str | None = "acme",
    role: str = "member",
) -> Person:
    found = store.accounts.add_person(f"{name}@acme.example", name, "hash", is_staff=staff)
    if account:
        store.accounts.join(account, found.id, role)
    return found
