"""Connections to PostgreSQL: how many, how long each is waited for, and who is found dead.

A connection is not asked before each use: that is a round trip. A server that ended it has said so,
and the kernel's probes found out about one that vanished; either makes the socket readable, which
costs no more than a look.
"""

from __future__ import annotations

import select
from typing import Any

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import InvalidatePoolError

SIZE: dict[str, int] = {"pool_size": 16, "max_overflow": 0}
"""For each process. Transactions take milliseconds, so threads that mostly wait for Salesforce
share them; one beyond these would be opened and closed for each use."""
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""Seconds, the last one milliseconds (libpq, "Parameter Key Words"). Without them a server that
vanishes from the network would hold a deliverer for as long as the kernel believes in it."""

READ_ONLY = "25006"
"""`read_only_sql_transaction` (PostgreSQL, "Error Codes")."""


def mind_the_dead(engine: Engine) -> None:
    """Have connections replaced that died, or that lead to a server which no longer writes."""

    def look(connection: Any, _record: object, _fairy: object) -> None:
        if not _has_news(connection.fileno()):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as dead:
            # Seldom does one die alone: those beside it are replaced, too.
            raise InvalidatePoolError(type(dead).__name__) from dead

    event.listen(engine, "checkout", look)
    event.listen(engine, "handle_error", _leave_a_replica)


def _has_news(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


def _leave_a_replica(context: ExceptionContext) -> None:
    """After a failover a kept connection may lead to what is a replica now; a new one does not."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True
