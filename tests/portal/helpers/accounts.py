"""Accounts whose names in addresses are known beforehand, unlike their ids."""

import re

from sqlalchemy import update

from core.models import Account
from core.store import Store

ACME, OTHER = "/a/acme-in-addresses", "/a/other-in-addresses"
"""Where the pages of the fixtures' accounts begin."""


INSIDE = re.compile(r"/(salesforce|calls|missed|preview|people|keys|access|demo)(?=[/?]|$)")
CALLBACK = "/salesforce/callback"


def inside(path: str, account: str = ACME) -> str:
    """The address in an account of a page that is named without it; other pages have their own."""
    return f"{account}{path}" if INSIDE.match(path) and not path.startswith(CALLBACK) else path


def create(store: Store, account_id: str, name: str) -> None:
    store.accounts.create(account_id, name)
    with store.database.write() as session:
        session.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(public_name=f"{account_id}-in-addresses")
        )
