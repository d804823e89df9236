"""The newest look of each kind at an account's org: at most one at a time, its result kept.

`begin`, `tell` as often as there is something to tell, `end`. Whoever dies in between leaves a
look that counts as running for RUNS_AT_MOST, and then as broken off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, delete, exists, func, or_, select, true, update
from sqlalchemy.orm import Session

from core.connection import USABLE, ConnectionState
from core.models import CheckRow, ConnectionRow, PolicyRow
from core.store.database import AS_SAID, Database, insert, rows_changed
from core.store.now import later, now

Kind = Literal["preflight", "test_call"]
RUNS_AT_MOST = 180.0
"""Seconds, several times what one takes."""


@dataclass(frozen=True)
class Look:
    """One look at an org, as it stands."""

    began_at: datetime
    ended_at: datetime | None = None
    is_running: bool = False
    """Neither this nor ended: whoever ran it died."""
    api_calls: int = 0
    result: dict[str, Any] = field(default_factory=dict)
    """While it runs: what it told last, or what the one before found."""


class Checks:
    def __init__(self, database: Database) -> None:
        self._db = database

    def newest(self, account_id: str, kind: Kind) -> Look | None:
        return self.newest_of(account_id).get(kind)

    def newest_of(self, account_id: str) -> Mapping[str, Look]:
        """By kind."""
        query = select(CheckRow, _runs()).where(CheckRow.account_id == account_id)
        with self._db.read() as session:
            return {
                row.kind: Look(row.began_at, row.ended_at, runs, row.api_calls, row.result)
                for row, runs in session.execute(query)
            }

    def begin(self, account_id: str, kind: Kind, rest: float = 0.0) -> datetime | None:
        """The moment that names this look from now on; None while another one runs, or when the
        newest began within the last `rest` seconds."""
        fresh: dict[str, Any] = {"began_at": now(), "ended_at": None, "api_calls": 0}
        with self._db.write() as session:
            row = insert(session, CheckRow).values(
                account_id=account_id, kind=kind, result={}, **fresh
            )
            begun = row.on_conflict_do_update(
                index_elements=["account_id", "kind"],
                set_=fresh,
                where=and_(~_runs(), CheckRow.began_at <= later(-rest)),
            )
            return session.scalar(begun.returning(CheckRow.began_at), execution_options=AS_SAID)

    def rested(self, kind: Kind, rest: float, new: float) -> list[tuple[str, str | None]]:
        """Accounts with a connection that works, switched on or connected within the last `new`
        seconds, whose newest look began more than `rest` seconds ago, if ever; each with its time
        zone, if it chose one. Not those that wait, or have used half of their API calls."""
        lately = exists().where(
            CheckRow.account_id == ConnectionRow.account_id,
            CheckRow.kind == kind,
            CheckRow.began_at > later(-rest),
        )
        most = func.coalesce(ConnectionRow.api_ceiling, ConnectionRow.api_allowed)
        query = (
            select(ConnectionRow.account_id, PolicyRow.__table__.c.time_zone)
            .outerjoin(PolicyRow, PolicyRow.__table__.c.account_id == ConnectionRow.account_id)
            .where(
                ConnectionRow.state == ConnectionState.ACTIVE,
                or_(PolicyRow.__table__.c.enabled, ConnectionRow.connected_at > later(-new)),
                func.coalesce(ConnectionRow.api_used * 2 < most, true()),
                ~lately,
            )
        )
        with self._db.read() as session:
            return [(account_id, zone) for account_id, zone in session.execute(query)]

    def made(self, kind: Kind) -> list[tuple[str, str | None]]:
        """Accounts of which there is such a look and whose connection works, however it is used;
        each with its time zone, if it chose one."""
        query = (
            select(CheckRow.account_id, PolicyRow.__table__.c.time_zone)
            .join(ConnectionRow, ConnectionRow.account_id == CheckRow.account_id)
            .outerjoin(PolicyRow, PolicyRow.__table__.c.account_id == CheckRow.account_id)
            .where(CheckRow.kind == kind, ConnectionRow.state.in_(USABLE))
        )
        with self._db.read() as session:
            return [(account_id, zone) for account_id, zone in session.execute(query)]

    def tell(
        self, account_id: str, kind: Kind, began: datetime, result: dict[str, Any], api_calls: int
    ) -> bool:
        """How far it is. False once it is another's turn, or the org was disconnected."""
        return self._write(account_id, kind, began, result=result, api_calls=api_calls)

    def end(
        self, account_id: str, kind: Kind, began: datetime, result: dict[str, Any], api_calls: int
    ) -> bool:
        """What it found. False as with `tell`: then nothing is kept."""
        told = {"result": result, "api_calls": api_calls}
        return self._write(account_id, kind, began, ended_at=now(), **told)

    def _write(self, account_id: str, kind: Kind, began: datetime, **values: Any) -> bool:
        ours = *_of(account_id, kind), CheckRow.began_at == began, CheckRow.ended_at.is_(None)
        with self._db.write() as session:
            told = update(CheckRow).where(*ours).values(**values)
            return bool(rows_changed(session.execute(told, execution_options=AS_SAID)))


def forget_preflight(session: Session, account_id: str) -> None:
    """What was found by an access that is no more. Part of the caller's transaction."""
    session.execute(delete(CheckRow).where(*_of(account_id, "preflight")))


def break_off_test_call(session: Session, account_id: str) -> None:
    """One that still runs goes no further: another org is connected. What it left in its own stays
    known. Part of the caller's transaction."""
    running = *_of(account_id, "test_call"), CheckRow.ended_at.is_(None)
    session.execute(update(CheckRow).where(*running).values(began_at=later(-RUNS_AT_MOST)))


def _of(account_id: str, kind: Kind) -> tuple[Any, ...]:
    return CheckRow.account_id == account_id, CheckRow.kind == kind


def _runs() -> Any:
    return and_(CheckRow.ended_at.is_(None), CheckRow.began_at > later(-RUNS_AT_MOST))
