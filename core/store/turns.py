"""Whose turn it is among the several users who answer for one line's missed calls."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.models import SettingRow


def take_turns(session: Session, account_id: str, turns: Mapping[int, int]) -> None:
    """Move rows of the missed-call table on; `turns` = how many were taken, by row id.

    Part of the caller's transaction: a turn is taken exactly with the call that took it.
    """
    for row_id, taken in sorted(turns.items()):
        session.execute(
            update(SettingRow)
            .where(SettingRow.id == row_id, SettingRow.account_id == account_id)
            .values(turn=SettingRow.turn + taken)
        )
