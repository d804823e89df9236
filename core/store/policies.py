"""What customers chose: read as one `Policy`, changed field by field with a history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, select
from sqlalchemy.orm import Session

from core import reasons
from core.models import Account, PolicyRow, SettingChange, SettingRow
from core.policy import LISTS, Policy, Row, key_of
from core.store.database import Database, utc_now
from core.store.numbers import make_numbers_anew
from core.store.releases import release

NO_CHANGE = "none"
"""Stands for the newest change of an account that was never changed."""
_SINGLE = set(Policy.model_fields) - LISTS
_OURS = {"id", "name", "turn"}
"""Of a row: what the store gives it. The rest is the customer's choice."""


@dataclass(frozen=True)
class Actor:
    """Who changes a setting; `staff_id` is the support person who acts for them, if any."""

    person_id: int | None = None
    staff_id: int | None = None


class Policies:
    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, account_id: str) -> Policy:
        with self._db.read() as session:
            return _load(session, account_id)

    def edit(
        self, account_id: str, actor: Actor, change: Callable[[Policy], Policy]
    ) -> tuple[Policy, list[str]]:
        """Apply a pure change to the present policy; touch and record only what it changed.

        Returns the new policy and the names of the changed settings. Whatever `change` raises
        leaves everything as it was.
        """
        with self._db.write() as session:
            # Two tabs take turns, so that each change starts from the other's result.
            session.execute(
                select(Account.id).where(Account.id == account_id).with_for_update(key_share=True)
            )
            before = _load(session, account_id)
            after = Policy.model_validate(change(before).model_dump(warnings="none"))
            changed = [
                name
                for name in Policy.model_fields
                if getattr(before, name) != getattr(after, name)
            ]
            if changed:
                _save(session, account_id, after, changed)
                after = _load(session, account_id)  # new rows have their ids now
                _remember(session, account_id, actor, before, after, changed)
            if after.enabled and not before.enabled:
                release(session, account_id, reasons.delivery.freed())
            if before.region != after.region:
                make_numbers_anew(session, account_id, after.region)
            return after, changed

    def history(self, account_id: str, at_most: int = 200, before: str = "") -> list[SettingChange]:
        """Newest first; older than the one named `before`."""
        query = _changes(account_id)
        if before:
            query = query.where(SettingChange.id < _number_of(account_id, before))
        with self._db.read() as session:
            return list(session.scalars(query.limit(at_most)))

    def changes_by(
        self,
        account_id: str,
        staff_ids: Collection[int],
        since: datetime,
        until: datetime,
        at_most: int,
    ) -> list[SettingChange]:
        """What people of support changed between two moments (`until` included), newest first."""
        query = _changes(account_id).where(
            SettingChange.staff_id.in_(staff_ids),
            SettingChange.at >= since,
            SettingChange.at <= until,
        )
        with self._db.read() as session:
            return list(session.scalars(query.limit(at_most)))

    def changes_since(
        self, account_id: str, name: str, settings: Collection[str]
    ) -> list[SettingChange]:
        """Changes of these settings that are newer than the one named, newest first.

        All of them after NO_CHANGE; none after one that the account does not have.
        """
        query = _changes(account_id).where(SettingChange.setting.in_(settings))
        if name != NO_CHANGE:
            query = query.where(SettingChange.id > _number_of(account_id, name))
        with self._db.read() as session:
            return list(session.scalars(query.limit(50)))

    def newest_change(self, account_id: str) -> str:
        """Name of the account's newest change; NO_CHANGE when there is none."""
        with self._db.read() as session:
            return (
                session.scalar(
                    select(SettingChange.name)
                    .where(SettingChange.account_id == account_id)
                    .order_by(SettingChange.id.desc())
                    .limit(1)
                )
                or NO_CHANGE
            )

    def change_of(self, account_id: str, name: str) -> SettingChange | None:
        with self._db.read() as session:
            return session.scalar(
                select(SettingChange).where(
                    SettingChange.account_id == account_id, SettingChange.name == name
                )
            )

    def of_same_save(self, change: SettingChange) -> list[SettingChange]:
        """What was changed at once, this change included. Saves of an account take turns."""
        query = _changes(change.account_id).where(SettingChange.at == change.at)
        with self._db.read() as session:
            return list(session.scalars(query))


def _changes(account_id: str) -> Select[SettingChange]:
    """Newest first."""
    return (
        select(SettingChange)
        .where(SettingChange.account_id == account_id)
        .order_by(SettingChange.id.desc())
    )


def _number_of(account_id: str, name: str) -> ScalarSelect[int]:
    return (
        select(SettingChange.id)
        .where(SettingChange.account_id == account_id, SettingChange.name == name)
        .scalar_subquery()
    )


_CHOSEN = PolicyRow.__table__.c
_AS_CHOSEN = (
    select(PolicyRow, SettingRow)
    .outerjoin(SettingRow, SettingRow.account_id == _CHOSEN.account_id)
    .where(_CHOSEN.account_id == bindparam("account_id"))
    .order_by(SettingRow.position)
)


def _load(session: Session, account_id: str) -> Policy:
    kept = session.execute(_AS_CHOSEN, {"account_id": account_id}).all()
    values: dict[str, Any] = {name: getattr(kept[0][0], name) for name in _SINGLE} if kept else {}
    for _, row in kept:
        if row is None:
            break
        value = row.value
        if isinstance(value, dict):
            value = {**value, **{name: getattr(row, name) for name in _OURS}}
        values.setdefault(row.setting, []).append(value)
    return Policy.model_validate(values)


def _rows_of(account_id: str) -> Select[SettingRow]:
    return select(SettingRow).where(SettingRow.account_id == account_id)


def _save(session: Session, account_id: str, policy: Policy, changed: list[str]) -> None:
    values = policy.model_dump(mode="json", include=_SINGLE)
    row = session.get(PolicyRow, account_id)
    if row is None:
        session.add(PolicyRow(account_id=account_id, **values))
    else:
        for name in _SINGLE.intersection(changed):
            setattr(row, name, values[name])
    for name in LISTS.intersection(changed):
        _save_rows(session, account_id, name, getattr(policy, name))
    session.flush()


def _save_rows(session: Session, account_id: str, setting: str, rows: Sequence[Row]) -> None:
    """Rows that stay keep their name and turn: whose turn it is survives an edit."""
    of_setting = _rows_of(account_id).where(SettingRow.setting == setting)
    known = {row.key: row for row in session.scalars(of_setting)}
    for position, one in enumerate(rows):
        key = key_of(one)
        row = known.pop(key, None) or SettingRow(
            account_id=account_id, setting=setting, key=key, turn=getattr(one, "turn", 0)
        )
        row.position = position
        row.value = one if isinstance(one, str) else one.model_dump(mode="json", exclude=_OURS)
        session.add(row)
    for gone in known.values():
        session.delete(gone)


def _remember(
    session: Session,
    account_id: str,
    actor: Actor,
    before: Policy,
    after: Policy,
    changed: list[str],
) -> None:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    at = utc_now()
    for name in changed:
        session.add(
            SettingChange(
                account_id=account_id,
                person_id=actor.person_id,
                staff_id=actor.staff_id,
                at=at,
                setting=name,
                old={"value": old[name]},
                new={"value": new[name]},
            )
        )
