"""The SOQL questions of one look-up: whom the numbers belong to, and which calls are written.

Why digit patterns: docs/decisions, "finding a number". A pattern lets too much through; the
look-up compares every candidate's numbers afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core import phone
from core.call import call_object
from core.facts import OrgShape
from core.objects import (
    CALL_OBJECT,
    CONTACT,
    CONTACT_ROLE,
    LEAD,
    OPPORTUNITY,
    OWNERS_KEY_ENDS,
    RECORD_KEY,
    TASK,
    fields_of,
    object_of,
)
from core.policy import Mode, Policy
from core.salesforce.soql import LONGEST_QUERY, any_of, like, one_of, select

Kind = Literal["lead", "contact", "opportunity", "task", "loop"]
OBJECT_OF: Mapping[Kind, str] = {
    "lead": LEAD,
    "contact": CONTACT,
    "opportunity": OPPORTUNITY,
    "task": TASK,
    "loop": TASK,
}

_LEAD = (
    *("Id", "Name", "OwnerId", "LastModifiedDate", RECORD_KEY),
    *("IsConverted", "ConvertedContactId", "ConvertedAccountId", "ConvertedOpportunityId"),
)
_CONTACT = (
    *("Id", "Name", "OwnerId", "LastModifiedDate", RECORD_KEY),
    *("AccountId", "IsPersonAccount"),
)
_OPPORTUNITY = ("Name", "StageName", "IsClosed", "CloseDate", "OwnerId", "LastModifiedDate")
READ = {LEAD: _LEAD, CONTACT: _CONTACT, OPPORTUNITY: _OPPORTUNITY}
"""By object: the columns of a look-up, beside the phones searched."""
_TEXTS = ("Subject", "Description")
_TASK = ("Id", "IsClosed", "OwnerId")
_LOOP = (*_TASK, "LastModifiedById", *_TEXTS)
_NEWEST_FIRST = "ORDER BY LastModifiedDate DESC"
HISTORY_DAYS = 90
MOST_OF_HISTORY = 50
"""So many calls of a contact, of so many days, join an opportunity."""
KEY_IN_CALL_OBJECT_DAYS = 90
"""How far back `CallObject` is searched for a call's key: it has no index, `CreatedDate` has. So
long after the package came no such key is left to be found."""


@dataclass(frozen=True)
class Question:
    kind: Kind
    query: str


def searched_fields(shape: OrgShape, policy: Policy, object_name: str) -> tuple[str, ...]:
    """The phone fields of an object that the policy names and a query may ask for."""
    searched = policy.phone_fields_of(object_name)
    return tuple(name for name in searched if shape.can_search(object_name, name))


def questions(
    shape: OrgShape,
    policy: Policy,
    numbers: Collection[str],
    keys: Collection[str],
    record_ids: Collection[str],
    today: date,
    package_since: date | None = None,
    open_tasks: Sequence[str] = (),
) -> list[Question]:
    """As few queries as carry it all: usually one a kind, more when one grows too long.

    `open_tasks` are ids of Tasks that wait for somebody to call back.
    """
    found: list[Question] = []
    leads = [i for i in record_ids if object_of(i) == LEAD]
    contacts = [i for i in record_ids if object_of(i) == CONTACT]
    wanted = numbers if LEAD in policy.searched_objects else ()
    for where in _people(shape, policy, LEAD, wanted, leads):
        columns = _visible(shape, LEAD, _LEAD) + searched_fields(shape, policy, LEAD)
        found.append(Question("lead", select(columns, LEAD, where, _NEWEST_FIRST)))
    wanted = numbers if CONTACT in policy.searched_objects else ()
    for where in _people(shape, policy, CONTACT, wanted, contacts):
        columns = _contact_columns(shape, policy)
        found.append(Question("contact", select(columns, CONTACT, where, _NEWEST_FIRST)))
        found.extend(_person_account_opportunities(shape, policy, where))
    found.extend(_written(shape, keys, today, package_since))
    found.extend(Question("loop", query) for query in of_loops(open_tasks, shape))
    return found


def of_loops(ids: Sequence[str], shape: OrgShape) -> Iterator[str]:
    """Tasks by their ids, with the texts that the user may see. A query shows no deleted ones (REST
    guide, "QueryAll")."""
    columns = tuple(one for one in _LOOP if one not in _TEXTS or shape.has(TASK, one))
    if ids:
        yield select(columns, TASK, one_of("Id", ids))


def alike(one: OrgShape, other: OrgShape, policy: Policy) -> bool:
    """Whether a look-up asks both the same."""
    of_one, of_other = (
        questions(shape, policy, ["+380501234567"], ["1"], [], date.max, open_tasks=["1"])
        for shape in (one, other)
    )
    return of_one == of_other


def _people(
    shape: OrgShape,
    policy: Policy,
    object_name: str,
    numbers: Collection[str],
    ids: Sequence[str],
) -> Iterator[str]:
    """WHERE conditions, each short enough for one query."""
    if object_name not in shape.fields:
        return
    fields = searched_fields(shape, policy, object_name)
    conditions = [
        like(field, pattern)
        for number in sorted(numbers)
        for pattern in phone.soql_patterns(number, policy.region)
        for field in fields
    ]
    if ids:
        conditions.append(one_of("Id", ids))
    yield from (any_of(part) for part in _parts(conditions))


def _parts(conditions: Sequence[str]) -> Iterator[list[str]]:
    """Runs of conditions that leave room for the rest of a query, even doubled in a sub-select."""
    room = LONGEST_QUERY * 9 // 10
    part: list[str] = []
    length = 0
    for condition in conditions:
        if part and length + len(condition) > room:
            yield part
            part, length = [], 0
        part.append(condition)
        length += len(condition) + len(" OR ")
    if part:
        yield part


def _visible(shape: OrgShape, object_name: str, columns: Sequence[str]) -> tuple[str, ...]:
    names = map(shape.named, columns)
    return tuple(name for name in names if name == "Id" or shape.has(object_name, name))


def _contact_columns(shape: OrgShape, policy: Policy) -> tuple[str, ...]:
    columns = _visible(shape, CONTACT, _CONTACT) + searched_fields(shape, policy, CONTACT)
    if not _wants_opportunities(shape, policy):
        return columns
    if CONTACT_ROLE in shape.fields:
        through_role = ", ".join(("OpportunityId", *fields_of(OPPORTUNITY, *_OPPORTUNITY)))
        columns += (f"(SELECT {through_role} FROM OpportunityContactRoles)",)  # noqa: S608  names
    if ours := _ours(shape):
        where = f"WhatId = null AND {ours} AND CreatedDate = LAST_N_DAYS:{HISTORY_DAYS}"
        newest = f"ORDER BY CreatedDate DESC LIMIT {MOST_OF_HISTORY}"
        columns += (f"({select(('Id',), 'Tasks', where, newest)})",)
    return columns


def _ours(shape: OrgShape) -> str:
    """A condition for Tasks that are calls of ours, which one that tells an owner of a call is not
    (`core.rules.colleague`); empty where Salesforce cannot tell. NOT goes before the field (SOQL
    reference, "Logical Operators")."""
    if not shape.can_search(TASK, "WhatId"):
        return ""
    ours = {name: f"{name} != null" for name in shape.call_keys}
    if shape.can_search(TASK, CALL_OBJECT):
        ours[CALL_OBJECT] = like(CALL_OBJECT, call_object("%"))
    found = [f"({one} AND (NOT {like(name, f'%{OWNERS_KEY_ENDS}')}))" for name, one in ours.items()]
    return any_of(found) if found else ""


def _wants_opportunities(shape: OrgShape, policy: Policy) -> bool:
    return policy.mode is Mode.OPPORTUNITIES and OPPORTUNITY in shape.fields


def _person_account_opportunities(
    shape: OrgShape, policy: Policy, where: str
) -> Iterator[Question]:
    """Those of the accounts behind person accounts; the field exists only where they do."""
    if not _wants_opportunities(shape, policy) or not shape.has(CONTACT, "IsPersonAccount"):
        return
    people = select(("AccountId",), CONTACT, f"IsPersonAccount = true AND {where}")
    columns = ("Id", *_OPPORTUNITY, "AccountId")
    query = select(columns, OPPORTUNITY, f"AccountId IN ({people})", _NEWEST_FIRST)
    yield Question("opportunity", query)


def _written(
    shape: OrgShape, keys: Collection[str], today: date, package_since: date | None
) -> Iterator[Question]:
    """Tasks that carry a call's key: in the package's field, and in `CallObject` as written
    before the package came."""
    if not keys:
        return
    if fields := shape.call_keys:
        where = any_of(one_of(name, keys) for name in fields)
        yield Question("task", select((*_TASK, *fields), TASK, where))
    since = today - timedelta(days=KEY_IN_CALL_OBJECT_DAYS)
    is_past = shape.takes_call_key and package_since is not None and package_since < since
    if shape.can_search(TASK, CALL_OBJECT) and not is_past:
        ours = one_of(CALL_OBJECT, [call_object(key) for key in keys])
        where = f"{ours} AND CreatedDate >= {since.isoformat()}T00:00:00Z"
        yield Question("task", select((*_TASK, CALL_OBJECT), TASK, where))
