"""The permission set opens what our code reads and writes, and nothing else.

Metadata API guide, "PermissionSet": fields of Activity are named by Task and Event; a permission
asks for those that it rests on (Delete for Edit, Edit for Read, a task for activities).
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

from core.objects import ACCOUNT, CONTACT, LEAD, OPPORTUNITY
from tests.package.helpers.metadata import NAMESPACE
from tests.package.helpers.source import SOURCE, read, text
from tests.package.helpers.touched import can_be_granted, touched

SET = read(SOURCE / "permissionsets" / "UniTalk_Integration.permissionset-meta.xml")


def granted(kind: str, key: str) -> dict[str, Element]:
    return {text(one, key): one for one in SET.iter(NAMESPACE + kind)}


def test_every_field_that_is_read_or_written_is_open_and_no_other() -> None:
    """A new field in a query or a plan fails this until it is granted, or marked in the stand-in's
    data as one that nobody can grant."""
    wanted = {name for name in touched() if can_be_granted(name)}
    ours = {name for name in wanted if name.startswith("Task.") and name.endswith("__c")}
    fields = granted("fieldPermissions", "field")
    assert set(fields) == wanted | {name.replace("Task.", "Event.") for name in ours}
    for one in fields.values():
        assert (text(one, "readable"), text(one, "editable")) == ("true", "true")


@pytest.mark.parametrize("name", ["Lead.Company", "Task.Subject", "Opportunity.StageName"])
def test_a_required_field_cannot_be_granted(name: str) -> None:
    assert not can_be_granted(name)


def test_objects_are_opened_as_decided() -> None:
    """docs/decisions/0012: everything but Modify All."""
    objects = granted("objectPermissions", "object")
    assert set(objects) == {ACCOUNT, CONTACT, LEAD, OPPORTUNITY}
    for one in objects.values():
        for allowed in ("allowCreate", "allowRead", "allowEdit", "allowDelete", "viewAllRecords"):
            assert text(one, allowed) == "true"
        assert text(one, "modifyAllRecords") == "false"


def test_the_user_may_log_calls_through_the_api_and_no_more() -> None:
    users = granted("userPermissions", "name")
    assert set(users) == {"ActivitiesAccess", "ApiEnabled", "EditTask"}
    assert {text(one, "enabled") for one in users.values()} == {"true"}
