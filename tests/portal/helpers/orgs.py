"""An org as the portal last saw it, and an account that is connected to it and switched on."""

from __future__ import annotations

from datetime import UTC, datetime

from core.facts import FieldInfo, OrgShape, Stage, User
from core.policy import LineRow, MissedCallRow, OwnField, Policy
from core.salesforce.shape_json import shape_to_json
from core.store import Store
from core.store.policies import Actor

ANNA = "005000000000001AAA"
BOHDAN = "005000000000002AAA"
FORMER = "005000000000003AAA"
TWIN = "005000000000004AAA"
LAYLA = "005000000000005AAA"

USERS = (
    User(ANNA, "Анна Коваль", "anna@acme.example"),
    User(BOHDAN, "Bohdan Twin", "bohdan@acme.example"),
    User(TWIN, "Bohdan Twin", "other.bohdan@acme.example"),
    User(FORMER, "Former Worker", "former@acme.example", is_active=False),
    User(LAYLA, "ليلى حداد", "layla@acme.example"),
)
STAGES = (
    Stage("Prospecting", "Разведка", False),
    Stage("Negotiation", "Переговоры", False),
    Stage("Closed Won", "Закрыто: успех", True),
)


def fields(*more: FieldInfo) -> dict[str, FieldInfo]:
    known = (
        FieldInfo("Description", "Description", "textarea", length=32000, updateable=True),
        FieldInfo("Phone", "Phone", "phone", length=40),
        FieldInfo("OwnerId", "Owner", "reference", length=18),
        FieldInfo("WhoId", "Name", "reference", length=18),
        FieldInfo("Source__c", "Источник", "string", length=20),
        FieldInfo("Talk__c", "Секунды разговора", "double", precision=18),
        FieldInfo("Asleep__c", "Спит", "boolean"),
        *more,
    )
    return {one.name: one for one in known}


def shape(**changes: object) -> OrgShape:
    objects = ("Lead", "Contact", "Opportunity", "Task", "OpportunityContactRole")
    values: dict[str, object] = {
        "fields": {name: fields() for name in objects},
        "stages": STAGES,
        "users": {one.id: one for one in USERS},
        **changes,
    }
    return OrgShape(**values)  # type: ignore[arg-type]


def connect(store: Store, account_id: str = "acme") -> None:
    """As after Connect: a connection that nobody answers, and no org seen."""
    store.connections.connected(
        account_id,
        "access",
        "refresh",
        org_id="00D000000000001AAA",
        org_name="Acme",
        user_id=ANNA,
        user_name="Анна Коваль",
        username="anna@acme.example",
        instance_url="http://127.0.0.1:9",
    )


def see(store: Store, seen: OrgShape | None = None, account_id: str = "acme") -> None:
    store.shapes.put(account_id, datetime.now(UTC), shape_to_json(seen or shape()))


def edit(store: Store, account_id: str = "acme", **changes: object) -> Policy:
    """A change that somebody else makes."""
    policy, _ = store.policies.edit(
        account_id, Actor(), lambda policy: policy.model_copy(update=changes)
    )
    return policy


def furnish(store: Store, account_id: str = "acme") -> None:
    """Connected, switched on, and a row of everything."""
    connect(store, account_id)
    see(store, account_id=account_id)
    edit(
        store,
        account_id,
        enabled=True,
        lines=tuple(
            LineRow(line=line, user_id=user)
            for line, user in (("2001", ANNA), ("2002", LAYLA), ("2003", FORMER))
        ),
        missed_calls=(MissedCallRow(id=0, external_line="site.ua", user_ids=(ANNA, BOHDAN)),),
        own_fields=(OwnField(object="Lead", field="Source__c", template="{external_line}"),),
        excluded_numbers=("+380505557182",),
    )
