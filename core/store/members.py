"""The people of an account: who they are, who leaves, who becomes an owner."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.emails import normalised
from core.models import OWNER, Account, Membership, Person
from core.store.database import Database


class LastOwner(Exception):
    """An account keeps at least one owner; nothing was changed."""


class Members:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, account_id: str) -> list[tuple[Person, str]]:
        """People with their role, owners first, then by e-mail."""
        with self._db.read() as session:
            rows = session.execute(
                select(Person, Membership.role)
                .join(Membership, Membership.person_id == Person.id)
                .where(Membership.account_id == account_id)
                .order_by(Membership.role != OWNER, Person.email)
            )
            return [(person, role) for person, role in rows]

    def find(self, account_id: str, email: str) -> tuple[Person, str] | None:
        """The person of this account with that e-mail."""
        wanted = normalised(email)
        return next((one for one in self.of(account_id) if one[0].email == wanted), None)

    def remove(self, account_id: str, person_id: int) -> None:
        """Raises LastOwner."""
        with self._db.write() as session:
            lock(session, account_id)
            _keep_an_owner(session, account_id, person_id)
            session.execute(
                delete(Membership).where(
                    Membership.account_id == account_id, Membership.person_id == person_id
                )
            )

    def set_role(self, account_id: str, person_id: int, role: str) -> None:
        """Raises LastOwner. Does nothing for a person of another account."""
        with self._db.write() as session:
            lock(session, account_id)
            if role != OWNER:
                _keep_an_owner(session, account_id, person_id)
            membership = session.get(Membership, (account_id, person_id))
            if membership:
                membership.role = role


def lock(session: Session, account_id: str) -> None:
    """Whoever changes who belongs to an account takes turns: two owners who remove each other at
    the same moment, two invitations of one address."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def _keep_an_owner(session: Session, account_id: str, person_id: int) -> None:
    others = session.scalar(
        select(func.count()).where(
            Membership.account_id == account_id,
            Membership.role == OWNER,
            Membership.person_id != person_id,
        )
    )
    if not others:
        raise LastOwner(f"account {account_id!r} would have no owner")
