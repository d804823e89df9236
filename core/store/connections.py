"""Connections: their state and their sealed tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, select, true, update

from core import reasons
from core.connection import Connection, ConnectionState, Environment, Flow, StoredTokens
from core.models import ConnectionRow, OrgSnapshot
from core.reasons import Reason, as_columns, said_only
from core.secrets import Sealer
from core.store.checks import break_off_test_call, forget_preflight
from core.store.database import Database, rows_changed, utc_now
from core.store.held import tell_held
from core.store.notices import DIED, WORKS, leave_notice
from core.store.now import later, now
from core.store.releases import release, resumed
from core.store.shapes import forget_shape

API_DAY = 24 * 3600.0
"""Seconds for which it counts what an org said of its API calls: they are of a rolling day."""


class Connections:
    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._db = database
        self._sealer = sealer

    def get(self, account_id: str) -> Connection:
        with self._db.read() as session:
            found = session.execute(_AS_IT_STANDS, {"account_id": account_id}).one_or_none()
            return _view(*found) if found else Connection(account_id)

    def choose(self, account_id: str, **choice: str) -> None:
        """Set `flow`, `environment`, `my_domain`, `client_id` or `client_secret` for the next
        Connect, or columns that say whom an app acts as."""
        with self._db.write() as session:
            row = session.get(ConnectionRow, account_id)
            _write(row, session, account_id, self._sealed(choice))

    def _sealed(self, values: dict[str, Any]) -> dict[str, Any]:
        """With the secret among them as its column keeps it."""
        if "client_secret" not in values:
            return values
        sealed = self._sealer.seal(values["client_secret"])
        rest = {name: value for name, value in values.items() if name != "client_secret"}
        return {**rest, "client_secret_sealed": sealed}

    def client_secret(self, account_id: str) -> str:
        """The customer's own app's secret; empty when the product's app is used."""
        with self._db.read() as session:
            row = session.get(ConnectionRow, account_id)
            return self._sealer.unseal(row.client_secret_sealed) if row else ""

    def connected(
        self,
        account_id: str,
        access_token: str,
        refresh_token: str,
        before: Connection | None = None,
        **identity: Any,
    ) -> bool:
        """Store fresh access; whatever waits goes now. `identity` names columns (org_id, user_id,
        instance_url…) and may hold what `choose` takes.

        False, and nothing is stored, when somebody chose otherwise (`choose`) since `before`.
        """
        moment = utc_now()
        with self._db.write() as session:
            row = session.get(ConnectionRow, account_id, with_for_update=True)
            if row is not None and before is not None and _chosen(row) != _chosen(before):
                return False
            if row is not None and row.state == ConnectionState.DEAD:
                leave_notice(session, account_id, WORKS)
            values = {
                **self._sealed(identity),
                "state": ConnectionState.ACTIVE,
                "reason_code": "",
                "reason_params": {},
                "paused_until": None,
                "connected_at": moment,
                "refreshed_at": moment,
                "access_token_sealed": self._sealer.seal(access_token),
                "refresh_token_sealed": self._sealer.seal(refresh_token),
                "token_version": (row.token_version if row else 0) + 1,
                "refresh_lease": "",
                "refresh_lease_until": None,
                "api_used": None,
                "api_allowed": None,
            }
            # What refusals of another org taught is of no use in this one.
            moved = row is not None and row.org_id != identity.get("org_id", row.org_id)
            if moved:
                values["package_since"] = None
            _write(row, session, account_id, values)
            session.flush()
            forget_shape(session, account_id)
            forget_preflight(session, account_id)
            if moved:
                break_off_test_call(session, account_id)
            more: dict[str, Any] = {"lessons": {}} if moved else {}
            release(session, account_id, reasons.delivery.reconnected(), **more)
            return True

    def disconnected(self, account_id: str) -> None:
        """Wipe the tokens, and the secret of an app that needs no more than it to come back. Who
        was connected stays known, to recognise another org.

        Calls that were held wait on, and say what for.
        """
        alone = ConnectionRow.flow == Flow.CLIENT_CREDENTIALS
        with self._db.write() as session:
            session.execute(
                update(ConnectionRow)
                .where(ConnectionRow.account_id == account_id)
                .values(
                    client_secret_sealed=case(
                        (alone, ""), else_=ConnectionRow.client_secret_sealed
                    ),
                    state=ConnectionState.NONE,
                    reason_code="",
                    reason_params={},
                    paused_until=None,
                    access_token_sealed="",
                    refresh_token_sealed="",
                    # Whoever is renewing them at this moment must not bring them back.
                    token_version=ConnectionRow.token_version + 1,
                    refresh_lease="",
                    refresh_lease_until=None,
                )
            )
            forget_shape(session, account_id)
            tell_held(session, account_id, reasons.hold.disconnected())

    def died(self, account_id: str, reason: Reason, consent: datetime | None = None) -> bool:
        """Mark an account's connection dead, and leave a notice to its owners.

        False when it was not usable anyway, or when it is another consent by now than the one
        of that moment (`connected_at`; None = whichever): who reconnects must not be
        undone by a delivery that began before.
        """
        still = ConnectionRow.connected_at == consent if consent else true()
        with self._db.write() as session:
            changed = session.execute(
                update(ConnectionRow)
                .where(
                    ConnectionRow.account_id == account_id,
                    ConnectionRow.state.in_([ConnectionState.ACTIVE, ConnectionState.PAUSED]),
                    still,
                )
                .values(state=ConnectionState.DEAD, paused_until=None, **as_columns(reason))
            )
            if not rows_changed(changed):
                return False
            leave_notice(session, account_id, DIED, reason)
            return True

    def paused(
        self, account_id: str, until: datetime | timedelta, reason: Reason
    ) -> datetime | None:
        """The account waits until then, or for so long; returns until when. Of what Salesforce
        said only what the sentence says is kept."""
        with self._db.write() as session:
            return session.scalar(
                update(ConnectionRow)
                .where(
                    ConnectionRow.account_id == account_id,
                    ConnectionRow.state.in_([ConnectionState.ACTIVE, ConnectionState.PAUSED]),
                )
                .values(
                    state=ConnectionState.PAUSED,
                    **as_columns(said_only(reason)),
                    paused_until=(
                        later(until.total_seconds()) if isinstance(until, timedelta) else until
                    ),
                )
                .returning(ConnectionRow.paused_until)
            )

    def resumed(self, account_id: str) -> None:
        """End a pause."""
        with self._db.write() as session:
            resumed(session, account_id)

    def tokens(self, account_id: str) -> StoredTokens | None:
        """None when there is no connection. Raises CannotUnseal."""
        with self._db.read() as session:
            row = session.get(ConnectionRow, account_id)
            if row is None or not row.access_token_sealed:
                return None
            return StoredTokens(
                self._sealer.unseal(row.access_token_sealed),
                self._sealer.unseal(row.refresh_token_sealed),
                row.instance_url,
                row.token_version,
            )

    def counts(self) -> dict[str, int]:
        """Connections by state: for the metrics."""
        query = select(ConnectionRow.state, func.count()).group_by(ConnectionRow.state)
        with self._db.read() as session:
            return {row[0]: row[1] for row in session.execute(query)}

    def quiet_since(self, moment: datetime) -> list[str]:
        """Usable connections whose tokens were not refreshed since: due for a heartbeat."""
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(ConnectionRow.account_id).where(
                        ConnectionRow.state.in_([ConnectionState.ACTIVE, ConnectionState.PAUSED]),
                        ConnectionRow.refreshed_at < moment,
                    )
                )
            )

    def move_stand_in(self, origin: str) -> None:
        """The demo's stand-in org listens at another port than before. Whatever is kept with
        plain HTTP came from it."""
        with self._db.write() as session:
            for column in (ConnectionRow.instance_url, ConnectionRow.my_domain):
                moved = update(ConnectionRow).where(column.like("http://%"), column != origin)
                session.execute(moved.values({column: origin}))


