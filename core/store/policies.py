"""What customers chose: read as one `Policy`, changed field by field with a history."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, delete, select
from sqlalchemy.orm import Session

from core.models import (
    Account,
    ExcludedNumber,
    MissedCallResponsible,
    MissedCallUser,
    OwnFieldRow,
    PolicyRow,
    SettingChange,
    SipLine,
)
from core.policy import LineRow, MissedCallRow, OwnField, Policy
from core.store.database import Database, utc_now
from core.store.numbers import make_numbers_anew

LISTS = frozenset({"missed_calls", "lines", "own_fields", "excluded_numbers"})
SCALARS = frozenset(Policy.model_fields) - LISTS
NO_CHANGE = "none"
"""Stands for the newest change of an account that was never changed."""


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
            session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
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
        self, account_id: str, staff_id: int, since: datetime, until: datetime, at_most: int
    ) -> list[SettingChange]:
        """What a support person changed between two moments (`until` included), newest first."""
        query = _changes(account_id).where(
            SettingChange.staff_id == staff_id,
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


def _load(session: Session, account_id: str) -> Policy:
    row = session.get(PolicyRow, account_id)
    single = {name: getattr(row, name) for name in SCALARS} if row else {}

    def rows(table: Any) -> Any:
        return session.scalars(
            select(table).where(table.account_id == account_id).order_by(table.id)
        )

    return Policy(
        **single,
        missed_calls=tuple(
            MissedCallRow(
                id=one.id,
                name=one.name,
                external_line=one.external_line,
                user_ids=tuple(user.user_id for user in one.users),
                turn=one.turn,
            )
            for one in rows(MissedCallResponsible)
        ),
        lines=tuple(LineRow(line=one.line, user_id=one.user_id) for one in rows(SipLine)),
        own_fields=tuple(
            OwnField(object=one.object, field=one.field, template=one.template, when=one.when)
            for one in rows(OwnFieldRow)
        ),
        excluded_numbers=tuple(one.number for one in rows(ExcludedNumber)),
    )


def _save(session: Session, account_id: str, policy: Policy, changed: list[str]) -> None:
    values = policy.model_dump(mode="json", include=set(SCALARS))
    row = session.get(PolicyRow, account_id)
    if row is None:
        session.add(PolicyRow(account_id=account_id, **values))
    else:
        for name in set(changed) & SCALARS:
            setattr(row, name, values[name])
    for name in set(changed) & LISTS:
        _SAVE_LIST[name](session, account_id, policy)
    session.flush()


def _save_missed_calls(session: Session, account_id: str, policy: Policy) -> None:
    # Rows keep their id and turn when they are edited: whose turn it is survives.
    known = {
        row.id: row
        for row in session.scalars(
            select(MissedCallResponsible).where(MissedCallResponsible.account_id == account_id)
        )
    }
    kept = {row.id for row in policy.missed_calls}
    for row_id, row in known.items():
        if row_id not in kept:
            session.delete(row)
    session.flush()
    for one in policy.missed_calls:
        row = known.get(one.id) or MissedCallResponsible(account_id=account_id, turn=one.turn)
        row.external_line = one.external_line
        row.users = []
        session.add(row)
        session.flush()
        row.users = [
            MissedCallUser(position=position, user_id=user_id)
            for position, user_id in enumerate(one.user_ids)
        ]


def _replace(session: Session, table: Any, account_id: str, rows: list[Any]) -> None:
    session.execute(delete(table).where(table.account_id == account_id))
    session.add_all(rows)


def _save_lines(session: Session, account_id: str, policy: Policy) -> None:
    _replace(
        session,
        SipLine,
        account_id,
        [SipLine(account_id=account_id, **row.model_dump()) for row in policy.lines],
    )


def _save_own_fields(session: Session, account_id: str, policy: Policy) -> None:
    _replace(
        session,
        OwnFieldRow,
        account_id,
        [OwnFieldRow(account_id=account_id, **row.model_dump()) for row in policy.own_fields],
    )


def _save_excluded(session: Session, account_id: str, policy: Policy) -> None:
    _replace(
        session,
        ExcludedNumber,
        account_id,
        [ExcludedNumber(account_id=account_id, number=one) for one in policy.excluded_numbers],
    )


_SAVE_LIST: dict[str, Callable[[Session, str, Policy], None]] = {
    "missed_calls": _save_missed_calls,
    "lines": _save_lines,
    "own_fields": _save_own_fields,
    "excluded_numbers": _save_excluded,
}


def _remember(
    session: Session,
    account_id: str,
    actor: Actor,
    before: Policy,
    after: Policy,
    changed: list[str],
) -> None:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    for name in changed:
        session.add(
            SettingChange(
                account_id=account_id,
                person_id=actor.person_id,
                staff_id=actor.staff_id,
                at=utc_now(),
                setting=name,
                old={"value": old[name]},
                new={"value": new[name]},
            )
        )
