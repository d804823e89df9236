"""What an org looks like, in one API call."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from core.salesforce.errors import ConnectionDead, RecordRefused, Transient
from core.salesforce.shape import OBJECTS, read_shape
from core.salesforce.shape_json import shape_from_json, shape_to_json
from tests.core.salesforce.helpers.scripted import Salesforce, client_of, composite, refused, rows

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
STAGES = rows(
    {"ApiName": "New", "MasterLabel": "Нова", "IsClosed": False},
    {"ApiName": "Won", "MasterLabel": "Виграна", "IsClosed": True},
)
STATUSES = rows(
    {"ApiName": "Not Started", "IsClosed": False, "IsDefault": True},
    {"ApiName": "Completed", "IsClosed": True, "IsDefault": False},
)
USERS = rows(
    {"Id": "005000000000001AAA", "Name": "Anna", "Email": "a@x.example", "IsActive": True},
    {"Id": "005000000000002AAA", "Name": "Gone", "Email": None, "IsActive": False},
)


def described(*fields: dict) -> dict:
    return {"name": "Lead", "fields": [{"name": "Id", "type": "id"}, *fields]}


COMPANY = {
    "name": "Company",
    "label": "Company",
    "type": "string",
    "length": 255,
    "createable": True,
    "updateable": True,
    "nillable": False,
    "defaultedOnCreate": False,
}
STATUS = {
    "name": "Status",
    "label": "Lead Status",
    "type": "picklist",
    "createable": True,
    "updateable": True,
    "nillable": False,
    "defaultedOnCreate": True,
    "restrictedPicklist": True,
    "picklistValues": [
        {"active": True, "value": "Open", "label": "Open"},
        {"active": True, "value": "hot", "label": "Горячий"},
        {"active": True, "value": "cold", "label": None},
        {"active": False, "value": "Old", "label": "Старый"},
    ],
}


def answers(**changed: object) -> list[object]:
    bodies: dict[str, object] = {name: described() for name in OBJECTS}
    bodies |= {"stages": STAGES, "statuses": STATUSES, "users": USERS}
    return list((bodies | changed).values())


def test_one_call_for_everything() -> None:
    salesforce = Salesforce(composite(*answers(Lead=described(COMPANY, STATUS))))
    client = client_of(salesforce)
    shape = read_shape(client)
    assert client.calls == 1
    assert len(salesforce.body()["compositeRequest"]) <= 25
    company, status = shape.fields["Lead"]["Company"], shape.fields["Lead"]["Status"]
    assert (company.label, company.length, company.required) == ("Company", 255, True)
    assert (status.required, status.restricted) == (False, True)
    assert (status.picklist, status.labels) == (("Open", "hot", "cold"), (("Горячий", "hot"),))
    assert [(s.name, s.label, s.is_closed) for s in shape.stages] == [
        ("New", "Нова", False),
        ("Won", "Виграна", True),
    ]
    assert shape.users["005000000000002AAA"].is_active is False
    assert (shape.open_task_status, shape.closed_task_status) == ("Not Started", "Completed")


def test_renamed_task_statuses() -> None:
    renamed = rows(
        {"ApiName": "Zu tun", "IsClosed": False, "IsDefault": False},
        {"ApiName": "Offen", "IsClosed": False, "IsDefault": True},
        {"ApiName": "Erledigt", "IsClosed": True, "IsDefault": False},
    )
    shape = read_shape(client_of(Salesforce(composite(*answers(statuses=renamed)))))
    assert (shape.open_task_status, shape.closed_task_status) == ("Offen", "Erledigt")


def test_what_the_user_may_not_see_is_absent() -> None:
    hidden = {
        name: refused("INVALID_TYPE", "sObject type is not supported")
        for name in (
            *("Account", "Contact", "Opportunity", "OpportunityContactRole"),
            *("stages", "users"),
        )
    }
    hidden["statuses"] = refused("INSUFFICIENT_ACCESS", status=403)
    shape = read_shape(client_of(Salesforce(composite(*answers(**hidden)))))
    assert set(shape.fields) == {"Lead", "Task"}
    assert (shape.stages, shape.users) == ((), {})
    assert (shape.open_task_status, shape.closed_task_status) == ("Not Started", "Completed")


@pytest.mark.parametrize("name", ["Lead", "Task"])
def test_without_leads_or_tasks_nothing_can_be_written(name: str) -> None:
    hidden = {name: refused("NOT_FOUND", "The requested resource does not exist", 404)}
    with pytest.raises(RecordRefused):
        read_shape(client_of(Salesforce(composite(*answers(**hidden)))))


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (refused("SERVER_UNAVAILABLE", status=503), Transient),
        (refused("API_CURRENTLY_DISABLED", status=403), ConnectionDead),
    ],
)
def test_trouble_in_a_part_is_trouble(refusal: httpx.Response, kind: type) -> None:
    for name in ("Contact", "users"):
        with pytest.raises(kind):
            read_shape(client_of(Salesforce(composite(*answers(**{name: refusal})))))


@pytest.mark.parametrize("body", [{}, {"compositeResponse": []}, {"compositeResponse": None}])
def test_a_reply_without_its_parts_is_transient(body: dict) -> None:
    with pytest.raises(Transient):
        read_shape(client_of(Salesforce(httpx.Response(200, json=body))))


def test_kept_as_json_and_read_back() -> None:
    shape = read_shape(client_of(Salesforce(composite(*answers(Lead=described(COMPANY, STATUS))))))
    kept = json.loads(json.dumps(shape_to_json(shape)))
    assert shape_from_json(kept) == shape


def test_what_was_kept_before_labels_were_is_still_read() -> None:
    shape = read_shape(client_of(Salesforce(composite(*answers(Lead=described(STATUS))))))
    kept = shape_to_json(shape)
    del kept["fields"]["Lead"]["Status"]["labels"]
    known = shape_from_json(kept)
    assert known is not None
    assert known.fields["Lead"]["Status"].picklist == ("Open", "hot", "cold")


@pytest.mark.parametrize("kept", [None, {}, {"fields": {"Lead": {"Name": {"x": 1}}}}, "old"])
def test_json_of_another_version_is_not_trusted(kept: object) -> None:
    assert shape_from_json(kept) is None
