"""The people of an account: who they are, who leaves, who becomes an owner."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.orm import Session

from core.emails import normalised
from core.models import OWNER, Account, Invitation, Membership, Person
from core.store.database import Database


class LastOwner(Exception):
    """An account keeps at least one owner who may sign in; nothing was changed."""

    def __init__(self, account_id: str) -> None:
        super().__init__(f"account {account_id!r} would have no owner who may sign in")
        self.account_id = account_id


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
        """And whatever would bring them back: the account's invitation of their address. Raises
        LastOwner."""
        email = select(Person.email).where(Person.id == person_id).scalar_subquery()
        with self._db.write() as session:
            lock(session, account_id)
            keep_an_owner(session, account_id, person_id)
            session.execute(
                delete(Invitation).where(
                    Invitation.account_id == account_id, Invitation.email == email
                )
            )
            session.execute(
                delete(Membership).where(
                    Membership.account_id == account_id, Membership.person_id == person_id
                )
            )

    def set_role(self, account_id: str, person_id: int, role: str) -> None:
        """Raises LastOwner. Does nothing for a person of another account."""
        with self._db.write() as session:
            take_role(session, account_id, person_id, role)


def owns() -> ColumnElement[bool]:
    """Of memberships joined to people: whether this one makes an owner. Support staff belong to
    no account."""
    return and_(Membership.role == OWNER, Person.is_active, ~Person.is_staff)


def first_owner() -> Select[Any]:
    """E-mail of an account's first owner, for a query over `Account`."""
    return (
        select(func.min(Person.email))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.account_id == Account.id, owns())
        .correlate(Account)
    )


def lock(session: Session, account_id: str) -> None:
    """Whoever changes who belongs to an account takes turns: two owners who remove each other at
    the same moment, two invitations of one address.

    `key_share`: rows of other tables may be added meanwhile, so nobody waits in a circle.
    """
    session.execute(
        select(Account.id).where(Account.id == account_id).with_for_update(key_share=True)
    )


def keep_an_owner(session: Session, account_id: str, person_id: int) -> None:
    """For whoever holds the account's lock and takes this person away. Raises LastOwner."""
    if is_last_owner(session, account_id, person_id):
        raise LastOwner(account_id)


def is_last_owner(session: Session, account_id: str, person_id: int) -> bool:
    """Whether nobody else owns the account who can sign in."""
    owners = session.scalars(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.account_id == account_id, owns())
    )
    return set(owners) == {person_id}


def take_role(session: Session, account_id: str, person_id: int, role: str) -> bool:
    """Whether they belong to the account. Raises LastOwner."""
    lock(session, account_id)
    if role != OWNER:
        keep_an_owner(session, account_id, person_id)
    membership = session.get(Membership, (account_id, person_id))
    if membership:
        membership.role = role
    return membership is not None
