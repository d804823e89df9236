"""What customers chose: read as one `Policy`, changed field by field with a history."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
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

LISTS = frozenset({"missed_calls", "lines", "own_fields", "excluded_numbers"})
SCALARS = frozenset(Policy.model_fields) - LISTS


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
            return after, changed

    def history(
        self, account_id: str, limit: int = 200, before: int | None = None
    ) -> list[SettingChange]:
        """Newest first; with `before`, only changes older than the one of that id."""
        older = [SettingChange.id < before] if before is not None else []
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(SettingChange)
                    .where(SettingChange.account_id == account_id, *older)
                    .order_by(SettingChange.id.desc())
                    .limit(limit)
                )
            )

    def changes_since(
        self, account_id: str, change_id: int, settings: Collection[str]
    ) -> list[SettingChange]:
        """Changes of these settings that are newer than the one named, newest first."""
        with self._db.read() as session:
            return list(
                session.scalars(
                    select(SettingChange)
                    .where(
                        SettingChange.account_id == account_id,
                        SettingChange.id > change_id,
                        SettingChange.setting.in_(settings),
                    )
                    .order_by(SettingChange.id.desc())
                    .limit(50)
                )
            )

    def newest_change(self, account_id: str) -> int:
        """Id of the account's newest change; 0 when there is none."""
        with self._db.read() as session:
            newest = select(func.max(SettingChange.id)).where(
                SettingChange.account_id == account_id
            )
            return session.scalar(newest) or 0

    def change_of(self, account_id: str, change_id: int) -> SettingChange | None:
        with self._db.read() as session:
            found = session.get(SettingChange, change_id)
            return found if found and found.account_id == account_id else None


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
