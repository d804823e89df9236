"""What telephony's doors ask before they take an event: whose key, which country, which clock.

A process knows it for some seconds, as an account that is busy sends many events in them.
What is not found is asked for each time: a new key and a new account work at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Lock
from zoneinfo import ZoneInfo

from cachetools import TTLCache, cachedmethod
from sqlalchemy import select

from core.models import Account, PolicyRow
from core.policy import Policy
from core.store.accounts import ACCOUNT_ID, Accounts
from core.store.database import Database

KNOWN_SECONDS = 3
"""How long an ended key still opens the door, and a changed country or time zone does not count."""
KNOWN_AT_MOST = 10_000


class UnknownAccount(Exception):
    """No account has this id; create it before handing over its calls."""


class UnknownKey(Exception):
    """No account has this intake key, or it has ended."""


@dataclass(frozen=True)
class Place:
    """By what an account's events are read."""

    region: str
    zone: ZoneInfo


class Doors:
    def __init__(self, database: Database, accounts: Accounts) -> None:
        self._db = database
        self._accounts = accounts
        self._lock = Lock()
        self._keys: TTLCache[str, str] = TTLCache(KNOWN_AT_MOST, KNOWN_SECONDS)
        self._places: TTLCache[str, Place] = TTLCache(KNOWN_AT_MOST, KNOWN_SECONDS)

    @cachedmethod(lambda self: self._keys, lambda _self, key: key, lambda self: self._lock)
    def account_of_key(self, key: str) -> str:
        """Raises UnknownKey."""
        account_id = self._accounts.account_of_key(key)
        if account_id is None:
            raise UnknownKey
        return account_id

    @cachedmethod(lambda self: self._places, lambda _self, name: name, lambda self: self._lock)
    def place(self, account_id: str) -> Place:
        """Raises UnknownAccount."""
        chosen = PolicyRow.__table__.c
        query = (
            select(chosen.region, chosen.time_zone)
            .select_from(Account)
            .outerjoin(PolicyRow, chosen.account_id == Account.id)
            .where(Account.id == account_id)
        )
        if re.fullmatch(ACCOUNT_ID, account_id):  # no database takes some of the others
            with self._db.read() as session:
                if row := session.execute(query).one_or_none():
                    policy = Policy.model_validate({k: v for k, v in row._mapping.items() if v})
                    return Place(policy.region, policy.zone)
        raise UnknownAccount(f"there is no account {account_id[:64]!r}")
