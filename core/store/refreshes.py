"""The lease of the one who renews a connection's tokens, and the new tokens."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from core.models import ConnectionRow
from core.secrets import Sealer, new_name
from core.store.counters import FAILED_REFRESHES, REFRESHES, count
from core.store.database import Database, rows_changed, utc_now
from core.store.now import later, now

REFRESH_LEASE = 60.0
"""Seconds. Longer than a refresh may take (see `SECONDS_TO_TRY` in `core.tokens`)."""


@dataclass(frozen=True)
class RefreshLease:
    token: str
    taken_over: bool
    """From a refresher whose time ran out: it may have renewed, and be about to say so."""


class Refreshes:
    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._db = database
        self._sealer = sealer

    def take_lease(self, account_id: str, version: int) -> RefreshLease | None:
        """Become the one refresher of tokens of that version; None when another is, or has."""
        lease = new_name()
        free = ConnectionRow.refresh_lease_until.is_(None)
        run_out = ConnectionRow.refresh_lease_until < now()
        with self._db.write() as session:
            for may_take in (free, run_out):
                changed = session.execute(
                    update(ConnectionRow)
                    .where(
                        ConnectionRow.account_id == account_id,
                        ConnectionRow.token_version == version,
                        may_take,
                    )
                    .values(
                        refresh_lease=lease,
                        refresh_lease_until=later(REFRESH_LEASE),
                    )
                )
                if rows_changed(changed):
                    return RefreshLease(lease, taken_over=may_take is run_out)
        return None

    def renewed(
        self,
        account_id: str,
        version: int,
        access_token: str,
        refresh_token: str,
        instance_url: str,
    ) -> bool:
        """Commit new tokens, before anybody uses them.

        `version` is that of the refresh token which was presented. False when the stored tokens
        are no longer of that version. Whose the lease is by now does not matter: whoever waited
        too long for the database holds the only tokens that work.
        """
        with self._db.write() as session:
            changed = session.execute(
                update(ConnectionRow)
                .where(
                    ConnectionRow.account_id == account_id, ConnectionRow.token_version == version
                )
                .values(
                    access_token_sealed=self._sealer.seal(access_token),
                    refresh_token_sealed=self._sealer.seal(refresh_token),
                    instance_url=instance_url,
                    token_version=ConnectionRow.token_version + 1,
                    refreshed_at=utc_now(),
                    refresh_lease="",
                    refresh_lease_until=None,
                )
            )
            if not rows_changed(changed):
                return False
            count(session, {(REFRESHES, "renewed"): 1})
            return True

    def failed(self, account_id: str, lease: str) -> None:
        """Let another try, and count it."""
        with self._db.write() as session:
            session.execute(
                update(ConnectionRow)
                .where(ConnectionRow.account_id == account_id, ConnectionRow.refresh_lease == lease)
                .values(refresh_lease="", refresh_lease_until=None)
            )
            count(session, {(FAILED_REFRESHES, ""): 1})
