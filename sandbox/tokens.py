"""Approvals, codes, access and refresh tokens: issued, rotated, revoked.

Rules: reuse of a rotated refresh token kills the approval's current tokens; an unused refresh
token dies after the idle time; a user's sixth approval of one app revokes the oldest.
"""

import secrets
import time
from dataclasses import dataclass
from sqlite3 import Row

from sandbox.counters import Counters
from sandbox.org import Org
from sandbox.orgs import Orgs
from sandbox.rows import Rows
from sandbox.storage import Storage

CODE_SECONDS = 900
MAX_APPROVALS = 5
DAY = 86_400


class OAuthError(Exception):
    """A refusal of the token endpoint: error and error_description, HTTP 400 unless said."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True)
class Grant:
    """What a token endpoint gives: an approval's org, user and scope, and the new tokens."""

    approval: int
    client_id: str
    org: Org
    user_id: str
    scope: str
    access_token: str
    refresh_token: str | None
    nonce: str | None = None


class Tokens:
    """Everything that OAuth keeps. Methods that write have to run in a transaction."""

    def __init__(self, storage: Storage, orgs: Orgs, rows: Rows, counters: Counters) -> None:
        self._storage = storage
        self._orgs = orgs
        self._rows = rows
        self._counters = counters

    def new_code(
        self,
        *,
        client_id: str,
        org: Org,
        user_id: str,
        redirect_uri: str,
        scope: str,
        challenge: str,
        nonce: str | None,
    ) -> str:
        """A code for the callback: single use, 15 minutes."""
        code = "aPrx" + secrets.token_urlsafe(32)
        values = (
            code,
            client_id,
            org.id,
            user_id,
            redirect_uri,
            scope,
            challenge,
            nonce,
            time.time(),
        )
        self._storage.run("INSERT INTO codes VALUES (?,?,?,?,?,?,?,?,?,NULL)", values)
        return code

    def code(self, code: str) -> Row | None:
        """The stored code, used or not."""
        return self._storage.one("SELECT * FROM codes WHERE code = ?", (code,))

    def spend_code(self, code: Row) -> Grant:
        """Tokens for a code that was checked. Its use is remembered."""
        approval = self.approve(code["client_id"], code["org"], code["user"], code["scope"])
        self._storage.run("UPDATE codes SET approval = ? WHERE code = ?", (approval, code["code"]))
        return self.grant(approval, with_refresh=True, nonce=code["nonce"])

    def void_code(self, code: Row) -> None:
        """A code that gave no tokens and gives none any more."""
        self._storage.run("UPDATE codes SET approval = 0 WHERE code = ?", (code["code"],))

    def approve(self, client_id: str, org_id: str, user_id: str, scope: str) -> int:
        """A new approval; beyond five of one user and app the oldest is revoked."""
        now = time.time()
        cursor = self._storage.run(
            "INSERT INTO approvals (client_id, org, user, scope, created, last_used)"
            " VALUES (?,?,?,?,?,?)",
            (client_id, org_id, user_id, scope, now, now),
        )
        live = self._storage.all(
            "SELECT id FROM approvals WHERE client_id = ? AND org = ? AND user = ?"
            " AND revoked = 0 AND standing = 0 ORDER BY id",
            (client_id, org_id, user_id),
        )
        for row in live[:-MAX_APPROVALS]:
            self.revoke_approval(row["id"])
        return int(cursor.lastrowid or 0)

    def is_approved(self, client_id: str, org_id: str, user_id: str) -> bool:
        """Whether the user has an approval of the app that is still good."""
        row = self._storage.one(
            "SELECT 1 FROM approvals WHERE client_id = ? AND org = ? AND user = ? AND revoked = 0"
            " AND standing = 0",
            (client_id, org_id, user_id),
        )
        return row is not None

    def standing(self, client_id: str, org_id: str, user_id: str, scope: str) -> int:
        """An approval that nobody has to give, outside the count of five: client credentials."""
        now = time.time()
        cursor = self._storage.run(
            "INSERT INTO approvals (client_id, org, user, scope, created, last_used, standing)"
            " VALUES (?,?,?,?,?,?,1)",
            (client_id, org_id, user_id, scope, now, now),
        )
        return int(cursor.lastrowid or 0)

    def refresh(self, token: str, client_id: str) -> Grant:
        """New tokens for a refresh token.

        Raises OAuthError. A reused one has killed its approval's tokens by then, so the
        transaction around has to be committed even then.
        """
        row = self.token(token, "refresh")
        if row is None or row["client_id"] != client_id:
            raise _expired()
        org = self._orgs.get(row["org"])
        assert org is not None, "orgs are never removed while their tokens stay"  # noqa: S101
        if row["state"] == "rotated":
            self._counters.add(org.id, "refresh_reuses")
            self.revoke_approval(row["approval"])
        if row["state"] != "live" or row["revoked"]:
            raise _expired()
        self.check_people(org, row["user"])
        idle = time.time() - row["last_used"]
        if idle > org.settings.refresh_idle_days * DAY:
            self.revoke_approval(row["approval"])
            raise _expired()
        self._counters.add(org.id, "refreshes")
        if org.settings.rotation:
            self._storage.run("UPDATE tokens SET state = 'rotated' WHERE token = ?", (token,))
        now = time.time()
        self._storage.run("UPDATE approvals SET last_used = ? WHERE id = ?", (now, row["approval"]))
        return self.grant(row["approval"], with_refresh=org.settings.rotation)

    def check_people(self, org: Org, user_id: str) -> None:
        """Refuse an inactive org or user. Raises OAuthError."""
        if not org.settings.active:
            raise OAuthError("inactive_org", "organization is inactive")
        user = self._rows.get(org, user_id)
        if user is None or not user.data.get("IsActive"):
            raise OAuthError("inactive_user", "user is inactive")

    def grant(self, approval: int, *, with_refresh: bool, nonce: str | None = None) -> Grant:
        """New tokens for an approval."""
        row = self._storage.one("SELECT * FROM approvals WHERE id = ?", (approval,))
        assert row is not None, "only called with a stored approval"  # noqa: S101
        org = self._orgs.get(row["org"])
        assert org is not None  # noqa: S101
        may_refresh = {"refresh_token", "offline_access"} & set(row["scope"].split())
        access = f"{org.id[:15]}!{secrets.token_urlsafe(64)}"
        self._store(access, "access", approval, time.time() + org.settings.access_token_lifetime)
        refresh = None
        if with_refresh and may_refresh:
            refresh = "5Aep861" + secrets.token_urlsafe(48)
            self._store(refresh, "refresh", approval, None)
        return Grant(
            approval, row["client_id"], org, row["user"], row["scope"], access, refresh, nonce
        )

    def _store(self, token: str, kind: str, approval: int, expires: float | None) -> None:
        self._storage.run(
            "INSERT INTO tokens VALUES (?,?,?,'live',?,?)",
            (token, kind, approval, time.time(), expires),
        )

    def token(self, token: str, kind: str | None = None) -> Row | None:
        """A token with its approval's columns, whatever its state."""
        row = self._storage.one(
            "SELECT t.token, t.kind, t.approval, t.state, t.created AS issued, t.expires,"
            " a.client_id, a.org, a.user, a.scope, a.last_used, a.revoked"
            " FROM tokens t JOIN approvals a ON a.id = t.approval WHERE t.token = ?",
            (token,),
        )
        return row if row is not None and kind in {None, row["kind"]} else None

    def is_good(self, row: Row) -> bool:
        """Whether a token may still be used."""
        in_time = row["expires"] is None or row["expires"] > time.time()
        return row["state"] == "live" and not row["revoked"] and in_time

    def revoke(self, row: Row) -> None:
        """Kill a token; a refresh token takes its approval and access tokens with it."""
        if row["kind"] == "refresh":
            self.revoke_approval(row["approval"])
        else:
            self._storage.run(
                "UPDATE tokens SET state = 'revoked' WHERE token = ?", (row["token"],)
            )

    def revoke_approval(self, approval: int) -> None:
        """Kill an approval and every token of it."""
        self._storage.run("UPDATE approvals SET revoked = 1 WHERE id = ?", (approval,))
        self._storage.run(
            "UPDATE tokens SET state = 'revoked' WHERE approval = ? AND state = 'live'", (approval,)
        )

    def revoke_all(self, org: Org, user_id: str | None = None) -> int:
        """Kill every approval of an org, or of one user of it; returns how many there were."""
        rows = self._storage.all(
            "SELECT id FROM approvals WHERE org = ? AND revoked = 0 AND user = COALESCE(?, user)",
            (org.id, user_id),
        )
        for row in rows:
            self.revoke_approval(row["id"])
        return len(rows)

    def expire_access(self, org: Org) -> None:
        """End every session of an org now, as if its time were over."""
        self._storage.run(
            "UPDATE tokens SET expires = 0 WHERE kind = 'access' AND approval IN"
            " (SELECT id FROM approvals WHERE org = ?)",
            (org.id,),
        )


def _expired() -> OAuthError:
    return OAuthError("invalid_grant", "expired access/refresh token")
