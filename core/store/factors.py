"""The second factor: sealed secrets, codes that work once, recovery codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from core.models import Person, RecoveryCode, SecondFactor
from core.same_text import folded
from core.secrets import CannotUnseal, Sealer, hash_key
from core.store.database import Database, rows_changed, utc_now

RECOVERY_CODES = 8
SET_UP = timedelta(minutes=10)
"""How long a secret waits for its first code."""
Match = Callable[[str], int | None]
"""From a secret to the 30-second step in which the code is right; None = it is wrong."""


class Factors:
    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._db = database
        self._sealer = sealer

    def is_on(self, person_id: int) -> bool:
        with self._db.read() as session:
            row = session.get(SecondFactor, person_id)
            return row is not None and row.confirmed_at is not None

    def secret(self, person_id: int) -> str:
        """The secret in use; empty when there is none. Raises CannotUnseal."""
        with self._db.read() as session:
            row = session.get(SecondFactor, person_id)
            return self._sealer.unseal(row.secret_sealed) if row and row.confirmed_at else ""

    def offer(self, person_id: int, secret: str) -> str:
        """A secret for the browser that sets it up to keep, sealed. Nothing is stored yet: two
        who set one up for the same person never share a secret."""
        return self._sealer.seal(f"{person_id}:{secret}")

    def offered(self, person_id: int, sealed: str) -> str:
        """The secret of an offer, for SET_UP; empty when it is too old or somebody else's."""
        try:
            whose, _, secret = self._sealer.unseal(sealed, SET_UP).partition(":")
        except CannotUnseal:
            return ""
        return secret if whose == str(person_id) else ""

    def switch_on(self, person_id: int, secret: str, step: int = 0) -> list[str] | None:
        """Ask for codes of this secret from now on; the one of `step` was used already.

        Returns new recovery codes, once; they are kept hashed. None, and nothing is changed,
        when another secret is in use.
        """
        codes = [_new_code() for _ in range(RECOVERY_CODES)]
        with self._db.write() as session:
            session.get(Person, person_id, with_for_update=True)
            row = session.get(SecondFactor, person_id)
            if row and row.confirmed_at:
                return None
            row = row or SecondFactor(person_id=person_id)
            row.secret_sealed = self._sealer.seal(secret)
            row.confirmed_at, row.last_step = utc_now(), step
            session.add(row)
            session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
            session.add_all(
                RecoveryCode(person_id=person_id, code_hash=hash_key(code)) for code in codes
            )
        return codes

    def check(self, person_id: int, match: Match) -> bool:
        """Take a code, once: a repeated or an older one is refused. Raises CannotUnseal."""
        secret = self.secret(person_id)
        step = match(secret) if secret else None
        if step is None:
            return False
        with self._db.write() as session:
            changed = session.execute(
                update(SecondFactor)
                .where(SecondFactor.person_id == person_id, SecondFactor.last_step < step)
                .values(last_step=step)
            )
            return bool(rows_changed(changed))

    def recover(self, person_id: int, code: str) -> bool:
        """Use a recovery code up."""
        with self._db.write() as session:
            changed = session.execute(
                delete(RecoveryCode).where(
                    RecoveryCode.person_id == person_id,
                    RecoveryCode.code_hash == hash_key(folded(code)),
                )
            )
            return bool(rows_changed(changed))

    def codes_left(self, person_id: int) -> int:
        with self._db.read() as session:
            count = select(func.count()).where(RecoveryCode.person_id == person_id)
            return session.scalar(count) or 0

    def drop(self, person_id: int) -> None:
        with self._db.write() as session:
            session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
            session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def _new_code() -> str:
    """80 random bits, in groups that can be read out."""
    digits = secrets.token_hex(10)
    return "-".join(digits[at : at + 5] for at in range(0, len(digits), 5))
