"""At most one deliverer per account, and what is known of how much its org bears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Float, bindparam, case, or_, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from core.models import CallState, DeliveryLease, QueuedCall
from core.secrets import new_name
from core.store.database import AS_SAID, Database, dialect_of, insert, rows_changed
from core.store.now import later, now
from core.store.results import Result

AT_MOST = 75
"""Salesforce takes 75 graphs in one request (REST guide, Composite Graph limits)."""
ASKED_TOO_MUCH = ("QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED", "ANSWER_TOO_LARGE")
"""Codes of requests that would go well for fewer calls."""
TOO_MUCH_AT_ONCE = (*ASKED_TOO_MUCH, "TIMEOUT")
"""The last is our own: we waited in vain, perhaps for want of patience."""
BEARS_MORE_AFTER = 600.0
"""Seconds until an org is tried with more than what once was too much."""


@dataclass(frozen=True)
class Lease:
    """The right to deliver for an account."""

    token: str
    failures: int = 0
    """How often in a row the org had given no answer when it was taken."""
    bears: int = 0
    """Calls that the org was known to bear at once; 0 = as many as a request may have."""


class Leases:
    def __init__(self, database: Database) -> None:
        self._db = database

    def take(self, account_id: str, seconds: float) -> Lease | None:
        """Become the account's deliverer; None while another is, who will look once more."""
        mine = new_name()
        asked = {"account_id": account_id, "mine": mine, "seconds": float(seconds)}
        with self._db.write() as session:
            token, failures, bears = session.execute(_taking(dialect_of(session)), asked).one()
            return Lease(token, failures, bears) if token == mine else None

    def keep(self, account_id: str, lease: Lease, seconds: float) -> bool:
        """Prolong it, and the claims made under it; False when it was lost meanwhile: whoever has
        it now takes these claims over when they run out."""
        with self._db.write() as session:
            if not _change(session, account_id, lease, expires_at=later(seconds)):
                return False
            session.execute(
                update(QueuedCall)
                .where(
                    QueuedCall.account_id == account_id,
                    QueuedCall.state == CallState.DELIVERING,
                    QueuedCall.lease == lease.token,
                )
                .values(due_at=later(seconds))
            )
            return True

    def drop(self, account_id: str, lease: Lease) -> bool:
        """Let go. Returns whether somebody came for the account meanwhile, and went again."""
        ours = DeliveryLease.account_id == account_id, DeliveryLease.token == lease.token
        gone = update(DeliveryLease).where(*ours).values(expires_at=now())
        with self._db.write() as session:
            return bool(session.scalar(gone.returning(DeliveryLease.wanted)))

    def no_answer(self, account_id: str, lease: Lease) -> int:
        """Note that the org gave none; returns how often in a row by now."""
        once_more = (
            update(DeliveryLease)
            .where(DeliveryLease.account_id == account_id, DeliveryLease.token == lease.token)
            .values(failures=DeliveryLease.failures + 1)
            .returning(DeliveryLease.failures)
        )
        with self._db.write() as session:
            return session.scalar(once_more, execution_options=AS_SAID) or 1

    def answered(self, account_id: str, lease: Lease) -> bool:
        """Returns whether it is the first answer after such failures."""
        with self._db.write() as session:
            return _change(session, account_id, lease, DeliveryLease.failures > 0, failures=0)


@cache
def _taking(dialect: str) -> ReturningInsert[str, int, int]:
    free = DeliveryLease.expires_at <= now()
    row = insert(dialect, DeliveryLease).values(
        account_id=bindparam("account_id"), token=bindparam("mine"),
        expires_at=later(bindparam("seconds", type_=Float())),
        wanted=False, failures=0, bears=0,
    )  # fmt: skip
    taken = row.on_conflict_do_update(
        index_elements=["account_id"],
        set_={
            "token": case((free, row.excluded.token), else_=DeliveryLease.token),
            "expires_at": case((free, row.excluded.expires_at), else_=DeliveryLease.expires_at),
            "wanted": ~free,
        },
    )
    return taken.returning(DeliveryLease.token, DeliveryLease.failures, DeliveryLease.bears)


def prolonged(session: Session, account_id: str, lease: Lease, seconds: float) -> int | None:
    """Prolong a lease that is still good, part of the caller's transaction.

    Returns how many calls the org bears at once, 0 = as many as a request may have; None when
    the lease was lost. Who comes from now on has not been looked after.
    """
    ours = {"account": account_id, "lease": lease.token, "seconds": float(seconds)}
    bears: int | None = session.scalar(_PROLONG, ours, execution_options=AS_SAID)
    return bears


_PROLONG = (
    update(DeliveryLease)
    .where(
        DeliveryLease.account_id == bindparam("account"),
        DeliveryLease.token == bindparam("lease"),
        DeliveryLease.expires_at > now(),
    )
    .values(expires_at=later(bindparam("seconds", type_=Float())), wanted=False)
    .returning(
        case(
            (DeliveryLease.shrunk_at < later(-BEARS_MORE_AFTER), DeliveryLease.bears * 2),
            else_=DeliveryLease.bears,
        )
    )
)


def learn_size(session: Session, account_id: str, lease: Lease, results: Sequence[Result]) -> None:
    """Remember what the org bears, part of the caller's transaction.

    Too much at once: half as many, for a while. What fails in a row may be an outage rather than
    the size: after it the size doubles with each batch that goes well. One call says nothing.
    """
    too_much = sum(_was_too_much(one) for one in results)
    done = sum(one.state == CallState.DONE for one in results)
    if too_much > 1:
        known = case((DeliveryLease.failures == 0, now()), else_=None)
        _change(session, account_id, lease, bears=too_much // 2, shrunk_at=known)
    elif lease.bears and done:
        went_well = DeliveryLease.bears.between(1, done), _may_grow()
        twice = case((DeliveryLease.bears * 2 < AT_MOST, DeliveryLease.bears * 2), else_=0)
        _change(session, account_id, lease, *went_well, bears=twice, shrunk_at=None)


def _may_grow() -> ColumnElement[bool]:
    shrunk_at = DeliveryLease.shrunk_at
    return or_(shrunk_at.is_(None), shrunk_at < later(-BEARS_MORE_AFTER))


def _was_too_much(result: Result) -> bool:
    said = result.reason.params.get("code") if result.reason else None
    return result.state == CallState.RETRY and said in TOO_MUCH_AT_ONCE


def _change(session: Session, account_id: str, lease: Lease, *only: Any, **values: Any) -> bool:
    ours = DeliveryLease.account_id == account_id, DeliveryLease.token == lease.token
    changed = session.execute(
        update(DeliveryLease).where(*ours, *only).values(**values), execution_options=AS_SAID
    )
    return bool(rows_changed(changed))
