"""What Salesforce holds for a batch of calls: one composite read for one call or for 75."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from core import phone
from core.call import call_object
from core.facts import Contact, Facts, Lead, OpenLoop, Opportunity, OrgShape
from core.objects import CALL_OBJECT, CONTACT, LEAD, OPPORTUNITY, fields_of
from core.policy import Policy
from core.salesforce import records
from core.salesforce.client import Client
from core.salesforce.codes import SCHEMA
from core.salesforce.composite import Row, query_all, rows_of
from core.salesforce.errors import RecordRefused, ShapeStale
from core.salesforce.ids import is_id, to_18
from core.salesforce.questions import OBJECT_OF, Kind, Question, questions, searched_fields


def look_up(
    client: Client,
    shape: OrgShape,
    numbers: Collection[str],
    keys: Collection[str],
    record_ids: Collection[str],
    policy: Policy,
    connected_user_id: str,
    today: date,
    remembered: Mapping[str, frozenset[str]],
    package_since: date | None = None,
    loops: Mapping[str, OpenLoop] = MappingProxyType({}),
) -> Facts:
    """Everything `decide` needs besides the calls.

    `numbers` are client numbers in E.164, `keys` the calls' keys, `record_ids` leads and
    contacts to fetch whatever their numbers (the remembered ones are fetched anyway), `today`
    the date in the account's time zone, `package_since` since when keys stand in the package's
    field (None = they do not, or nobody knows), `loops` what the ledger knows of missed calls that
    wait, by number. A lead or contact is among the facts only when one
    of its numbers truly is one of `numbers`, or when it was asked for by id.

    Raises what `errors` lists; `ShapeStale`, with the fields in question as
    `Object.Field`, when a query does not fit the org as it is now.
    """
    by_id = {to_18(i) for i in record_ids if is_id(i)}
    by_id |= {to_18(i) for ids in remembered.values() for i in ids if is_id(i)}
    waiting = sorted(one.task_id for one in loops.values())
    asked = questions(shape, policy, numbers, keys, sorted(by_id), today, package_since, waiting)
    found = _ask(client, asked)
    through_accounts = _by_account(found["opportunity"])
    leads = (
        records.lead(row, searched_fields(shape, policy, LEAD), shape)
        for row in _distinct(found["lead"])
    )
    contacts = (
        _contact(client, row, shape, policy, through_accounts)
        for row in _distinct(found["contact"])
    )
    return Facts(
        shape=shape,
        connected_user_id=connected_user_id,
        leads=tuple(one for one in leads if _belongs(one, numbers, by_id, policy)),
        contacts=tuple(one for one in contacts if _belongs(one, numbers, by_id, policy)),
        tasks=_tasks(found["task"], frozenset(keys), shape.call_keys),
        open_tasks=_open_tasks(found["task"]),
        loops=with_tasks(loops, found["loop"]),
        remembered=remembered,
        today=today,
    )


def _ask(client: Client, asked: Sequence[Question]) -> Mapping[Kind, list[Row]]:
    found: dict[Kind, list[Row]] = {kind: [] for kind in OBJECT_OF}
    answers = query_all(client, [question.query for question in asked])
    for question in asked:
        try:
            found[question.kind] += next(answers)
        except RecordRefused as refused:
            if refused.code in SCHEMA:
                raise _stale(refused, question) from refused
            raise
    return found


def _stale(refused: RecordRefused, question: Question) -> ShapeStale:
    """With the fields that Salesforce speaks of: `field 'Phone' can not be filtered in a query
    call`, `No such column 'Fax' on entity 'Lead'`."""
    named = re.findall(r"'(\w+)'", refused.message)
    fields = fields_of(OBJECT_OF[question.kind], *named)
    stale = ShapeStale(refused.code, refused.message, fields, refused.http_status)
    stale.unreadable = "No such column" in refused.message
    return stale


def _distinct(rows: Iterable[Row]) -> Iterable[Row]:
    """A record may answer two questions of a long look-up."""
    return {str(row["Id"]): row for row in rows}.values()


def _belongs(
    record: Lead | Contact, numbers: Collection[str], by_id: Collection[str], policy: Policy
) -> bool:
    if record.id in by_id:
        return True
    return any(
        phone.matches(stored, number, policy.region)
        for stored in record.numbers
        for number in numbers
    )


def _contact(
    client: Client,
    row: Row,
    shape: OrgShape,
    policy: Policy,
    through_accounts: Mapping[str, Sequence[Opportunity]],
) -> Contact:
    opportunities = [
        # A role can outlive the user's access to its opportunity.
        records.opportunity(role[OPPORTUNITY], str(role["OpportunityId"]))
        for role in rows_of(client, row.get("OpportunityContactRoles"))
        if role.get(OPPORTUNITY)
    ]
    if row.get("IsPersonAccount"):
        opportunities += through_accounts.get(str(row.get("AccountId")), ())
    newest = {one.id: one for one in opportunities}.values()
    fields = searched_fields(shape, policy, CONTACT)
    return records.contact(
        row,
        fields,
        shape,
        sorted(newest, key=lambda one: one.modified_at, reverse=True),
        [str(task["Id"]) for task in rows_of(client, row.get("Tasks"))],
    )


def _by_account(rows: Iterable[Row]) -> Mapping[str, list[Opportunity]]:
    found: dict[str, list[Opportunity]] = defaultdict(list)
    for row in _distinct(rows):
        found[str(row["AccountId"])].append(records.opportunity(row))
    return found


def with_tasks(loops: Mapping[str, OpenLoop], rows: Iterable[Row]) -> Mapping[str, OpenLoop]:
    """Each with its Task as the rows show it."""
    tasks = {str(row["Id"]): records.loop_task(row) for row in rows}
    return {key: replace(one, task=tasks.get(one.task_id)) for key, one in loops.items()}


def _open_tasks(rows: Iterable[Row]) -> Mapping[str, str]:
    return {str(row["Id"]): str(row.get("OwnerId") or "") for row in rows if not row["IsClosed"]}


def _tasks(
    rows: Iterable[Row], keys: frozenset[str], key_fields: Sequence[str]
) -> Mapping[str, str]:
    """Ids by call key. SOQL compares without case, keys do not."""
    by_call_object = {call_object(key): key for key in keys}
    found: dict[str, str] = {}
    for row in rows:
        held = {row.get(name) for name in key_fields}
        held.add(by_call_object.get(str(row.get(CALL_OBJECT))))
        for key in keys & held:
            found.setdefault(key, str(row["Id"]))
    return found
