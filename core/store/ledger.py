"""The ledger's questions: which calls came, how they stand, what is remembered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, literal, literal_column, select, union_all

from core.facts import OpenLoop
from core.models import SETTLED, CallEvent, CallRow, CallState, ClientRecord, LoopRow
from core.models.base import Instant
from core.store.database import Database, utc_now
from core.store.new_calls import NewCall, write_down
from core.store.standing import as_they_stand, with_queue

MEMORY = timedelta(days=7)
"""How long we remember which records we created for a number. A search finds a new record within
seconds; after a week a record that none finds is the customer's to have changed."""


@dataclass(frozen=True)
class Known:
    """What we know of client numbers, by number (E.164)."""

    remembered: dict[str, frozenset[str]]
    """Ids of the leads and contacts that we created within MEMORY."""
    loops: dict[str, OpenLoop]
    """Missed calls that wait, without what Salesforce says of them."""


# In one statement: each batch of a delivery asks.
_KNOWN = union_all(
    select(
        ClientRecord.number,
        ClientRecord.record_id,
        literal(None, Instant()).label("missed_at"),
        literal(0).label("times"),
        literal(None, Instant()).label("last_missed_at"),
    ).where(
        ClientRecord.account_id == bindparam("account"),
        ClientRecord.number.in_(bindparam("numbers", expanding=True)),
        ClientRecord.created_at > bindparam("since"),
    ),
    select(
        LoopRow.number,
        LoopRow.task_id,
        LoopRow.missed_at,
        LoopRow.times,
        LoopRow.last_missed_at,
    ).where(
        LoopRow.account_id == bindparam("account"),
        LoopRow.number.in_(bindparam("numbers", expanding=True)),
        LoopRow.state == literal_column("'open'"),  # as in the index
    ),
)


class Ledger:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add_all(self, account_id: str, calls: Sequence[NewCall]) -> set[str]:
        """Write calls down, all in one transaction: they are safe once this returns.

        Returns the keys that are new; of several calls with one key the first is kept (T2). Calls
        of one number are numbered in the order given.
        """
        return write_down(self._db, account_id, calls) if calls else set()

    def account_of(self, account_ids: Collection[str], public_id: str) -> str | None:
        """Which of these accounts has the call."""
        with self._db.read() as session:
            return session.scalar(
                select(CallRow.account_id).where(
                    CallRow.account_id.in_(account_ids), CallRow.public_id == public_id
                )
            )

    def get(self, account_id: str, public_id: str) -> CallRow | None:
        return self.several(account_id, [public_id]).get(public_id)

    def several(self, account_id: str, public_ids: Collection[str]) -> dict[str, CallRow]:
        """By public id, those of the calls that the account has."""
        query = with_queue().where(
            CallRow.account_id == account_id, CallRow.public_id.in_(public_ids)
        )
        with self._db.read() as session:
            return {row.public_id: row for row in as_they_stand(session.scalars(query))}

    def history(self, row: CallRow) -> list[CallEvent]:
        """Oldest first. How it came in and how it was settled is the call's own row; what comes
        after that tells of a client who waited to be called back."""
        between = select(CallEvent).where(CallEvent.call_id == row.id).order_by(CallEvent.id)
        with self._db.read() as session:
            events = list(session.scalars(between))
        came = CallEvent(
            call_id=row.id, at=row.received_at, state=CallState.WAITING,
            reason_code="", reason_params={},
        )  # fmt: skip
        if row.state not in SETTLED:
            return [came, *events]
        ended = CallEvent(
            call_id=row.id, at=row.finished_at, state=row.state,
            reason_code=row.reason_code, reason_params=row.reason_params,
        )  # fmt: skip
        before = [one for one in events if one.state != CallState.DONE]
        return [came, *before, ended, *(one for one in events if one.state == CallState.DONE)]

    def known(self, account_id: str, numbers: Collection[str]) -> Known:
        records: dict[str, set[str]] = {}
        loops: dict[str, OpenLoop] = {}
        asked = {"account": account_id, "numbers": list(numbers), "since": utc_now() - MEMORY}
        with self._db.read() as session:
            for number, record_id, missed_at, times, last in session.execute(_KNOWN, asked):
                if missed_at:
                    loops[number] = OpenLoop(record_id, missed_at, times, last_missed_at=last)
                else:
                    records.setdefault(number, set()).add(record_id)
        return Known({number: frozenset(ids) for number, ids in records.items()}, loops)

    def forget_records(self) -> None:
        """Forget created records that are older than MEMORY."""
        with self._db.write() as session:
            session.execute(
                delete(ClientRecord).where(ClientRecord.created_at <= utc_now() - MEMORY)
            )