_AS_IT_STANDS = (
    select(
        ConnectionRow,
        ConnectionRow.paused_until > now(),
        ConnectionRow.api_seen_at > later(-API_DAY),
        OrgSnapshot.fetched_at,
    )
    .outerjoin(OrgSnapshot, OrgSnapshot.account_id == ConnectionRow.account_id)
    .where(ConnectionRow.account_id == bindparam("account_id"))
)


def _write(
    row: ConnectionRow | None, session: Any, account_id: str, values: dict[str, Any]
) -> None:
    if row is None:
        row = ConnectionRow(account_id=account_id)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)


def _chosen(one: ConnectionRow | Connection) -> tuple[str, ...]:
    return one.flow, one.environment, one.my_domain, one.client_id


def _view(
    row: ConnectionRow,
    still_paused: bool | None,
    seen_lately: bool | None,
    shape_read_at: datetime | None,
) -> Connection:
    return Connection(
        account_id=row.account_id,
        state=ConnectionState(row.state),
        reason_code=row.reason_code,
        reason_params=row.reason_params,
        paused_until=row.paused_until,
        still_paused=bool(still_paused),
        shape_read_at=shape_read_at,
        flow=Flow(row.flow),
        environment=Environment(row.environment),
        my_domain=row.my_domain,
        client_id=row.client_id,
        has_secret=bool(row.client_secret_sealed),
        org_id=row.org_id,
        org_name=row.org_name,
        user_id=row.user_id,
        user_name=row.user_name,
        username=row.username,
        instance_url=row.instance_url,
        connected_at=row.connected_at,
        api_used=row.api_used if seen_lately else None,
        api_allowed=row.api_allowed,
        api_ceiling=row.api_ceiling,
        last_written_at=row.last_written_at,
        package_since=row.package_since,
    )
