"""Where people are: the accounts they belong to, and the one that support visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, literal, null, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.models import Account, ConnectionRow, Membership, PolicyRow
from core.policy import Policy
from core.store.database import Database, utc_now
from core.store.members import first_owner

SUPPORT = "support"
"""The role on a visit: neither keys, people nor the connection."""
_AS_YET = Policy()
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Place:
    """An account as somebody in it has it, with what every page needs of it."""

    account: Account
    role: str
    """OWNER, MEMBER or SUPPORT."""
    used_at: datetime | None
    org_name: str
    """Of the Salesforce org it is, or was, connected to."""
    owner: str
    """E-mail of its first owner; empty when there is none."""
    region: str
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Places:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, person_id: int) -> list[Place]:
        """The accounts a person belongs to, by name."""
        query = (
            _places(Membership.role, Membership.used_at)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.person_id == person_id)
            .order_by(Account.name, Account.id)
        )
        with self._db.read() as session:
            return [_place(*row) for row in session.execute(query)]

    def visited(self, account_id: str) -> Place | None:
        """The account as support has it on a visit."""
        query = _places(literal(SUPPORT), null()).where(Account.id == account_id)
        with self._db.read() as session:
            found = session.execute(query).first()
            return _place(*found) if found else None

    def used(self, account_id: str, person_id: int) -> None:
        """From now on it is the one that the person used last."""
        with self._db.write() as session:
            session.execute(
                update(Membership)
                .where(Membership.account_id == account_id, Membership.person_id == person_id)
                .values(used_at=utc_now())
            )


def _places(role: Column, used_at: Column) -> Any:
    owner = first_owner().scalar_subquery()
    chosen = PolicyRow.__table__.c
    return (
        select(
            Account, role, used_at, ConnectionRow.org_name, owner, chosen.region,
            chosen.time_zone,
        )
        .select_from(Account)
        .outerjoin(ConnectionRow, ConnectionRow.account_id == Account.id)
        .outerjoin(PolicyRow, chosen.account_id == Account.id)
    )  # fmt: skip


def _place(
    account: Account,
    role: str,
    used_at: datetime | None,
    org_name: str | None,
    owner: str | None,
    region: str | None,
    time_zone: str | None,
) -> Place:
    return Place(
        account,
        role,
        used_at,
        org_name or "",
        owner or "",
        region or _AS_YET.region,
        time_zone or _AS_YET.time_zone,
    )
