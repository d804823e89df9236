"""Rows of a query → the records of `core.facts`. A column the user cannot see is absent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from core.facts import Contact, Lead, LoopTask, Opportunity, OrgShape
from core.objects import RECORD_KEY
from core.salesforce.composite import Row


def lead(row: Row, phone_fields: Sequence[str], shape: OrgShape) -> Lead:
    owner = _text(row, "OwnerId")
    return Lead(
        id=str(row["Id"]),
        name=_text(row, "Name"),
        numbers=_numbers(row, phone_fields),
        owner_id=owner,
        modified_at=moment(_text(row, "LastModifiedDate")),
        owner_active=_is_active(owner, shape),
        is_converted=bool(row.get("IsConverted")),
        converted_contact_id=_text(row, "ConvertedContactId"),
        converted_account_id=_text(row, "ConvertedAccountId"),
        converted_opportunity_id=_text(row, "ConvertedOpportunityId"),
        key=_text(row, shape.named(RECORD_KEY)),
    )


def contact(
    row: Row,
    phone_fields: Sequence[str],
    shape: OrgShape,
    opportunities: Sequence[Opportunity],
    loose_calls: Sequence[str] = (),
) -> Contact:
    owner = _text(row, "OwnerId")
    return Contact(
        id=str(row["Id"]),
        name=_text(row, "Name"),
        numbers=_numbers(row, phone_fields),
        owner_id=owner,
        modified_at=moment(_text(row, "LastModifiedDate")),
        owner_active=_is_active(owner, shape),
        account_id=_text(row, "AccountId"),
        is_person_account=bool(row.get("IsPersonAccount")),
        opportunities=tuple(opportunities),
        loose_calls=tuple(loose_calls),
        key=_text(row, shape.named(RECORD_KEY)),
    )


def opportunity(row: Row, record_id: str = "") -> Opportunity:
    """`record_id` for a row reached through a contact role, where `Id` may not be repeated."""
    return Opportunity(
        id=record_id or str(row["Id"]),
        name=_text(row, "Name"),
        stage=_text(row, "StageName"),
        is_closed=bool(row.get("IsClosed")),
        close_date=date.fromisoformat(_text(row, "CloseDate") or date.min.isoformat()),
        owner_id=_text(row, "OwnerId"),
        modified_at=moment(_text(row, "LastModifiedDate")),
    )


def loop_task(row: Row) -> LoopTask:
    return LoopTask(
        subject=_text(row, "Subject"),
        description=_text(row, "Description"),
        owner_id=_text(row, "OwnerId"),
        is_closed=bool(row["IsClosed"]),
        changed_by=_text(row, "LastModifiedById"),
    )


def moment(text: str) -> datetime:
    """`2026-11-22T10:00:00.000+0000`, as REST writes it; the distant past when absent."""
    if not text:
        return datetime.fromisoformat("0001-01-01T00:00:00+00:00")
    return datetime.fromisoformat(text)


def _text(row: Row, name: str) -> str:
    return str(row.get(name) or "")


def _numbers(row: Row, phone_fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in phone_fields if row.get(name))


def _is_active(owner_id: str, shape: OrgShape) -> bool:
    """An owner we were not shown is a queue, or beyond the list: Salesforce will say."""
    user = shape.users.get(owner_id)
    return user is None or user.is_active
