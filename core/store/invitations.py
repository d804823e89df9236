"""Invitations: pending until the invited person accepts, declines, or their time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, delete, false, select, true
from sqlalchemy.orm import Session

from core.emails import normalised
from core.models import Account, Invitation, Membership, Person
from core.secrets import hash_key, new_key
from core.store.database import Database, insert, rows_changed, utc_now
from core.store.members import lock
from core.store.passwords import set_password

LIVES = timedelta(days=7)
KEPT = timedelta(days=30)
"""Once its time is over: so long owners see it and may send it again."""


@dataclass(frozen=True)
class Invited:
    """An invitation as the invited person reads it."""

    invitation: Invitation
    account: Account
    inviter: Person | None
    """None = the telephony cabinet."""


class Invitations:
    def __init__(self, database: Database) -> None:
        self._db = database

    def invite(
        self,
        account_id: str,
        email: str,
        role: str,
        *,
        called: str = "",
        language: str = "",
        invited_by: int | None = None,
    ) -> str:
        """Returns the key for the letter's link, kept hashed. An earlier invitation of the same
        address to this account ends."""
        key, now, email = new_key(), utc_now(), normalised(email)
        with self._db.write() as session:
            lock(session, account_id)
            session.execute(
                delete(Invitation).where(
                    Invitation.account_id == account_id, Invitation.email == email
                )
            )
            session.add(
                Invitation(
                    account_id=account_id, email=email, called=called, role=role,
                    language=language, invited_by=invited_by, created_at=now,
                    expires_at=now + LIVES, key_hash=hash_key(key),
                )
            )  # fmt: skip
        return key

    def of(self, account_id: str) -> list[Invitation]:
        """The account's unanswered ones, oldest first; also those whose time is over."""
        query = select(Invitation).where(Invitation.account_id == account_id)
        with self._db.read() as session:
            return list(session.scalars(query.order_by(Invitation.id)))

    def named(self, account_id: str, name: str) -> Invitation | None:
        with self._db.read() as session:
            return session.scalar(
                select(Invitation).where(
                    Invitation.account_id == account_id, Invitation.name == name
                )
            )

    def withdraw(self, account_id: str, name: str) -> bool:
        with self._db.write() as session:
            gone = session.execute(
                delete(Invitation).where(
                    Invitation.account_id == account_id, Invitation.name == name
                )
            )
            return bool(rows_changed(gone))

    def to(self, email: str) -> list[Invited]:
        """Those that somebody with this address may answer, oldest first."""
        query = _invited(Invitation.email == normalised(email)).order_by(Invitation.id)
        with self._db.read() as session:
            return [Invited(*row) for row in session.execute(query)]

    def of_key(self, key: str) -> Invited | None:
        """Whose letter it is; None when it was answered, withdrawn, replaced or is too old."""
        with self._db.read() as session:
            found = session.execute(_invited(Invitation.key_hash == hash_key(key))).first()
            return Invited(*found) if found else None

    def accept(self, name: str, person: Person) -> Invitation | None:
        """The person belongs to the account from now on; who does already keeps the role they
        have. None when it is not theirs, or not to be answered any more, or they are disabled."""
        with self._db.write() as session:
            found = _waiting(session, Invitation.name == name, *_is_for(person))
            if found is None or not _is_active(session, person.id):
                return None
            _join(session, found, person.id)
            return found

    def accept_with_password(self, key: str, password_hash: str) -> Person | None:
        """As somebody new, who signs in with this password from now on. None when it is not to be
        answered any more, or they are no longer new."""
        with self._db.write() as session:
            found = _waiting(session, Invitation.key_hash == hash_key(key))
            if found is None:
                return None
            person = _person_of(session, found)
            if not is_new(person):
                return None
            set_password(session, person.id, password_hash)
            _join(session, found, person.id)
            return person

    def decline(self, name: str, person: Person) -> Invitation | None:
        """None when it is not theirs, or not to be answered any more."""
        with self._db.write() as session:
            found = _waiting(session, Invitation.name == name, *_is_for(person))
            if found:
                session.delete(found)
            return found

    def forget_expired(self) -> None:
        """Forget those whose time was over KEPT ago: addresses of people who never came."""
        with self._db.write() as session:
            session.execute(delete(Invitation).where(Invitation.expires_at <= utc_now() - KEPT))


def is_new(person: Person | None) -> bool:
    """Whether a letter's link may choose their password: nobody signs in as them yet."""
    return person is None or (person.is_active and not (person.password_hash or person.is_staff))


def _invited(which: ColumnElement[bool]) -> Select[Invitation, Account, Person]:
    return (
        select(Invitation, Account, Person)
        .join(Account, Account.id == Invitation.account_id)
        .outerjoin(Person, Person.id == Invitation.invited_by)
        .where(which, Invitation.expires_at > utc_now())
    )


def _is_for(person: Person) -> tuple[ColumnElement[bool], ...]:
    """Support staff belong to no account."""
    return Invitation.email == person.email, false() if person.is_staff else true()


def _is_active(session: Session, person_id: int) -> bool:
    """Locked: somebody who is disabled at the same moment joins before that, or never."""
    active = select(Person.id).where(Person.id == person_id, Person.is_active)
    return session.scalar(active.with_for_update(key_share=True)) is not None


def _waiting(session: Session, *which: ColumnElement[bool]) -> Invitation | None:
    """The invitation that is being answered; of two answers at the same moment one finds it."""
    account_id = session.scalar(select(Invitation.account_id).where(*which))
    if account_id is None:
        return None
    lock(session, account_id)
    alive = Invitation.expires_at > utc_now()
    return session.scalar(select(Invitation).where(*which, alive).with_for_update())


def _person_of(session: Session, invitation: Invitation) -> Person:
    """Whose address it is; created when unknown. Two invitations of one address take turns here."""
    new = insert(session, Person).values(
        email=invitation.email, name=invitation.called, language=invitation.language,
        created_at=utc_now(),
    )  # fmt: skip
    session.execute(new.on_conflict_do_nothing(index_elements=["email"]))
    mine = select(Person).where(Person.email == invitation.email)
    return session.scalars(mine.with_for_update(key_share=True)).one()


def _join(session: Session, invitation: Invitation, person_id: int) -> None:
    """The yes: it waits no more."""
    session.delete(invitation)
    if session.get(Membership, (invitation.account_id, person_id)) is None:
        session.add(
            Membership(account_id=invitation.account_id, person_id=person_id, role=invitation.role)
        )
