"""Sealing everything anew, after a key was put first in TOKEN_KEYS."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.models import ConnectionRow, SecondFactor
from core.secrets import CannotUnseal, Sealer
from core.store.database import Database, rows_changed

Column = InstrumentedAttribute[str]

SEALED: tuple[Column, ...] = (
    ConnectionRow.access_token_sealed,
    ConnectionRow.refresh_token_sealed,
    ConnectionRow.client_secret_sealed,
    SecondFactor.secret_sealed,
)
"""Every column that is encrypted at rest."""


@dataclass
class Resealed:
    """How many values are sealed by the first key now, and which no key opens."""

    count: int = 0
    unreadable: list[str] = field(default_factory=list)


class Seals:
    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._db = database
        self._sealer = sealer

    def seal_anew(self) -> Resealed:
        """Afterwards no older key is needed, save for what is `unreadable` even now.

        The product may run meanwhile: a value that changed since it was read is left alone, for
        whoever changed it sealed it with the first key.
        """
        result = Resealed()
        for column in SEALED:
            self._column(column, result)
        return result

    def _column(self, column: Column, result: Resealed) -> None:
        with self._db.read() as session:
            found = session.scalars(select(column).where(column != "")).all()
        for sealed in found:
            try:
                fresh = self._sealer.seal_anew(sealed)
            except CannotUnseal:
                result.unreadable.append(str(column))
                continue
            with self._db.write() as session:
                changed = session.execute(
                    update(column.class_).where(column == sealed).values({column.key: fresh})
                )
                result.count += rows_changed(changed)
