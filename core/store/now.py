"""The database's clock, for all that several machines must agree on: leases and due times.

A machine whose clock is ahead would take a living deliverer's lease.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from core.models.base import Instant


class _Moment(FunctionElement[datetime]):
    """So many seconds from now."""

    type = Instant()
    inherit_cache = True


@compiles(_Moment, "postgresql")
def _postgresql(element: _Moment, compiler: Any, **options: Any) -> str:
    # PostgreSQL's stands still during a transaction, too (`now()`).
    seconds = compiler.process(element.clauses, **options)
    return f"(now() + make_interval(secs => {seconds}))"


@compiles(_Moment, "sqlite")
def _sqlite(element: _Moment, compiler: Any, **options: Any) -> str:
    return f"moment({compiler.process(element.clauses, **options)})"


class SqliteClock:
    """What SQLite's `moment` asks, one for each connection: this machine's clock, which stands
    still during a transaction. Else a call that is not due yet when its own row is looked at might
    be so when those behind it are, and they would overtake it."""

    def __init__(self) -> None:
        self.set()

    def set(self) -> None:
        self._now = datetime.now(UTC).replace(tzinfo=None)

    def moment(self, seconds: float) -> str:
        """As SQLAlchemy writes moments there."""
        then = self._now + timedelta(seconds=seconds)
        return then.isoformat(sep=" ", timespec="microseconds")


def now() -> ColumnElement[datetime]:
    return _Moment(literal(0.0))


def later(seconds: float | BindParameter[float]) -> ColumnElement[datetime]:
    """So many seconds from now."""
    known = isinstance(seconds, BindParameter)
    return _Moment(seconds if known else literal(float(seconds)))
