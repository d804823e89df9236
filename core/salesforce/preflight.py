"""Asks an org what a pre-flight judges. Five API calls; four where nothing can be searched.

    1  the shape, as a delivery reads it       composite: six describes, three queries
    2  what only a pre-flight asks             composite: five queries
    3  room for data                           /limits
    4  how many leads and contacts             /limits/recordCount
    5  a look-up for one number, timed         composite, as a delivery asks

What Salesforce does not tell the connected user is left open: nothing is guessed.

Sources: object reference, "Publisher", "DuplicateRule", "Organization"; REST guide, "Limits",
"Record Count" (a composite takes neither), "sObject Describe" (`recordTypeInfos`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from core import reasons
from core.objects import CONTACT, LEAD, OPPORTUNITY, ORGANIZATION
from core.policy import Mode, Policy
from core.preflight.seen import Package, Seen
from core.salesforce import sharing
from core.salesforce.client import API_VERSION, Client
from core.salesforce.composite import Row, query_path, read_all, rows_of
from core.salesforce.errors import RecordRefused, SalesforceError, ShapeStale, Transient
from core.salesforce.http import Patience
from core.salesforce.lookup import look_up
from core.salesforce.questions import READ
from core.salesforce.shape import OBJECTS, ask_shape, shape_of

REQUESTS = 5
"""API calls of one pre-flight."""
NOBODY = "+12025550143"
"""A number that nobody has: those from 555-0100 on are kept for stories (NANPA)."""
PATIENCE = Patience(connect=5, read=15, total=20)
"""All five together end before a look counts as broken off (`core.store.checks`)."""
NOT_TOLD = (RecordRefused, ShapeStale, Transient)
_PACKAGES = (
    "SELECT Name, NamespacePrefix, MajorVersion, MinorVersion FROM Publisher"
    " WHERE IsSalesforce = false"
)
_DUPLICATE_RULES = "SELECT SobjectType, MasterLabel FROM DuplicateRule WHERE IsActive = true"
_ORG = (
    f"SELECT TimeZoneSidKey, {', '.join(sharing.DEFAULTS.values())}"  # noqa: S608  names
    f" FROM {ORGANIZATION} LIMIT 1"
)


def ask(client: Client, user_id: str, policy: Policy) -> Iterator[Seen]:
    """What is known after each of the REQUESTS; the last one has it all. Raises what `errors`
    lists, but only what stops everything: a question that is refused stays open."""
    bodies = ask_shape(client)
    seen = Seen(
        shape_of(client, bodies),
        user_id,
        api_version=API_VERSION,
        read=READ,
        createable={name: bool(one.get("createable")) for name, one in _described(bodies)},
        record_types={name: kind for name, one in _described(bodies) if (kind := _type_of(one))},
    )
    for question in (_rules_and_rights, _storage, _records, _look_up):
        yield _with_limit(seen, client)
        seen = question(client, seen, policy)
    yield _with_limit(seen, client)


def _described(bodies: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    return ((name, bodies[name]) for name in OBJECTS if isinstance(bodies[name], Mapping))


def _type_of(describe: Row) -> str:
    """The record type that a new record gets; empty for an object without any."""
    infos = describe.get("recordTypeInfos") or ()
    if all(one.get("master") for one in infos):
        return ""
    return next((str(one["name"]) for one in infos if one.get("defaultRecordTypeMapping")), "")


def _with_limit(seen: Seen, client: Client) -> Seen:
    if client.limit is None:
        return seen
    return replace(seen, api_used=client.limit.used, api_allowed=client.limit.allowed)


def _rules_and_rights(client: Client, seen: Seen, policy: Policy) -> Seen:
    asked = {"packages": _PACKAGES, "rules": _DUPLICATE_RULES, "org": _ORG}
    asked |= sharing.questions(seen.user_id)
    try:
        bodies = read_all(client, {name: query_path(query) for name, query in asked.items()})
        found = {name: _rows(client, body) for name, body in bodies.items()}
    except NOT_TOLD:
        found = dict.fromkeys(asked)
    packages, rules, org = found["packages"], found["rules"], (found["org"] or [{}])[0]
    objects = [*policy.searched_objects]
    objects += [OPPORTUNITY] if policy.mode is Mode.OPPORTUNITIES else []
    return replace(
        seen,
        packages=None if packages is None else tuple(_package(row) for row in packages),
        duplicate_rules=None if rules is None else _by_object(rules),
        sees_all=sharing.sees_all(objects, org, found["view_all"], found["view_all_data"]),
        time_zone=str(org.get("TimeZoneSidKey") or ""),
    )


def _rows(client: Client, body: Any) -> list[Row] | None:
    return None if isinstance(body, SalesforceError) else rows_of(client, body)


def _package(row: Row) -> Package:
    version = f"{row.get('MajorVersion')}.{row.get('MinorVersion')}"
    told = row.get("MajorVersion") is not None
    namespace = str(row.get("NamespacePrefix") or "")
    return Package(str(row.get("Name") or ""), namespace, version if told else "")


def _by_object(rules: Iterable[Row]) -> Mapping[str, tuple[str, ...]]:
    found = defaultdict[str, list[str]](list)
    for row in rules:
        found[str(row["SobjectType"])].append(str(row["MasterLabel"]))
    return {name: tuple(sorted(names)) for name, names in found.items()}


def _storage(client: Client, seen: Seen, _: Policy) -> Seen:
    try:
        room = client.request("GET", "/limits")["DataStorageMB"]
        return replace(seen, storage=(int(room["Remaining"]), int(room["Max"])))
    except (*NOT_TOLD, KeyError):
        return seen


def _records(client: Client, seen: Seen, _: Policy) -> Seen:
    try:
        answer = client.request("GET", f"/limits/recordCount?sObjects={LEAD},{CONTACT}")
        counts = {str(one["name"]): int(one["count"]) for one in answer["sObjects"]}
        return replace(seen, records=counts)
    except (*NOT_TOLD, KeyError):
        return seen


def _look_up(client: Client, seen: Seen, policy: Policy) -> Seen:
    """Nothing is asked where nothing can be searched."""
    before = len(client.seconds)
    try:
        look_up(client, seen.shape, [NOBODY], [], [], policy, seen.user_id, date.min, {})
    except NOT_TOLD as refused:
        return replace(seen, refused=reasons.preflight.look_up_refused(refused.words))
    took = client.seconds[before:]
    return replace(seen, seconds=sum(took) if took else None)
