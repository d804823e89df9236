"""The second factor: sealed secrets, codes that work once, recovery codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sqlalchemy import delete, func, select, update

from core.models import RecoveryCode, SecondFactor
from core.secrets import Sealer, hash_key
from core.store.database import Database, rows_changed, utc_now

RECOVERY_CODES = 8
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
        """The secret, confirmed or being set up; empty when there is none. Raises CannotUnseal."""
        with self._db.read() as session:
            row = session.get(SecondFactor, person_id)
            return self._sealer.unseal(row.secret_sealed) if row else ""

    def prepare(self, person_id: int, secret: str) -> None:
        """Keep a secret that is being set up. One in use stays as it is."""
        with self._db.write() as session:
            row = session.get(SecondFactor, person_id)
            if row is None:
                row = SecondFactor(person_id=person_id, last_step=0)
                session.add(row)
            if row.confirmed_at is None:
                row.secret_sealed = self._sealer.seal(secret)

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

    def confirm(self, person_id: int) -> list[str]:
        """Ask for it from now on. Returns new recovery codes, once; they are kept hashed."""
        codes = [_new_code() for _ in range(RECOVERY_CODES)]
        with self._db.write() as session:
            session.execute(
                update(SecondFactor)
                .where(SecondFactor.person_id == person_id)
                .values(confirmed_at=utc_now())
            )
            session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
            session.add_all(
                RecoveryCode(person_id=person_id, code_hash=hash_key(code)) for code in codes
            )
        return codes

    def recover(self, person_id: int, code: str) -> bool:
        """Use a recovery code up."""
        with self._db.write() as session:
            changed = session.execute(
                delete(RecoveryCode).where(
                    RecoveryCode.person_id == person_id,
                    RecoveryCode.code_hash == hash_key(code.strip().lower()),
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
